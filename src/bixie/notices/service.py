"""Notifies people and programs of what happened: written in the caller's transaction, sent by a worker later.

A message is kept if and only if its change is, and an unreachable mail server delays no request.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bixie.access.sequence import Place
from bixie.access.tenancy import TenantSession
from bixie.identity.errors import IdentityError, NotAllowedError
from bixie.identity.repository import person_by_id
from bixie.identity.rules import checked_email, may_manage
from bixie.identity.service import party_of
from bixie.kit.ids import Entropy, new_id
from bixie.kit.messages import Language
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger.repository import events_about
from bixie.ledger.rules import event_from_body
from bixie.ledger.service import NewEvent, append
from bixie.ledger.service import erase as erase_personal
from bixie.notices import repository
from bixie.notices.deliveries import deliver, erase
from bixie.notices.endpoints import parsed
from bixie.notices.errors import NoNoticeError, NoticeError
from bixie.notices.models import Delivery, Notice, WebhookTarget
from bixie.notices.rules import Channel, checked_event, matches
from bixie.notices.standard_webhooks import new_secret
from bixie.notices.templates import Rendered, render

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = [
    "Message",
    "Recipient",
    "add_target",
    "disable_target",
    "emit",
    "emit_each",
    "erase_party",
    "inbox",
    "mark_read",
    "notify",
    "notify_each",
    "rotate_secret",
]

_FORMER_SECRET_VALID_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Message:
    """What a party or person is notified of.

    Parameters
    ----------
    template : str
        One of `bixie.notices.templates.TEMPLATES`.
    values : mapping of str to str
    about : str
        Id of the thing.
    language : {"zh", "en"}
    by : collection of Channel
        How it is sent, where there is an address.
    in_app : bool
        Whether it can also be read in Bixie: no for what only the owner of an address may read.
    """

    template: str
    values: Mapping[str, str]
    about: str
    language: Language = "zh"
    by: Collection[Channel] = (Channel.EMAIL,)
    in_app: bool = True


@dataclass(frozen=True, slots=True)
class Recipient:
    """A party or a person, exactly one of them."""

    party: str | None = None
    person: str | None = None


def notify(
    session: TenantSession,
    message: Message,
    *,
    party: str | None = None,
    person: str | None = None,
    clock: Clock = utc_now,
) -> list[Delivery]:
    """Notify a party or a person; return what is to be sent.

    Raises
    ------
    NoticeError
        ``notices.nobody`` unless exactly one of them is given.
    NotThereError
        ``identity.no_such_party``.
    NoNoticeError
        ``notices.no_such_notice`` for a person that does not exist.
    """
    return notify_each(session, [(message, Recipient(party, person))], clock)


def notify_each(
    session: TenantSession, messages: Sequence[tuple[Message, Recipient]], clock: Clock = utc_now
) -> list[Delivery]:
    """Notify several, as `notify` does one; what is written is written together.

    Raises
    ------
    NoticeError, NotThereError, NoNoticeError
        Those of `notify`.
    """
    events, sent = [], []
    addresses = {to: _addresses(session, to) for to in {to for _, to in messages}}
    for message, to in messages:
        words = render(message.template, message.language, message.values)
        notice = _notice(session, message, to, words, clock)
        session.add(notice)
        by = {channel: address for channel, address in addresses[to].items() if channel in message.by}
        sent += [(notice, channel, address, words) for channel, address in by.items()]
        data: dict[str, Json] = {"notice": notice.id, "template": message.template}
        data["by"] = sorted(channel.value for channel in by)
        events.append(NewEvent("notice.told", message.about, data, rows=(notice,)))
    append(session, events, clock)  # deliveries refer to the notices, which are written by now
    return [
        deliver(session, channel, _content(channel, words), clock, notice=notice.id, address=address)
        for notice, channel, address, words in sent
    ]


def inbox(session: TenantSession, before: Place | None = None, limit: int = 50) -> Sequence[Notice]:
    """Return the messages of the principal, newest first."""
    principal = session.principal
    return repository.notices_for(session, principal.party, principal.id, before, limit)


def mark_read(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Note that the principal has read a message; the first time counts.

    Raises
    ------
    NoNoticeError
        ``notices.no_such_notice``.
    """
    notice, reader = repository.notice_by_id(session, id_), session.principal
    to_party = notice is not None and reader.party is not None and notice.party == reader.party
    if notice is None or not (to_party or notice.person == reader.id):
        raise NoNoticeError("notices.no_such_notice")
    if notice.read_at is None:
        now = notice.read_at = clock()
        event = NewEvent("notice.read", notice.about, {"notice": notice.id}, rows=(notice,))
        append(session, [event], lambda: now)


def emit(
    session: TenantSession,
    event: str,
    data: "Mapping[str, Json]",
    *,
    parties: Collection[str] = (),
    clock: Clock = utc_now,
) -> list[Delivery]:
    """Send an event to the webhooks that want it: the tenant's, and those of the parties concerned.

    Parameters
    ----------
    session : TenantSession
    event : str
        ``claim.decided``.
    data : mapping
        Ids and facts, nothing personal: the receiver asks for that with its key.
    parties : collection of str
    clock : callable

    Raises
    ------
    NoticeError
        ``notices.not_an_event``.
    """
    return emit_each(session, [(event, data, parties)], clock=clock)


def emit_each(
    session: TenantSession,
    events: "Sequence[tuple[str, Mapping[str, Json], Collection[str]]]",
    *,
    clock: Clock = utc_now,
) -> list[Delivery]:
    """Send several events, as `emit` does one: of each its name, its data, and the parties concerned.

    Raises
    ------
    NoticeError
        ``notices.not_an_event``.
    """
    timestamp = format_timestamp(clock())
    targets = [one for one in repository.targets(session, None) if one.disabled_at is None]
    return [
        deliver(
            session,
            Channel.WEBHOOK,
            {"type": checked_event(event), "timestamp": timestamp, "data": dict(data)},
            clock,
            target=target.id,
        )
        for event, data, parties in events
        for target in targets
        if (target.party is None or target.party in parties) and matches(target.events, event)
    ]


def add_target(
    session: TenantSession,
    url: str,
    events: Collection[str] = (),
    *,
    party: str | None = None,
    clock: Clock = utc_now,
    entropy: Entropy = secrets.token_bytes,
) -> WebhookTarget:
    """Add a webhook; the receiver checks signatures with its ``secret``.

    Raises
    ------
    NoticeError
        ``notices.not_a_place``, ``notices.not_an_event``.
    NotAllowedError
        ``identity.not_allowed``.
    NotThereError
        ``identity.no_such_party``.
    """
    if party is not None:
        party_of(session, party)
    _may_manage(session, party)
    parsed(url)
    now = clock()
    target = WebhookTarget(
        tenant=session.principal.tenant,
        id=new_id("webhook", clock),
        party=party,
        url=url,
        events=sorted({checked_event(event) for event in events}),
        secret=new_secret(entropy),
        made_at=now,
    )
    session.add(target)
    data: dict[str, Json] = {"party": party, "events": target.events}
    append(session, [NewEvent("notice.webhook_added", target.id, data, rows=(target,))], lambda: now)
    return target


def rotate_secret(
    session: TenantSession, id_: str, clock: Clock = utc_now, entropy: Entropy = secrets.token_bytes
) -> WebhookTarget:
    """Give a webhook a new secret; for a day the former one also signs.

    Raises
    ------
    NoNoticeError
        ``notices.no_such_target``.
    NotAllowedError
        ``identity.not_allowed``.
    """
    target = _managed_target(session, id_)
    target.former_secret, target.former_until = target.secret, clock() + _FORMER_SECRET_VALID_FOR
    target.secret = new_secret(entropy)
    append(session, [NewEvent("notice.webhook_secret_changed", target.id, rows=(target,))], clock)
    return target


def disable_target(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Send nothing more to a webhook.

    Raises
    ------
    NoNoticeError
        ``notices.no_such_target``.
    NotAllowedError
        ``identity.not_allowed``.
    """
    target = _managed_target(session, id_)
    if target.disabled_at is None:
        now = clock()
        target.disabled_at, target.disabled_why = now, "asked"
        event = NewEvent("notice.webhook_disabled", target.id, {"why": "asked"}, rows=(target,))
        append(session, [event], lambda: now)


def erase_party(session: TenantSession, party: str, clock: Clock = utc_now) -> None:
    """Erase the messages to a party and their addresses; what waits is not sent any more.

    Raises
    ------
    NotThereError
        ``identity.no_such_party``.
    NotAllowedError
        ``identity.not_allowed``.
    """
    party_of(session, party)
    _may_manage(session, party)
    notices = repository.about_party(session, party)
    for delivery in repository.deliveries_of_notices(session, [one.id for one in notices]):
        erase(session, delivery, clock)
    session.flush()  # before the ledger is locked, as a worker that sends does: else the two could deadlock
    for notice in notices:
        _erase_words(session, notice, clock)


def _erase_words(session: TenantSession, notice: Notice, clock: Clock) -> None:
    """Erase the words of a message, in its row and beside the ledger."""
    if notice.subject is None and notice.body is None:
        return
    notice.subject = notice.body = None
    event = NewEvent("notice.erased", notice.about, {"notice": notice.id}, rows=(notice,))
    append(session, [event], clock)
    for row in events_about(session, notice.about):
        told = event_from_body(row.body)
        if told.data.get("notice") == notice.id and told.personal:
            erase_personal(session, row.sequence, list(told.personal), clock)


def _notice(session: TenantSession, message: Message, to: Recipient, words: Rendered, clock: Clock) -> Notice:
    return Notice(
        tenant=session.principal.tenant,
        id=new_id("notice", clock),
        party=to.party,
        person=to.person,
        template=message.template,
        about=message.about,
        language=message.language,
        subject=words.subject if message.in_app else None,
        body=words.body if message.in_app else None,
        made_at=clock(),
        read_at=None,
    )


def _addresses(session: TenantSession, to: Recipient) -> dict[Channel, str]:
    if (to.party is None) == (to.person is None):
        raise NoticeError("notices.nobody")
    if to.party is not None:
        row = party_of(session, to.party)
        found = {Channel.EMAIL: row.email, Channel.SMS: row.phone}
        return {channel: address for channel, address in found.items() if address is not None}
    found_person = person_by_id(session, to.person or "")
    if found_person is None or session.principal.party not in (None, found_person.party):
        raise NoNoticeError("notices.no_such_notice")
    try:
        return {Channel.EMAIL: checked_email(found_person.login or "")}
    except IdentityError:
        return {}  # a login name need not be an address


def _content(channel: Channel, words: Rendered) -> "dict[str, Json]":
    if channel is Channel.SMS:
        return {"text": words.sms}
    return {"subject": words.subject, "body": words.body}


def _managed_target(session: TenantSession, id_: str) -> WebhookTarget:
    target = repository.target_by_id(session, id_)
    if target is None or session.principal.party not in (None, target.party):
        raise NoNoticeError("notices.no_such_target")
    _may_manage(session, target.party)
    return target


def _may_manage(session: TenantSession, party: str | None) -> None:
    if not may_manage(session.principal, party):
        raise NotAllowedError("identity.not_allowed")
