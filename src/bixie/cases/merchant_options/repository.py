"""Queries for merchants' options."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from bixie.access.sequence import Place, page_after
from bixie.access.tenancy import TenantSession
from bixie.cases.merchant_options.models import MerchantOption

__all__ = ["in_force", "page"]


def in_force(session: TenantSession, party: str, at: datetime) -> Sequence[MerchantOption]:
    """Return what a party has opted in to at a moment, in the order it was set."""
    wanted = select(MerchantOption).where(
        MerchantOption.party == party,
        MerchantOption.since <= at,
        or_(MerchantOption.until.is_(None), MerchantOption.until > at),
    )
    return session.scalars(wanted.order_by(MerchantOption.sequence, MerchantOption.id)).all()


def page(session: TenantSession, after: Place | None, limit: int) -> Sequence[MerchantOption]:
    """Return the next options in the order they were set, ended ones too."""
    return session.scalars(page_after(select(MerchantOption), MerchantOption, after, limit)).all()
