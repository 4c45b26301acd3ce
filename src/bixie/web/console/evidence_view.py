"""What the page of a case shows of each file: what was found in it, and where it came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bixie.access.tenancy import TenantSession
from bixie.cases.schemas import CaseExhibitOut, CaseOut
from bixie.imaging.sniff import is_video
from bixie.ledger import repository as ledger
from bixie.ledger.rules import Event, event_from_body
from bixie.vault import repository as vault
from bixie.vault.models import Exhibit, State
from bixie.vault.renditions import LongSide
from bixie.web.ui.comparisons import screen_address

__all__ = ["CustodyRow", "FileView", "file_views"]

_HANDED_OUT = "exhibit.handed_out"


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """Something that happened to a file; what happened several times stands once.

    Parameters
    ----------
    type : str
        Of the events.
    at : str
        Of the last one.
    count : int
    """

    type: str
    at: str
    count: int


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of evidence.

    Parameters
    ----------
    shown : CaseExhibitOut
    name : str
    kept : Exhibit or None
    thumbnail : str or None
        Address; None for what is no picture, or is not handed out.
    findings : sequence of dict
        Of the report, what weighs most first.
    silent : sequence of dict
        Examiners that could not tell, with the reason.
    report : str or None
    custody : list of CustodyRow
    known : sequence of dict
        Known pictures that were found for it: name, id, since when and by whom it is on record.
    """

    shown: CaseExhibitOut
    name: str
    kept: Exhibit | None
    thumbnail: str | None
    findings: Sequence[Mapping[str, Any]] = ()
    silent: Sequence[Mapping[str, Any]] = ()
    report: str | None = None
    custody: list[CustodyRow] = field(default_factory=list)
    known: Sequence[Mapping[str, Any]] = ()


def file_views(
    session: TenantSession, case: CaseOut, examined: Mapping[str, Mapping[str, Any]]
) -> list[FileView]:
    """Return the files of a case.

    Parameters
    ----------
    session : TenantSession
    case : CaseOut
    examined : mapping
        Of `bixie.web.ui.comparisons.examined_files`.
    """
    ids = [one.id for one in case.exhibits]
    events: dict[str, list[Event]] = {one: [] for one in ids}
    for row in ledger.events_about_any(session, ids):
        event = event_from_body(row.body)
        events[event.subject].append(event)
    return [_view(session, one, examined.get(one.id), events[one.id]) for one in case.exhibits]


def _view(
    session: TenantSession,
    shown: CaseExhibitOut,
    report: Mapping[str, Any] | None,
    events: Sequence[Event],
) -> FileView:
    kept = vault.by_id(session, shown.id)
    is_picture = kept is not None and kept.state == State.KEPT and not is_video(kept.media_type)
    found = [] if report is None else report["findings"]
    findings = sorted(found, key=lambda one: -abs(one["strength_bits"]))
    used = {one["data"].get("known_id") for one in findings}
    return FileView(
        shown=shown,
        name="" if kept is None else kept.name,
        kept=kept,
        thumbnail=screen_address(shown.id, LongSide.SMALL) if is_picture else None,
        findings=findings,
        silent=() if report is None else report["not_applicable"],
        report=None if report is None else report["report"],
        custody=_custody(events),
        known=[] if report is None else [one for one in report["known"] if one.get("id") in used],
    )


def _custody(events: Sequence[Event]) -> list[CustodyRow]:
    rows: dict[str, CustodyRow] = {}
    for one in events:
        before = rows.get(one.type)
        rows[one.type] = CustodyRow(one.type, one.time, 1 if before is None else before.count + 1)
    return list(rows.values())
