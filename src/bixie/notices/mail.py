"""E-mail by SMTP: messages whose headers cannot be injected, and how a server's answers are read."""

import os
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from urllib.parse import unquote, urlsplit

from bixie.identity.errors import IdentityError
from bixie.identity.rules import checked_email
from bixie.kit.errors import SettingError
from bixie.kit.reasons import plain_reason
from bixie.notices.errors import NoticeError, SendingError

__all__ = ["MAIL_FROM", "MAIL_ROOTS", "MAIL_URL", "MailServer", "build_message"]

MAIL_URL = "BIXIE_SMTP_URL"
"""``smtps://user:password@host`` (TLS), ``smtp+starttls://…``, or ``smtp://localhost:25`` on this machine."""
MAIL_FROM = "BIXIE_SMTP_FROM"
"""Sender of the messages: ``Bixie <no-reply@example.com>``."""
MAIL_ROOTS = "BIXIE_SMTP_ROOTS"
"""PEM file of the certificates trusted for the server, instead of the system's."""

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_SECONDS = 30
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_REFUSED = 500
_LOGIN_REFUSED = 535
"""The operator's own credentials are wrong, which says nothing about the message."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes messages.

    Parameters
    ----------
    scheme : {"smtp", "smtp+starttls", "smtps"}
    host : str
    port : int
    user, password : str
        Empty when it asks for none.
    sender : str
    roots : str
        Path of a PEM file; empty for the system's trust.
    """

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str
    roots: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "MailServer | None":
        """Return the server that the environment configures, None when it configures none.

        Raises
        ------
        SettingError
            ``setting.not_an_address``; ``setting.missing`` without a sender.
        """
        variables = os.environ if environment is None else environment
        url, sender = variables.get(MAIL_URL, ""), variables.get(MAIL_FROM, "")
        if not url:
            return None
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS[parts.scheme]
            host, credentials = (
                parts.hostname or "",
                (unquote(parts.username or ""), unquote(parts.password or "")),
            )
            # No password or message goes over a network in plain text; smtplib takes ASCII passwords only.
            in_the_open = parts.scheme == "smtp" and host not in _LOOPBACK
            if not host or in_the_open or not "".join(credentials).isascii():
                raise ValueError("host")
        except (ValueError, KeyError) as error:
            known = "smtps:// / smtp+starttls:// / smtp://localhost"
            raise SettingError("setting.not_an_address", name=MAIL_URL, schemes=known) from error
        try:
            checked_email(parseaddr(sender)[1] if sender.isprintable() else "")
        except IdentityError as error:
            raise SettingError("setting.missing", name=MAIL_FROM, reason=MAIL_URL) from error
        return cls(parts.scheme, host, port, *credentials, sender, variables.get(MAIL_ROOTS, ""))

    def send(self, message: EmailMessage) -> None:
        """Hand a message to the server.

        Raises
        ------
        SendingError
            ``notices.mail_refused``, final when the server will not accept it later either;
            ``notices.no_answer``.
        """
        try:
            with self._connected() as server:
                if self.scheme == "smtp+starttls":
                    server.starttls(context=self._context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            status = max(answer[0] for answer in error.recipients.values())
            raise SendingError("notices.mail_refused", final=status >= _REFUSED, status=status) from error
        except smtplib.SMTPResponseException as error:
            final = error.smtp_code >= _REFUSED and error.smtp_code != _LOGIN_REFUSED
            raise SendingError("notices.mail_refused", final=final, status=error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:
            # No TLS, or no Unicode: the operator can change the server.
            raise SendingError("notices.no_answer", reason=plain_reason(error)) from error
        except (OSError, ValueError) as error:  # SMTPException is an OSError
            raise SendingError("notices.no_answer", reason=plain_reason(error)) from error

    def _connected(self) -> smtplib.SMTP:
        own = parseaddr(self.sender)[1].rpartition("@")[2]  # resolving this machine's name could take long
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, own, timeout=_SECONDS, context=self._context())
        return smtplib.SMTP(self.host, self.port, own, timeout=_SECONDS)

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.roots or None)


def build_message(
    sender: str, to: str, subject: str, body: str, *, delivery: str, moment: datetime
) -> EmailMessage:
    """Return a message in plain text.

    Parameters
    ----------
    sender, to : str
    subject, body : str
        In any script.
    delivery : str
        Id; the same at every attempt, so that mail programs show a repeated message once.
    moment : datetime

    Raises
    ------
    NoticeError
        ``notices.not_a_header`` for a line break in a header.
    IdentityError
        ``identity.not_an_email``.
    """
    address = checked_email(to)
    name, own = parseaddr(sender)
    made = EmailMessage()
    try:
        made["From"] = formataddr((name, own))
        made["To"] = address
        made["Subject"] = subject
        made["Date"] = format_datetime(moment)
        made["Message-ID"] = f"<{delivery}@{own.rpartition('@')[2]}>"
    except ValueError as error:
        raise NoticeError("notices.not_a_header") from error
    # Auto-responders do not answer to this.
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(body, cte="quoted-printable" if body.isascii() else "base64")
    return made
