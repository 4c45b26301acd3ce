"""Makes buyers' links inside the service: after a claim is filed, and for the demo's start page."""

from datetime import timedelta

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.cases.links import PATH, buyer_of_case, buyer_of_order, case_token, claim_token, claims_about
from bixie.cases.links_api import CASE_DAYS, CLAIM_DAYS
from bixie.cases.opening import found
from bixie.orders import repository as orders
from bixie.orders.errors import NoSuchOrderError
from bixie.web.services import Services

__all__ = ["buyer_link", "claim_link"]

_PROGRAM = "program_buyer_pages"


def buyer_link(services: Services, tenant: str, case_id: str) -> str:
    """Return the path of a link with which the buyer of a case takes part in it.

    Parameters
    ----------
    services : Services
    tenant : str
        Id of the tenant.
    case_id : str

    Raises
    ------
    NoSuchCaseError
        ``cases.no_such_case``.
    """
    with writing(services.store, Principal(tenant, _PROGRAM, Role.PROGRAM)) as session:
        case = found(session, case_id)
        order = orders.by_id(session, case.order_id)
        if order is None:
            raise NoSuchOrderError("orders.no_such_order")
        buyer_of_case(session, case, order, services.clock)
        until = services.clock() + timedelta(days=CASE_DAYS)
        return PATH + case_token(session, case, until, services.clock)


def claim_link(services: Services, tenant: str, order_id: str) -> str:
    """Return the path of a link with which the buyer of an order files a claim.

    Raises
    ------
    NoSuchOrderError
        ``orders.no_such_order``.
    """
    with writing(services.store, Principal(tenant, _PROGRAM, Role.PROGRAM)) as session:
        order = orders.by_id(session, order_id)
        if order is None:
            raise NoSuchOrderError("orders.no_such_order")
        buyer = buyer_of_order(session, order, clock=services.clock)
        until = services.clock() + timedelta(days=CLAIM_DAYS)
        once = claims_about(session, order.id)
        token = claim_token(session, order, buyer.id, expires=until, once=once, clock=services.clock)
        return PATH + token
