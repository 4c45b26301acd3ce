"""Remedies through a gateway of the operator; see `bixie.remedies.gateway`.

The order is posted with its key as ``Idempotency-Key``. 200 says that it was carried out, any other 2xx that
this follows, 409 that the order was accepted before; ``settled`` and ``reference`` in the answer say more.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bixie.access.idempotency import HEADER
from bixie.kit.sanitise import sanitise_or_none
from bixie.notices.errors import SendingError
from bixie.notices.operator_gateway import OperatorGateway, is_accepted, is_final
from bixie.notices.posting import Answer
from bixie.notices.rules import retry_after
from bixie.remedies.errors import GatewayError
from bixie.remedies.gateway import MAX_REFERENCE, GatewayAnswer, RemedyOrder

__all__ = ["REMEDY_SECRET", "REMEDY_URL", "WebRemedyGateway"]

REMEDY_URL = "BIXIE_REMEDY_URL"
REMEDY_SECRET = "BIXIE_REMEDY_SECRET"
"""``whsec_…``: the gateway checks the signature by it."""
_CARRIED_OUT = 200


@dataclass(frozen=True, slots=True)
class WebRemedyGateway(OperatorGateway):
    """A gateway that takes orders at a web address. See `OperatorGateway` for the parameters."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "WebRemedyGateway | None":
        """Return the gateway that the environment configures, None when it configures none.

        Raises
        ------
        SettingError
            ``setting.not_an_address``; ``setting.missing`` without a valid secret.
        """
        return cls.named(REMEDY_URL, REMEDY_SECRET, environment)

    @property
    def name(self) -> str:
        """The address without its path, in which there may be a token."""
        scheme = "https" if self.endpoint.secure else "http"
        return f"{scheme}://{self.endpoint.authority}"

    def send(self, order: RemedyOrder, moment: datetime) -> GatewayAnswer:
        """Post an order. See `RemedyGateway.send`.

        Raises
        ------
        GatewayError
            ``remedies.refused``, ``remedies.not_accepted`` or ``remedies.no_answer``.
        """
        try:
            answer = self.post(order.id, order.encoded(), moment, {HEADER: order.idempotency_key})
        except SendingError as error:
            raise GatewayError("remedies.no_answer", reason=error.text) from error
        if not is_accepted(answer.status):
            final = is_final(answer.status)
            raise GatewayError(
                "remedies.refused" if final else "remedies.not_accepted",
                final=final,
                retry_after=retry_after(answer.retry_after),
                status=answer.status,
            )
        said = _said(answer)
        settled = said.get("settled", answer.status == _CARRIED_OUT)
        return GatewayAnswer(sanitise_or_none(said.get("reference"), MAX_REFERENCE), settled is True)


def _said(answer: Answer) -> dict[str, Any]:
    """Return what the answer says as JSON; nothing where it says something else."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
