"""Merchants opt in and out. Nobody does it for them: not the platform, and no silence."""

from datetime import datetime

from bixie.access.principal import Role
from bixie.access.tenancy import TenantSession
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import MerchantOption as Description
from bixie.cases.claims.options import find
from bixie.cases.merchant_options import repository
from bixie.cases.merchant_options.errors import (
    MerchantOptionError,
    NoSuchOptionError,
    NotYourOptionError,
)
from bixie.cases.merchant_options.models import MerchantOption
from bixie.identity.repository import party_by_id, tenant_of_session
from bixie.identity.rules import PartyKind, TenantKind
from bixie.kit.ids import new_id
from bixie.kit.money import MAX_FEN
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, lock

__all__ = ["options_of", "set_option", "unset_option"]


def options_of(
    session: TenantSession, party: str, at: datetime, amount: int | None = None
) -> tuple[str, ...]:
    """Return the keys of the options of a merchant that apply, as facts of a policy pack name them.

    Parameters
    ----------
    session : TenantSession
    party : str
        Empty for the tenant itself.
    at : datetime
        When the claim was filed, with zone: an option set later does not apply to it.
    amount : int or None
        Fen that the claim asks for. An option with a limit below it does not apply, nor without an amount.
    """
    rows = repository.in_force(session, party, at)
    fitting = (
        row.option
        for row in rows
        if row.limit_minor is None or (amount is not None and amount <= row.limit_minor)
    )
    return tuple(dict.fromkeys(fitting))


def set_option(
    session: TenantSession,
    option: str,
    *,
    limit: int | None = None,
    until: datetime | None = None,
    clock: Clock = utc_now,
) -> MerchantOption:
    """Opt in from now on, for the merchant of the principal. Setting it anew replaces limit and end.

    Parameters
    ----------
    session : TenantSession
        Of an admin of the merchant; in a merchant's own tenant, of its admin.
    option : str
        Key of the options' `merchant_options`.
    limit : int or None
        Fen up to which it applies, for an option that has an amount.
    until : datetime or None
        When it ends, with zone; None for good.
    clock : callable

    Raises
    ------
    MerchantOptionError
        ``merchant_options.limit_missing``, ``….no_limit``, ``….until_past``; as a `NoSuchOptionError`
        ``….no_such_option``; as a `NotYourOptionError` ``….not_yours``.
    """
    description = _described(option)
    party = _own_party(session)
    lock(session)
    now = clock()
    _check(description, limit, until, now)
    there = _in_force(session, party, option, now)
    if there is not None and (there.limit_minor, there.until) == (limit, until):
        return there
    ended = _end(there, session.principal.id, now)
    made = MerchantOption(
        id=new_id("option", lambda: now),
        tenant=session.principal.tenant,
        party=party,
        option=option,
        limit_minor=limit,
        since=now,
        until=until,
        set_by=session.principal.id,
        unset_by=None,
    )
    session.add(made)
    data = {"option": option, "party": party, "limit_minor": limit}
    append(session, [NewEvent("merchant.option_set", made.id, data, rows=(made, *ended))], lambda: now)
    return made


def unset_option(session: TenantSession, option: str, clock: Clock = utc_now) -> None:
    """Opt out from now on; where the option is not set, nothing changes.

    Raises
    ------
    MerchantOptionError
        As a `NoSuchOptionError` ``merchant_options.no_such_option``; as a `NotYourOptionError`
        ``merchant_options.not_yours``.
    """
    _described(option)
    party = _own_party(session)
    lock(session)
    now = clock()
    ended = _end(_in_force(session, party, option, now), session.principal.id, now)
    for row in ended:
        data = {"option": option, "party": party}
        append(session, [NewEvent("merchant.option_unset", row.id, data, rows=(row,))], lambda: now)


def _described(option: str) -> Description:
    found = find(claim_options().merchant_options, option)
    if found is None:
        raise NoSuchOptionError("merchant_options.no_such_option")
    return found


def _own_party(session: TenantSession) -> str:
    """Return the merchant that the principal may speak for."""
    who = session.principal
    if who.role is Role.ADMIN and who.party is not None:
        found = party_by_id(session, who.party)
        if found is not None and found.kind == PartyKind.MERCHANT:
            return who.party
    if who.role is Role.ADMIN and who.party is None:
        tenant = tenant_of_session(session)
        if tenant is not None and tenant.kind == TenantKind.MERCHANT:
            return ""
    raise NotYourOptionError("merchant_options.not_yours")


def _check(description: Description, limit: int | None, until: datetime | None, now: datetime) -> None:
    if description.limit and (limit is None or not 0 < limit <= MAX_FEN):
        raise MerchantOptionError("merchant_options.limit_missing", option=description.title)
    if not description.limit and limit is not None:
        raise MerchantOptionError("merchant_options.no_limit", option=description.title)
    if until is not None and until <= now:
        raise MerchantOptionError("merchant_options.until_past")


def _in_force(session: TenantSession, party: str, option: str, now: datetime) -> MerchantOption | None:
    return next((row for row in repository.in_force(session, party, now) if row.option == option), None)


def _end(row: MerchantOption | None, by: str, now: datetime) -> tuple[MerchantOption, ...]:
    if row is None:
        return ()
    row.until, row.unset_by = now, by
    return (row,)
