"""Names of tenants, parties and people, and which roles may be granted by whom. Pure."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from enum import StrEnum

from bixie.access.principal import Principal, Role
from bixie.identity.errors import IdentityError
from bixie.kit.calendar import CHINA

__all__ = [
    "KEY_ROLES",
    "PERSON_ROLES",
    "PartyKind",
    "TenantKind",
    "checked_email",
    "checked_login",
    "checked_name",
    "checked_phone",
    "expiry_from_text",
    "may_add_party",
    "may_grant",
    "may_manage",
]

_MAX_NAME = 200
_LATEST_YEAR = 9000
"""Near the last year of the calendar a time does not exist in every zone."""
_MAX_EMAIL = 254
_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\\\]]+@[^\s@<>\"(),:;\[\\\]]+\.[^\s@<>\"(),:;\[\\\].]+")
_PHONE = re.compile(r"\+?[0-9]{5,15}", re.ASCII)
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class TenantKind(StrEnum):
    """What runs Bixie."""

    PLATFORM = "platform"
    MERCHANT = "merchant"


class PartyKind(StrEnum):
    """The two sides of a claim."""

    BUYER = "buyer"
    MERCHANT = "merchant"


PERSON_ROLES = (Role.CLERK, Role.REVIEWER, Role.POLICY_EDITOR, Role.ADMIN)
"""Roles of people who log in; buyers use signed links."""
KEY_ROLES = (*PERSON_ROLES, Role.API_KEY)
_OF_A_PARTY = frozenset({Role.CLERK, Role.ADMIN, Role.API_KEY})
"""Roles that one side of a claim may have: no party reviews its own case or makes its rules."""


def may_manage(principal: Principal, party: str | None) -> bool:
    """Return whether a principal may add and change what belongs to a party (None: to the tenant)."""
    if principal.role not in (Role.ADMIN, Role.PROGRAM):
        return False
    return principal.party is None or principal.party == party


def may_add_party(principal: Principal, kind: PartyKind) -> bool:
    """Return whether a principal may add a party. Buyers come with their orders; merchants need an admin."""
    takes_claims = kind is PartyKind.BUYER and principal.role in (Role.CLERK, Role.API_KEY, Role.ADMIN)
    return takes_claims or may_manage(principal, None)


def may_grant(principal: Principal, role: Role, party: str | None) -> bool:
    """Return whether a principal may grant a role, for a party or for the tenant."""
    return may_manage(principal, party) and (party is None or role in _OF_A_PARTY)


def checked_name(text: str, field: str = "name") -> str:
    """Return a name without blanks around it.

    Raises
    ------
    IdentityError
        ``identity.not_a_name`` for an empty or long one, or one with invisible characters.
    """
    name = text.strip()
    unseen = any(unicodedata.category(letter) in _UNSEEN for letter in name)
    if not name or len(name) > _MAX_NAME or unseen:
        raise IdentityError("identity.not_a_name", field=field, maximum=_MAX_NAME)
    return name


def checked_login(text: str) -> str:
    """Return a login name in the form in which names are compared.

    Raises
    ------
    IdentityError
        ``identity.not_a_name``.
    """
    return unicodedata.normalize("NFKC", checked_name(text, "login")).casefold()


def checked_email(text: str) -> str:
    """Return an e-mail address: one at sign, a domain with a dot, no line break.

    Raises
    ------
    IdentityError
        ``identity.not_an_email``.
    """
    address = text.strip()
    if len(address) > _MAX_EMAIL or not _EMAIL.fullmatch(address) or not address.isprintable():
        raise IdentityError("identity.not_an_email")
    return address


def checked_phone(text: str) -> str:
    """Return a telephone number without its blanks, hyphens and brackets.

    Raises
    ------
    IdentityError
        ``identity.not_a_phone``.
    """
    number = re.sub(r"[\s()-]", "", text)
    if not _PHONE.fullmatch(number):
        raise IdentityError("identity.not_a_phone")
    return number


def expiry_from_text(text: str, now: datetime) -> datetime:
    """Return the moment at which something expires.

    Parameters
    ----------
    text : str
        A day, which counts to its end in UTC+8, or a time of ISO 8601 with its zone.
    now : datetime

    Raises
    ------
    IdentityError
        ``identity.not_an_expiry`` for anything else, or for the past.
    """
    try:
        if len(text) == 10:
            day = date.fromisoformat(text) + timedelta(days=1)
            moment = datetime(day.year, day.month, day.day, tzinfo=CHINA)
        else:
            moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or moment <= now or moment.year > _LATEST_YEAR:
            raise ValueError(text)
    except (ValueError, OverflowError) as error:
        raise IdentityError("identity.not_an_expiry") from error
    return moment
