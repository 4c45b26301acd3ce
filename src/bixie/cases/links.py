"""Links for buyers: each opens one thing, filing a claim about one order or one case, and nothing else.

A link acts for the buyer's party. Who made one is in the ledger, under that party. A link to file is used up
by the claim that is filed with it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading
from bixie.cases import repository
from bixie.cases.access import without_party
from bixie.cases.errors import RefusedCaseError
from bixie.cases.models import Case
from bixie.identity.authentication import authenticate_link
from bixie.identity.errors import LinkError
from bixie.identity.links import Ticket
from bixie.identity.models import Party
from bixie.identity.repository import party_by_id, party_by_reference
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party
from bixie.identity.signing import buyer_link
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger.service import NewEvent, append
from bixie.orders.models import Order
from bixie.store.unit_of_work import Store

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = [
    "CASE",
    "CLAIM",
    "PATH",
    "OpenedLink",
    "buyer_of_case",
    "buyer_of_order",
    "case_token",
    "claim_token",
    "claims_about",
    "is_used",
    "open_link",
]

CLAIM, CASE = "claim.file", "case.answer"
"""Purposes of links: file a claim about an order, take part in a case."""
PATH = "/c/"
"""Beginning of the path of a buyer's page; the token follows."""


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A genuine link.

    Parameters
    ----------
    principal : Principal
        The buyer.
    ticket : Ticket
    used : bool
        Whether a claim was filed with it.
    """

    principal: Principal
    ticket: Ticket
    used: bool = False

    @property
    def order(self) -> str | None:
        """Id of the order that a claim may be filed about."""
        return self.ticket.subject if self.ticket.purpose == CLAIM else None

    @property
    def case(self) -> str | None:
        """Id of the case that it opens."""
        return self.ticket.subject if self.ticket.purpose == CASE else None


def open_link(store: Store, token: str, clock: Clock = utc_now) -> OpenedLink:
    """Return what a buyer's link opens.

    Raises
    ------
    LinkError
        Those of `bixie.identity.authentication.authenticate_link`.
    """
    try:
        principal, ticket = authenticate_link(store, token, CASE, clock)
    except LinkError as error:
        if error.code != "identity.link_other_purpose":
            raise
    else:
        return OpenedLink(principal, ticket)
    principal, ticket = authenticate_link(store, token, CLAIM, clock)
    with reading(store, without_party(principal)) as session:
        return OpenedLink(principal, ticket, is_used(session, ticket))


def is_used(session: TenantSession, ticket: Ticket) -> bool:
    """Return whether a claim was filed since a link to file one was made; whoever files holds the lock."""
    return ticket.purpose == CLAIM and ticket.once != claims_about(session, ticket.subject)


def claims_about(session: TenantSession, order_id: str) -> str:
    """Return how many claims there are about an order: the state that a link to file one is good for."""
    return f"claims:{len(repository.of_order(session, order_id))}"


def claim_token(
    session: TenantSession,
    order: Order,
    party: str,
    *,
    expires: datetime,
    once: str,
    clock: Clock = utc_now,
) -> str:
    """Return a token that lets a buyer file one claim about an order.

    Parameters
    ----------
    session : TenantSession
    order : Order
    party : str
        Id of the buyer's party.
    expires : datetime
    once : str
        What `claims_about` said when the link was asked for.
    clock : callable

    Raises
    ------
    NotThereError
        ``identity.no_such_party``.
    LinkError
        ``identity.link_too_long``.
    """
    token = buyer_link(session, CLAIM, order.id, party=party, expires=expires, once=once, clock=clock)
    made: dict[str, Json] = {"purpose": CLAIM, "subject": order.id, "expires": format_timestamp(expires)}
    append(session, [NewEvent("cases.link_made", party, made)], clock)
    return token


def case_token(session: TenantSession, case: Case, expires: datetime, clock: Clock = utc_now) -> str:
    """Return a token that lets the buyer of a case take part in it.

    Raises
    ------
    NotThereError
        ``identity.no_such_party`` for a case without a buyer's party.
    LinkError
        ``identity.link_too_long``.
    """
    token = buyer_link(session, CASE, case.id, party=case.buyer, expires=expires, clock=clock)
    made: dict[str, Json] = {"purpose": CASE, "subject": case.id, "expires": format_timestamp(expires)}
    append(session, [NewEvent("cases.link_made", case.buyer, made)], clock)
    return token


def buyer_of_order(
    session: TenantSession,
    order: Order,
    *,
    party: str | None = None,
    reference: str | None = None,
    clock: Clock = utc_now,
) -> Party:
    """Return the buyer of an order: the one named, the one of an earlier case about it, or a new one.

    Parameters
    ----------
    session : TenantSession
        Of the tenant's own.
    order : Order
    party : str, optional
        Id of the buyer's party.
    reference : str, optional
        The tenant's own name for the buyer, such as a customer number.
    clock : callable

    Raises
    ------
    RefusedCaseError
        ``cases.no_such_buyer``.
    """
    if party is not None:
        named = party_by_id(session, party)
        if named is None or named.kind != PartyKind.BUYER or named.erased_at is not None:
            raise RefusedCaseError("cases.no_such_buyer")
        return named
    if reference is None:
        known = next((one.buyer for one in repository.of_order(session, order.id) if one.buyer), None)
        earlier = party_by_id(session, known) if known else None
        if earlier is not None and earlier.erased_at is None:
            return earlier
    wanted = reference or order.id
    kept = party_by_reference(session, PartyKind.BUYER.value, wanted)
    return kept or add_party(session, PartyKind.BUYER, reference=wanted, clock=clock)


def buyer_of_case(session: TenantSession, case: Case, order: Order, clock: Clock = utc_now) -> str:
    """Return the buyer's party of a case; one that was filed without gets the order's."""
    if not case.buyer:
        party = buyer_of_order(session, order, clock=clock)
        case.buyer = party.id
        # Under the party: what a case is at any moment is folded from its own events only.
        append(session, [NewEvent("cases.buyer_named", party.id, {"case": case.id}, rows=(case,))], clock)
    return case.buyer
