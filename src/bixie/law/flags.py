"""What to know beside the qualifications: lighter and heavier circumstances, transitions, doubtful lines."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise

from bixie.kit.calendar import add_months
from bixie.law.assessment import Flag, Qualification
from bixie.law.limits import in_time
from bixie.law.matter import Matter

__all__ = ["FLAGS", "raise_flags"]

_YEAR = 12
_PENALTIES = frozenset(("PSAPL-49-OLD", "PSAPL-58", "PSAPL-49-OLD-EXTORTION", "PSAPL-58-EXTORTION"))
_CRIMES = frozenset(("CRIM-266", "CRIM-ATT-5", "CRIM-274"))


class _Found:
    """The matter and those of its qualifications that are open, looked at once."""

    def __init__(self, matter: Matter, qualifications: Sequence[Qualification]) -> None:
        self.matter = matter
        self.facts = matter.facts
        self.open = {one.rule.id: one for one in qualifications if one.is_open and one.acts}
        self.all = {one.rule.id: one for one in qualifications}
        self.penalties = [self.open[name] for name in sorted(_PENALTIES & self.open.keys())]
        self.crimes = [self.open[name] for name in sorted(_CRIMES & self.open.keys())]

    def in_force(self, rule: str, day: date | None) -> bool:
        """Return whether a rule applies on a day that is known."""
        return day is not None and self.matter.catalogue.rules[rule].in_force(day)

    def penalty_days(self, rule: str) -> list[date]:
        """Return the days of the acts that may be penalised by the police and fall under a rule, sorted."""
        indices = {index for one in self.penalties for index in one.acts}
        days = [day for index in indices if (day := self.matter.acts[index].date)]
        return sorted(day for day in days if self.in_force(rule, day))

    def age_within(self, low: int, high: int) -> bool:
        """Return whether the age is known, at least `low` and below `high`."""
        return self.facts.age is not None and low <= self.facts.age < high


def _transition(found: _Found) -> bool:
    return "PSAPL-49-OLD" in found.open and found.in_force("PSAPL-58", found.facts.decision_date)


def _time_barred(found: _Found) -> bool:
    """Return whether an act is out of the six months, or is unless somebody discovered it in time."""
    matter = found.matter
    for name in _PENALTIES & found.all.keys():
        rule = found.all[name].rule
        how = rule.assess
        if how is None or how.limit is None or how.when(matter).truth is False:
            continue
        for act in matter.acts:
            if act.date and rule.in_force(act.date) and in_time(how.limit, matter, act).truth is not True:
                return True
    return False


def _heavier(found: _Found) -> bool:
    prior = found.facts.prior_penalty_date
    return prior is not None and any(
        prior <= day <= add_months(prior, _YEAR) for day in found.penalty_days("PSAPL-22")
    )


def _no_detention(found: _Found) -> bool:
    facts = found.facts
    spared = (
        found.age_within(14, 16)
        or (found.age_within(16, 18) and facts.prior_penalty_date is None)
        or (facts.age is not None and facts.age >= 70)
        or facts.pregnant_or_nursing is True
    )
    return spared and bool(found.penalty_days("PSAPL-23"))


def _twice_in_a_year(found: _Found) -> bool:
    if not (found.age_within(14, 16) or (found.facts.age or 0) >= 70):
        return False
    days = found.penalty_days("PSAPL-23")
    return any(later <= add_months(day, _YEAR) for day, later in pairwise(days))


def _lighter_afterwards(found: _Found) -> bool:
    facts = found.facts
    helped = (facts.surrender, facts.confession, facts.restitution, facts.victim_forgave)
    return True in helped and bool(found.penalties)


def _mitigation(found: _Found) -> bool:
    return bool(found.crimes) and True in (found.facts.surrender, found.facts.confession)


def _spared_prosecution(found: _Found) -> bool:
    facts = found.facts
    crime = found.open.get("CRIM-266")
    admitted = True in (facts.surrender, facts.confession)
    made_good = True in (facts.restitution, facts.victim_forgave)
    return crime is not None and crime.tier == "large" and admitted and made_good


def _both_completed_and_attempted(found: _Found) -> bool:
    matter = found.matter
    failed = any(matter.obtained[act.index][1] == 0 and matter.asked[act.index][0] > 0 for act in matter.acts)
    return bool(found.crimes) and failed and any(low > 0 for low, _ in matter.obtained)


def _attempt_lighter(found: _Found) -> bool:
    matter = found.matter
    indices = {index for one in found.penalties for index in one.acts}
    return any(matter.obtained[index][1] == 0 and matter.asked[index][0] > 0 for index in indices)


def _label_stripped(found: _Found) -> bool:
    stripped = found.facts.label_stripped is True and not found.matter.is_cleared
    return stripped and any(found.in_force("LAB-10", act.date) for act in found.matter.acts)


def _guardian(found: _Found) -> bool:
    return found.age_within(0, 18) and any(one.rule.level == "civil" for one in found.open.values())


def _unverified_line(found: _Found) -> bool:
    # Said of a penalty too: whether it stays one depends on the line that nobody could verify.
    lines = [*found.matter.fraud.lines, *found.matter.attempt.lines]
    return bool(found.penalties or found.crimes) and any(line.unverified for line in lines)


FLAGS: tuple[tuple[str, str | None, Callable[[_Found], bool]], ...] = (
    ("no_violation", None, lambda found: found.matter.is_cleared),
    ("transition_review", "APL-37", _transition),
    ("time_barred_admin", "PSAPL-25", _time_barred),
    ("heavier", "PSAPL-22", _heavier),
    ("PSAPL-12", "PSAPL-12", lambda found: found.age_within(0, 18) and bool(found.matter.acts)),
    ("detention_not_executed_unless_exception", "PSAPL-23", _no_detention),
    ("detention_exception", "PSAPL-23", _twice_in_a_year),
    ("PSAPL-16", "PSAPL-16", lambda found: len(found.penalty_days("PSAPL-16")) > 1),
    ("PSAPL-20", "PSAPL-20", _lighter_afterwards),
    ("PSAPL-11", "PSAPL-11", lambda found: "PSAPL-58" in found.open and "CIV-987" in found.open),
    ("attempt_lighter", None, _attempt_lighter),
    ("accumulation_basis", None, lambda found: any(one.basis for one in found.crimes)),
    ("threshold_unverified", None, _unverified_line),
    ("mitigation", None, _mitigation),
    ("CRIM-INT-2011-3", "CRIM-INT-2011-3", _spared_prosecution),
    ("CRIM-INT-2011-6", "CRIM-INT-2011-6", _both_completed_and_attempted),
    ("evidence_of_intent", "LAB-10", _label_stripped),
    ("guardian_liability", "CIV-1188", _guardian),
)
"""Id, the rule that says so, and when."""


def raise_flags(matter: Matter, qualifications: Sequence[Qualification]) -> tuple[Flag, ...]:
    """Return the flags of a matter: those above, and what each open qualification brings with it."""
    found = _Found(matter, qualifications)
    flags = [Flag(name, rule) for name, rule, applies in FLAGS if applies(found)]
    return (*flags, *_effects(found.open.values()))


def _effects(qualifications: Iterable[Qualification]) -> list[Flag]:
    return [
        Flag(how.effect, one.rule.id)
        for one in qualifications
        if one.status == "possible" and (how := one.rule.assess) is not None and how.effect is not None
    ]
