"""Facts for an examination from the rows of other rooms. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bixie.examiners.known import KnownPictures
from bixie.examiners.order import OrderDocument, OrderItem
from bixie.examiners.protocol import Vouching
from bixie.examiners.results import Provenance
from bixie.kit.timestamps import format_timestamp, parse_timestamp
from bixie.ledger.clock import time_back
from bixie.ledger.rules import Event
from bixie.orders.models import Item, Order

__all__ = ["claim_time", "order_document", "provenance", "with_provenance"]


def order_document(number: str, order: Order | None, claimed_at: datetime) -> dict[str, Any]:
    """Return the order document (docs/reference/order.md) of an order.

    Parameters
    ----------
    number : str
    order : Order or None
        None where the shop has not handed it over.
    claimed_at : datetime
        When the claim's file was received.
    """
    times = {"claimed_at": claimed_at}
    if order is None:
        return _document(number, times)
    if order.ordered_at is not None:
        times["ordered_at"] = order.ordered_at
    arrived = [parcel.delivered_at for parcel in order.deliveries]
    known = [time for time in arrived if time is not None]
    # Which parcel the goods came in is not known: only from the first one on can a photo show them, and
    # where one parcel's time is missing it may have been the first.
    if known and len(known) == len(arrived):
        times["delivered_at"] = min(known)
    return _document(number, times, items=[_item(one) for one in order.items])


def _document(number: str, times: Mapping[str, datetime], **more: Any) -> dict[str, Any]:
    written = {name: format_timestamp(time) for name, time in times.items()}
    return OrderDocument.model_validate({"id": number, **written, **more}).to_dict()


def _item(item: Item) -> OrderItem:
    given = {"sku": item.sku, "name": item.name, "category": item.category}
    return OrderItem(**{name: value for name, value in given.items() if value is not None})


def claim_time(received: Event, before: Iterable[str]) -> datetime:
    """Return when a claim's file was received, which is not before anything that the ledger has before it.

    A clock that was back at that moment would make an honest photo look as if it were from after the claim.

    Parameters
    ----------
    received : Event
    before : iterable of str
        Times of earlier events.
    """
    return parse_timestamp(max([received.time, *before]))


def provenance(received: Event, claim_received: Event, role: str) -> Provenance:
    """Return what the ledger says of a known picture.

    Parameters
    ----------
    received, claim_received : Event
        Of the known picture and of the claim's file. Their order in the chain counts, not their clocks.
    role : str
    """
    before = received.sequence < claim_received.sequence
    first, second = (received, claim_received) if before else (claim_received, received)
    agrees = not time_back(first.time, second.time)
    fixed = received.data.get("fixed_camera") is True
    return Provenance(received.time, received.actor, role, received.sequence, before, agrees, fixed)


def with_provenance(known: KnownPictures, records: Mapping[str, Provenance]) -> KnownPictures:
    """Return known pictures with what the ledger says of each, by the name they were read by."""

    def vouching(path: str) -> Vouching:
        return "record" if records[path].before_claim else "nobody"

    pictures: Sequence[Any] = [
        replace(
            one,
            vouched_by=vouching(one.path),
            clock_agrees=records[one.path].clock_agrees,
            fixed_camera=records[one.path].fixed_camera,
        )
        for one in known.pictures
    ]
    results = [replace(one, kept=records[one.path]) for one in known.results]
    return replace(known, pictures=tuple(pictures), results=tuple(results))
