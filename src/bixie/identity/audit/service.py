"""Lists the events about people, keys and sign-ins, with the names of whom they concern.

They are events of the ledger like any other. Only their names come from elsewhere: the ledger has ids.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bixie.access.tenancy import TenantSession
from bixie.identity import repository
from bixie.identity.service import key_of, may_see, person_of
from bixie.kit.ids import is_id
from bixie.ledger import repository as ledger
from bixie.ledger.rules import Event, event_from_body

__all__ = ["LAST", "TYPES", "Entry", "entries", "newest"]

TYPES = tuple(
    f"identity.{name}"
    for name in (
        "consent_given",
        "consent_withdrawn",
        "key_added",
        "key_revoked",
        "key_used",
        "party_added",
        "party_erased",
        "password_link_made",
        "password_set",
        "person_added",
        "person_disabled",
        "person_erased",
        "recovery_code_used",
        "role_changed",
        "second_factor_begun",
        "second_factor_off",
        "second_factor_on",
        "session_ended",
        "sign_in_failed",
        "sign_in_locked_out",
        "signed_in",
        "signing_key_added",
        "tenant_added",
    )
)
"""Types of the events that the audit lists."""


LAST = 2**63 - 1
"""Greater than the sequence of any event."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of the audit.

    Parameters
    ----------
    event : Event
    subject_name, actor_name : str or None
        Name of the person, or label of the key. None for anything else, once it was erased, and for people
        and keys that the principal may not see.
    source : str or None
        Network address from which it was done; None if it is not known or was erased.
    """

    event: Event
    subject_name: str | None
    actor_name: str | None
    source: str | None


def entries(session: TenantSession, about: str | None, after: int, limit: int) -> list[Entry]:
    """Return the next events of the audit, oldest first.

    Parameters
    ----------
    session : TenantSession
        Of a party's principal: events about the party's own people and keys only.
    about : str or None
        Id of a person or key: all events about it. None for the events of `TYPES`.
    after : int
        Sequence of the last event of the page before; 0 for the first page.
    limit : int

    Raises
    ------
    NotThereError
        ``identity.no_such_person`` or ``identity.no_such_key``.
    """
    if about is not None:
        _check_visible(session, about)
    runs = (
        ledger.page(session, after, limit, subject, kind) for subject, kind in _selections(session, about)
    )
    rows = islice(heapq.merge(*runs, key=lambda row: row.sequence), limit)
    return _named(session, [event_from_body(row.body) for row in rows])


def newest(
    session: TenantSession, about: str | None, before: int, limit: int, *, kind: str | None = None
) -> list[Entry]:
    """Return the last events of the audit, newest first.

    Parameters
    ----------
    session : TenantSession
    about : str or None
        As for `entries`.
    before : int
        Sequence of the last event of the page before; `LAST` for the first page.
    limit : int
    kind : str, optional
        Only events of this type.

    Raises
    ------
    NotThereError
        ``identity.no_such_person`` or ``identity.no_such_key``.
    """
    if about is not None:
        _check_visible(session, about)
    runs = (
        ledger.page(session, 0, limit, subject, kind or each, before=before)
        for subject, each in _selections(session, about)
        if kind in (None, each) or each is None
    )
    rows = islice(heapq.merge(*runs, key=lambda row: row.sequence, reverse=True), limit)
    return _named(session, [event_from_body(row.body) for row in rows])


def _check_visible(session: TenantSession, id_: str) -> None:
    if is_id("key", id_):
        key_of(session, id_)
    else:
        person_of(session, id_)


def _selections(session: TenantSession, about: str | None) -> list[tuple[str | None, str | None]]:
    """Return the subjects and types to list: each is one run of an index of the ledger."""
    if about is not None:
        return [(about, None)]
    party = session.principal.party
    if party is None:
        return [(None, kind) for kind in TYPES]
    people, keys = repository.people(session, party), repository.keys(session, party, None, None)
    return [(id_, None) for id_ in (*(one.id for one in people), *(one.id for one in keys))]


def _named(session: TenantSession, events: Sequence[Event]) -> list[Entry]:
    ids = {id_ for event in events for id_ in (event.subject, event.actor)}
    people, keys = repository.people_by_id(session, ids), repository.keys_by_id(session, ids)
    names = {id_: one.name or one.login for id_, one in people.items() if may_see(session, one)}
    names |= {id_: one.label for id_, one in keys.items() if may_see(session, one)}
    sources = ledger.personal_named(session, [event.sequence for event in events], "source")
    return [
        Entry(event, names.get(event.subject), names.get(event.actor), _text(sources.get(event.sequence)))
        for event in events
    ]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
