"""Tiers of amounts: the lowest and the highest that unknown facts allow.

Every unknown (place, telecommunication, continuity, earlier penalties, amounts, days) is evaluated at its
lightest and at its gravest. If both agree, the tier is settled. If they differ, the lighter tier is shown,
and only unknowns whose answer would change it become questions.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from bixie.kit.calendar import add_months
from bixie.law.entries import Threshold, weakest
from bixie.law.truth import Answer

__all__ = [
    "MIN_TIER",
    "PROSECUTION_MONTHS",
    "TIERS",
    "UNKNOWN_TIERING",
    "Amount",
    "Scale",
    "Tiering",
    "count_in_two_years",
]

TIERS = ("none", "large", "huge", "extra")
_TWO_YEARS = 24
_MULTIPLE = 3
MIN_TIER = {"fraud": 1, "attempt": 2, "extortion": 1}
"""The tier from which it is a crime; an attempt only from a huge amount: 法释〔2011〕7号 art. 5."""
PROSECUTION_MONTHS = {"fraud": (0, 60, 180, 240), "extortion": (0, 60, 180, 180)}
"""刑法 art. 87 by offence and tier: 266 threatens 3 years, 10 years and life; 274 no life."""


class Amount(NamedTuple):
    """Money of one act: its day, lower and upper bound in fen, whether an authority dealt with it."""

    day: date | None
    low: int
    high: int
    processed: bool | None


class Tiering(NamedTuple):
    """The tiers that amounts reach.

    Parameters
    ----------
    low, high : int
        0 none, 1 large, 2 huge, 3 especially huge.
    questions : frozenset of str
        Questions whose answers would narrow it.
    hints : frozenset of str
        Facts that would raise it once a person confirms them.
    basis : str or None
        Why several acts were added up: ``telecom_2y``, ``practice_continuous``, ``province_rule``.
    lines : tuple of Threshold
        Thresholds used.
    multiple : bool
        Three acts within two years are enough, whatever the amount (extortion).
    expired : bool
        A tier was reached, but the time limit of prosecution has passed.
    highest, total, number : int
        The highest single amount and the sum, in fen, at their upper bounds; how many amounts there are.
    """

    low: int
    high: int
    questions: frozenset[str]
    hints: frozenset[str]
    basis: str | None
    lines: tuple[Threshold, ...]
    multiple: bool = False
    expired: bool = False
    highest: int = 0
    total: int = 0
    number: int = 0

    def reaches(self, tier: int) -> Answer:
        """Return whether the amounts reach `tier`."""
        if self.low >= tier:
            return Answer(True, self.hints)
        if self.high < tier:
            return Answer(False, self.hints)
        return Answer(None, self.questions | self.hints)

    def or_multiple(self, certain: bool, possible: bool) -> "Tiering":
        """Return the tiering, raised to large if the number of acts is enough by itself."""
        if certain and self.low == 0:
            return self._replace(low=1, high=max(1, self.high), multiple=True)
        if possible and self.low == 0:
            return self._replace(high=max(1, self.high), questions=self.questions | {"act_date"})
        return self

    def confidence(self) -> str:
        """Return the weakest mark: of the thresholds, or of adding up, which no text orders."""
        practice = "K" if self.basis == "practice_continuous" else "C"
        return weakest(practice, *(line.confidence for line in self.lines))


UNKNOWN_TIERING = Tiering(0, 3, frozenset(("acts",)), frozenset(), None, ())
"""For unknown acts."""


class _World(NamedTuple):
    """One assumption about the unknown facts: True is the graver value."""

    line: bool
    continuity: bool
    processed: bool
    amount: bool
    day: bool


_LIGHT = _World(*[False] * 5)
_GRAVE = _World(*[True] * 5)
_Counted = list[tuple[date | None, int]]


class Scale:
    """Measures amounts against thresholds.

    Parameters
    ----------
    amounts : sequence of Amount
    on : date
        Day of the assessment, for the limit of prosecution.
    lines : sequence of Threshold
        Thresholds that may apply; several if the province is not known.
    line_question : str
        Question that would narrow them down.
    telecom : bool or None
    telecom_line : Threshold or None
        None if there was none yet.
    continuous, unspecified_many : bool or None
    may_sum : bool
        A province that may apply adds up three acts or more.
    """

    def __init__(
        self,
        amounts: Sequence[Amount],
        on: date,
        lines: Sequence[Threshold],
        line_question: str,
        *,
        telecom: bool | None = False,
        telecom_line: Threshold | None = None,
        continuous: bool | None = False,
        unspecified_many: bool | None = False,
        may_sum: bool = False,
    ) -> None:
        self.amounts = amounts
        self.on = on
        self.lines = tuple(lines)
        self.line_question = line_question
        self.telecom_line = telecom_line
        self.ways = (False, True) if telecom is None else (telecom,)
        self.continuous = continuous
        self.unspecified_many = unspecified_many
        self.may_sum = may_sum
        oldest = min((amount.day for amount in amounts if amount.day), default=on)
        self.limits = PROSECUTION_MONTHS[lines[0].offence]
        self.may_be_barred = add_months(oldest, self.limits[1]) < on

    def tiering(self) -> Tiering:
        """Return the possible tiers and the questions that would narrow them."""
        if not self.amounts:
            return Tiering(0, 0, frozenset(), frozenset(), None, self._used_lines())
        low, high, basis = self._interval(_LIGHT, _GRAVE, self.ways)
        questions = self._questions((low, high)) if low != high else frozenset()
        barred = high == 0 and self.may_be_barred
        expired = barred and self._interval(_GRAVE, _GRAVE, self.ways, limited=False)[1] > 0
        lines = self._used_lines()
        amounts = [amount.high for amount in self.amounts]
        tiering = Tiering(low, high, questions, self._hints(high), basis, lines, expired=expired)
        return tiering._replace(highest=max(amounts), total=sum(amounts), number=len(amounts))

    def _used_lines(self) -> tuple[Threshold, ...]:
        telecom = (self.telecom_line,) if self.telecom_line and True in self.ways else ()
        return (*telecom, *(self.lines if False in self.ways or not telecom else ()))

    def _interval(
        self, light: _World, grave: _World, ways: Iterable[bool], *, limited: bool = True, many: bool = False
    ) -> tuple[int, int, str | None]:
        """Return the lowest and the highest tier, and the basis of the sum behind them."""
        lows = [self._tier(light, way, limited, many) for way in ways]
        highs = [self._tier(grave, way, limited, many) for way in ways]
        low, low_basis = min(lows, key=lambda found: found[0])
        high, high_basis = max(highs, key=lambda found: found[0])
        return low, high, low_basis if low else high_basis

    def _questions(self, whole: tuple[int, int]) -> frozenset[str]:
        """Return the questions whose answers would change the interval."""
        found = set()
        for field, question in self._unknowns():
            for value in (False, True):
                fixed = {field: value}
                interval = self._interval(_LIGHT._replace(**fixed), _GRAVE._replace(**fixed), self.ways)
                if interval[:2] != whole:
                    found.add(question)
        if len(self.ways) > 1 and any(
            self._interval(_LIGHT, _GRAVE, (way,))[:2] != whole for way in self.ways
        ):
            found.add("telecom")
        return frozenset(found)

    def _unknowns(self) -> list[tuple[str, str]]:
        """Return what is unknown about these amounts: field of `_World` and question."""
        several = len(self.amounts) > 1
        return [
            ("line", self.line_question),
            *([("continuity", "continuity")] if several and self.continuous is None else []),
            *([("processed", "processed")] if any(one.processed is None for one in self.amounts) else []),
            *([("amount", "amount")] if any(one.low != one.high for one in self.amounts) else []),
            *([("day", "act_date")] if any(one.day is None for one in self.amounts) else []),
        ]

    def _hints(self, high: int) -> frozenset[str]:
        lowered = any("unspecified_many" in line.lowered_if for line in self.lines)
        if self.unspecified_many is not None or not lowered:
            return frozenset()
        graver = self._interval(_GRAVE, _GRAVE, self.ways, many=True)[1] > high
        return frozenset(("unspecified_many",)) if graver else frozenset()

    def _tier(self, world: _World, telecom: bool, limited: bool, many: bool) -> tuple[int, str | None]:
        """Return the tier under one assumption, and the basis if only a sum reaches it."""
        single = self._counted(world, in_sum=False)
        summed = self._counted(world, in_sum=True)
        line = self.telecom_line if telecom else None
        if line is not None:
            steps = (line.large[0], line.huge[0], line.extra[0])
            basis: str | None = "telecom_2y"
            sums = _sums_in_two_years(summed)
        else:
            steps = self._steps(world, len(summed), many)
            basis = self._sum_basis(world, len(summed))
            last = max((day for day, _ in summed if day), default=None)
            sums = [(last, sum(fen for _, fen in summed))] if basis else []
        by_one = self._highest(single, steps, limited)
        by_all = self._highest(sums, steps, limited)
        return (by_all, basis) if by_all > by_one else (by_one, None)

    def _counted(self, world: _World, *, in_sum: bool) -> _Counted:
        """Return days and fen of the acts that count under an assumption."""
        return [
            (amount.day, fen)
            for amount in self.amounts
            if (fen := amount.high if world.amount else amount.low)
            and (amount.day is not None or world.day)
            and not (in_sum and amount.processed is None and not world.processed)
        ]

    def _steps(self, world: _World, count: int, many: bool) -> tuple[int, int, int]:
        """Return the three thresholds of ordinary fraud: the highest that may apply, or the lowest."""
        end, choose = (0, min) if world.line else (1, max)
        large, huge = [], []
        for line in self.lines:
            lowered = ("multiple_acts" in line.lowered_if and count >= _MULTIPLE) or (
                "unspecified_many" in line.lowered_if and (self.unspecified_many is True or many)
            )
            large.append(line.lowered_large if lowered and line.lowered_large else line.large[end])
            huge.append(line.lowered_huge if lowered and line.lowered_huge else line.huge[end])
        return choose(large), choose(huge), choose(line.extra[end] for line in self.lines)

    def _sum_basis(self, world: _World, count: int) -> str | None:
        settled = all(line.sums_multiple for line in self.lines)
        if count >= _MULTIPLE and (settled or (self.may_sum and world.line)):
            return "province_rule"
        if self.continuous or (self.continuous is None and world.continuity):
            return "practice_continuous"
        return None

    def _highest(self, sums: _Counted, steps: tuple[int, int, int], limited: bool) -> int:
        if not (limited and self.may_be_barred):
            return _tier_of(max((fen for _, fen in sums), default=0), steps)
        best = 0
        for day, fen in sums:
            tier = _tier_of(fen, steps)
            # The limit of prosecution depends on the tier; an act past it counts for no lower tier either.
            if tier > best and (day is None or add_months(day, self.limits[tier]) >= self.on):
                best = tier
        return best


def _tier_of(fen: int, steps: tuple[int, int, int]) -> int:
    large, huge, extra = steps
    return (fen >= large) + (fen >= huge) + (fen >= extra)


def _sums_in_two_years(counted: _Counted) -> _Counted:
    """Return, for each day, the sum of the two years that end on it; undated amounts are in every sum."""
    undated = sum(fen for day, fen in counted if day is None)
    dated = sorted((day, fen) for day, fen in counted if day is not None)
    sums: _Counted = [] if dated else [(None, undated)]
    first = running = 0
    for day, fen in dated:
        running += fen
        while add_months(dated[first][0], _TWO_YEARS) < day:
            running -= dated[first][1]
            first += 1
        sums.append((day, running + undated))
    return sums


def count_in_two_years(days: Sequence[date | None]) -> tuple[int, int]:
    """Return the lowest and the highest number of acts within two years.

    Parameters
    ----------
    days : sequence of date or None
        None if unknown.
    """
    dated: _Counted = [(day, 1) for day in days if day is not None]
    certain = max((count for _, count in _sums_in_two_years(dated)), default=0)
    return certain, certain + sum(day is None for day in days)
