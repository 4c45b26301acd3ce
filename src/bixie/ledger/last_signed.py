"""What the signer last signed of each ledger: kept beside the key's file, so outside of the database.

Whoever has only the database can rewrite a history and remove every trace of a key. The signer compares with
what it remembers before it signs again, so that it never vouches for such a history.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import event

from bixie.access.tenancy import TenantSession
from bixie.kit.errors import SettingError
from bixie.kit.reasons import plain_reason
from bixie.ledger.signing import KEY_SETTING, key_file_of
from bixie.store.disk import file_refusals, write_whole
from bixie.store.errors import StoreError

__all__ = ["Signed", "SigningMemory", "memory_beside", "memory_of"]

_log = logging.getLogger(__name__)

_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Signed:
    """The checkpoint of a tenant that was signed last.

    Parameters
    ----------
    size : int
        How many events it covers.
    root : str
        Of the tree over them, 64 hexadecimal digits.
    """

    size: int
    root: str

    def said(self) -> dict[str, int | str]:
        """Return both, for a sentence."""
        return {"size": self.size, "root": self.root}


@dataclass(frozen=True, slots=True)
class SigningMemory:
    """A folder with one small file for each tenant. Each machine remembers what it signed itself.

    Parameters
    ----------
    folder : Path
    """

    folder: Path

    def file_of(self, tenant: str) -> Path:
        """Return where the memory of a tenant is, which need not exist."""
        return self.folder / f"{quote(tenant, safe='')}{_SUFFIX}"

    def name_of(self, tenant: str) -> str:
        """Return the name of a tenant's file, beside the key's: for people."""
        return f"{self.folder.name}/{self.file_of(tenant).name}"

    def last(self, tenant: str) -> Signed | None:
        """Return what was signed last; None where nothing is remembered.

        Raises
        ------
        SettingError
            ``setting.unreadable_file``.
        """
        found = self._read(self.file_of(tenant))
        return found[1] if found else None

    def all(self) -> dict[str, Signed]:
        """Return what was signed last, by tenant.

        Raises
        ------
        SettingError
            ``setting.unreadable_file``.
        """
        read = {path: self._read(path) for path in sorted(self.folder.glob(f"*{_SUFFIX}"))}
        # A file that was put aside under another name is no memory any more.
        return {
            found[0]: found[1] for path, found in read.items() if found and path == self.file_of(found[0])
        }

    def remember(self, tenant: str, signed: Signed) -> None:
        """Keep what was signed, in place of what was before.

        Raises
        ------
        StoreError
            When the disk refuses.
        """
        said = {"root": signed.root, "size": signed.size, "tenant": tenant}
        with file_refusals():
            write_whole(self.file_of(tenant), json.dumps(said, ensure_ascii=False).encode(), mode=0o600)

    def remember_after_commit(self, session: TenantSession, tenant: str, signed: Signed) -> None:
        """Keep what was signed once the session has committed it: what is rolled back was never signed.

        A folder that cannot be written, such as that of a key on a read-only medium, stops nothing.
        """

        def remember(committed: TenantSession) -> None:
            if committed.in_nested_transaction():  # a savepoint, which may still be rolled back
                return
            try:
                self.remember(tenant, signed)
            except StoreError as error:
                _log.warning("what was signed is not remembered: %s", error)

        event.listen(session, "after_commit", remember)

    def _read(self, path: Path) -> tuple[str, Signed] | None:
        try:
            said = json.loads(path.read_bytes())
            tenant, size, root = said["tenant"], said["size"], said["root"]
            if not (isinstance(tenant, str) and type(size) is int and isinstance(root, str)):
                raise ValueError(path.name)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = plain_reason(error) if isinstance(error, OSError) else f"{self.folder.name}/{path.name}"
            raise SettingError("setting.unreadable_file", name=KEY_SETTING, reason=reason) from error
        return tenant, Signed(size, root)


def memory_of(about: Mapping[str, object]) -> SigningMemory | None:
    """Return the memory of the key that a store, or a session's ``info``, knows; None where it knows none."""
    file = key_file_of(about)
    return memory_beside(file.path) if file else None


def memory_beside(key: Path) -> SigningMemory:
    """Return the memory of the key in a file."""
    return SigningMemory(key.with_name(f"{key.name}.signed"))
