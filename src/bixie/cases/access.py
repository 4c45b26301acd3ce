"""Who is which side of a case, and the session in which work inside one case is done.

A merchant's files, orders and reports belong to the merchant, so a buyer's own session does not see them.
Whoever is a side of a case therefore works in a session without its party, which this module alone opens,
and after it has checked the case.
"""

from dataclasses import replace

from bixie.access.call import Call
from bixie.access.principal import Principal, Role
from bixie.cases import repository
from bixie.cases.errors import NoSuchCaseError, NotYoursError
from bixie.cases.models import Case
from bixie.cases.words import Side
from bixie.kit.ids import is_id

__all__ = ["case_call", "filer", "side_of", "without_party"]

_ACT_FOR_OTHERS = frozenset({Role.API_KEY, Role.ADMIN, Role.PROGRAM})
"""Roles of the tenant that act for a side: programs do so, with a key, for the users of their own pages.

A person does so in one case only: for a shop that runs Bixie itself.
"""


def side_of(principal: Principal, case: Case, named: Side | None) -> Side:
    """Return the side that a principal acts for.

    Parameters
    ----------
    principal : Principal
    case : Case
    named : Side or None
        The side that the request names.

    Raises
    ------
    NotYoursError
        ``cases.not_your_side`` where the principal may not act for it; ``cases.side_needs_a_key`` for a
        person of the tenant, who decides between both sides and speaks for neither.
    """
    own = _own_side(principal, case)
    if named in (None, own):
        return own
    may = principal.party is None and principal.role in _ACT_FOR_OTHERS
    if not may:
        raise NotYoursError("cases.not_your_side", side=named)
    of_own_shop = named is Side.MERCHANT and case.party == ""
    if is_id("person", principal.id) and not of_own_shop:
        raise NotYoursError("cases.side_needs_a_key", side=named)
    return named


def _own_side(principal: Principal, case: Case) -> Side:
    if principal.party is not None:
        return Side.BUYER if principal.party == case.buyer else Side.MERCHANT
    return Side.MERCHANT if _is_own_clerk(principal, case.party) else Side.PLATFORM


def filer(principal: Principal, party: str) -> Side:
    """Return who files a claim about an order: the merchant, or the buyer, by itself or by a program.

    Parameters
    ----------
    principal : Principal
    party : str
        Of the merchant; empty for a merchant that runs Bixie itself.
    """
    if principal.role is Role.BUYER:
        return Side.BUYER
    by_merchant = principal.party is not None or _is_own_clerk(principal, party)
    return Side.MERCHANT if by_merchant else Side.BUYER


def _is_own_clerk(principal: Principal, party: str) -> bool:
    """Return whether a principal is a clerk of a merchant that runs Bixie itself: its party is empty.

    Its clerks answer claims, its reviewers review.
    """
    return party == "" and principal.party is None and principal.role is Role.CLERK


def without_party(principal: Principal) -> Principal:
    """Return the principal as it works inside one case; the ledger names it as before."""
    return replace(principal, party=None)


def case_call(call: Call, case_id: str, named: Side | None = None) -> tuple[Call, Side]:
    """Return the call as it works inside one case, and the side it acts for.

    Parameters
    ----------
    call : Call
    case_id : str
    named : Side, optional
        The side that the request names.

    Raises
    ------
    NoSuchCaseError
        ``cases.no_such_case`` also where the caller is no side of it.
    NotYoursError
        ``cases.not_your_side``.
    """
    with call.reading() as session:
        case = repository.by_id(session, case_id) if is_id("case", case_id) else None
    if case is None:
        raise NoSuchCaseError("cases.no_such_case")
    side = side_of(call.principal, case, named)
    return replace(call, principal=without_party(call.principal)), side
