"""The seal: the ledger's key signs the manifest and the list of its time stamps.

Signature and key are written in hexadecimal digits: base 64 can write the same bytes in two ways.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from bixie.dossier.errors import PackageFaultError
from bixie.kit.canonical_json import CanonicalError, Json, decode_canonical, encode_canonical
from bixie.ledger.signing import PublicKey, Signer

__all__ = ["MAX_SEAL", "MAX_TOKEN", "SEAL", "Seal", "Token"]

SEAL = "seal.json"
MAX_SEAL = 1 << 20
MAX_TOKEN = 1 << 20
"""Bytes of a time stamp; real ones have some 6 kB."""

_FORMAT = "bixie.seal/1"
_PREFIX = b"bixie.dossier.seal/1\n"
_HEX = {"manifest": 64, "public": 64, "signature": 128}


@dataclass(frozen=True, slots=True)
class Token:
    """A time stamp over the manifest.

    Parameters
    ----------
    authority : str
        Its address.
    path : str
        Inside of the package.
    sha256 : str
        Of the response.
    """

    authority: str
    path: str
    sha256: str

    def to_dict(self) -> dict[str, Json]:
        """Return the token as the seal lists it."""
        return {"authority": self.authority, "path": self.path, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class Seal:
    """The signature over a package.

    Parameters
    ----------
    manifest : str
        SHA-256 of the manifest.
    tokens : tuple of Token
    public : PublicKey
    signature : bytes
        64 bytes, Ed25519.
    """

    manifest: str
    tokens: tuple[Token, ...]
    public: PublicKey
    signature: bytes

    @classmethod
    def over(cls, manifest: str, tokens: Sequence[Token], signer: Signer) -> "Seal":
        """Return the seal that a key sets."""
        unsigned = cls(manifest, tuple(tokens), signer.public, b"")
        return cls(manifest, tuple(tokens), signer.public, b64decode(signer.sign(unsigned.message())))

    def message(self) -> bytes:
        """Return the bytes that are signed."""
        return _PREFIX + encode_canonical(self._signed())

    def holds(self) -> bool:
        """Return whether the signature is that of the key."""
        return self.public.signed(self.message(), b64encode(self.signature).decode())

    def encode(self) -> bytes:
        """Return the canonical text."""
        return encode_canonical({"format": _FORMAT, "signature": self.signature.hex(), **self._signed()})

    @classmethod
    def decode(cls, data: bytes) -> "Seal":
        """Return the seal that `data` holds.

        Raises
        ------
        PackageFaultError
            ``package.seal``.
        """
        try:
            document: Json = decode_canonical(data)
            if document["format"] != _FORMAT or not all(_is_hex(document[key], _HEX[key]) for key in _HEX):
                raise ValueError(document["format"])
            tokens = tuple(
                Token(str(one["authority"]), str(one["path"]), str(one["sha256"]))
                for one in document["timestamps"]
            )
            public, signature = bytes.fromhex(document["public"]), bytes.fromhex(document["signature"])
            found = cls(document["manifest"], tokens, PublicKey(public), signature)
        except (CanonicalError, KeyError, TypeError, ValueError) as error:
            raise PackageFaultError("package.seal", SEAL) from error
        if found.encode() != data:
            raise PackageFaultError("package.seal", SEAL)
        return found

    def _signed(self) -> dict[str, Json]:
        return {
            "manifest": self.manifest,
            "public": self.public.raw.hex(),
            "timestamps": [one.to_dict() for one in self.tokens],
        }


def _is_hex(value: object, digits: int) -> bool:
    return isinstance(value, str) and re.fullmatch(f"[0-9a-f]{{{digits}}}", value) is not None
