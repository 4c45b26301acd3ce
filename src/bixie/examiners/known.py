"""Read the pictures that a caller vouches for, once for any number of claims.

What examiners derive from a known picture stays with it: a listing is analysed once, not once a claim.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bixie.examiners.files import (
    EXAMINING_LONG_SIDE,
    Paths,
    Reader,
    check_paths,
    expand,
    file_error,
    path_list,
)
from bixie.examiners.parallel import map_in_order
from bixie.examiners.protocol import AnyExaminer, Known, PreparesKnown
from bixie.examiners.registry import find_examiners
from bixie.examiners.results import FileError, KnownResult
from bixie.examiners.views import view
from bixie.imaging.decode import Picture, decode
from bixie.imaging.errors import FileNote
from bixie.imaging.limits import Limits
from bixie.imaging.sniff import is_video
from bixie.imaging.source import read_source
from bixie.imaging.structure import walk
from bixie.imaging.structure.traces import traces_of
from bixie.imaging.video import scene_frames
from bixie.kit.messages import Text, catalogue
from bixie.kit.progress import Progress, no_progress

__all__ = ["KnownPictures", "load_known"]

_PACKAGE = "bixie.examiners"
PREVIEW_SIDE = 192
"""Long side of the small picture for the report page, in pixels: sharp at 96 on a fine screen, about 6 kB."""


@dataclass(frozen=True, eq=False)
class KnownPictures:
    """Known pictures, read. Pass the same object to `examine` again to read and analyse nothing twice.

    Parameters
    ----------
    pictures : tuple of Known
        What examiners see; a video contributes one for each scene.
    results : tuple of KnownResult
        Every file that was named or found, the unreadable ones included.
    given : tuple of str
        What the caller named.
    warnings : tuple of FileError
    """

    pictures: tuple[Known, ...] = ()
    results: tuple[KnownResult, ...] = ()
    given: tuple[str, ...] = ()
    warnings: tuple[FileError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Loaded:
    result: KnownResult
    pictures: tuple[Known, ...] = ()
    notes: tuple[FileNote, ...] = ()


def load_known(
    paths: Paths,
    *,
    limits: Limits | None = None,
    workers: int | None = None,
    progress: Progress = no_progress,
    read: Reader | None = None,
    fixed_camera: bool = False,
) -> KnownPictures:
    """Read known pictures, and compute what examiners derive from each.

    Parameters
    ----------
    paths : path or iterable of paths
        Pictures, videos, or folders of them.
    limits : Limits, optional
        What the environment sets, when not given.
    workers : int, optional
        Files read at the same time.
    progress : Progress
        Called with the number of files done and in total.
    read : callable, optional
        Reads a file by a name that is no path: called with the name and `limits`, it returns a `Source` or
        raises `ImagingError`. Names are then not looked for in the file system.
    fixed_camera : bool
        Whether a camera that stands still took them, as at a packing station: a photo that fits one of them
        exactly may be another exposure, so none is refuted by them.

    Returns
    -------
    KnownPictures
        In the order given. A file that cannot be read is in `results` with its error; it stops nothing.

    Raises
    ------
    UsageError
        ``usage.no_such_path`` or ``usage.no_pictures`` for paths that name nothing.
    """
    limits = limits or Limits.from_environment()
    given = path_list(paths)
    if read is None:
        check_paths(given, limits=limits)
    reader = read or read_source
    examiners = find_examiners().examiners
    loaded = map_in_order(
        lambda item: item if isinstance(item, _Loaded) else _prepared(_load(item, limits, reader), examiners),
        [item for path in given for item in _expanded(path, limits, read)],
        workers=workers,
        progress=progress,
    )
    found = _without_repeats(given, loaded)
    if not fixed_camera:
        return found
    return replace(found, pictures=tuple(replace(one, fixed_camera=True) for one in found.pictures))


def _expanded(path: str, limits: Limits, read: Reader | None) -> Sequence[str | _Loaded]:
    """Return the files of `path`, or the result of a folder that has none."""
    try:
        return expand(path, limits, read)
    except Exception as error:
        return [_Loaded(KnownResult(path, None, file_error(error)))]


def _load(path: str, limits: Limits, read: Reader) -> _Loaded:
    sha256: str | None = None
    try:
        source = read(path, limits)
        sha256 = source.sha256
        if is_video(source.media_type):
            frames = scene_frames(source, limits, long_side=EXAMINING_LONG_SIDE)
            pictures = tuple(Known(path, sha256, frame, {"time_s": round(at, 3)}) for at, frame in frames)
            return _Loaded(_result(path, sha256, frames[0][1]), pictures, frames[0][1].warnings)
        structure = walk(source, limits)
        picture = decode(source, limits, long_side=EXAMINING_LONG_SIDE, structure=structure)
        traces = traces_of(structure)
    except Exception as error:  # hostile bytes: whatever happens here must not stop the other files
        return _Loaded(KnownResult(path, sha256, file_error(error)))
    return _Loaded(
        _result(path, sha256, picture), (Known(path, sha256, picture, traces=traces),), picture.warnings
    )


def _result(path: str, sha256: str, picture: Picture) -> KnownResult:
    return KnownResult(path, sha256, preview=view(picture.rgb, PREVIEW_SIDE))


def _prepared(loaded: _Loaded, examiners: Sequence[AnyExaminer]) -> _Loaded:
    """Let examiners compute what they derive from known pictures: here many are done at the same time."""
    for examiner in examiners:
        if isinstance(examiner, PreparesKnown):
            for picture in loaded.pictures:
                # What fails here fails again when an exhibit is examined, and is reported then.
                with suppress(Exception):
                    examiner.prepare_known(picture)
    return loaded


def _without_repeats(given: tuple[str, ...], loaded: list[_Loaded]) -> KnownPictures:
    """Use every file once: the same picture under two names would double each finding."""
    first: dict[str, str] = {}
    pictures: list[Known] = []
    warnings: list[FileError] = []
    for one in loaded:
        path, sha256 = one.result.path, one.result.sha256
        if not one.pictures or sha256 is None:
            continue  # its result says why it cannot be read
        if sha256 in first:
            warnings.append(_warning("examine.known_twice", path=path, first=first[sha256]))
            continue
        first[sha256] = path
        pictures += one.pictures
        warnings += (_known_note(path, note) for note in one.notes)
    return KnownPictures(tuple(pictures), tuple(one.result for one in loaded), given, tuple(warnings))


def _known_note(path: str, note: FileNote) -> FileError:
    def sentence(inner: str) -> Text:
        return catalogue(_PACKAGE).text("examine.known_note", path=path, note=inner)

    return FileError(note.code, Text(en=sentence(note.text.en).en, zh=sentence(note.text.zh).zh))


def _warning(code: str, **values: object) -> FileError:
    return FileError(code, catalogue(_PACKAGE).text(code, **values))
