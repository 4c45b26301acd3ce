"""Flags beside the qualifications: lighter and heavier circumstances, transitions, doubtful lines.

An entry of the catalogue declares its flags and names a condition for each; the conditions are here. A few
flags belong to no entry and are raised for every catalogue.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise

from bixie.kit.calendar import add_months
from bixie.law.assessment import Flag, Qualification
from bixie.law.entries import Catalogue, DeclaredFlag, Rule
from bixie.law.limits import in_time
from bixie.law.prepared_facts import PreparedFacts

__all__ = ["FLAG_CONDITIONS", "GENERAL_FLAGS", "raise_flags"]

_YEAR = 12
_PENALTY_TIERS = "penalty"
_CRIME_TIERS = frozenset(("fraud", "attempt", "extortion"))


class _Found:
    """The facts and their qualifications, sorted once by what they threaten."""

    def __init__(self, prepared: PreparedFacts, qualifications: Sequence[Qualification]) -> None:
        self.prepared = prepared
        self.facts = prepared.facts
        self.qualifications = qualifications
        self.open = {one.rule.id: one for one in qualifications if one.is_open and one.acts}
        self.penalties = [one for one in self.open.values() if _tiers(one.rule) == _PENALTY_TIERS]
        self.crimes = [one for one in self.open.values() if _tiers(one.rule) in _CRIME_TIERS]

    def penalty_days(self, rule: Rule) -> list[date]:
        """Return the days of the acts that may be penalised by the police and fall under a rule, sorted."""
        indices = {index for one in self.penalties for index in one.acts}
        days = [day for index in indices if (day := self.prepared.acts[index].date)]
        return sorted(day for day in days if rule.in_force(day))

    def age_within(self, low: int, high: int) -> bool:
        """Return whether the age is known, at least `low` and below `high`."""
        return self.facts.age is not None and low <= self.facts.age < high


def _tiers(rule: Rule) -> str | None:
    return None if rule.assess is None else rule.assess.tiers


def _cleared(found: _Found) -> bool:
    return found.prepared.is_cleared


def _law_changed(found: _Found, _rule: Rule) -> bool:
    """Return whether an act falls under an older version of a rule and the decision under a later one."""
    law, decision = found.prepared.catalogue, found.facts.decision_date
    rules = [one.rule for one in found.open.values()]
    return any(
        rule.assess is not None and rule.assess.transition and law.later_version(rule, decision) is not None
        for rule in rules
    )


def _time_barred(found: _Found, _rule: Rule) -> bool:
    """Return whether the six months have passed for an act, unless the police discovered it in time."""
    prepared = found.prepared
    for rule in (one.rule for one in found.qualifications):
        how = rule.assess
        if how is None or how.tiers != _PENALTY_TIERS or how.limit is None:
            continue
        if how.when.ask(prepared).truth is False:
            continue
        for act in prepared.acts:
            if act.date and rule.in_force(act.date) and in_time(how.limit, prepared, act).truth is not True:
                return True
    return False


def _penalty_within_a_year(found: _Found, rule: Rule) -> bool:
    prior = found.facts.prior_penalty_date
    if prior is None:
        return False
    return any(prior <= day <= add_months(prior, _YEAR) for day in found.penalty_days(rule))


def _minor(found: _Found, _rule: Rule) -> bool:
    return found.age_within(0, 18) and bool(found.prepared.acts)


def _detention_not_executed(found: _Found, rule: Rule) -> bool:
    facts = found.facts
    spared = (
        found.age_within(14, 16)
        or (found.age_within(16, 18) and facts.prior_penalty_date is None)
        or (facts.age is not None and facts.age >= 70)
        or facts.pregnant_or_nursing is True
    )
    return spared and bool(found.penalty_days(rule))


def _two_acts_in_a_year(found: _Found, rule: Rule) -> bool:
    if not (found.age_within(14, 16) or (found.facts.age or 0) >= 70):
        return False
    days = found.penalty_days(rule)
    return any(later <= add_months(day, _YEAR) for day, later in pairwise(days))


def _several_penalties(found: _Found, rule: Rule) -> bool:
    return len(found.penalty_days(rule)) > 1


def _made_amends(found: _Found, _rule: Rule) -> bool:
    facts = found.facts
    helped = (facts.surrender, facts.confession, facts.restitution, facts.victim_forgave)
    return True in helped and bool(found.penalties)


def _open_rules(_found: _Found, _rule: Rule) -> bool:
    """Hold wherever the rules that the flag names under ``open`` are open."""
    return True


def _mitigation(found: _Found) -> bool:
    return bool(found.crimes) and True in (found.facts.surrender, found.facts.confession)


def _minor_crime_made_good(found: _Found, _rule: Rule) -> bool:
    facts = found.facts
    admitted = True in (facts.surrender, facts.confession)
    made_good = True in (facts.restitution, facts.victim_forgave)
    large = any(_tiers(one.rule) == "fraud" and one.tier == "large" for one in found.crimes)
    return large and admitted and made_good


def _completed_and_attempted(found: _Found, _rule: Rule) -> bool:
    prepared = found.prepared
    failed = any(
        prepared.obtained[act.index][1] == 0 and prepared.asked[act.index][0] > 0 for act in prepared.acts
    )
    return bool(found.crimes) and failed and any(low > 0 for low, _ in prepared.obtained)


def _attempt_lighter(found: _Found) -> bool:
    prepared = found.prepared
    indices = {index for one in found.penalties for index in one.acts}
    return any(prepared.obtained[index][1] == 0 and prepared.asked[index][0] > 0 for index in indices)


def _label_stripped(found: _Found, rule: Rule) -> bool:
    stripped = found.facts.label_stripped is True and not found.prepared.is_cleared
    return stripped and any(act.date and rule.in_force(act.date) for act in found.prepared.acts)


def _minor_liable(found: _Found, _rule: Rule) -> bool:
    return found.age_within(0, 18) and any(one.rule.level == "civil" for one in found.open.values())


def _summed_up(found: _Found) -> bool:
    return any(one.basis for one in found.crimes)


def _unverified_line(found: _Found) -> bool:
    # A penalty counts too: whether it stays one depends on the threshold that could not be verified.
    lines = [*found.prepared.fraud.lines, *found.prepared.attempt.lines]
    return bool(found.penalties or found.crimes) and any(line.unverified for line in lines)


GENERAL_FLAGS: Mapping[str, Callable[[_Found], bool]] = {
    "no_violation": _cleared,
    "attempt_lighter": _attempt_lighter,
    "accumulation_basis": _summed_up,
    "threshold_unverified": _unverified_line,
    "mitigation": _mitigation,
}
"""Flags that belong to no entry of the catalogue, and when they are raised."""

FLAG_CONDITIONS: Mapping[str, Callable[[_Found, Rule], bool]] = {
    "completed_and_attempted": _completed_and_attempted,
    "detention_not_executed": _detention_not_executed,
    "label_stripped": _label_stripped,
    "law_changed": _law_changed,
    "made_amends": _made_amends,
    "minor": _minor,
    "minor_crime_made_good": _minor_crime_made_good,
    "minor_liable": _minor_liable,
    "open_rules": _open_rules,
    "penalty_within_a_year": _penalty_within_a_year,
    "several_penalties": _several_penalties,
    "time_barred": _time_barred,
    "two_acts_in_a_year": _two_acts_in_a_year,
}
"""The conditions that an entry may name for its flags; they are given the entry."""


def raise_flags(prepared: PreparedFacts, qualifications: Sequence[Qualification]) -> tuple[Flag, ...]:
    """Return the general flags, those of the entries, and the effects of open qualifications."""
    found = _Found(prepared, qualifications)
    general = [Flag(name, None) for name, applies in GENERAL_FLAGS.items() if applies(found)]
    declared = [
        Flag(flag.id, rule.id) for rule, flag in _declared(prepared.catalogue) if _applies(flag, rule, found)
    ]
    return (*general, *declared, *_effects(found.open.values()))


def _declared(catalogue: Catalogue) -> Iterable[tuple[Rule, DeclaredFlag]]:
    return ((rule, flag) for rule in catalogue.rules.values() for flag in rule.flags)


def _applies(flag: DeclaredFlag, rule: Rule, found: _Found) -> bool:
    return found.open.keys() >= set(flag.open) and FLAG_CONDITIONS[flag.when](found, rule)


def _effects(qualifications: Iterable[Qualification]) -> list[Flag]:
    return [
        Flag(how.effect, one.rule.id)
        for one in qualifications
        if one.status == "possible" and (how := one.rule.assess) is not None and how.effect is not None
    ]
