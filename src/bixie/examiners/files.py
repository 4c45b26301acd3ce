"""Expand the paths that a caller names to files, and put refusals into sentences."""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from bixie.examiners.results import FileError
from bixie.imaging.errors import FileNote, ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source, list_pictures
from bixie.kit.errors import describe_exception
from bixie.kit.messages import catalogue

__all__ = [
    "EXAMINING_LONG_SIDE",
    "AnyPath",
    "Paths",
    "Reader",
    "expand",
    "file_error",
    "file_warning",
    "path_list",
]

EXAMINING_LONG_SIDE = 1280
"""Long side, in pixels, at which exhibits and known pictures are examined.

Phones deliver 12 megapixels and messengers a tenth of that; below this size thin cracks get lost, above it
only time and memory grow (bench/RESULTS.md).
"""

_MASK_NAME = re.compile(r"[0-9]+-[0-9]+(-annotation)?\.png")

AnyPath: TypeAlias = str | os.PathLike[str]
Paths: TypeAlias = AnyPath | Iterable[AnyPath]

Reader: TypeAlias = Callable[[str, Limits], Source]
"""Reads a file by a name that is no path, such as an exhibit's id. Like `bixie.imaging.source.read_source` it
raises `ImagingError` for a file that cannot be read."""


def path_list(paths: Paths) -> tuple[str, ...]:
    """Return `paths` as strings, exactly as given; a single path stands for itself."""
    if isinstance(paths, str | os.PathLike):
        return (os.fspath(paths),)
    return tuple(os.fspath(path) for path in paths)


def expand(path: str, limits: Limits, read: Reader | None = None) -> list[str]:
    """Return the files that `path` stands for: itself, or the pictures and videos of a folder.

    With a reader of its own, a name is no path and stands for itself.

    Raises
    ------
    ImagingError
        If `path` is a folder that cannot be listed or holds no pictures.
    """
    if read is not None or not _is_folder(path):
        return [path]
    found = [file for file in list_pictures(path, limits) if not _is_mask_of_a_report(file)]
    if not found:
        raise ImagingError("imaging.no_pictures", path=path)
    return found


def file_error(error: Exception) -> FileError:
    """Return what a report says about a file that could not be read."""
    if isinstance(error, ImagingError):
        return FileError(error.code, error.text)
    code = "examine.unexpected"
    return FileError(code, catalogue("bixie.examiners").text(code, reason=describe_exception(error)))


def file_warning(note: FileNote) -> FileError:
    """Return what a report says about something odd in a file that was read."""
    return FileError(note.code, note.text)


def _is_mask_of_a_report(path: str) -> bool:
    """Return whether `path` is a mask of an earlier report, saved beside the claim's pictures."""
    file = Path(path)
    return (
        file.parent.name == "masks"
        and _MASK_NAME.fullmatch(file.name) is not None
        and (file.parent.parent / "report.json").is_file()
    )


def _is_folder(path: str) -> bool:
    # os, not pathlib: the path must stay exactly as it was given.
    try:
        return os.path.isdir(path)  # noqa: PTH112
    except ValueError:  # a null character: no folder, and reading it will say so
        return False
