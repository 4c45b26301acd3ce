"""Suggests the cheapest fair remedy, with its arithmetic: costs, what the buyer gets, the law.

A suggestion is shown to both sides and decides nothing. No remedy in it leaves the buyer with less than what
was paid, in money or goods, and a return that the law gives is always among them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bixie.cases.claims.amounts import money_text
from bixie.cases.claims.errors import ClaimError
from bixie.cases.claims.options import GENERAL, ClaimOptions, CostTable, Reason, find
from bixie.kit.messages import Text, catalogue
from bixie.kit.money import yuan_from_fen

__all__ = ["CostLine", "Remedy", "Situation", "Suggestion", "suggest"]

_WORDS = catalogue("bixie.cases.claims")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a remedy is suggested for.

    Parameters
    ----------
    reason : str
        Key of the options' `reasons`.
    received : bool
        Whether the goods have arrived.
    paid : int or None
        What was paid for the claimed pieces, in fen.
    level : int or None
        Damage in per cent, one of the options' `damage_levels`. Not needed where nothing has arrived, or
        where intact goods are returned within seven days.
    category : str
    """

    reason: str
    received: bool
    paid: int | None
    level: int | None = None
    category: str = GENERAL


@dataclass(frozen=True, slots=True)
class CostLine:
    """One summand of what a remedy costs.

    Parameters
    ----------
    code : str
        ``refund``, ``return_shipping``, ``shipping``, ``handling``, ``goods``, ``residual``, ``visit`` or
        ``parts``.
    side : {"merchant", "buyer"}
        Who bears it.
    minor : int
        Fen; negative for what is saved.
    text : Text
        With its arithmetic.
    """

    code: str
    side: Literal["merchant", "buyer"]
    minor: int
    text: Text


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way to settle.

    Parameters
    ----------
    service : str
    refund : int
        Fen that the buyer gets back.
    compensation : int
        Fen that the buyer is better off by, in money and goods: at least the share of the damage.
    lines : tuple of CostLine
    total : int
        Fen: the sum of the lines, those of both sides.
    sum_text : Text
    gets : Text
        What the buyer gets.
    by_right : bool
        Whether the law lets the buyer insist on it. Any other needs the buyer's consent.
    """

    service: str
    refund: int
    compensation: int
    lines: tuple[CostLine, ...]
    total: int
    sum_text: Text
    gets: Text
    by_right: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Ways to settle, the cheapest first, and what they rest on."""

    remedies: tuple[Remedy, ...]
    law: Text
    assumes: Text
    currency: str


def suggest(situation: Situation, options: ClaimOptions, costs: CostTable | None = None) -> Suggestion:
    """Return the ways to settle, cheapest first; of equally cheap ones, the one that pays more back.

    Parameters
    ----------
    situation : Situation
    options : ClaimOptions
    costs : CostTable, optional
        The shop's own; otherwise the options'.

    Raises
    ------
    ClaimError
        ``claims.no_such_reason``, ``claims.price_unknown``, ``claims.no_such_level``.
    """
    reason = find(options.reasons, situation.reason)
    if reason is None:
        raise ClaimError("claims.no_such_reason")
    if situation.paid is None or situation.paid <= 0:
        raise ClaimError("claims.price_unknown")
    book = _Book(situation.paid, _lost(situation, reason, options), situation, reason, costs or options.costs)
    made = [remedy for service in reason.services(situation.received) for remedy in _WAYS[service](book)]
    remedies = tuple(sorted(made, key=lambda one: (one.total, -one.refund)))
    paid = money_text(book.paid)
    key = "claims.assumes" if situation.received else "claims.assumes_not_received"
    assumes = _WORDS.text(key, percent=book.lost, paid=paid)
    right = reason.return_right if situation.received else "none"
    return Suggestion(remedies, _WORDS.text(f"claims.law.{right}"), assumes, book.costs.currency)


def _lost(situation: Situation, reason: Reason, options: ClaimOptions) -> int:
    """Return how much of the value is gone, in per cent."""
    if not situation.received:
        return 100
    if reason.return_right == "seven_days":
        return 0
    levels = [one.percent for one in options.damage_levels]
    if situation.level not in levels:
        raise ClaimError("claims.no_such_level", levels=" / ".join(map(str, levels)))
    return situation.level


@dataclass(frozen=True, slots=True)
class _Book:
    """The figures of a situation, and the lines that they make."""

    paid: int
    lost: int
    situation: Situation
    reason: Reason
    costs: CostTable

    def figure(self, table: Mapping[str, int]) -> int:
        return table.get(self.situation.category, table[GENERAL])

    def cost(
        self, code: str, minor: int, side: Literal["merchant", "buyer"] = "merchant", **values: object
    ) -> CostLine:
        key = code if side == "merchant" else f"{code}_buyer"
        text = _WORDS.text(f"claims.line.{key}", amount=money_text(abs(minor)), **values)
        return CostLine(code, side, minor, text)

    def refund(self, percent: int) -> CostLine:
        # Rounded up: a fen is never lost to the buyer.
        minor = -(-self.paid * percent // 100)
        return self.cost("refund", minor, percent=percent, paid=money_text(self.paid))

    def goods(self) -> CostLine:
        percent = self.figure(self.costs.goods_percent)
        return self.cost("goods", self._new(), percent=percent, paid=money_text(self.paid))

    def parts(self) -> CostLine:
        percent = self.lost * self.figure(self.costs.parts_percent)
        minor = (self.paid * percent + 5_000) // 10_000
        return self.cost("parts", minor, percent=f"{percent / 100:g}", paid=money_text(self.paid))

    def shipping(self) -> CostLine:
        return self.cost("shipping", self.figure(self.costs.shipping))

    def visit(self) -> CostLine:
        return self.cost("visit", self.figure(self.costs.visit))

    def taking_back(self) -> list[CostLine]:
        """Return what the way back costs, and what the returned goods save."""
        at_will = self.reason.return_right == "seven_days"
        side: Literal["merchant", "buyer"] = "buyer" if at_will else "merchant"
        table = self.costs.residual_percent
        worth = table.get(self.situation.category, table[GENERAL])
        percent = worth[self.lost] if self.lost else 100
        residual = self._new() * percent // 100
        return [
            self.cost("return_shipping", self.figure(self.costs.shipping), side),
            self.cost("handling", self.figure(self.costs.handling)),
            self.cost("residual", -residual, percent=percent, cost=money_text(self._new())),
        ]

    def remedy(
        self, service: str, lines: Sequence[CostLine], gets: str, *, compensation: int | None = None
    ) -> Remedy:
        """Put lines together; without a compensation the buyer gains what was lost."""
        refund = sum(line.minor for line in lines if line.code == "refund")
        total = sum(line.minor for line in lines)
        return Remedy(
            service=service,
            refund=refund,
            compensation=-(-self.paid * self.lost // 100) if compensation is None else compensation,
            lines=tuple(lines),
            total=total,
            sum_text=_sum_text(lines, total),
            gets=_WORDS.text(f"claims.gets.{gets}", amount=money_text(refund)),
            by_right=service == "return_refund" and self.reason.return_right != "none",
        )

    def _new(self) -> int:
        return (self.paid * self.figure(self.costs.goods_percent) + 50) // 100


def _refunds(book: _Book) -> list[Remedy]:
    whole = [book.refund(100)]
    if not book.situation.received:
        return [book.remedy("refund_only", whole, "money")]
    keeps = "money_and_goods"
    made = [book.remedy("refund_only", whole, keeps, compensation=book.paid)]
    if book.lost < 100:
        made.append(book.remedy("refund_only", [book.refund(book.lost)], keeps))
    return made


def _return(book: _Book) -> list[Remedy]:
    return [book.remedy("return_refund", [book.refund(100), *book.taking_back()], "money")]


def _exchange(book: _Book) -> list[Remedy]:
    lines = [book.goods(), book.shipping(), *book.taking_back()]
    return [book.remedy("exchange", lines, "new_goods")]


def _replenish(book: _Book) -> list[Remedy]:
    return [book.remedy("replenish", [book.goods(), book.shipping()], "new_goods")]


def _repair(book: _Book) -> list[Remedy]:
    return [book.remedy("repair", [book.visit(), book.parts()], "repaired_goods")]


_WAYS: dict[str, Callable[[_Book], list[Remedy]]] = {
    "refund_only": _refunds,
    "return_refund": _return,
    "exchange": _exchange,
    "replenish": _replenish,
    "repair": _repair,
}


def _sum_text(lines: Sequence[CostLine], total: int) -> Text:
    if len(lines) == 1:
        return money_text(total)
    parts = ""
    for line in lines:
        sign = " - " if line.minor < 0 else " + "
        parts += (sign if parts else "") + yuan_from_fen(abs(line.minor))
    return _WORDS.text("claims.sum", parts=parts, total=money_text(total))
