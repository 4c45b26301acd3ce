"""What a person of the platform sees to besides reviews: nothing of it comes to an end by itself."""

from dataclasses import dataclass

from bixie.access.call import Call
from bixie.access.tenancy import TenantSession
from bixie.cases import repository as cases
from bixie.cases.answer import summaries
from bixie.cases.models import Case
from bixie.cases.names import word_name
from bixie.cases.requests import Asked, reader
from bixie.cases.schemas import CaseSummary
from bixie.cases.words import DutyKind
from bixie.kit.messages import Text, catalogue
from bixie.remedies import repository

__all__ = ["ByHand", "by_hand"]

_MOST = 20
"""Of each kind."""
_KINDS = (DutyKind.FOLLOW_UP, DutyKind.REVERSE)


@dataclass(frozen=True, slots=True)
class ByHand:
    """A case that somebody must see to.

    Parameters
    ----------
    case : CaseSummary
    why : Text
        What is to be done.
    """

    case: CaseSummary
    why: Text


def by_hand(call: Call, asked: Asked) -> list[ByHand]:
    """Return cases with overdue goods, with something to be taken back, and with an order that failed.

    Parameters
    ----------
    call : Call
        Of a person of the platform.
    asked : Asked
        The zone in which due times are explained.
    """
    failed = catalogue("bixie.remedies").text("by_hand.failed")
    with call.reading() as session:
        rows = [
            (row, word_name("duty", kind)) for kind in _KINDS for row in cases.owing(session, kind, _MOST)
        ]
        rows += [(row, failed) for row in _with_failed_orders(session)]
        shown = summaries(session, [(row, reader(call, row, asked)) for row, _ in rows])
    return [ByHand(case, why) for case, (_, why) in zip(shown, rows, strict=True)]


def _with_failed_orders(session: TenantSession) -> list[Case]:
    rows = [cases.by_id(session, one) for one in repository.failed_and_owed(session, _MOST)]
    return [row for row in rows if row is not None]
