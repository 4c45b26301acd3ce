"""The gateway that remedies go through, as the environment names it, and who is told of them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bixie.access.tenancy import TenantSession
from bixie.notices.remedies import WebRemedyGateway
from bixie.notices.service import emit
from bixie.remedies.file_gateway import FOLDER, FileGateway
from bixie.remedies.gateway import RemedyGateway
from bixie.remedies.models import Remedy
from bixie.remedies.schemas import RemedyOut
from bixie.store.settings import Location

if TYPE_CHECKING:
    from bixie.kit.canonical_json import Json

__all__ = ["ORDERED", "REVERSED", "emit_ordered", "remedy_gateway"]

ORDERED = "remedy.ordered"
REVERSED = "remedy.reversed"
_TOLD = frozenset(
    {"id", "case", "decision", "order", "kind", "amount", "items", "reverses", "idempotency_key"}
)


def remedy_gateway(location: Location, environment: Mapping[str, str] | None = None) -> RemedyGateway:
    """Return the gateway at the web address that the environment names, else a folder beside the store.

    Raises
    ------
    SettingError
        If what the environment names cannot be used. The gateway is not contacted.
    """
    return WebRemedyGateway.from_environment(environment) or FileGateway(location.folder / FOLDER)


def emit_ordered(session: TenantSession, remedy: Remedy) -> None:
    """Tell the webhooks of the tenant and the merchant of a new remedy."""
    data: dict[str, Json] = RemedyOut.of(remedy).model_dump(mode="json", include=set(_TOLD))
    emit(session, ORDERED if remedy.reversal_of is None else REVERSED, data, parties=[remedy.party])
