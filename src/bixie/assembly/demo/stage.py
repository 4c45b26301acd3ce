"""What the page of the demo opens: the people whose role a visitor takes, and the buyers' links."""

from collections.abc import Sequence

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, reading
from bixie.assembly.demo.cast import ACTORS, reference_of, setup_of
from bixie.assembly.demo.seeding import ORDERS, STORIES
from bixie.assembly.demo.story import OrderStory
from bixie.cases import repository as cases
from bixie.cases.models import Case
from bixie.cases.words import Status
from bixie.identity import repository
from bixie.identity.authentication import authenticate_session
from bixie.identity.errors import NotThereError
from bixie.identity.rules import PartyKind
from bixie.identity.signin.demo_session import open_demo_session
from bixie.kit.messages import catalogue
from bixie.orders import repository as orders
from bixie.orders.errors import NoSuchOrderError
from bixie.orders.models import Order
from bixie.web.buyer.links import buyer_link, claim_link
from bixie.web.demo.stage import Actor, BuyerDoor
from bixie.web.services import Services

__all__ = ["DemoStage"]


class DemoStage:
    """The demo of one folder, as its page needs it.

    Parameters
    ----------
    tenant : str
    services : Services
    """

    def __init__(self, tenant: str, services: Services) -> None:
        self._tenant = tenant
        self._services = services

    def actors(self) -> Sequence[Actor]:
        """Return whose role can be taken."""
        names = catalogue("bixie.assembly.demo")
        return [Actor(login, names.text(f"person.{login}")) for login in ACTORS]

    def enter(self, key: str) -> tuple[Principal, str]:
        """Sign a person of the demo in; see `bixie.web.demo.stage.Stage`."""
        parts = self._services
        if key not in ACTORS:
            raise NotThereError("identity.no_such_person")
        with reading(parts.store, setup_of(self._tenant)) as session:
            person = repository.person_by_login(session, key)
        if person is None:
            raise NotThereError("identity.no_such_person")
        token = open_demo_session(parts.store, self._tenant, person.id, parts.clock)
        return authenticate_session(parts.store, token, parts.clock), token

    def buyers(self) -> Sequence[BuyerDoor]:
        """Return orders to look at as their buyers; see `bixie.web.demo.stage.Stage`."""
        doors: dict[str | None, BuyerDoor] = {}
        with reading(self._services.store, setup_of(self._tenant)) as session:
            for told in (*ORDERS, *(one.order for one in STORIES)):
                order, case = self._found(session, told)
                status = None if case is None else case.status
                if order is not None and status not in doors:
                    doors[status] = _door(told, status)
        return [doors[status] for status in (None, *Status) if status in doors]

    def buyer_path(self, key: str) -> str:
        """Make a buyer's link for an order; see `bixie.web.demo.stage.Stage`."""
        told = next((one for one in (*ORDERS, *(one.order for one in STORIES)) if one.number == key), None)
        if told is None:
            raise NoSuchOrderError("orders.no_such_order")
        with reading(self._services.store, setup_of(self._tenant)) as session:
            order, case = self._found(session, told)
        if case is not None:
            return buyer_link(self._services, self._tenant, case.id)
        if order is None:
            raise NoSuchOrderError("orders.no_such_order")
        return claim_link(self._services, self._tenant, order.id)

    def _found(self, session: TenantSession, told: OrderStory) -> tuple[Order | None, Case | None]:
        shop = repository.party_by_reference(session, PartyKind.MERCHANT.value, reference_of(told.shop))
        order = None if shop is None else orders.by_number(session, shop.id, told.number)
        found = [] if order is None else cases.of_order(session, order.id)
        return order, found[-1] if found else None


def _door(told: OrderStory, status: str | None) -> BuyerDoor:
    name = None if status is None else catalogue("bixie.cases").text(f"status.{status}")
    return BuyerDoor(
        told.number, catalogue("bixie.assembly.demo").text(f"item.{told.goods.key}"), status, name
    )
