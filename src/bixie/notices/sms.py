"""SMS through a gateway of the operator: one POST of JSON, signed like a webhook.

``{"id", "text", "to"}``; the same id is repeated when an answer was lost. 2xx: accepted. 409: accepted
before. 408, 425, 429, 3xx and 5xx: try later. Any other 4xx: never. The gateway speaks the protocol of the
provider.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bixie.kit.canonical_json import encode_canonical
from bixie.kit.errors import SettingError
from bixie.notices.endpoints import Endpoint, parsed
from bixie.notices.errors import NoticeError, SendingError, SignatureError
from bixie.notices.posting import post
from bixie.notices.rules import retry_after
from bixie.notices.standard_webhooks import headers, sign

__all__ = ["SMS_SECRET", "SMS_URL", "SmsGateway"]

SMS_URL = "BIXIE_SMS_URL"
SMS_SECRET = "BIXIE_SMS_SECRET"
"""``whsec_…``: the gateway checks the signature by it."""
_LATER = frozenset({408, 425, 429})
_ACCEPTED_BEFORE = 409


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """A gateway that sends SMS.

    Parameters
    ----------
    endpoint : Endpoint
        The operator's own; it may be a private address.
    secret : str
    """

    endpoint: Endpoint
    secret: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "SmsGateway | None":
        """Return the gateway that the environment configures, None when it configures none.

        Raises
        ------
        SettingError
            ``setting.not_an_address``; ``setting.missing`` without a valid secret.
        """
        variables = os.environ if environment is None else environment
        url, secret = variables.get(SMS_URL, ""), variables.get(SMS_SECRET, "")
        if not url:
            return None
        try:
            endpoint = parsed(url)
        except NoticeError as error:
            known = "http:// / https://"
            raise SettingError("setting.not_an_address", name=SMS_URL, schemes=known) from error
        try:
            sign(secret, "", datetime.min.replace(year=1970), b"")
        except SignatureError as error:
            raise SettingError("setting.missing", name=SMS_SECRET, reason="whsec_…") from error
        return cls(endpoint, secret)

    def send(self, delivery: str, to: str, text: str, moment: datetime) -> None:
        """Hand an SMS to the gateway.

        Raises
        ------
        SendingError
            ``notices.gateway_refused`` or ``notices.no_answer``.
        """
        body = encode_canonical({"id": delivery, "to": to, "text": text})
        signed = headers([self.secret], delivery, moment, body)
        sent = post(self.endpoint, body, {**signed, "Content-Type": "application/json"}, allow_private=True)
        if 200 <= sent.status < 300 or sent.status == _ACCEPTED_BEFORE:
            return
        final = 400 <= sent.status < 500 and sent.status not in _LATER
        raise SendingError(
            "notices.gateway_refused",
            final=final,
            retry_after=retry_after(sent.retry_after),
            status=sent.status,
        )
