"""Evaluates facts against the catalogue: each rule is possible, open, out of time or not met.

An unknown never resolves towards the heavier outcome: it becomes a question and the status `depends`.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from bixie.law.assessment import Assessment, Qualification, Status
from bixie.law.deadlines import open_deadlines
from bixie.law.entries import Assess, Catalogue, Rule, weakest
from bixie.law.facts import Act, Facts
from bixie.law.flags import raise_flags
from bixie.law.limits import in_time
from bixie.law.loading import catalogue_of_law
from bixie.law.prepared_facts import PreparedFacts
from bixie.law.tiers import TIERS, Tiering
from bixie.law.truth import NO, YES, Answer, all_of, any_of, confirmed, open_question

__all__ = ["assess"]

_MIN_TIER = {"fraud": 1, "attempt": 2, "extortion": 1}
"""An attempt is a crime only if it aims at a huge amount: 法释〔2011〕7号 art. 5."""
_PRACTICE = "K"
"""Mark of the police guideline on graver circumstances, which may not have been issued anew."""


def assess(facts: Facts, on: date, catalogue: Catalogue | None = None) -> Assessment:
    """Return which rules in force on the days of the acts may apply to facts.

    Parameters
    ----------
    facts : Facts
    on : date
        Day of the assessment; time limits count to it.
    catalogue : Catalogue, optional
        Bixie's own when not given.
    """
    catalogue = catalogue or catalogue_of_law()
    prepared = PreparedFacts(facts, on, catalogue)
    qualifications = tuple(_qualify(rule, prepared) for rule in _assessed(catalogue))
    flags = raise_flags(prepared, qualifications)
    deadlines = open_deadlines(prepared, qualifications)
    return Assessment(on, catalogue, qualifications, flags, deadlines)


def _assessed(catalogue: Catalogue) -> Iterable[Rule]:
    return (rule for rule in catalogue.rules.values() if rule.assess)


class _Counted(NamedTuple):
    """The acts under one rule: whether one counts, whether one would count but for time limits, and which."""

    answer: Answer
    ever: Answer
    indices: tuple[int, ...]


def _qualify(rule: Rule, prepared: PreparedFacts) -> Qualification:
    how = rule.assess
    assert how is not None  # `_assessed` takes no other
    counted = _count_acts(rule, how, prepared)
    when = how.when(prepared)
    tiering = _tiering(how, prepared)
    graded = YES if tiering is None else _graded(how, tiering, prepared)
    answer = all_of((counted.answer, when, graded, _decision_day(rule, how, prepared)))
    status: Status = "depends"
    if answer.truth is True:
        status = "alternative" if how.reading == "alternative" else "possible"
    elif answer.truth is False:
        overdue = tiering is not None and tiering.expired
        but_for_time = all_of((counted.ever, when, YES if overdue else graded))
        status = "not_met" if but_for_time.truth is False else "expired"
    is_open = answer.truth is not False
    tier = _tier_name(how, tiering, prepared, counted.indices) if is_open else None
    used = tiering if tiering is not None and is_open else None
    marks = [
        rule.confidence,
        *([used.confidence()] if used else ()),
        *([_PRACTICE] if tier == "aggravated" else ()),
    ]
    return Qualification(
        rule,
        status,
        tier,
        tuple(sorted(answer.questions)),
        counted.indices,
        weakest(*marks),
        used.lines if used else (),
        used.basis if used else None,
    )


def _count_acts(rule: Rule, how: Assess, prepared: PreparedFacts) -> _Counted:
    if prepared.facts.acts is None:
        unknown = open_question("acts")
        return _Counted(unknown, unknown, ())
    answers, ever, indices = [], [], []
    for act in prepared.acts:
        force = _in_force(rule, act)
        if force is NO:
            continue
        met = all_of((force, *[test(prepared, act) for test in how.acts])) if how.acts else force
        if met.truth is False:
            continue
        live = met if how.limit is None else all_of((met, in_time(how.limit, prepared, act)))
        ever.append(met)
        answers.append(live)
        if live.truth is not False:
            indices.append(act.index)
    return _Counted(any_of(answers), any_of(ever), tuple(indices))


def _in_force(rule: Rule, act: Act) -> Answer:
    if act.date is not None:
        return YES if rule.in_force(act.date) else NO
    return open_question("act_date")


def _decision_day(rule: Rule, how: Assess, prepared: PreparedFacts) -> Answer:
    """Ask for the day of the decision if the law has changed since the act; the status stays as it is."""
    asked = how.transition and prepared.facts.decision_date is None
    changed = asked and prepared.catalogue.later_version(rule, prepared.on)
    return Answer(True, frozenset(("decision_date",))) if changed else YES


def _tiering(how: Assess, prepared: PreparedFacts) -> Tiering | None:
    if how.tiers == "fraud":
        return prepared.fraud
    if how.tiers == "attempt":
        return prepared.attempt
    return prepared.extortion if how.tiers == "extortion" else None


def _graded(how: Assess, tiering: Tiering, prepared: PreparedFacts) -> Answer:
    """Return whether amounts or confirmed circumstances reach the threshold of a crime."""
    reached = tiering.reaches(_MIN_TIER[str(how.tiers)])
    if how.tiers != "attempt":
        return reached
    return any_of((reached, confirmed(prepared.facts.serious_circumstances, "serious_circumstances")))


def _tier_name(
    how: Assess, tiering: Tiering | None, prepared: PreparedFacts, acts: tuple[int, ...]
) -> str | None:
    if tiering is not None:
        if tiering.multiple and tiering.low <= 1:
            return "multiple"
        if how.tiers == "attempt" and tiering.high < _MIN_TIER["attempt"]:
            return "serious"
        return TIERS[max(tiering.low, _MIN_TIER[str(how.tiers)])]
    if how.tiers != "penalty":
        return None
    amounts = [prepared.asked[index][0] for index in acts]
    return "aggravated" if sum(amounts) >= prepared.half_of_large() else "base"
