"""Compare a capture with the order: before delivery, after the claim, far from the place of delivery."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bixie.examiners.camera.capture import SLACK
from bixie.examiners.camera.moments import Moment
from bixie.examiners.camera.places import Place

__all__ = ["FAR_KM", "OrderFacts", "compare_with_order", "distance_km", "rounded_km"]

_EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""
FAR_KM = 100
"""From here on a distance is worth a sentence; nearer is a commute."""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What the comparison says; None where either side is silent.

    Parameters
    ----------
    before_delivery, after_claim : bool or None
    distance_km : float or None
        Great-circle distance to the place of delivery.
    """

    before_delivery: bool | None = None
    after_claim: bool | None = None
    distance_km: float | None = None


def compare_with_order(
    moment: Moment | None, place: Place | None, order: Mapping[str, Any] | None
) -> OrderFacts:
    """Compare time and place of a capture with an order (docs/reference/order.md).

    Parameters
    ----------
    moment : Moment or None
        By the camera's own clock. The time of the satellites is not held against an order: receivers that
        count weeks wrongly are years off.
    place : Place or None
    order : mapping or None
    """
    if not order:
        return OrderFacts()
    delivered, claimed = (_time(order.get(key)) for key in ("delivered_at", "claimed_at"))
    home = order.get("delivery_place")
    return OrderFacts(
        moment.latest + SLACK < delivered if moment and delivered else None,
        moment.earliest - SLACK > claimed if moment and claimed else None,
        distance_km(place, Place(float(home["lat"]), float(home["lon"]))) if place and home else None,
    )


def distance_km(one: Place, other: Place) -> float:
    """Return the great-circle distance by the haversine formula, in kilometres.

    References
    ----------
    R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984).
    """
    lat, lat2, lon = (math.radians(value) for value in (one.lat, other.lat, other.lon - one.lon))
    half = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin(lon / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def rounded_km(distance: float) -> int:
    """Return whole kilometres, from 10 on two digits: an exact distance would narrow down the position."""
    if distance < 10:
        return round(distance)
    step = 10 ** (len(str(int(distance))) - 2)
    return int(round(distance / step) * step)


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
