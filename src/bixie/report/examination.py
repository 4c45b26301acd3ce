"""The library's entry point: `examine` a claim and get a `Report`, with its document and its folder."""

import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from bixie.examiners.config import ExaminationConfig
from bixie.examiners.files import AnyPath, Paths, check_paths, path_list
from bixie.examiners.known import KnownPictures, load_known
from bixie.examiners.results import ClaimResult
from bixie.examiners.runner import examine_claim
from bixie.imaging.limits import Limits
from bixie.kit.messages import Language, Text
from bixie.kit.progress import Progress, no_progress
from bixie.kit.shell import join_command
from bixie.kit.timestamps import Clock, local_now
from bixie.report.buyer_message import buyer_message
from bixie.report.document import to_document
from bixie.report.page.render import render_page
from bixie.report.record import Record, make_record
from bixie.report.saving import save_report

if TYPE_CHECKING:
    from bixie.examiners.order import Order

__all__ = ["Report", "examine", "load_known"]


@dataclass(frozen=True, slots=True)
class Report:
    """What was found about a claim.

    Parameters
    ----------
    claim : ClaimResult
        Typed: verdict, exhibits with their findings, known pictures, warnings.
    command : str
        The command line that examines the same again.
    record : Record
        When, for which order, by whom and with which version it was made.
    command_by_name : str
        The same without the folders of absolute paths, for the page: it is sent to others.
    """

    claim: ClaimResult
    command: str
    record: Record
    command_by_name: str = ""

    def to_dict(self, *, with_masks: bool = False) -> dict[str, Any]:
        """Return the document ``bixie.report/1`` (docs/reference/report.md).

        Parameters
        ----------
        with_masks : bool
            Name the masks as `save` writes them, relative to its folder; otherwise masks are None.
        """
        return to_document(self.claim, self.record, with_masks=with_masks)

    def message_for_buyer(self) -> Text:
        """Return what a clerk may write to the buyer, in Chinese and English."""
        return buyer_message(self.claim)

    def save(self, directory: AnyPath, *, language: Language = "zh") -> Path:
        """Write ``report.json``, ``index.html`` and ``masks/`` into `directory`.

        Parameters
        ----------
        directory : path
            Made if missing; an earlier report in it is replaced.
        language : {"zh", "en"}
            Shown first on the page; it holds both.

        Returns
        -------
        Path
            Of the page.

        Raises
        ------
        SavingError
            If `directory` is a file or cannot be written.
        """
        folder = Path(directory)
        page = render_page(self.claim, self.record, language=language, command=self.command_by_name)
        return save_report(self.claim, self.record, page, folder)


def examine(
    paths: Paths,
    known: KnownPictures | Paths = (),
    *,
    order: "AnyPath | dict[str, Any] | Order | None" = None,
    show_place: bool = False,
    examined_by: str | None = None,
    limits: Limits | None = None,
    workers: int | None = None,
    keep_views: bool = True,
    progress: Progress = no_progress,
    clock: Clock = local_now,
) -> Report:
    """Examine the photos and videos of one claim.

    Parameters
    ----------
    paths : path or iterable of paths
        Files or folders; together they are one claim.
    known : path, iterable of paths, or KnownPictures
        The pictures you vouch for: yours, and older than the claim. `load_known` reads them once for
        many claims.
    order : path, dict or Order, optional
        The order document (docs/reference/order.md).
    show_place : bool
        Let the report carry the coordinates that a file holds; without it only distances.
    examined_by : str, optional
        Name of the shop or desk, for the record; what `BIXIE_EXAMINED_BY` says, when not given.
    limits : Limits, optional
        Bounds on hostile files; what the environment sets, when not given.
    workers : int, optional
        Files examined at the same time.
    keep_views : bool
        Keep small pictures for the page. Without them `Report.save` writes a page of words and outlines.
    progress : callable
        Called with the number of exhibits done and in total.
    clock : callable
        Returns the time of the record, with its zone.

    Returns
    -------
    Report
        For any content of the files: a file that cannot be read says so in the report.

    Raises
    ------
    UsageError
        ``usage.no_photo`` if no path is given, ``usage.no_such_path`` if one names nothing,
        ``usage.no_pictures`` if one is a folder without pictures. All such paths are named; nothing is
        examined.
    OrderError
        If the order document is wrong; a `UsageError` too.
    SettingError
        If a limit set by the environment is no number.
    """
    given = path_list(paths)
    _check_named(given, known, order, limits)
    config = ExaminationConfig(
        order=_order(order),
        show_place=show_place,
        limits=limits or Limits.from_environment(),
        workers=workers,
        keep_views=keep_views,
        progress=progress,
    )
    if not isinstance(known, KnownPictures):
        known = load_known(known, limits=config.limits, workers=workers)
    result = examine_claim(given, known, config)
    record = make_record(config.order, examined_by, clock)
    path = os.fspath(order) if isinstance(order, str | os.PathLike) else None
    command = _command(given, known.given, path, show_place=show_place)
    by_name = _command(_names(given), _names(known.given), path and _name(path), show_place=show_place)
    return Report(result, command, record, by_name)


def _check_named(
    photos: tuple[str, ...], known: KnownPictures | Paths, order: object, limits: Limits | None
) -> None:
    pictures = () if isinstance(known, KnownPictures) else path_list(known)
    documents = order if isinstance(order, str | os.PathLike) else ()
    check_paths(photos, pictures, documents=documents, limits=limits)


def _order(order: "AnyPath | dict[str, Any] | Order | None") -> "Order | None":
    if order is None:
        return None
    from bixie.examiners.order import Order, check_order, read_order  # noqa: PLC0415  # needs pydantic

    if isinstance(order, Order):
        return order
    return read_order(os.fspath(order)) if isinstance(order, str | os.PathLike) else check_order(order)


def _command(paths: tuple[str, ...], known: tuple[str, ...], order: str | None, *, show_place: bool) -> str:
    words = ["bixie", "examine", *map(_no_option, paths)]
    if known:
        words += ["--known", *map(_no_option, known)]
    if order is not None:
        words += ["--order", _no_option(order)]
    if show_place:
        words += ["--show-place"]
    words += ["--report", "report"]
    return join_command(words)


def _names(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_name, paths))


def _name(path: str) -> str:
    """Return `path` as it is if it is relative, otherwise the name at its end."""
    return (PurePath(path).name or path) if PurePath(path).is_absolute() else path


def _no_option(path: str) -> str:
    """Return `path` in a form that no command line takes for an option: a file may be called ``-a.jpg``."""
    return f".{os.sep}{path}" if path.startswith("-") else path
