"""What earlier claims have left of an order: pieces that can still be claimed, and money."""

from collections.abc import Iterable, Sequence

from bixie.cases.claims.drafts import EarlierClaim, OrderFacts

__all__ = ["claims_on", "goods_left", "is_exchange", "largest_amount", "pieces_left"]

_GOODS_GONE = frozenset({"return_refund", "exchange"})
"""After these remedies the buyer no longer has the pieces of the order."""


def claims_on(position: int, earlier: Iterable[EarlierClaim]) -> int:
    """Return how many claims named a line of the order, without those that the merchant filed."""
    own = (one for one in earlier if one.filed_by_buyer)
    return sum(any(place == position for place, _ in one.items) for one in own)


def pieces_left(
    position: int, order: OrderFacts, earlier: Sequence[EarlierClaim], previous: str | None = None
) -> int:
    """Return how many pieces of a line a new claim may name.

    Those of an open claim wait for its end, returned ones are gone, and exchanged ones are claimed under the
    case that exchanged them (`previous`). After a refund without return, a replenishment or a repair the
    buyer has the goods and may claim again.

    Parameters
    ----------
    position : int
    order : OrderFacts
    earlier : sequence of EarlierClaim
    previous : str or None
        Where this case exchanged goods, count these instead of those of the order.
    """
    pool = _pool(previous, earlier)
    if pool is None:
        there = order.items[position].count if position in order.items else 0
    else:
        there = _pieces(pool, position)
    used = (one for one in earlier if _pool(one.previous, earlier) is pool and _uses_up(one))
    return max(0, there - sum(_pieces(one, position) for one in used))


def goods_left(
    position: int,
    order: OrderFacts,
    settled: Sequence[EarlierClaim],
    service: str,
    previous: str | None = None,
) -> int:
    """Return how many pieces of a line a decision may still take back, exchange or send again.

    A claim can be filed after another one was refused, and an appeal can then grant both. What was sent
    again counts only against sending it again: the buyer has it, and may return it.

    Parameters
    ----------
    position : int
    order : OrderFacts
    settled : sequence of EarlierClaim
        The other claims on the order that were granted.
    service : str
        What is to be decided.
    previous : str or None
        As in `ClaimDraft`; goods that this case sent again may be sent once more.
    """
    left = pieces_left(position, order, settled, previous)
    if service != "replenish":
        return left
    pool = _pool(previous, settled)
    sent = (
        one
        for one in settled
        if one.service == "replenish" and one.case != previous and _pool(one.previous, settled) is pool
    )
    return max(0, left - sum(_pieces(one, position) for one in sent))


def is_exchange(claim: EarlierClaim) -> bool:
    """Return whether a claim ended in an exchange."""
    return claim.state == "settled" and claim.service == "exchange"


def largest_amount(
    items: Sequence[tuple[int, int]], order: OrderFacts, earlier: Sequence[EarlierClaim]
) -> int | None:
    """Return the most that a claim on some pieces may ask for, in minor units; None where nothing is known.

    That is what was paid for the pieces, less what open and settled claims take of the same lines, and never
    more than these leave of the whole order. Without the price of every line only the order's total counts.

    Parameters
    ----------
    items : sequence of (int, int)
        Position and pieces; positions that the order does not have are passed over.
    order : OrderFacts
    earlier : sequence of EarlierClaim
    """
    taking = [one for one in earlier if one.state != "ended" and one.amount]
    bounds = []
    if order.paid is not None:
        bounds.append(order.paid - sum(one.amount for one in taking))
    of_lines = [_left_of_line(position, count, order, taking) for position, count in items]
    known = [one for one in of_lines if one is not None]
    if known and len(known) == len(of_lines):
        bounds.append(sum(known))
    return max(0, min(bounds)) if bounds else None


def _pool(previous: str | None, earlier: Sequence[EarlierClaim]) -> EarlierClaim | None:
    """Return the exchange whose goods a claim is about; None for goods of the order."""
    return next((one for one in earlier if one.case == previous and is_exchange(one)), None)


def _left_of_line(position: int, count: int, order: OrderFacts, taking: Sequence[EarlierClaim]) -> int | None:
    item = order.items.get(position)
    if item is None or item.price is None:
        return None
    taken = sum(_share(one, position, order) for one in taking)
    return max(0, min(item.price * count, item.price * item.count - taken))


def _share(claim: EarlierClaim, position: int, order: OrderFacts) -> int:
    """Return how much of a claim's amount is for one line: by value, rounded down for the buyer."""
    worth = {place: _worth(place, pieces, order) for place, pieces in claim.items}
    total = sum(worth.values())
    return claim.amount * worth.get(position, 0) // total if total else 0


def _worth(position: int, pieces: int, order: OrderFacts) -> int:
    item = order.items.get(position)
    return (item.price or 0) * pieces if item else 0


def _uses_up(claim: EarlierClaim) -> bool:
    return claim.state == "open" or (claim.state == "settled" and claim.service in _GOODS_GONE)


def _pieces(claim: EarlierClaim, position: int) -> int:
    return sum(count for place, count in claim.items if place == position)
