"""Witnesses that are told by webhook or by mail; see `bixie.ledger.witnesses`."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from bixie.identity.errors import IdentityError
from bixie.kit.canonical_json import encode_canonical
from bixie.kit.errors import BixieError
from bixie.kit.timestamps import Clock, format_timestamp, utc_now
from bixie.ledger.errors import WitnessError
from bixie.ledger.witnesses.statements import Statement
from bixie.notices.endpoints import Resolver, parsed, resolve
from bixie.notices.errors import NoticeError, SendingError
from bixie.notices.mail import MailServer, build_message
from bixie.notices.posting import post
from bixie.notices.standard_webhooks import headers

__all__ = ["MailWitness", "WebhookWitness"]

_EVENT = "ledger.checkpoint"
_SUBJECT = "Bixie: checkpoint over {size} events of {tenant}"


@dataclass(frozen=True, slots=True)
class WebhookWitness:
    """A web address that is sent each checkpoint, signed as Standard Webhooks has it.

    Parameters
    ----------
    url : str
        The operator's choice, so that it may lead into the operator's own network.
    secret : str
        ``whsec_…``.
    resolver : callable
    clock : callable
    """

    url: str
    secret: str
    resolver: Resolver = resolve
    clock: Clock = utc_now

    @property
    def name(self) -> str:
        """The address without its query."""
        return self.url.partition("?")[0]

    def tell(self, statement: Statement) -> None:
        """Post the checkpoint. See `Witness.tell`."""
        now = self.clock()
        content = {"type": _EVENT, "timestamp": format_timestamp(now), "data": statement.to_dict()}
        body = encode_canonical(content)
        signed = headers([self.secret], _id_of(statement), now, body)
        sent = {**signed, "Content-Type": "application/json", "User-Agent": "Bixie"}
        try:
            answer = post(parsed(self.url), body, sent, allow_private=True, resolver=self.resolver)
            if not 200 <= answer.status < 300:
                raise SendingError("notices.receiver_refused", status=answer.status)
        except (SendingError, NoticeError) as error:
            raise _not_taken(self.name, error) from error


@dataclass(frozen=True, slots=True)
class MailWitness:
    """A mailbox that gets each checkpoint as a message.

    Parameters
    ----------
    address : str
    server : MailServer
    clock : callable
    """

    address: str
    server: MailServer
    clock: Clock = utc_now

    @property
    def name(self) -> str:
        """``mailto:`` and the address."""
        return f"mailto:{self.address}"

    def tell(self, statement: Statement) -> None:
        """Send the checkpoint. See `Witness.tell`."""
        try:
            self.server.send(self._message(statement, self.clock()))
        except (SendingError, NoticeError, IdentityError) as error:
            raise _not_taken(self.name, error) from error

    def _message(self, statement: Statement, now: datetime) -> EmailMessage:
        said = statement.checkpoint
        subject = _SUBJECT.format(size=said.size, tenant=said.tenant)
        text = statement.line().decode()
        return build_message(
            self.server.sender, self.address, subject, text, delivery=_id_of(statement), moment=now
        )


def _id_of(statement: Statement) -> str:
    """Return an id that is the same at every attempt, so that a receiver knows what it got before."""
    return f"checkpoint_{statement.body_hash[:32]}"


def _not_taken(name: str, error: BixieError) -> WitnessError:
    return WitnessError("ledger.witness_unreachable", witness=name, reason=error.text)
