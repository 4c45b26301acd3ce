"""Telling people and programs what happened: kept in the caller's transaction, sent by a worker later.

So a message stands or falls with what it tells of, and a mail server that is away holds nobody up.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.identity.errors import IdentityError, NotAllowedError
from bixie.identity.repository import person_by_id
from bixie.identity.rules import checked_email, may_manage
from bixie.identity.service import party_of
from bixie.kit.ids import Entropy, new_id
from bixie.kit.messages import Language
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger.service import NewEvent, append
from bixie.notices import repository
from bixie.notices.endpoints import parsed
from bixie.notices.errors import NoNoticeError, NoticeError
from bixie.notices.models import Delivery, Notice, WebhookTarget
from bixie.notices.rules import Channel, State, checked_event, matches
from bixie.notices.standard_webhooks import new_secret
from bixie.notices.templates import Rendered, render

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = [
    "Message",
    "add_target",
    "disable_target",
    "emit",
    "erase_party",
    "inbox",
    "mark_read",
    "rotate_secret",
    "send_again",
    "tell",
]

_OLD_SECRET_GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is told.

    Parameters
    ----------
    template : str
        One of `bixie.notices.templates.TEMPLATES`.
    values : mapping of str to str
    about : str
        Id of the thing.
    language : {"zh", "en"}
    by : collection of Channel
        By which ways it is sent, where there is an address.
    in_app : bool
        Whether it also lies in Bixie; not what only the owner of an address may read.
    """

    template: str
    values: Mapping[str, str]
    about: str
    language: Language = "zh"
    by: Collection[Channel] = (Channel.EMAIL,)
    in_app: bool = True


def tell(
    session: TenantSession,
    message: Message,
    *,
    party: str | None = None,
    person: str | None = None,
    clock: Clock = utc_now,
) -> list[Delivery]:
    """Tell a party or a person; return what is to be sent.

    Raises
    ------
    NoticeError
        ``notices.nobody`` unless exactly one of them is named.
    NotThereError
        ``identity.no_such_party``.
    NoNoticeError
        ``notices.no_such_notice`` for a person that is not there.
    """
    if (party is None) == (person is None):
        raise NoticeError("notices.nobody")
    addresses = _addresses(session, party, person)
    words = render(message.template, message.language, message.values)
    notice = Notice(
        tenant=session.principal.tenant,
        id=new_id("notice", clock),
        party=party,
        person=person,
        template=message.template,
        about=message.about,
        language=message.language,
        subject=words.subject if message.in_app else None,
        body=words.body if message.in_app else None,
        made_at=clock(),
        read_at=None,
    )
    session.add(notice)
    session.flush()  # deliveries refer to it
    made = [
        _delivery(session, channel, _content(channel, words), clock, notice=notice.id, address=address)
        for channel, address in addresses.items()
        if channel in message.by
    ]
    told: dict[str, Json] = {"notice": notice.id, "template": message.template}
    told["by"] = sorted(one.channel for one in made)
    append(session, [NewEvent("notice.told", message.about, told)], clock)
    return made


def inbox(session: TenantSession, before: str | None = None, limit: int = 50) -> Sequence[Notice]:
    """Return the messages of who acts, newest first."""
    who = session.principal
    return repository.notices_for(session, who.party, who.id, before, limit)


def mark_read(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Note that who acts has read a message; the first time counts.

    Raises
    ------
    NoNoticeError
        ``notices.no_such_notice``.
    """
    notice, who = repository.notice_by_id(session, id_), session.principal
    if notice is None or (notice.person != who.id and (who.party is None or notice.party != who.party)):
        raise NoNoticeError("notices.no_such_notice")
    if notice.read_at is None:
        notice.read_at = clock()
        append(session, [NewEvent("notice.read", notice.about, {"notice": notice.id})], clock)


def emit(
    session: TenantSession,
    event: str,
    data: "Mapping[str, Json]",
    *,
    parties: Collection[str] = (),
    clock: Clock = utc_now,
) -> list[Delivery]:
    """Send an event to the webhooks that want it: the tenant's, and those of the parties that it concerns.

    Parameters
    ----------
    session : TenantSession
    event : str
        ``claim.decided``.
    data : mapping
        Ids and facts. What is personal does not belong here: the receiver asks for it with its key.
    parties : collection of str
    clock : callable

    Raises
    ------
    NoticeError
        ``notices.not_an_event``.
    """
    content = {"type": checked_event(event), "timestamp": format_timestamp(clock()), "data": dict(data)}
    return [
        _delivery(session, Channel.WEBHOOK, content, clock, target=target.id)
        for target in repository.targets(session, None)
        if target.disabled_at is None
        and (target.party is None or target.party in parties)
        and matches(target.events, event)
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
    """Add a webhook target; its ``secret`` is for the receiver, who checks signatures with it.

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
    target = WebhookTarget(
        tenant=session.principal.tenant,
        id=new_id("webhook", clock),
        party=party,
        url=url,
        events=sorted({checked_event(event) for event in events}),
        secret=new_secret(entropy),
        made_at=clock(),
    )
    session.add(target)
    data: dict[str, Json] = {"party": party, "events": target.events}
    append(session, [NewEvent("notice.webhook_added", target.id, data, {"url": url})], clock)
    return target


def rotate_secret(
    session: TenantSession, id_: str, clock: Clock = utc_now, entropy: Entropy = secrets.token_bytes
) -> WebhookTarget:
    """Give a target a new secret; for a day the former one signs as well.

    Raises
    ------
    NoNoticeError
        ``notices.no_such_target``.
    NotAllowedError
        ``identity.not_allowed``.
    """
    target = _managed_target(session, id_)
    target.former_secret, target.former_until = target.secret, clock() + _OLD_SECRET_GOOD_FOR
    target.secret = new_secret(entropy)
    append(session, [NewEvent("notice.webhook_secret_changed", target.id)], clock)
    return target


def disable_target(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Send nothing more to a target.

    Raises
    ------
    NoNoticeError
        ``notices.no_such_target``.
    NotAllowedError
        ``identity.not_allowed``.
    """
    target = _managed_target(session, id_)
    if target.disabled_at is None:
        target.disabled_at, target.disabled_why = clock(), "asked"
        append(session, [NewEvent("notice.webhook_disabled", target.id, {"why": "asked"})], clock)


def send_again(session: TenantSession, id_: str, clock: Clock = utc_now) -> None:
    """Have something that was given up sent again, as if for the first time.

    Raises
    ------
    NoNoticeError
        ``notices.no_such_delivery``, also for what was sent, or erased.
    NotAllowedError
        ``identity.not_allowed``.
    """
    _may_manage(session, None)
    delivery = repository.delivery_by_id(session, id_)
    if delivery is None or delivery.state != State.DEAD or delivery.content is None:
        raise NoNoticeError("notices.no_such_delivery")
    delivery.state, delivery.attempts = State.WAITING.value, 0
    delivery.made_at = delivery.due_at = clock()
    delivery.ended_at = None


def erase_party(session: TenantSession, party: str, clock: Clock = utc_now) -> None:
    """Erase what was said to a party and where it was sent; what is waiting is not sent any more.

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
    for notice in notices:
        notice.subject = notice.body = None
    for delivery in repository.deliveries_of_notices(session, [one.id for one in notices]):
        delivery.address = delivery.content = None
        if delivery.state in (State.WAITING, State.SENDING):
            delivery.state, delivery.ended_at = State.DEAD.value, clock()


def _addresses(session: TenantSession, party: str | None, person: str | None) -> dict[Channel, str]:
    if party is not None:
        row = party_of(session, party)
        found = {Channel.EMAIL: row.email, Channel.SMS: row.phone}
        return {channel: address for channel, address in found.items() if address is not None}
    somebody = person_by_id(session, person or "")
    if somebody is None or session.principal.party not in (None, somebody.party):
        raise NoNoticeError("notices.no_such_notice")
    try:
        return {Channel.EMAIL: checked_email(somebody.login or "")}
    except IdentityError:
        return {}  # a login name need not be an address


def _content(channel: Channel, words: Rendered) -> "dict[str, Json]":
    if channel is Channel.SMS:
        return {"text": words.sms}
    return {"subject": words.subject, "body": words.body}


def _delivery(
    session: TenantSession,
    channel: Channel,
    content: "dict[str, Json]",
    clock: Clock,
    *,
    notice: str | None = None,
    target: str | None = None,
    address: str | None = None,
) -> Delivery:
    made = Delivery(
        tenant=session.principal.tenant,
        id=new_id("delivery", clock),
        channel=channel.value,
        notice=notice,
        target=target,
        address=address,
        content=content,
        state=State.WAITING.value,
        attempts=0,
        due_at=clock(),
        made_at=clock(),
    )
    session.add(made)
    return made


def _managed_target(session: TenantSession, id_: str) -> WebhookTarget:
    target = repository.target_by_id(session, id_)
    if target is None or session.principal.party not in (None, target.party):
        raise NoNoticeError("notices.no_such_target")
    _may_manage(session, target.party)
    return target


def _may_manage(session: TenantSession, party: str | None) -> None:
    if not may_manage(session.principal, party):
        raise NotAllowedError("identity.not_allowed")
