"""Orders of the demo with their photos: placed, packed and delivered before anybody claims anything."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib import resources

from bixie.access.principal import Principal
from bixie.access.tenancy import writing
from bixie.assembly.demo.happenings import Happening
from bixie.assembly.demo.scene import Scene
from bixie.assembly.demo.story import OrderStory
from bixie.kit.money import decimal_from_fen
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders
from bixie.vault import repository as vault
from bixie.vault.checking import check
from bixie.vault.models import Role
from bixie.vault.service import Upload, keep_bytes, receive, stage

__all__ = ["happenings_of", "keep_photo", "kept_photo"]

_SHOWN_BEFORE = timedelta(minutes=20)
_PACKED_AFTER = timedelta(hours=20)


def happenings_of(order: OrderStory) -> Iterator[Happening]:
    """Yield what happens to an order until it is delivered."""
    if order.goods.listing is not None:
        photo = partial(_keep_own, order=order, file=order.goods.listing, role=Role.LISTING)
        yield Happening(order.ordered + _SHOWN_BEFORE, photo)
    yield Happening(order.ordered, partial(_import, order=order, delivered=False))
    if order.packing is not None:
        photo = partial(_keep_own, order=order, file=order.packing, role=Role.PACKING)
        yield Happening(order.ordered - _PACKED_AFTER, photo)
    yield Happening(order.delivered, partial(_import, order=order, delivered=True))


def keep_photo(scene: Scene, principal: Principal, order: OrderStory, file: str, role: Role) -> str:
    """Keep a photo as the service does when it is uploaded, unless it is there; return its id."""
    found = kept_photo(scene, order, file, role)
    acting = replace(principal, party=None)
    if found is None:
        party = scene.cast.parties[order.shop]
        upload = Upload(io.BytesIO(_bytes_of(file)), file, order.number, role, party)
        with stage(scene.blobs, upload, scene.limits) as staged:
            keep_bytes(scene.blobs, acting.tenant, staged)
            with writing(scene.store, acting) as session:
                found = receive(session, scene.blobs, staged, scene.clock).id
    check(scene.store, acting, scene.blobs, found, scene.limits, clock=scene.clock)
    return found


def kept_photo(scene: Scene, order: OrderStory, file: str, role: Role) -> str | None:
    """Return the id of a photo that is kept for an order."""
    sha256 = hashlib.sha256(_bytes_of(file)).hexdigest()
    with scene.reading() as session:
        found = vault.by_content(session, scene.cast.parties[order.shop], order.number, role, sha256)
    return None if found is None else found.id


def _keep_own(scene: Scene, order: OrderStory, file: str, role: Role) -> None:
    keep_photo(scene, scene.cast.clerk(order.shop), order, file, role)


def _import(scene: Scene, order: OrderStory, *, delivered: bool) -> None:
    """Import an order; once delivered, with its parcel. Importing again changes nothing."""
    goods = order.goods
    item = {
        "sku": goods.key.replace("_", "-"),
        "name": scene.say(f"item.{goods.key}"),
        "category": scene.say(f"category.{goods.category}"),
        "price": decimal_from_fen(goods.price_minor),
    }
    parcel = {
        "carrier": scene.say("carrier"),
        "tracking_number": f"SAMPLE-{order.number}",
        "delivered_at": scene.moment(order.delivered),
    }
    given = OrderIn.model_validate(
        {
            "number": order.number,
            "ordered_at": scene.moment(order.ordered),
            "items": [item],
            "deliveries": [parcel] if delivered else [],
        }
    )
    clerk = scene.cast.clerk(order.shop)
    with writing(scene.store, clerk) as session:
        import_orders(session, [given], scene.clock, party=scene.cast.parties[order.shop])


def _bytes_of(file: str) -> bytes:
    return (resources.files("bixie.assembly.demo") / "pictures" / file).read_bytes()
