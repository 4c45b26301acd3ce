"""A buyer asks the shop for something that a person there does: a new link, the erasure of personal data."""

from typing import Literal

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, reading
from bixie.cases import repository
from bixie.cases.links import CASE, CLAIM
from bixie.identity.authentication import authenticator
from bixie.identity.errors import LinkError
from bixie.identity.links import Ticket, tenant_of
from bixie.identity.repository import people
from bixie.identity.signing import genuine
from bixie.kit.canonical_json import Json
from bixie.notices.service import Message, Recipient, notify_each
from bixie.orders import repository as orders
from bixie.orders.models import Order
from bixie.web.auth_middleware import call_for
from bixie.web.services import Services

__all__ = ["ask_shop", "genuine_ticket"]

_PROGRAM = "program_buyer_pages"
Wish = Literal["link_wanted", "erasure_wanted"]


def genuine_ticket(services: Services, token: str) -> Ticket:
    """Return the ticket of a buyer's link that was genuine, expired or not.

    Raises
    ------
    LinkError
        Those of `bixie.identity.signing.genuine`.
    """
    with reading(services.store, authenticator(tenant_of(token))) as session:
        ticket = genuine(session, token)
    if ticket.purpose not in (CASE, CLAIM):
        raise LinkError("identity.link_other_purpose")
    return ticket


def ask_shop(services: Services, ticket: Ticket, wish: Wish) -> None:
    """Tell those who handle the order what its buyer asks for; once a day, however often it is asked.

    Parameters
    ----------
    services : Services
    ticket : Ticket
        Of a genuine link.
    wish : {"link_wanted", "erasure_wanted"}
    """
    principal = Principal(ticket.tenant, _PROGRAM, Role.PROGRAM)
    day = services.clock().date().isoformat()
    call = call_for(services, principal, f"{wish}-{ticket.subject}-{day}")

    def work(session: TenantSession) -> Json:
        order = _order(session, ticket)
        if order is not None:
            message = Message(wish, {"claim": order.number}, about=ticket.subject)
            notify_each(session, [(message, to) for to in _handlers(session, order)], services.clock)
        return None

    call.once(f"buyer.{wish}", (ticket.subject.encode(),), work)


def _order(session: TenantSession, ticket: Ticket) -> Order | None:
    if ticket.purpose == CLAIM:
        return orders.by_id(session, ticket.subject)
    case = repository.by_id(session, ticket.subject)
    return None if case is None else orders.by_id(session, case.order_id)


def _handlers(session: TenantSession, order: Order) -> list[Recipient]:
    """Return the tenant's own clerks and admins; the merchant's party where a platform has none.

    A merchant of a platform makes no links and erases nothing, so it is told only where nobody else would be.
    """
    own = [one for one in people(session, None) if one.party is None and one.disabled_at is None]
    told = [Recipient(person=one.id) for one in own if one.role in (Role.CLERK, Role.ADMIN)]
    return told if told or not order.party else [Recipient(party=order.party)]
