"""The ledger's Ed25519 keys: in a file outside of the database, which an intruder with the database lacks.

The file is PEM: the private key, and below it the public keys that it has followed. It is read for each
checkpoint, so that a key that was changed is used at once by every process.
"""

import hashlib
import os
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from bixie.kit.errors import SettingError, UsageError
from bixie.kit.messages import catalogue
from bixie.kit.reasons import plain_reason
from bixie.kit.sanitise import sanitise
from bixie.store.disk import durable, file_refusals, sync_folder
from bixie.store.settings import Location

__all__ = ["KEY_FILE", "KEY_SETTING", "SIGNING", "KeyFile", "PublicKey", "Signer", "key_file_of"]

KEY_SETTING = "BIXIE_LEDGER_KEY"
"""Setting: path of the PEM file with the key that signs checkpoints."""
KEY_FILE = "ledger-key.pem"
"""Name of the file that is made beside a SQLite store where the setting names none."""
SIGNING = "ledger.signing"
"""Name under which a store's sessions know the `KeyFile`."""

_ID_DIGITS = 32
_PUBLIC_BYTES = 32
_MAX_BYTES = 1 << 20
_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----\n?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key.

    Parameters
    ----------
    raw : bytes
        32 bytes.
    """

    raw: bytes

    @property
    def id(self) -> str:
        """The first 32 hexadecimal digits of the key's SHA-256."""
        return hashlib.sha256(self.raw).hexdigest()[:_ID_DIGITS]

    @property
    def text(self) -> str:
        """The key in base 64, 44 characters."""
        return b64encode(self.raw).decode()

    @classmethod
    def from_text(cls, text: str) -> "PublicKey":
        """Return the key that `text` writes.

        Raises
        ------
        ValueError
            When it is no public key in base 64.
        """
        raw = b64decode(text, validate=True)
        if len(raw) != _PUBLIC_BYTES:
            raise ValueError(text)
        return cls(raw)

    @classmethod
    def from_file(cls, path: Path) -> "PublicKey":
        """Return the key of a file with a PEM block.

        Raises
        ------
        UsageError
            ``usage.not_a_key``.
        """
        try:
            with path.open("rb") as file:
                key = load_pem_public_key(file.read(_MAX_BYTES))
            if not isinstance(key, Ed25519PublicKey):
                raise ValueError(type(key).__name__)
        except (OSError, ValueError) as error:
            raise UsageError("usage.not_a_key", text=sanitise(str(path))) from error
        return _public(key)

    def signed(self, message: bytes, signature: object) -> bool:
        """Return whether this key has signed the message; `signature` is base 64, or anything else."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(
                b64decode(signature, validate=True) if isinstance(signature, str) else b"", message
            )
        except (InvalidSignature, ValueError):
            return False
        return True

    def pem(self) -> str:
        """Return the key as a PEM block."""
        key = Ed25519PublicKey.from_public_bytes(self.raw)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key.

    Parameters
    ----------
    key : Ed25519PrivateKey
    former : tuple of PublicKey
        The public keys that it has followed, the newest first.
    """

    key: Ed25519PrivateKey
    former: tuple[PublicKey, ...] = ()

    @property
    def public(self) -> PublicKey:
        """The public key."""
        return PublicKey(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, message: bytes) -> str:
        """Return the signature of a message, in base 64."""
        return b64encode(self.key.sign(message)).decode()

    def pem(self) -> str:
        """Return the content of the key's file."""
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return private + "".join(one.pem() for one in self.former)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """Where the key is.

    Parameters
    ----------
    path : Path
    beside_store : bool
        Whether it is the file that is made by itself beside a SQLite store; a file that a setting names must
        be there.
    """

    path: Path
    beside_store: bool = False

    @classmethod
    def find(cls, location: Location, environment: Mapping[str, str] | None = None) -> "KeyFile | None":
        """Return where the key of a store is; None for a database elsewhere without a setting."""
        named = (os.environ if environment is None else environment).get(KEY_SETTING, "")
        if named:
            return cls(Path(named))
        if location.url.get_backend_name() != "sqlite":
            # Several machines may work at one database: each would make a key of its own.
            return None
        return cls(Path(str(location.url.database)).parent / KEY_FILE, beside_store=True)

    def signer(self, *, create: bool = False) -> Signer | None:
        """Return the key; None while there is none beside the store.

        Parameters
        ----------
        create : bool
            Make the file beside the store if it is missing.

        Raises
        ------
        SettingError
            ``setting.unreadable_file`` for a file that is missing though a setting names it, cannot be read,
            or holds no Ed25519 key.
        """
        try:
            text = self._read(self.path)
        except FileNotFoundError as error:
            if not self.beside_store:
                raise self._unreadable(plain_reason(error)) from error
            if not create:
                return None
            self._write_first()
            return self.signer()
        return self._parsed(text)

    def signer_after(self, current: PublicKey | None) -> Signer | None:
        """Return the key that may sign when the ledger names `current` as its key; None if it is not here.

        While a key is being changed, that may be the one that follows. Where the ledger names none, it is
        this file's, which is made if it may be.
        """
        held = (self.signer(create=current is None), self.next_signer())
        return next((one for one in held if one and current in (None, one.public)), None)

    def next_signer(self) -> Signer | None:
        """Return the key that is about to follow; None when no change is under way."""
        try:
            return self._parsed(self._read(self._next))
        except FileNotFoundError:
            return None

    def prepare_next(self, former: Signer | None) -> Signer:
        """Return the key that is to follow, made durable beside the present one unless it was before."""
        pending = self.next_signer()
        if pending is not None:
            return pending
        before = (former.public, *former.former) if former else ()
        made = Signer(Ed25519PrivateKey.generate(), before)
        _write(self._next, made.pem())
        return made

    def adopt_next(self) -> None:
        """Put the key that follows in the place of the present one, which is gone then."""
        with file_refusals():
            self._next.replace(self.path)
            sync_folder(self.path.parent)

    @property
    def _next(self) -> Path:
        return self.path.with_name(f"{self.path.name}.next")

    def _write_first(self) -> None:
        own = self.path.with_name(f"{self.path.name}.{secrets.token_hex(8)}")
        text = Signer(Ed25519PrivateKey.generate()).pem()
        with file_refusals(), suppress(FileExistsError):
            try:
                _write(own, text)
                os.link(own, self.path)  # unlike replace, it never overwrites another process's key
                sync_folder(self.path.parent)
            except FileExistsError:
                raise
            except OSError:  # a file system without hard links; others may see half of the file for a moment
                with durable(self.path, mode=0o600) as file:
                    file.write(text.encode())
            finally:
                own.unlink(missing_ok=True)

    def _read(self, path: Path) -> str:
        try:
            with path.open(encoding="ascii") as file:
                return file.read(_MAX_BYTES)
        except FileNotFoundError:
            raise
        except (OSError, ValueError) as error:
            raise self._unreadable(plain_reason(error)) from error

    def _parsed(self, text: str) -> Signer:
        try:
            blocks = [(one[1], one[0].encode()) for one in _BLOCK.finditer(text)]
            (private,) = (load_pem_private_key(pem, None) for kind, pem in blocks if kind == "PRIVATE KEY")
            former = [load_pem_public_key(pem) for kind, pem in blocks if kind == "PUBLIC KEY"]
        except (ValueError, TypeError) as error:
            raise self._unreadable(_no_key()) from error
        if not isinstance(private, Ed25519PrivateKey):
            raise self._unreadable(_no_key())
        return Signer(private, tuple(_public(one) for one in former if isinstance(one, Ed25519PublicKey)))

    def _unreadable(self, reason: object) -> SettingError:
        return SettingError("setting.unreadable_file", name=KEY_SETTING, reason=reason)


def key_file_of(about: Mapping[str, object]) -> KeyFile | None:
    """Return the file that a store, or a session's ``info``, knows."""
    found = about.get(SIGNING)
    return found if isinstance(found, KeyFile) else None


def _public(key: Ed25519PublicKey) -> PublicKey:
    return PublicKey(key.public_bytes(Encoding.Raw, PublicFormat.Raw))


def _no_key() -> object:
    return catalogue("bixie.kit").text("reason.not_a_signing_key")


def _write(path: Path, text: str) -> None:
    with file_refusals(), durable(path, mode=0o600) as file:
        file.write(text.encode())
