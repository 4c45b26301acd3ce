"""What the page of the demo opens: the people whose role a visitor takes, and the buyers' links."""

from collections.abc import Sequence

from bixie.access.principal import Principal
from bixie.access.tenancy import reading
from bixie.assembly.demo.cast import ACTORS, setup_of
from bixie.identity import repository
from bixie.identity.authentication import authenticate_session
from bixie.identity.errors import NotThereError
from bixie.identity.signin.demo_session import open_demo_session
from bixie.kit.messages import catalogue
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
        """Return links of buyers."""
        return ()
