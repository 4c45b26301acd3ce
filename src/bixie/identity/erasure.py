"""Erases the personal data of people, buyers and merchants, in their rows and beside the ledger.

What they did stays on record under their ids, and so does that their data were erased.
"""

from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.identity.service import check_may_manage, managed_person, party_of
from bixie.identity.signin import repository as signin
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append, erase_about

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["erase_party", "erase_person"]


def erase_person(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Erase a person's personal data and disable it; the record of actions under the id stays.

    Raises
    ------
    NotThereError
        ``identity.no_such_person``.
    NotAllowedError
        ``identity.not_allowed``, also for oneself.
    """
    person = managed_person(session, id_)
    if person.erased_at is not None:
        return
    now = clock()
    person.erased_at, person.disabled_at = now, person.disabled_at or now
    person.login = person.name = person.password = person.totp_secret = None
    codes = signin.delete_recovery_codes(session, person.id)
    ended = signin.end_sessions(session, person.id, now)
    data: dict[str, Json] = {"sessions_ended": len(ended)}
    event = NewEvent("identity.person_erased", person.id, data, rows=(person, *ended, *codes))
    append(session, [event], lambda: now)
    erase_about(session, person.id, clock)


def erase_party(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Erase the personal data of a buyer or merchant; its consents and cases stay under the id.

    Raises
    ------
    NotThereError
        ``identity.no_such_party``.
    NotAllowedError
        ``identity.not_allowed``.
    """
    party = party_of(session, id_)
    check_may_manage(session, id_)
    if party.erased_at is not None:
        return
    now = party.erased_at = clock()
    party.reference = party.name = party.phone = party.email = None
    append(session, [NewEvent("identity.party_erased", party.id, rows=(party,))], lambda: now)
    erase_about(session, party.id, clock)
