"""The worker's part: take what is due, send it, note what came of it.

Nothing is sent inside a transaction. A delivery is taken by marking it; a worker that dies leaves it to be
due again after `LEASE`: a receiver may get something twice, always under the same id, but never not at all.
A worker that comes back too late does not overwrite what another noted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bixie.access.principal import Principal
from bixie.access.tenancy import TenantSession, writing
from bixie.identity.errors import IdentityError
from bixie.kit.canonical_json import Json, encode_canonical
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import NewEvent, append
from bixie.notices import repository
from bixie.notices.endpoints import Resolver, parsed, private_allowed, resolve
from bixie.notices.errors import NoticeError, SendingError
from bixie.notices.mail import MailServer, letter
from bixie.notices.models import Delivery
from bixie.notices.posting import post
from bixie.notices.rules import Channel, State, pause, retry_after
from bixie.notices.sms import SmsGateway
from bixie.notices.standard_webhooks import headers
from bixie.store.unit_of_work import Store

__all__ = ["LEASE", "ROUND", "Channels", "send_due"]

LEASE = timedelta(minutes=5)
"""Longer than any sending takes."""
ROUND = timedelta(seconds=10)
"""After so long nothing more is begun for a tenant in one round: a receiver that does not answer keeps its
own tenant waiting, and others for one sending at most."""
_TOO_OLD = timedelta(days=7)
"""Nobody wants last year's messages when a mail server is named at last."""
_GONE = 410


@dataclass(frozen=True, slots=True)
class Channels:
    """By what things are sent. What is not named is not sent; it waits.

    Parameters
    ----------
    mail : MailServer, optional
    sms : SmsGateway, optional
    webhooks : bool
        Whether webhooks are sent.
    allow_private : bool
        Whether webhooks may go to private addresses.
    resolver : callable
        Finds the addresses of their hosts.
    """

    mail: MailServer | None = None
    sms: SmsGateway | None = None
    webhooks: bool = True
    allow_private: bool = False
    resolver: Resolver = resolve

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Channels":
        """Return the channels that the environment names.

        Raises
        ------
        SettingError
        """
        return cls(
            mail=MailServer.from_environment(environment),
            sms=SmsGateway.from_environment(environment),
            allow_private=private_allowed(environment),
        )

    @property
    def named(self) -> list[str]:
        """Names of the channels that there are."""
        there = {Channel.EMAIL: self.mail, Channel.SMS: self.sms, Channel.WEBHOOK: self.webhooks or None}
        return [channel.value for channel, way in there.items() if way is not None]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A delivery that this worker has."""

    id: str
    attempt: int
    channel: Channel
    address: str
    content: Mapping[str, Json]
    url: str
    secrets: Sequence[str]


def send_due(
    store: Store,
    principal: Principal,
    channels: Channels,
    chance: Callable[[], float],
    *,
    clock: Clock = utc_now,
    limit: int = 100,
) -> int:
    """Send what is due for a tenant, for `ROUND` at most; return how many attempts were made.

    Parameters
    ----------
    store : Store
    principal : Principal
        A program of the tenant.
    channels : Channels
    chance : callable
        Random numbers from 0 to 1, for the pauses.
    clock : callable
    limit : int
        Most attempts.
    """
    made, last = 0, clock() + ROUND
    while made < limit and clock() <= last:
        with writing(store, principal) as session:
            found, taken = _take(session, channels, clock)
        if not found:
            break
        if taken is None:
            continue
        made += 1
        failure = _sent(taken, channels, clock())
        with writing(store, principal) as session:
            _note(session, taken, failure, chance(), clock)
    return made


def _take(session: TenantSession, channels: Channels, clock: Clock) -> tuple[bool, _Taken | None]:
    """Return whether something was due, and what is to be sent; what has no sense any more is ended."""
    now = clock()
    delivery = repository.next_due(session, channels.named, now)
    if delivery is None:
        return False, None
    target = repository.target_by_id(session, delivery.target) if delivery.target else None
    if target is not None and target.disabled_at is not None:
        _end(session, delivery, SendingError("notices.target_disabled", final=True), clock)
        return True, None
    if delivery.content is None or now - delivery.made_at > _TOO_OLD:
        _end(session, delivery, SendingError("notices.too_old", final=True), clock)
        return True, None
    delivery.state, delivery.due_at = State.SENDING.value, now + LEASE
    delivery.attempts += 1
    former = target is not None and target.former_until is not None and now < target.former_until
    secrets = [] if target is None else [target.secret, *([target.former_secret or ""] if former else [])]
    return True, _Taken(
        id=delivery.id,
        attempt=delivery.attempts,
        channel=Channel(delivery.channel),
        address=delivery.address or "",
        content=delivery.content,
        url=target.url if target is not None else "",
        secrets=secrets,
    )


def _sent(taken: _Taken, channels: Channels, now: datetime) -> SendingError | None:
    """Send; return what went wrong."""
    try:
        if taken.channel is Channel.WEBHOOK:
            _post_webhook(taken, channels, now)
        elif taken.channel is Channel.SMS and channels.sms is not None:
            channels.sms.send(taken.id, taken.address, taken.content["text"], now)
        elif channels.mail is not None:
            words = taken.content["subject"], taken.content["body"]
            channels.mail.send(
                letter(channels.mail.sender, taken.address, *words, delivery=taken.id, moment=now)
            )
    except SendingError as error:
        return error
    except (NoticeError, IdentityError) as error:
        return SendingError("notices.cannot_be_written", final=True, reason=error.code)
    return None


def _post_webhook(taken: _Taken, channels: Channels, now: datetime) -> None:
    body = encode_canonical(dict(taken.content))
    signed = headers(taken.secrets, taken.id, now, body)
    answer = post(
        parsed(taken.url),
        body,
        {**signed, "Content-Type": "application/json", "User-Agent": "Bixie"},
        allow_private=channels.allow_private,
        resolver=channels.resolver,
    )
    if not 200 <= answer.status < 300:  # a redirect is no success, and is not followed
        raise SendingError(
            "notices.receiver_refused",
            gone=answer.status == _GONE,
            after=retry_after(answer.retry_after),
            status=answer.status,
        )


def _note(
    session: TenantSession, taken: _Taken, failure: SendingError | None, fraction: float, clock: Clock
) -> None:
    delivery = repository.delivery_by_id(session, taken.id)
    if delivery is None or delivery.state != State.SENDING or delivery.attempts != taken.attempt:
        return  # another worker has it, or it was erased
    rest = None if failure is None or failure.final else pause(taken.attempt, fraction)
    if failure is None or rest is None:
        _end(session, delivery, failure, clock)
        return
    delivery.state, delivery.error = State.WAITING.value, failure.to_dict()
    delivery.due_at = clock() + max(rest, failure.after)


def _end(session: TenantSession, delivery: Delivery, failure: SendingError | None, clock: Clock) -> None:
    delivery.state = (State.SENT if failure is None else State.DEAD).value
    delivery.error = None if failure is None else failure.to_dict()
    delivery.ended_at = clock()
    if failure is None:
        # It was needed for sending; what was said lies in the message itself.
        delivery.address = delivery.content = None
    if failure is not None and failure.gone and delivery.target:
        target = repository.target_by_id(session, delivery.target)
        if target is not None and target.disabled_at is None:
            target.disabled_at, target.disabled_why = clock(), "gone"
            append(session, [NewEvent("notice.webhook_disabled", target.id, {"why": "gone"})], clock)
    if delivery.notice is not None or failure is not None:
        told: dict[str, Json] = {"channel": delivery.channel, "attempts": delivery.attempts}
        told |= {"notice": delivery.notice, "error": failure.code if failure else None}
        kind = "notice.sent" if failure is None else "notice.given_up"
        append(session, [NewEvent(kind, delivery.id, told)], clock)
