"""The files of a case: exhibits of both sides, known pictures of the order, reports with their parts."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bixie.access.tenancy import TenantSession
from bixie.cases import repository as cases
from bixie.cases.models import Case
from bixie.examinations import repository as examinations
from bixie.examinations.models import Examination
from bixie.imaging.sniff import EXTENSIONS
from bixie.kit.canonical_json import Json
from bixie.kit.timestamps import format_timestamp
from bixie.ledger.rules import Event
from bixie.orders import repository as orders
from bixie.remedies import repository as remedies
from bixie.report.saving import DOCUMENT
from bixie.vault import repository as vault
from bixie.vault.models import Exhibit, Role, State

__all__ = ["Material", "Piece", "exhibits_document", "material_of", "report_documents"]

_RECEIPTS = ("exhibit.received", "exhibit.written")
_MAX_KNOWN = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """One exhibit, or one report about exhibits.

    Parameters
    ----------
    id : str
    path : str or None
        In the package; None where its bytes are not handed out any more.
    side, role : str
        Who gave it, and what it shows.
    exhibit : Exhibit
    """

    id: str
    path: str | None
    side: str
    role: str
    exhibit: Exhibit


@dataclass(frozen=True, slots=True)
class Material:
    """What a package is made of.

    Parameters
    ----------
    pieces : tuple of Piece
    parts : tuple of (str, str)
        Path and SHA-256 of each part of a report besides its document.
    reports : tuple of (str, Examination)
        Folder and examination.
    subjects : frozenset of str
        Ids whose events the ledger extract needs.
    """

    pieces: tuple[Piece, ...]
    parts: tuple[tuple[str, str], ...]
    reports: tuple[tuple[str, Examination], ...]
    subjects: frozenset[str]


def material_of(session: TenantSession, case: Case) -> Material:
    """Return what a case's package is made of."""
    given = list(_exhibits(session, case))
    found = (examinations.latest(session, one.id) for one in given)
    examined = {one.id: one for one in found if one is not None}
    pieces, parts, reports = list(given), list[tuple[str, str]](), list[tuple[str, Examination]]()
    for number, made in enumerate(examined.values(), 1):
        folder = f"reports/{number:03}"
        report = vault.by_id(session, made.report_id)
        if report is None:
            continue
        kept = report.state == State.KEPT
        pieces.append(Piece(report.id, f"{folder}/{DOCUMENT}" if kept else None, "bixie", "report", report))
        reports.append((folder, made))
        if kept:
            parts += [(f"{folder}/{one.name}", one.sha256) for one in vault.files_of(session, report.id)]
    ordered = remedies.page(session, None, None, case_id=case.id)
    subjects = {case.id, case.order_id, *(one.id for one in pieces), *(one.id for one in ordered)}
    return Material(tuple(pieces), tuple(parts), tuple(reports), frozenset(subjects))


def report_documents(material: Material, read: Callable[[str], bytes]) -> list[tuple[str, Any]]:
    """Return folder and document of each report whose bytes are kept.

    Parameters
    ----------
    material : Material
    read : callable
        Returns the bytes of a hash.
    """
    by_path = {one.path: one.exhibit.sha256 for one in material.pieces}
    named = ((folder, by_path.get(f"{folder}/{DOCUMENT}")) for folder, _ in material.reports)
    return [(folder, json.loads(read(sha256))) for folder, sha256 in named if sha256 is not None]


def exhibits_document(pieces: Sequence[Piece], events: Sequence[Event]) -> list[Json]:
    """Return the list that ties each file to the event that says it was received."""
    received = {one.subject: one for one in reversed(events) if one.type in _RECEIPTS}
    return [
        {
            "id": one.id,
            "path": one.path,
            "event": received[one.id].sequence if one.id in received else None,
            "side": one.side,
            "role": one.role,
            "sha256": one.exhibit.sha256,
            "sm3": one.exhibit.sm3,
            "bytes": one.exhibit.bytes,
            "media_type": one.exhibit.media_type,
            "state": str(one.exhibit.state),
            "received_at": format_timestamp(one.exhibit.received_at),
        }
        for one in pieces
    ]


def _exhibits(session: TenantSession, case: Case) -> Iterator[Piece]:
    links = {one.exhibit_id: one for one in cases.exhibits_of(session, case.id)}
    order = orders.by_id(session, case.order_id)
    known: Sequence[Exhibit] = ()
    if order is not None:
        known = vault.kept_for(session, case.party, order.number, (Role.LISTING, Role.PACKING), _MAX_KNOWN)
    added = (vault.by_id(session, exhibit_id) for exhibit_id in links)
    there = [one for one in added if one is not None]
    others = [one for one in known if one.id not in links]
    for number, one in enumerate([*there, *others], 1):
        link = links.get(one.id)
        side, role = ("merchant", str(one.role)) if link is None else (link.side, link.role)
        yield Piece(one.id, _path(number, side, role, one), side, role, one)


def _path(number: int, side: str, role: str, exhibit: Exhibit) -> str | None:
    if exhibit.state != State.KEPT:
        return None
    (extension, *_) = EXTENSIONS.get(exhibit.media_type, (".bin",))
    words = re.sub(r"[^a-z0-9_-]", "-", f"{side}-{role}")
    return f"exhibits/{number:03}-{words}{extension}"
