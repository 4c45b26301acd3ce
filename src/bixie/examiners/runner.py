"""A whole claim: its files read, examined side by side, and fused.

One bad file or one bad examiner never stops the rest.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bixie.examiners.exhibits import ExaminationConfig, examine_file, unreadable
from bixie.examiners.files import Paths, Reader, expand, file_error, path_list
from bixie.examiners.fusion import fuse_claim
from bixie.examiners.known import KnownPictures, load_known
from bixie.examiners.protocol import Context
from bixie.examiners.registry import Examiners, find_examiners
from bixie.examiners.results import ClaimResult, ExhibitResult, FileError
from bixie.examiners.views import viewing_side
from bixie.examiners.workers import in_order
from bixie.imaging.limits import Limits
from bixie.imaging.source import read_source
from bixie.kit.errors import UsageError
from bixie.kit.messages import catalogue
from bixie.kit.progress import Progress, no_progress

if TYPE_CHECKING:
    from bixie.examiners.order import Order  # needs pydantic, which most examinations do not

__all__ = ["examine_claim"]


def examine_claim(
    paths: Paths,
    known: KnownPictures | Paths = (),
    *,
    order: "Order | None" = None,
    show_place: bool = False,
    limits: Limits | None = None,
    examiners: Examiners | None = None,
    workers: int | None = None,
    keep_views: bool = True,
    progress: Progress = no_progress,
    read: Reader | None = None,
) -> ClaimResult:
    """Examine the files of one claim.

    Parameters
    ----------
    paths : path or iterable of paths
        Photos, videos, or folders of them; together they are one claim.
    known : KnownPictures, path or iterable of paths
        The pictures the caller vouches for, as paths or read before.
    order : Order, optional
        The checked order document.
    show_place : bool
        Let findings carry the coordinates that a file holds.
    limits : Limits, optional
        What the environment sets, when not given.
    examiners : Examiners, optional
        Every one that is installed, when not given.
    workers : int, optional
        Files examined at the same time; one a core, at most four, when not given.
    keep_views : bool
        Keep the small pictures that the report page shows.
    progress : Progress
        Told about every exhibit.
    read : callable, optional
        Reads what `paths` call by other names than paths.

    Returns
    -------
    ClaimResult
        Its exhibits in the order given; files of a folder sorted.

    Raises
    ------
    UsageError
        ``usage.no_photo`` if `paths` is empty.
    SettingError
        If a limit set by the environment is no number.
    """
    given = path_list(paths)
    if not given:
        raise UsageError("usage.no_photo")
    limits = limits or Limits.from_environment()
    examiners = examiners or find_examiners()
    if not isinstance(known, KnownPictures):
        known = load_known(known, limits=limits, workers=workers, read=read)
    plan = [item for path in given for item in _expanded(path, limits, read)]
    context = Context(known.pictures, order.facts if order else None, show_place)
    side = viewing_side(len(plan)) if keep_views else None
    setting = ExaminationConfig(examiners.examiners, context, limits, side, read or read_source)
    exhibits = in_order(
        lambda item: item if isinstance(item, ExhibitResult) else examine_file(item, setting),
        plan,
        workers=workers,
        progress=progress,
    )
    warnings = (*examiners.warnings, *(order.warnings if order else ()), *known.warnings, *_repeats(exhibits))
    verdict, score = fuse_claim(exhibits)
    return ClaimResult(verdict, score, tuple(exhibits), known.results, warnings)


def _expanded(path: str, limits: Limits, read: Reader | None) -> Sequence[str | ExhibitResult]:
    """Return the files of `path`, or the result of a folder that has none."""
    try:
        return expand(path, limits, read)
    except Exception as error:
        return [unreadable(path, file_error(error))]


def _repeats(exhibits: Sequence[ExhibitResult]) -> list[FileError]:
    first: dict[str, str] = {}
    warnings: list[FileError] = []
    for exhibit in exhibits:
        if exhibit.sha256 in first:
            warnings.append(_same_file(exhibit.path, first[exhibit.sha256]))
        elif exhibit.sha256 is not None:
            first[exhibit.sha256] = exhibit.path
    return warnings


def _same_file(path: str, first: str) -> FileError:
    code = "examine.same_file_twice"
    values: dict[str, Any] = {"path": path, "first": first}
    return FileError(code, catalogue("bixie.examiners").text(code, **values))
