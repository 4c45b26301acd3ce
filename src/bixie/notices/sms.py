"""SMS through a gateway of the operator, which speaks the provider's protocol: ``{"id", "text", "to"}``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bixie.kit.canonical_json import encode_canonical
from bixie.notices.errors import SendingError
from bixie.notices.operator_gateway import OperatorGateway, is_accepted, is_final
from bixie.notices.rules import retry_after

__all__ = ["SMS_SECRET", "SMS_URL", "SmsGateway"]

SMS_URL = "BIXIE_SMS_URL"
SMS_SECRET = "BIXIE_SMS_SECRET"
"""``whsec_…``: the gateway checks the signature by it."""


@dataclass(frozen=True, slots=True)
class SmsGateway(OperatorGateway):
    """A gateway that sends SMS. See `OperatorGateway` for the parameters."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "SmsGateway | None":
        """Return the gateway that the environment configures, None when it configures none.

        Raises
        ------
        SettingError
            ``setting.not_an_address``; ``setting.missing`` without a valid secret.
        """
        return cls.named(SMS_URL, SMS_SECRET, environment)

    def send(self, delivery: str, to: str, text: str, moment: datetime) -> None:
        """Hand an SMS to the gateway.

        Raises
        ------
        SendingError
            ``notices.gateway_refused`` or ``notices.no_answer``.
        """
        body = encode_canonical({"id": delivery, "to": to, "text": text})
        sent = self.post(delivery, body, moment)
        if not is_accepted(sent.status):
            raise SendingError(
                "notices.gateway_refused",
                final=is_final(sent.status),
                retry_after=retry_after(sent.retry_after),
                status=sent.status,
            )
