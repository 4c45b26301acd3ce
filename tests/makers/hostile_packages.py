"""Zips that are no packages though other readers open them, each with the check that must refuse it."""

import io
import struct
import zipfile
from zlib import crc32

from bixie.dossier.package.zip_format import Entry, central_directory, local_header

__all__ = ["canonical_zip", "hostile_packages"]


def hostile_packages(good: bytes) -> dict[str, bytes]:
    """Return files by what is wrong with them; `good` is a package that holds."""
    directory = good.index(b"PK\1\2")
    return {
        "zip slip": canonical_zip(("../evil.txt", b"x")),
        "absolute path": canonical_zip(("/etc/passwd", b"x")),
        "backslash": canonical_zip(("a\\b.txt", b"x")),
        "zip bomb": _deflated("zeros.bin", bytes(10 << 20)),
        "duplicate names": canonical_zip(("a.txt", b"1"), ("a.txt", b"2")),
        "symbolic link": _linked(good, directory),
        "encrypted": _flagged(good, directory, 0x801),
        "trailing data": good + b"more",
        "comment": good[:-2] + struct.pack("<H", 4) + b"more",
        "two central directories": good[:-22] + good[directory:],
        "data before the first member": b"MZ" + good,
        "cut off": good[:-30],
        "empty": b"",
        "no zip": b"%PDF-1.7\n" * 40,
        "only an end": good[-22:],
        "member count too large": good[:-14] + b"\xff\xff\xff\xff" + good[-10:],
        "directory beyond the file": good[:-6] + b"\xff\xff\xff\xff" + good[-2:],
    }


def canonical_zip(*members: tuple[str, bytes]) -> bytes:
    """Return a zip in the form that packages have; names may be hostile."""
    written, entries = b"", list[Entry]()
    for name, data in members:
        entry = Entry(name, len(data), crc32(data), len(written))
        entries.append(entry)
        written += local_header(entry) + data
    return written + central_directory(entries, len(written))


def _deflated(name: str, data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, data)
    return made.getvalue()


def _linked(good: bytes, directory: int) -> bytes:
    """Return the package with its first member declared a symbolic link."""
    changed = bytearray(good)
    changed[directory + 38 : directory + 42] = struct.pack("<I", 0o120777 << 16)
    return bytes(changed)


def _flagged(good: bytes, directory: int, flags: int) -> bytes:
    """Return the package with other flags in the first member's two headers."""
    changed = bytearray(good)
    changed[6:8] = changed[directory + 8 : directory + 10] = struct.pack("<H", flags)
    return bytes(changed)
