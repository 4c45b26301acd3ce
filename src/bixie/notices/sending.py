"""Sends one delivery by its channel. No database: what is needed comes in, and what went wrong is raised."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bixie.identity.errors import IdentityError
from bixie.kit.canonical_json import Json, encode_canonical
from bixie.notices.endpoints import Resolver, parsed, private_allowed, resolve
from bixie.notices.errors import NoticeError, SendingError
from bixie.notices.mail import MailServer, build_message
from bixie.notices.posting import post
from bixie.notices.rules import Channel, retry_after
from bixie.notices.sms import SmsGateway
from bixie.notices.standard_webhooks import headers

__all__ = ["Channels", "Outgoing", "send"]

_GONE = 410


@dataclass(frozen=True, slots=True)
class Channels:
    """How things are sent. What needs another channel waits.

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
        """Return the channels that the environment configures.

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
    def configured(self) -> list[Channel]:
        """The channels by which things can be sent."""
        ways = {Channel.EMAIL: self.mail, Channel.SMS: self.sms, Channel.WEBHOOK: self.webhooks or None}
        return [channel for channel, way in ways.items() if way is not None]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery as it is sent.

    Parameters
    ----------
    id : str
        Of the delivery: the same at every attempt, so that the receiver knows what it got before.
    channel : Channel
    content : mapping
    address : str
        Of an e-mail or SMS.
    url : str
        Of a webhook.
    secrets : sequence of str
        Each of them signs a webhook.
    """

    id: str
    channel: Channel
    content: Mapping[str, Json]
    address: str = ""
    url: str = ""
    secrets: Sequence[str] = ()


def send(outgoing: Outgoing, channels: Channels, now: datetime) -> None:
    """Send a delivery.

    Parameters
    ----------
    outgoing : Outgoing
    channels : Channels
        Among them that of the delivery.
    now : datetime
        Stands in the message, and is signed.

    Raises
    ------
    SendingError
        When the receiver did not take it, or it cannot be written as a message.
    """
    by_channel: dict[Channel, Callable[[Outgoing, Channels, datetime], None]] = {
        Channel.EMAIL: _send_mail,
        Channel.SMS: _send_sms,
        Channel.WEBHOOK: _post_webhook,
    }
    try:
        by_channel[outgoing.channel](outgoing, channels, now)
    except (NoticeError, IdentityError) as error:
        raise SendingError("notices.cannot_be_written", final=True, reason=error.code) from error


def _send_mail(outgoing: Outgoing, channels: Channels, now: datetime) -> None:
    if channels.mail is not None:
        subject, body = outgoing.content["subject"], outgoing.content["body"]
        message = build_message(
            channels.mail.sender, outgoing.address, subject, body, delivery=outgoing.id, moment=now
        )
        channels.mail.send(message)


def _send_sms(outgoing: Outgoing, channels: Channels, now: datetime) -> None:
    if channels.sms is not None:
        channels.sms.send(outgoing.id, outgoing.address, outgoing.content["text"], now)


def _post_webhook(outgoing: Outgoing, channels: Channels, now: datetime) -> None:
    body = encode_canonical(dict(outgoing.content))
    signed = headers(outgoing.secrets, outgoing.id, now, body)
    answer = post(
        parsed(outgoing.url),
        body,
        {**signed, "Content-Type": "application/json", "User-Agent": "Bixie"},
        allow_private=channels.allow_private,
        resolver=channels.resolver,
    )
    if not 200 <= answer.status < 300:  # a redirect is no success, and is not followed
        raise SendingError(
            "notices.receiver_refused",
            gone=answer.status == _GONE,
            retry_after=retry_after(answer.retry_after),
            status=answer.status,
        )
