"""Who takes part in the demo: its tenant, shops, buyers and people. Each is made once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import TenantSession, reading, writing
from bixie.assembly.demo.story import BuyerWord, Reviewer, ShopWord, SideWord
from bixie.identity import repository
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import add_party, add_person, add_tenant
from bixie.kit.messages import Catalogue, Language
from bixie.kit.timestamps import Clock
from bixie.store.unit_of_work import Store

__all__ = ["ACTORS", "Cast", "reference_of", "setup_of"]

_SETUP = "program_setup"
_SHOPS: tuple[ShopWord, ...] = ("food", "clothes")
_BUYERS: tuple[BuyerWord, ...] = ("a", "b", "c", "d", "e", "f")
_REVIEWERS: tuple[Reviewer, ...] = ("reviewer_1", "reviewer_2")
_STAFF: dict[str, Role] = {
    "admin": Role.ADMIN,
    **dict.fromkeys(_REVIEWERS, Role.REVIEWER),
    "policy_editor": Role.POLICY_EDITOR,
}
"""People of the platform itself, by login."""
ACTORS = ("clerk_food", "clerk_clothes", *_REVIEWERS, "policy_editor", "admin")
"""Logins of everybody whose role a visitor can take, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in the demo.

    Parameters
    ----------
    tenant : str
    parties, people : dict of str to str
        Ids by word: ``food``, ``a``; ``clerk_food``, ``reviewer_1``.
    """

    tenant: str
    parties: dict[str, str]
    people: dict[str, str]

    @classmethod
    def assemble(
        cls, store: Store, tenant: str, texts: Catalogue, language: Language, clock: Clock
    ) -> "Cast":
        """Return everybody; who is missing is added, all at once."""

        def say(key: str) -> str:
            return texts.text(key).in_(language)

        found = cls._found(store, tenant)
        if found is None:
            with writing(store, setup_of(tenant)) as session:
                _add(session, say, clock)
                _add_staff(session, _STAFF, say, clock)
        elif not found.people.keys() >= _STAFF.keys():  # made before the demo had them
            with writing(store, setup_of(tenant)) as session:
                _add_staff(session, _STAFF.keys() - found.people.keys(), say, clock)
        else:
            return found
        found = cls._found(store, tenant)
        assert found is not None
        return found

    @classmethod
    def _found(cls, store: Store, tenant: str) -> "Cast | None":
        with reading(store, setup_of(tenant)) as session:
            if repository.tenant_of_session(session) is None:
                return None
            party = partial(repository.party_by_reference, session)
            shops = {str(word): party(str(PartyKind.MERCHANT), reference_of(word)) for word in _SHOPS}
            buyers = {str(word): party(str(PartyKind.BUYER), reference_of(word)) for word in _BUYERS}
            logins = [*(_clerk(word) for word in _SHOPS), *_STAFF]
            people = {login: repository.person_by_login(session, login) for login in logins}
            return cls(
                tenant,
                {word: one.id for word, one in {**shops, **buyers}.items() if one},
                {login: one.id for login, one in people.items() if one},
            )

    @property
    def setup(self) -> Principal:
        """The program that made the tenant."""
        return setup_of(self.tenant)

    def clerk(self, shop: ShopWord) -> Principal:
        """Return the clerk of a shop."""
        return Principal(self.tenant, self.people[_clerk(shop)], Role.CLERK, self.parties[shop])

    def buyer(self, buyer: BuyerWord) -> Principal:
        """Return a buyer."""
        party = self.parties[buyer]
        return Principal(self.tenant, party, Role.BUYER, party)

    def reviewer(self, reviewer: Reviewer) -> Principal:
        """Return a reviewer."""
        return Principal(self.tenant, self.people[reviewer], Role.REVIEWER)

    def side(self, side: SideWord, shop: ShopWord, buyer: BuyerWord) -> Principal:
        """Return who acts for a side of a case."""
        return self.buyer(buyer) if side == "buyer" else self.clerk(shop)


def setup_of(tenant: str) -> Principal:
    """Return the program that makes a tenant."""
    return Principal(tenant, _SETUP, Role.PROGRAM)


def _add(session: TenantSession, say: Callable[[str], str], clock: Clock) -> None:
    add_tenant(session, say("tenant"), TenantKind.PLATFORM, clock)
    for shop in _SHOPS:
        party = add_party(
            session, PartyKind.MERCHANT, reference=reference_of(shop), name=say(f"shop.{shop}"), clock=clock
        )
        login = _clerk(shop)
        add_person(session, login, Role.CLERK, party=party.id, name=say(f"person.{login}"), clock=clock)
    for buyer in _BUYERS:
        add_party(
            session, PartyKind.BUYER, reference=reference_of(buyer), name=say(f"buyer.{buyer}"), clock=clock
        )


def _add_staff(
    session: TenantSession, logins: Iterable[str], say: Callable[[str], str], clock: Clock
) -> None:
    for login in sorted(logins):
        add_person(session, login, _STAFF[login], name=say(f"person.{login}"), clock=clock)


def _clerk(shop: ShopWord) -> str:
    return f"clerk_{shop}"


def reference_of(word: str) -> str:
    """Return the tenant's own name for a shop or a buyer."""
    return f"demo-{word}"
