"""Facts prepared for assessment: lower and upper bounds of amounts, and the tiers that follow from them."""

from datetime import date
from functools import cached_property
from typing import Any

from bixie.law.entries import Catalogue, Threshold
from bixie.law.facts import Act, Facts
from bixie.law.thresholds import ThresholdIndex, fraud_thresholds
from bixie.law.tiers import TIERS, UNKNOWN_TIERING, Amount, Scale, Tiering, count_in_two_years

__all__ = ["UNKNOWN_AMOUNT", "PreparedFacts"]

UNKNOWN_AMOUNT = 10**18
"""Fen: the upper bound of an amount that is not known."""
_MULTIPLE = 3
"""法释〔2013〕10号 art. 3: three times within two years."""


class PreparedFacts:
    """Facts, the day of the assessment, and the bounds of the amounts.

    `obtained` and `asked` hold, for each act, the lowest and highest amount in fen that the facts allow.

    Parameters
    ----------
    facts : Facts
    on : date
    catalogue : Catalogue
    """

    def __init__(self, facts: Facts, on: date, catalogue: Catalogue) -> None:
        self.facts = facts
        self.on = on
        self.catalogue = catalogue
        self._lines = ThresholdIndex.of(catalogue)
        self.acts: tuple[Act, ...] = facts.acts or ()
        self.obtained = [self._obtained(act) for act in self.acts]
        self.asked = [self._asked(act) for act in self.acts]
        self.last_day = max((act.date for act in self.acts if act.date), default=None)

    @property
    def is_cleared(self) -> bool:
        """Whether a person found the evidence true, and neither a threat nor a competitor is confirmed."""
        facts = self.facts
        return facts.fabricated_evidence is False and not facts.threat and not facts.is_operator

    @property
    def continuous(self) -> bool | None:
        """Whether the acts are one continuous matter: stated, or run as a business."""
        return True if self.facts.organised else self.facts.continuous

    @property
    def goods_kept(self) -> bool | None:
        """Whether the goods were kept: stated, or sold on."""
        return True if self.facts.resold else self.facts.goods_kept

    @cached_property
    def fraud(self) -> Tiering:
        """The tiers of the completed acts as fraud."""
        if self.facts.acts is None:
            return UNKNOWN_TIERING
        amounts = [Amount(act.date, *self.obtained[act.index], act.processed) for act in self.acts]
        return self._fraud_tiering(amounts)

    @cached_property
    def attempt(self) -> Tiering:
        """The tiers of attempts: of acts that obtained less than they aimed at, by the amount aimed at."""
        if self.facts.acts is None:
            return UNKNOWN_TIERING
        return self._fraud_tiering([self._missed(act) for act in self.acts])

    @cached_property
    def extortion(self) -> Tiering:
        """The tiers of the acts as extortion."""
        if self.facts.acts is None:
            return UNKNOWN_TIERING
        amounts = [Amount(act.date, *self.obtained[act.index], act.processed) for act in self.acts]
        lines = [line for line in self._lines.thresholds if line.offence == "extortion"]
        tiering = _tiering(_counting(amounts), self.on, lines, "provincial_line")
        asked = [act.date for act in self.acts if self.asked[act.index][1] > 0]
        low, high = count_in_two_years(asked)
        return tiering.or_multiple(low >= _MULTIPLE, high >= _MULTIPLE)

    def half_of_large(self) -> int:
        """Return half of the threshold of a crime, in fen; the highest if several may apply.

        From there the police read fraud below the line as graver (公通字〔2018〕17号, to be verified).
        """
        lines, _ = fraud_thresholds(self._lines, self.facts, self.last_day)
        return max((line.large[1] for line in lines), default=UNKNOWN_AMOUNT) // 2

    def _fraud_tiering(self, amounts: list[Amount]) -> Tiering:
        lines, question = fraud_thresholds(self._lines, self.facts, self.last_day)
        return _tiering(
            _counting(amounts),
            self.on,
            lines,
            question,
            telecom=self.facts.telecom,
            telecom_line=self._lines.telecom(self.last_day),
            continuous=self.continuous,
            unspecified_many=self.facts.unspecified_many,
            may_sum=self._may_sum(lines),
        )

    def _may_sum(self, lines: list[Threshold]) -> bool:
        """Return whether a province that may apply adds up three acts, continuous or not."""
        if self.facts.province is None:
            return any(line.sums_multiple for line in self._lines.thresholds)
        return any(line.sums_multiple for line in lines)

    def is_returned(self, act: Act) -> bool:
        """Return whether the goods of an act went back: then both amounts are zero."""
        if act.goods_returned is not None:
            return act.goods_returned
        return self.goods_kept is False

    def _obtained(self, act: Act) -> tuple[int, int]:
        if self.is_returned(act):
            return 0, 0
        if act.amount_obtained is not None:
            return act.amount_obtained, act.amount_obtained
        return 0, UNKNOWN_AMOUNT if act.amount_attempted is None else act.amount_attempted

    def _asked(self, act: Act) -> tuple[int, int]:
        if self.is_returned(act):
            return 0, 0
        amount = act.amount_obtained if act.amount_attempted is None else act.amount_attempted
        return (0, UNKNOWN_AMOUNT) if amount is None else (amount, amount)

    def _missed(self, act: Act) -> Amount:
        """Return the amount that an act aimed at and did not fully obtain; zero if it obtained everything."""
        (asked_low, asked_high), (low, high) = self.asked[act.index], self.obtained[act.index]
        certain = asked_low > high
        return Amount(
            act.date, asked_low if certain else 0, asked_high if asked_high > low else 0, act.processed
        )


def _counting(amounts: list[Amount]) -> list[Amount]:
    return [amount for amount in amounts if amount.high > 0 and amount.processed is not True]


def _tiering(
    amounts: list[Amount], on: date, lines: list[Threshold], question: str, **circumstances: Any
) -> Tiering:
    """Measure amounts; without a threshold in the catalogue, every tier stays possible."""
    if not lines:
        highest = len(TIERS) - 1 if amounts else 0
        return Tiering(0, highest, frozenset((question,)), frozenset(), None, ())
    return Scale(amounts, on, lines, question, **circumstances).tiering()
