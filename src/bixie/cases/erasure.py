"""Erases what people wrote in a case, in its rows and beside the ledger; what happened stays on record."""

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.errors import NotNowError
from bixie.cases.events import TextsErased
from bixie.cases.opening import OpenCase, open_case
from bixie.cases.reviews.repository import reviews_of
from bixie.cases.words import Side, Status
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.recorded import Recorded
from bixie.ledger.service import erase
from bixie.orders import repository as orders
from bixie.vault.retention.repository import holds_on_order

__all__ = ["erase_texts"]

_TEXTS = frozenset({"text", "note"})
"""Columns with what people wrote. A reviewer's outcome and reasons are codes, and explain the decision."""


def erase_texts(session: TenantSession, case_id: str, clock: Clock = utc_now) -> int:
    """Erase the texts of a closed case: the claim's, messages, notes, drafts. Files are erased in the vault.

    The ledger keeps their commitments and still verifies.

    Returns
    -------
    int
        How many texts were erased now; 0 if they were before.

    Raises
    ------
    NoSuchCaseError
        ``cases.no_such_case``.
    NotNowError
        ``cases.erased_while_open``, or ``cases.held`` where a hold on the order keeps them.
    """
    case = open_case(session, case_id, clock)
    if case.state.status is not Status.CLOSED:
        raise NotNowError("cases.erased_while_open")
    _check_not_held(case)
    drafts = repository.drafts_of(session, case_id)
    for draft in drafts:
        session.delete(draft)
    rows = _without_texts(case)
    if not rows:
        return len(drafts)
    case.record([TextsErased(by=Side.PLATFORM)], rows)
    for event in ledger.events_about(session, case_id):
        names = [one.name for one in ledger.personal_of(session, event.sequence)]
        # A name has a number behind it where an event states several rows.
        texts = [name for name in names if name.partition(".")[0] in _TEXTS]
        if texts:
            erase(session, event.sequence, texts, clock)
    return len(rows) + len(drafts)


def _check_not_held(case: OpenCase) -> None:
    order = orders.by_id(case.session, case.row.order_id)
    holds = () if order is None else holds_on_order(case.session, order.party, order.number)
    if holds:
        raise NotNowError("cases.held", holds=", ".join(one.id for one in holds))


def _without_texts(case: OpenCase) -> list[Recorded]:
    """Empty the columns with texts; return the rows that had one."""
    session, id_ = case.session, case.row.id
    erased: list[Recorded] = []
    if case.row.text:
        case.row.text = None
        erased.append(case.row)
    for message in repository.messages_of(session, id_):
        if message.text:
            message.text = None
            erased.append(message)
    for decision in repository.decisions_of(session, id_):
        if decision.note:
            decision.note = None
            erased.append(decision)
    for review in reviews_of(session, id_):
        if review.note:
            review.note = None
            erased.append(review)
    return erased
