"""The letter about a decision of a case, of what is kept about it."""

from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.errors import NotNowError
from bixie.cases.letters.letter import Letter, Subject, letter_of, until_decision
from bixie.cases.models import Case
from bixie.cases.opening import context_at, events_of
from bixie.cases.packs.lookup import pack_by
from bixie.cases.words import Side

__all__ = ["letter_of_decision"]


def letter_of_decision(
    session: TenantSession, row: Case, side: Side, decision_id: str | None = None
) -> Letter:
    """Return the letter about a decision, the last if none is named, for one side.

    Raises
    ------
    NotNowError
        ``cases.no_decision``.
    """
    made = repository.decisions_of(session, row.id)
    wanted = [one for one in made if decision_id in (None, one.id)]
    if not wanted:
        raise NotNowError("cases.no_decision")
    decision = wanted[-1]
    state, event = until_decision(events_of(session, row.id), decision.id)
    pack = pack_by(session, state.filed.pack)
    context = context_at(pack, lambda: decision.decided_at)
    return letter_of(Subject(state, event, decision, pack, context), side)
