"""Quantisation-table families read from files straight from a camera, as entries of a family file."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bixie.examiners.camera.exif import capture_of_exif
from bixie.examiners.camera.tables import compression_of
from bixie.examiners.files import file_error
from bixie.examiners.results import FileError
from bixie.imaging.limits import Limits
from bixie.imaging.source import read_source
from bixie.imaging.structure import walk

__all__ = ["Families", "families_in", "to_toml"]


@dataclass(frozen=True, slots=True)
class Families:
    """What some files show.

    Parameters
    ----------
    seen : dict of str to (dict of str to int)
        For each fingerprint, the cameras or programs that wrote files with it, and how many files.
    errors : dict of str to FileError
        By path, the files that could not be read.
    without_family : tuple of str
        Paths of the files that show none: without quantisation tables, or with those of the most common
        library.
    """

    seen: dict[str, dict[str, int]]
    errors: dict[str, FileError]
    without_family: tuple[str, ...] = ()


def families_in(paths: Sequence[str], limits: Limits) -> Families:
    """Read the families of JPEG files.

    Files of the most common library are left out: they are recognised without a list and tell nothing about
    a camera.
    """
    seen: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    errors: dict[str, FileError] = {}
    without_family: list[str] = []
    for path in paths:
        try:
            entry = _entry(path, limits)
        except Exception as error:  # hostile bytes: one file must not stop the others
            errors[path] = file_error(error)
            continue
        if entry is None:
            without_family.append(path)
        else:
            seen[entry[0]][entry[1]] += 1
    families = {mark: dict(writers) for mark, writers in sorted(seen.items())}
    return Families(families, errors, tuple(without_family))


def _entry(path: str, limits: Limits) -> tuple[str, str] | None:
    """Return the fingerprint of a file's tables and who wrote them, None where they tell nothing."""
    structure = walk(read_source(path, limits), limits)
    capture, compression = capture_of_exif(structure), compression_of(structure)
    if compression is None or compression.family == "ijg":
        return None
    camera = " ".join(part for part in (capture.make, capture.model) if part)
    # Capture NX writes the camera's make and model with tables of its own.
    program = capture.software if "capture nx" in (capture.software or "").lower() else None
    return compression.fingerprint, program or camera or "?"


def to_toml(seen: dict[str, dict[str, int]], dated: str) -> str:
    """Return a family file: the date, and one entry for each fingerprint."""
    parts = [f"dated = {dated}\n"]
    for mark, writers in seen.items():
        names = ", ".join(_quoted(name) for name in sorted(writers))
        parts.append(
            f'[[families]]\nfingerprint = "{mark}"\nseen = [{names}]\nfiles = {sum(writers.values())}\n'
        )
    return "\n".join(parts)


def _quoted(name: str) -> str:
    """Return a name from a file as a TOML string, without what would end it."""
    return '"' + "".join(letter for letter in name if letter.isprintable() and letter not in '"\\') + '"'
