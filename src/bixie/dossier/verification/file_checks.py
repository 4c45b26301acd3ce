"""Layout, manifest and seal of a package, and the sums of its files."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from bixie.dossier.errors import PackageFaultError
from bixie.dossier.package.digests import Digests
from bixie.dossier.package.manifest import MANIFEST, MAX_MANIFEST, FileFacts, Manifest
from bixie.dossier.package.seal import MAX_SEAL, MAX_TOKEN, SEAL, Seal
from bixie.dossier.package.zip_format import Entry, chunks_of, read_directory
from bixie.dossier.verification.checks import Check, fault, passed, refused
from bixie.dossier.verification.opened import Opened, read_member
from bixie.kit.progress import Progress

__all__ = ["files", "open_package"]


def open_package(file: BinaryIO) -> tuple[list[Check], Opened | None]:
    """Return the lines about layout, seal and manifest, and the package where all of them hold."""
    name, lines = "layout", list[Check]()
    try:
        entries = {one.name: one for one in read_directory(file)}
        lines.append(passed(name, count=len(entries)))
        name = "seal"
        sealed = _sealed(file, entries)
        lines.append(passed(name, public=sealed.public.raw.hex()))
        name = "manifest"
        manifest = Manifest.decode(read_member(file, entries, MANIFEST, MAX_MANIFEST))
        _compare_names(list(entries), manifest, sealed)
        lines.append(passed(name, case=manifest.case, time=manifest.created_at))
    except PackageFaultError as found:
        return [*lines, refused(name, found)], None
    return lines, Opened(file, entries, manifest, sealed)


def _sealed(file: BinaryIO, entries: Mapping[str, Entry]) -> Seal:
    """Return the seal, if the key has signed this manifest and these time stamps."""
    seal = Seal.decode(read_member(file, entries, SEAL, MAX_SEAL))
    if not seal.holds():
        raise PackageFaultError("package.signature", SEAL)
    expected = {MANIFEST: (seal.manifest, MAX_MANIFEST)}
    expected |= {one.path: (one.sha256, MAX_TOKEN) for one in seal.tokens}
    for name, (sha256, limit) in expected.items():
        if hashlib.sha256(read_member(file, entries, name, limit)).hexdigest() != sha256:
            raise PackageFaultError("package.sealed", name)
    return seal


def files(opened: Opened, progress: Progress) -> Check:
    """Check size and sums of every file."""
    total = len(opened.entries)
    for count, entry in enumerate(opened.entries.values(), 1):
        crc32, facts = _facts(opened.file, entry)
        expected = opened.manifest.files.get(entry.name, facts)
        if crc32 != entry.crc32 or facts != expected:
            return fault("files", "changed", entry.name)
        progress(count, total)
    size = sum(one.bytes for one in opened.manifest.files.values())
    return passed("files", count=len(opened.manifest.files), size=size)


def _compare_names(names: list[str], manifest: Manifest, sealed: Seal) -> None:
    expected = [*manifest.files, MANIFEST, *(one.path for one in sealed.tokens), SEAL]
    for found, wanted in _differing(names, expected):
        raise PackageFaultError("package.other_files", found or wanted)


def _differing(names: list[str], expected: list[str]) -> Iterator[tuple[str, str]]:
    length = max(len(names), len(expected))
    padded = (one + [""] * (length - len(one)) for one in (names, expected))
    return (pair for pair in zip(*padded, strict=True) if pair[0] != pair[1])


def _facts(file: BinaryIO, entry: Entry) -> tuple[int, FileFacts]:
    digests = Digests()
    for piece in chunks_of(file, entry):
        digests.update(piece)
    return digests.crc32, FileFacts(digests.bytes, *digests.finish())
