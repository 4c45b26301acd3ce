"""Expand the paths that a caller names to files, and put refusals into sentences."""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

from bixie.examiners.results import FileError
from bixie.imaging.errors import FileNote, ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import Source, list_pictures
from bixie.kit.errors import UsageError
from bixie.kit.messages import Text, catalogue, quoted_list
from bixie.kit.paths import is_missing, unquoted_name
from bixie.kit.reasons import plain_reason

__all__ = [
    "EXAMINING_LONG_SIDE",
    "AnyPath",
    "Paths",
    "Reader",
    "check_paths",
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


def check_paths(*groups: Paths, documents: Paths = (), limits: Limits | None = None) -> None:
    """Refuse paths that name nothing, before anything is examined.

    A mistyped name is the caller's to mend; a file that exists and cannot be read is for the report.

    Parameters
    ----------
    *groups : path or iterable of paths
        Pictures, videos or folders of them that stood side by side, such as all photos. Neighbours may be
        one name that lost its quotes.
    documents : path or iterable of paths
        Files that are no pictures.
    limits : Limits, optional
        What the environment sets, when not given.

    Raises
    ------
    UsageError
        ``usage.no_such_path`` with all paths that name nothing, or ``usage.no_pictures`` with all folders
        that hold no picture; ``values["missing"]`` lists them.
    """
    pictures = [path_list(paths) for paths in groups]
    given = [*pictures, path_list(documents)]
    missing = [path for paths in given for path in paths if is_missing(path)]
    if missing:
        raise UsageError(
            "usage.no_such_path", paths=quoted_list(missing), advice=_advice(given), missing=missing
        )
    limits = limits or Limits.from_environment()
    empty = [path for paths in pictures for path in paths if _holds_no_pictures(path, limits)]
    if empty:
        raise UsageError("usage.no_pictures", paths=quoted_list(empty), missing=empty)


def file_error(error: Exception) -> FileError:
    """Return what a report says about a file that could not be read."""
    if isinstance(error, ImagingError):
        return FileError(error.code, error.text)
    code = "examine.unexpected"
    return FileError(code, catalogue("bixie.examiners").text(code, reason=plain_reason(error)))


def file_warning(note: FileNote) -> FileError:
    """Return what a report says about something odd in a file that was read."""
    return FileError(note.code, note.text)


def _advice(groups: Sequence[Sequence[str]]) -> Text:
    """Return the name that the words of a group make together, or that names with blanks need quotes."""
    name = next((found for words in groups if (found := unquoted_name(words)) is not None), None)
    words = catalogue("bixie.kit")
    if name is None:
        return words.text("usage.no_such_path.quotes")
    return words.text("usage.no_such_path.meant", name=name)


def _holds_no_pictures(path: str, limits: Limits) -> bool:
    try:
        expand(path, limits)
    except ImagingError as error:
        return error.code == "imaging.no_pictures"
    return False


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
