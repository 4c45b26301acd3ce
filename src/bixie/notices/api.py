"""``/api/v1/webhooks``: where a tenant or party wants to be told what happened, each delivery signed."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from bixie.access.call import Call, current_call
from bixie.access.idempotency import as_bytes
from bixie.access.paging import Page, PageQuery
from bixie.access.sequence import place_of
from bixie.access.tenancy import TenantSession
from bixie.identity.api import only_admins
from bixie.identity.errors import NotThereError
from bixie.kit.canonical_json import Json
from bixie.kit.ids import is_id
from bixie.notices import repository
from bixie.notices.errors import NoNoticeError
from bixie.notices.models import WebhookTarget
from bixie.notices.schemas import NewWebhookOut, WebhookIn, WebhookOut
from bixie.notices.service import add_target, disable_target, rotate_secret

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"])

_Call = Annotated[Call, Depends(current_call)]


@router.post("", status_code=201)
def create_webhook(call: _Call, given: WebhookIn) -> NewWebhookOut:
    """Have events sent to an address, signed as Standard Webhooks says. The secret is told once."""
    only_admins(call)
    party = given.party or call.principal.party
    if party is not None and not is_id("party", party):
        raise NotThereError("identity.no_such_party")

    def work(session: TenantSession) -> WebhookTarget:
        return add_target(session, given.url, given.events, party=party, clock=call.clock)

    return _with_secret(call, "webhooks.create", (as_bytes(given),), work)


@router.get("")
def list_webhooks(call: _Call, query: Annotated[PageQuery, Query()]) -> Page[WebhookOut]:
    """List webhooks, the oldest first, disabled ones among them."""
    only_admins(call)
    window = call.window("webhooks", query)
    with call.reading() as session:
        rows = repository.page_of_targets(session, call.principal.party, window.after_place, window.rows)
        return window.page(rows, WebhookOut.of, place_of)


@router.get("/{webhook_id}")
def get_webhook(call: _Call, webhook_id: str) -> WebhookOut:
    """Get one webhook."""
    only_admins(call)
    _known(webhook_id)
    with call.reading() as session:
        target = repository.target_by_id(session, webhook_id)
        if target is None or call.principal.party not in (None, target.party):
            raise NoNoticeError("notices.no_such_target")
        return WebhookOut.of(target)


@router.post("/{webhook_id}/secret", status_code=201)
def change_secret(call: _Call, webhook_id: str) -> NewWebhookOut:
    """Give a webhook a new secret, told once; for a day deliveries carry a signature of each."""
    only_admins(call)
    _known(webhook_id)

    def work(session: TenantSession) -> WebhookTarget:
        return rotate_secret(session, webhook_id, call.clock)

    return _with_secret(call, "webhooks.secret", (webhook_id.encode(),), work)


@router.delete("/{webhook_id}", status_code=204)
def delete_webhook(call: _Call, webhook_id: str) -> None:
    """Disable a webhook: nothing more is sent there. That there was one stays on record."""
    only_admins(call)
    _known(webhook_id)
    with call.writing() as session:
        disable_target(session, webhook_id, call.clock)


def _with_secret(
    call: Call,
    operation: str,
    given: tuple[bytes, ...],
    work: Callable[[TenantSession], WebhookTarget],
) -> NewWebhookOut:
    """Do it once; the secret is in the first answer only, never in the one that is kept."""
    secret: list[str] = []

    def without_secret(session: TenantSession) -> Json:
        target = work(session)
        secret.append(target.secret)
        return WebhookOut.of(target).model_dump(mode="json")

    answer = call.once(operation, given, without_secret)
    return NewWebhookOut(**answer, secret=secret[0] if secret else None)


def _known(webhook_id: str) -> None:
    if not is_id("webhook", webhook_id):
        raise NoNoticeError("notices.no_such_target")
