"""Examine a whole claim: read its files, examine them in parallel, fuse the findings.

One bad file or one bad examiner never stops the rest.
"""

from collections.abc import Sequence
from typing import Any

from bixie.examiners.config import ExaminationConfig
from bixie.examiners.exhibits import examine_file, unreadable
from bixie.examiners.files import Paths, expand, file_error, path_list
from bixie.examiners.fusion import fuse_claim
from bixie.examiners.known import KnownPictures, load_known
from bixie.examiners.parallel import MAX_WORKERS, map_in_order, worker_count
from bixie.examiners.protocol import Context
from bixie.examiners.results import ClaimResult, ExhibitResult, FileError
from bixie.examiners.views import viewing_side
from bixie.kit.errors import UsageError
from bixie.kit.messages import catalogue

__all__ = ["examine_claim"]


def examine_claim(
    paths: Paths, known: KnownPictures | Paths = (), config: ExaminationConfig | None = None
) -> ClaimResult:
    """Examine the files of one claim.

    Parameters
    ----------
    paths : path or iterable of paths
        Photos, videos, or folders of them; together they are one claim.
    known : KnownPictures, path or iterable of paths
        The pictures the caller vouches for, as paths or read before.
    config : ExaminationConfig, optional

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
    config = config or ExaminationConfig()
    order = config.order
    if not isinstance(known, KnownPictures):
        known = load_known(known, limits=config.limits, workers=config.workers, read=config.read)
    plan = [item for path in given for item in _expanded(path, config)]
    context = Context(
        known.pictures,
        order.facts if order else None,
        config.show_place,
        # A single photo leaves cores for its comparisons with many known pictures.
        workers=max(1, worker_count(MAX_WORKERS, config.workers) // max(1, len(plan))),
        examiner_seconds=config.limits.examiner_seconds,
    )
    side = viewing_side(len(plan)) if config.keep_views else None
    exhibits = map_in_order(
        lambda item: item if isinstance(item, ExhibitResult) else examine_file(item, config, context, side),
        plan,
        workers=config.workers,
        progress=config.progress,
    )
    warnings = (
        *config.examiners.warnings,
        *(order.warnings if order else ()),
        *known.warnings,
        *_repeats(exhibits),
    )
    verdict, score = fuse_claim(exhibits)
    return ClaimResult(verdict, score, tuple(exhibits), known.results, warnings)


def _expanded(path: str, config: ExaminationConfig) -> Sequence[str | ExhibitResult]:
    """Return the files of `path`, or the result of a folder that has none."""
    try:
        return expand(path, config.limits, config.read)
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
