"""The notices room's queries. The session adds the tenant to every one of them."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from bixie.access.sequence import Place, page_after
from bixie.access.tenancy import TenantSession
from bixie.notices.models import Delivery, Notice, WebhookTarget

__all__ = [
    "about_party",
    "deliveries_of_notices",
    "delivery_by_id",
    "locked_delivery",
    "notice_by_id",
    "notices_for",
    "page_of_targets",
    "target_by_id",
    "targets",
]


def notice_by_id(session: TenantSession, id_: str) -> Notice | None:
    """Return one message."""
    return session.scalars(select(Notice).where(Notice.id == id_)).one_or_none()


def notices_for(
    session: TenantSession, party: str | None, person: str, before: Place | None, limit: int
) -> Sequence[Notice]:
    """Return the messages for a party or a person, newest first.

    Parameters
    ----------
    session : TenantSession
    party : str or None
        None for people of no party.
    person : str
    before : Place or None
        Only messages before this one.
    limit : int
    """
    mine = Notice.person == person
    readable = Notice.body.is_not(None)  # others were for the owner of an address only, or erased
    wanted = select(Notice).where(readable, mine if party is None else or_(mine, Notice.party == party))
    return session.scalars(page_after(wanted, Notice, before, limit, newest_first=True)).all()


def about_party(session: TenantSession, party: str) -> Sequence[Notice]:
    """Return all messages for a party."""
    return session.scalars(select(Notice).where(Notice.party == party)).all()


def deliveries_of_notices(session: TenantSession, notices: Collection[str]) -> Sequence[Delivery]:
    """Return the deliveries of some messages."""
    return session.scalars(select(Delivery).where(Delivery.notice.in_(notices))).all()


def target_by_id(session: TenantSession, id_: str) -> WebhookTarget | None:
    """Return one webhook target."""
    return session.scalars(select(WebhookTarget).where(WebhookTarget.id == id_)).one_or_none()


def targets(session: TenantSession, party: str | None) -> Sequence[WebhookTarget]:
    """Return the webhook targets of a party, or with None all, oldest first."""
    wanted = select(WebhookTarget)
    if party is not None:
        wanted = wanted.where(WebhookTarget.party == party)
    return session.scalars(page_after(wanted, WebhookTarget, None, None)).all()


def page_of_targets(
    session: TenantSession, party: str | None, after: Place | None, limit: int
) -> Sequence[WebhookTarget]:
    """Return the next webhook targets, oldest first; of a party, or with None all."""
    wanted = select(WebhookTarget)
    if party is not None:
        wanted = wanted.where(WebhookTarget.party == party)
    return session.scalars(page_after(wanted, WebhookTarget, after, limit)).all()


def delivery_by_id(session: TenantSession, id_: str) -> Delivery | None:
    """Return one delivery."""
    return session.scalars(select(Delivery).where(Delivery.id == id_)).one_or_none()


def locked_delivery(session: TenantSession, id_: str) -> Delivery | None:
    """Return one delivery as it is now, locked until the transaction ends."""
    wanted = select(Delivery).where(Delivery.id == id_).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
