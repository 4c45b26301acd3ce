"""Drafts: what a side has written and not sent. No fact of the case; only whoever writes it sees it."""

from typing import Any

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.errors import RefusedCaseError
from bixie.cases.models import CaseDraft
from bixie.cases.words import Side
from bixie.kit.canonical_json import encode_canonical
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import lock

__all__ = ["MAX_BYTES", "discard_draft", "draft_for", "forget_sent", "save_draft"]

MAX_BYTES = 16 * 1024


def save_draft(
    session: TenantSession, case_id: str, side: Side, content: dict[str, Any], clock: Clock = utc_now
) -> CaseDraft:
    """Keep a draft in place of the one before.

    Raises
    ------
    RefusedCaseError
        ``cases.draft_too_long``.
    """
    if len(encode_canonical(content)) > MAX_BYTES:
        raise RefusedCaseError("cases.draft_too_long", maximum=MAX_BYTES // 1024)
    lock(session)  # two windows that save for the first time
    row = draft_for(session, case_id, side)
    if row is None:
        row = CaseDraft(tenant=session.principal.tenant, case_id=case_id, side=_owner(session, side))
        session.add(row)
    row.content, row.saved_at = content, clock()
    return row


def draft_for(session: TenantSession, case_id: str, side: Side) -> CaseDraft | None:
    """Return the draft of the caller's side."""
    return repository.draft_of(session, case_id, _owner(session, side))


def discard_draft(session: TenantSession, case_id: str, side: Side) -> None:
    """Throw a draft away, if there is one."""
    row = draft_for(session, case_id, side)
    if row is not None:
        session.delete(row)


def forget_sent(session: TenantSession, case_id: str, side: Side, action: str) -> None:
    """Throw a draft away once the action that it was written for is done."""
    row = draft_for(session, case_id, side)
    if row is not None and row.content.get("action") == action:
        session.delete(row)


def _owner(session: TenantSession, side: Side) -> str:
    """Return whose draft it is: a side's; on the platform each person's, as one reviews what another did."""
    return f"{side} {session.principal.id}" if side is Side.PLATFORM else str(side)
