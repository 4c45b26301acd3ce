"""Layout, manifest and seal of a package, and the sums of its files."""

from collections.abc import Iterator
from typing import BinaryIO

from bixie.dossier.errors import PackageFault
from bixie.dossier.package.digests import Digests
from bixie.dossier.package.manifest import MANIFEST, MAX_MANIFEST, FileFacts, Manifest
from bixie.dossier.package.seal import MAX_SEAL, MAX_TOKEN, SEAL, Seal
from bixie.dossier.package.zip_format import Entry, chunks_of, read_directory
from bixie.dossier.verification.checks import Check, fault, passed, refused
from bixie.dossier.verification.opened import Opened, read_member
from bixie.kit.progress import Progress

__all__ = ["files", "open_package", "seal"]


def open_package(file: BinaryIO) -> tuple[list[Check], Opened | None]:
    """Return the lines about layout and manifest, and the package where both hold."""
    try:
        entries = {one.name: one for one in read_directory(file)}
    except PackageFault as found:
        return [refused("layout", found)], None
    lines = [passed("layout", count=len(entries))]
    try:
        sealed = Seal.decode(read_member(file, entries, SEAL, MAX_SEAL))
        manifest = Manifest.decode(read_member(file, entries, MANIFEST, MAX_MANIFEST))
        _compare_names(list(entries), manifest, sealed)
    except PackageFault as found:
        return [*lines, refused("manifest", found)], None
    lines.append(passed("manifest", case=manifest.case, time=manifest.created_at))
    return lines, Opened(file, entries, manifest, sealed)


def seal(opened: Opened) -> Check:
    """Check that the key has signed this manifest and these time stamps."""
    if not opened.seal.holds():
        return fault("seal", "seal", SEAL)
    if _facts(opened.file, opened.entries[MANIFEST])[1].sha256 != opened.seal.manifest:
        return fault("seal", "sealed", MANIFEST)
    for token in opened.seal.tokens:
        if opened.entries[token.path].bytes > MAX_TOKEN:
            return refused("seal", PackageFault("package.member_too_large", token.path, limit=MAX_TOKEN))
        if _facts(opened.file, opened.entries[token.path])[1].sha256 != token.sha256:
            return fault("seal", "sealed", token.path)
    return passed("seal", key=opened.seal.public.raw.hex())


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
        raise PackageFault("package.other_files", found or wanted)


def _differing(names: list[str], expected: list[str]) -> Iterator[tuple[str, str]]:
    length = max(len(names), len(expected))
    padded = (one + [""] * (length - len(one)) for one in (names, expected))
    return (pair for pair in zip(*padded, strict=True) if pair[0] != pair[1])


def _facts(file: BinaryIO, entry: Entry) -> tuple[int, FileFacts]:
    digests = Digests()
    for piece in chunks_of(file, entry):
        digests.update(piece)
    return digests.crc32, FileFacts(digests.bytes, *digests.finish())
