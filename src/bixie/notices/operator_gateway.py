"""A gateway of the operator: one POST of JSON, signed like a webhook, to an address that a setting names.

The same message has the same id however often it is sent. 2xx: accepted. 409: accepted before. 408, 425, 429,
3xx and 5xx: try later. Any other 4xx: never.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from bixie.kit.errors import SettingError
from bixie.notices.endpoints import Endpoint, parsed
from bixie.notices.errors import NoticeError, SignatureError
from bixie.notices.posting import Answer, post
from bixie.notices.standard_webhooks import headers, sign

__all__ = ["OperatorGateway", "is_accepted", "is_final"]

_LATER = frozenset({408, 425, 429})
_ACCEPTED_BEFORE = 409
_EPOCH = datetime.fromtimestamp(0, UTC)

_Own = TypeVar("_Own", bound="OperatorGateway")


@dataclass(frozen=True, slots=True)
class OperatorGateway:
    """Where the operator takes messages of one kind.

    Parameters
    ----------
    endpoint : Endpoint
        The operator's own; it may be a private address.
    secret : str
        ``whsec_…``: the gateway checks the signature by it.
    """

    endpoint: Endpoint
    secret: str

    @classmethod
    def named(
        cls: type[_Own], url_setting: str, secret_setting: str, environment: Mapping[str, str] | None = None
    ) -> _Own | None:
        """Return the gateway that two settings name, None when the first is not set.

        Raises
        ------
        SettingError
            ``setting.not_an_address``; ``setting.missing`` without a valid secret.
        """
        variables = os.environ if environment is None else environment
        url, secret = variables.get(url_setting, ""), variables.get(secret_setting, "")
        if not url:
            return None
        try:
            endpoint = parsed(url)
        except NoticeError as error:
            known = "http:// / https://"
            raise SettingError("setting.not_an_address", name=url_setting, schemes=known) from error
        try:
            sign(secret, "", _EPOCH, b"")
        except SignatureError as error:
            raise SettingError("setting.missing", name=secret_setting, reason="whsec_…") from error
        return cls(endpoint, secret)

    def post(self, id_: str, body: bytes, moment: datetime, more: Mapping[str, str] | None = None) -> Answer:
        """Post a body of JSON; return what was answered, whatever the status.

        Parameters
        ----------
        id_ : str
            Of the message.
        body : bytes
        moment : datetime
            Now; it is signed.
        more : mapping of str to str, optional
            Further headers.

        Raises
        ------
        SendingError
            ``notices.no_such_host`` or ``notices.no_answer``.
        """
        signed = headers([self.secret], id_, moment, body)
        sent = {**signed, "Content-Type": "application/json", "User-Agent": "Bixie", **(more or {})}
        return post(self.endpoint, body, sent, allow_private=True)


def is_accepted(status: int) -> bool:
    """Return whether a status means that the message was accepted, now or before."""
    return 200 <= status < 300 or status == _ACCEPTED_BEFORE


def is_final(status: int) -> bool:
    """Return whether a status that is no acceptance means that the message will never be accepted."""
    return 400 <= status < 500 and status not in _LATER
