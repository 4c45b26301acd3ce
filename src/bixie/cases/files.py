"""The case file: everything that a decision may rest on, put before both sides in the same form.

Before a ruling both sides have had the same file. What was served, and that it was opened, is in the ledger.
"""

import hashlib
from collections.abc import Sequence

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.events import FileReceived, FileServed
from bixie.cases.evidence import verdicts_of
from bixie.cases.models import Case, CaseExhibit, CaseFile, CaseMessage
from bixie.cases.opening import OpenCase
from bixie.cases.thread import BESIDE
from bixie.cases.words import Audience, Side, Status
from bixie.kit.canonical_json import Json, encode_canonical
from bixie.policies import Pack
from bixie.vault import repository as vault

__all__ = ["file_of", "open_file", "serve", "serve_current"]

_SCHEMA = "bixie.case_file/1"


def file_of(session: TenantSession, case: Case, pack: Pack) -> tuple[dict[str, Json], str]:
    """Return the file of a case as it is now, and its hash.

    It names the evidence of both sides with hashes and reports, what both sides said to each other before
    and in the hearing, and the rules by hash: their text is in the pack. It names no person.
    """
    links, messages = repository.exhibits_of(session, case.id), repository.messages_of(session, case.id)
    return _file(session, case, pack, links, messages)


def _file_of_open(case: OpenCase) -> tuple[dict[str, Json], str]:
    """Return the file of a case that is open, by itself or with others."""
    batch, row = case.batch, case.row
    if batch is None:
        return file_of(case.session, row, case.pack)
    links, messages = batch.links.get(row.id, ()), batch.messages.get(row.id, ())
    return _file(case.session, row, case.pack, links, messages)


def _file(
    session: TenantSession,
    case: Case,
    pack: Pack,
    links: Sequence[CaseExhibit],
    messages: Sequence[CaseMessage],
) -> tuple[dict[str, Json], str]:
    reports = verdicts_of(session, [one.exhibit_id for one in links])
    exhibits: list[Json] = []
    for link in links:
        exhibit = vault.by_id(session, link.exhibit_id)
        report, verdict = reports.get(link.exhibit_id, (None, None))
        exhibits.append(
            {
                "exhibit": link.exhibit_id,
                "sha256": None if exhibit is None else exhibit.sha256,
                "side": link.side,
                "role": link.role,
                "report": report,
                "verdict": verdict,
            }
        )
    content: dict[str, Json] = {
        "schema": _SCHEMA,
        "case": case.id,
        "exhibits": exhibits,
        "messages": [one.id for one in messages if one.audience == Audience.ALL and one.about != BESIDE],
        "pack": {"id": pack.id, "version": pack.version, "sha256": pack.sha256},
    }
    return content, hashlib.sha256(encode_canonical(content)).hexdigest()


def serve(case: OpenCase) -> str:
    """Put the case file as it is now before both sides, unless they have it; return its hash."""
    content, sha256 = _file_of_open(case)
    missing = [side for side in (Side.BUYER, Side.MERCHANT) if case.state.served.get(side) != sha256]
    if missing:
        rows = [] if _is_kept(case, sha256) else [_kept(case, content, sha256)]
        case.record([FileServed(by=Side.PLATFORM, to=side, file_sha256=sha256) for side in missing], rows)
    return sha256


def serve_current(case: OpenCase) -> None:
    """Put the case file before both sides, as it is now, while the platform reviews the case."""
    if case.state.status in (Status.IN_REVIEW, Status.APPEALED):
        serve(case)


def open_file(case: OpenCase, side: Side) -> tuple[dict[str, Json], str]:
    """Return the case file for a side, and record that it has it.

    While the platform reviews the case, the file is served to both sides first.
    """
    serve_current(case)
    content, sha256 = _file_of_open(case)
    if side is not Side.PLATFORM and case.state.received.get(side) != sha256:
        rows = [] if _is_kept(case, sha256) else [_kept(case, content, sha256)]
        case.record([FileReceived(by=side, file_sha256=sha256)], rows)
    return content, sha256


def _is_kept(case: OpenCase, sha256: str) -> bool:
    if not case.state.served and not case.state.received:
        return False
    return repository.file_of(case.session, case.row.id, sha256) is not None


def _kept(case: OpenCase, content: dict[str, Json], sha256: str) -> CaseFile:
    row = CaseFile(
        tenant=case.row.tenant,
        case_id=case.row.id,
        sha256=sha256,
        content=content,
        made_at=case.context.now,
    )
    case.session.add(row)
    return row
