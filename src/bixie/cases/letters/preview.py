"""The letters of a decision before it is made: the decision is made in a transaction that is undone."""

from contextlib import suppress

from bixie.access.call import Call
from bixie.access.tenancy import TenantSession
from bixie.cases import repository
from bixie.cases.events import AppealDecided, Decided
from bixie.cases.letters.letter import Letter, Subject, letter_of, until_decision
from bixie.cases.letters.upheld import letter_of_upheld
from bixie.cases.opening import OpenCase, events_of
from bixie.cases.rulings import rule
from bixie.cases.schemas import DecideIn
from bixie.cases.words import Side

__all__ = ["previewed"]

_SIDES = (Side.BUYER, Side.MERCHANT)
_TWO = 2
"""Who has reviewed, where two opinions agree. A third person, who decides between two, has seen both."""


class _UndoneError(Exception):
    """Ends the transaction without keeping anything."""


def previewed(call: Call, case_id: str, given: DecideIn) -> dict[Side, Letter]:
    """Return the letters that a decision would send.

    Empty while two people review without knowing each other's opinion, for the second as for the first:
    whether there is a letter, and its amount, would tell the second what the first thinks.

    Parameters
    ----------
    call : Call
        That works inside the case.
    case_id : str
    given : DecideIn

    Raises
    ------
    BixieError
        What would refuse the decision.
    """
    letters: dict[Side, Letter] = {}
    outcome = None if given.outcome is None else given.outcome.as_outcome()
    with suppress(_UndoneError), call.writing() as session:
        before = len(events_of(session, case_id))
        case = rule(session, case_id, outcome, given.reasons, note=given.note, clock=call.clock)
        letters |= _letters(session, case, before)
        raise _UndoneError
    return letters


def _letters(session: TenantSession, case: OpenCase, before: int) -> dict[Side, Letter]:
    """Return the letters about what was decided after so many events."""
    new = [one.event for one in events_of(session, case.row.id)[before:]]
    ruled = [one for one in new if isinstance(one, Decided | AppealDecided)]
    if any(len(one.persons) == _TWO for one in ruled):
        return {}
    made = next((one.decision for one in ruled if isinstance(one, Decided)), None)
    if made is not None:
        row = next(one for one in repository.decisions_of(session, case.row.id) if one.id == made)
        state, event = until_decision(events_of(session, case.row.id), made)
        subject = Subject(state, event, row, case.pack, case.context)
        return {side: letter_of(subject, side) for side in _SIDES}
    if ruled:
        return {side: letter_of_upheld(session, case.row, side) for side in _SIDES}
    return {}
