"""The manifest: every file of a package with its size and both hashes."""

from collections.abc import Mapping
from dataclasses import dataclass

from bixie.dossier.errors import PackageFaultError
from bixie.dossier.package.zip_format import is_member_name
from bixie.kit.canonical_json import CanonicalError, Json, decode_canonical, encode_canonical

__all__ = ["MANIFEST", "MAX_MANIFEST", "PACKAGE_FORMAT", "FileFacts", "Manifest"]

PACKAGE_FORMAT = "bixie.package/1"
MANIFEST = "manifest.json"
MAX_MANIFEST = 16 << 20
"""Bytes."""
_KEYS = {"case", "created_at", "files", "format", "program", "version"}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of a package.

    Parameters
    ----------
    bytes : int
    sha256, sm3 : str
        64 hexadecimal digits each.
    """

    bytes: int
    sha256: str
    sm3: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package holds.

    Parameters
    ----------
    case : str
        Id of the case.
    created_at : str
        As `bixie.kit.timestamps.format_timestamp` writes it.
    version : str
        Of the program that made it.
    files : dict of str to FileFacts
        By path.
    """

    case: str
    created_at: str
    version: str
    files: Mapping[str, FileFacts]

    def encode(self) -> bytes:
        """Return the canonical text."""
        listed = [
            {"path": path, "bytes": one.bytes, "sha256": one.sha256, "sm3": one.sm3}
            for path, one in sorted(self.files.items())
        ]
        said = {"case": self.case, "created_at": self.created_at, "version": self.version}
        return encode_canonical({"format": PACKAGE_FORMAT, "program": "bixie", "files": listed, **said})

    @classmethod
    def decode(cls, data: bytes) -> "Manifest":
        """Return the manifest that `data` holds.

        Raises
        ------
        PackageFaultError
            ``package.manifest``.
        """
        try:
            document: Json = decode_canonical(data)
            if document["format"] != PACKAGE_FORMAT or document.keys() != _KEYS:
                raise ValueError(document["format"])
            files = {
                str(one["path"]): FileFacts(int(one["bytes"]), str(one["sha256"]), str(one["sm3"]))
                for one in document["files"]
            }
            found = cls(str(document["case"]), str(document["created_at"]), str(document["version"]), files)
        except (AttributeError, CanonicalError, KeyError, TypeError, ValueError) as error:
            raise PackageFaultError("package.manifest", MANIFEST) from error
        if not all(map(is_member_name, files)) or found.encode() != data:
            raise PackageFaultError("package.manifest", MANIFEST)
        return found
