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
from bixie.law.grounds import Ground
from bixie.law.limits import Standing, standing
from bixie.law.loading import catalogue_of_law
from bixie.law.prepared_facts import PreparedFacts
from bixie.law.tiers import MIN_TIER, TIERS, Tiering
from bixie.law.truth import NO, YES, Answer, all_of, any_of, confirmed, open_question

__all__ = ["Tested", "assess", "trace_rule"]

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
    return Assessment(on, catalogue, qualifications, flags, deadlines, prepared)


def _assessed(catalogue: Catalogue) -> Iterable[Rule]:
    return (rule for rule in catalogue.rules.values() if rule.assess)


class Tested(NamedTuple):
    """Everything that one rule was tested by, in the order of the tests.

    Parameters
    ----------
    grounds : list of Ground
        How every condition was answered; for the facts as a whole only those that decided.
    standings : list of (int, Standing)
        How each act that would count stands to the limit of the rule.
    """

    grounds: list[Ground]
    standings: list[tuple[int, Standing]]


class _Counted(NamedTuple):
    """The acts under one rule: whether one counts, whether one would count but for time limits, and which."""

    answer: Answer
    ever: Answer
    indices: tuple[int, ...]


def trace_rule(rule: Rule, prepared: PreparedFacts) -> Tested:
    """Return everything that an assessed rule is tested by."""
    how = rule.assess
    assert how is not None  # no other rule has a qualification
    tested = Tested([], [])
    _count_acts(rule, how, prepared, tested)
    tested.grounds.extend(Ground(*named) for named in how.when.trace(prepared).named)
    tiering = _tiering(how, prepared)
    if tiering is not None:
        graded = _graded(how, tiering, prepared)
        reached = any_of(ground.answer for ground in graded).truth
        tested.grounds.extend(
            ground for ground in graded if reached is False or ground.answer.truth is reached
        )
    return tested


def _qualify(rule: Rule, prepared: PreparedFacts) -> Qualification:
    how = rule.assess
    assert how is not None  # `_assessed` takes no other
    counted = _count_acts(rule, how, prepared)
    when = how.when.ask(prepared)
    tiering = _tiering(how, prepared)
    graded = YES
    if tiering is not None:
        graded = any_of(ground.answer for ground in _graded(how, tiering, prepared))
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


def _count_acts(rule: Rule, how: Assess, prepared: PreparedFacts, tested: Tested | None = None) -> _Counted:
    """Return which acts count under a rule; note every test in `tested`, where it is given."""
    if not prepared.facts.acts:
        known = NO if prepared.facts.acts is not None else open_question("acts")
        if tested is not None:
            tested.grounds.append(Ground("acts", known))
        return _Counted(known, known, ())
    answers, ever, indices = [], [], []
    for act in prepared.acts:
        force = _in_force(rule, act)
        asked = () if force is NO else how.acts
        found = [force, *[test.ask(prepared, act) for test in asked]]
        met = all_of(found)
        stands = None
        if met.truth is not False:
            stands = None if how.limit is None else standing(how.limit, prepared, act)
            live = met if stands is None else all_of((met, stands.answer))
            ever.append(met)
            answers.append(live)
            if live.truth is not False:
                indices.append(act.index)
        if tested is not None:
            names = ("in_force", *(test.name for test in asked))
            pairs = zip(names, found, strict=True)
            tested.grounds.extend(Ground(name, answer, (act.index,)) for name, answer in pairs)
            if stands is not None:
                tested.grounds.append(Ground("in_time", stands.answer, (act.index,)))
                tested.standings.append((act.index, stands))
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


def _graded(how: Assess, tiering: Tiering, prepared: PreparedFacts) -> list[Ground]:
    """Return whether amounts, or for an attempt confirmed circumstances, reach the threshold of a crime."""
    amounts = Ground(f"amount_{how.tiers}", tiering.reaches(MIN_TIER[str(how.tiers)]))
    if how.tiers != "attempt":
        return [amounts]
    serious = confirmed(prepared.facts.serious_circumstances, "serious_circumstances")
    return [amounts, Ground("serious_circumstances", serious)]


def _tier_name(
    how: Assess, tiering: Tiering | None, prepared: PreparedFacts, acts: tuple[int, ...]
) -> str | None:
    if tiering is not None:
        if tiering.multiple and tiering.low <= 1:
            return "multiple"
        if how.tiers == "attempt" and tiering.high < MIN_TIER["attempt"]:
            return "serious"
        return TIERS[max(tiering.low, MIN_TIER[str(how.tiers)])]
    if how.tiers != "penalty":
        return None
    amounts = [prepared.asked[index][0] for index in acts]
    return "aggravated" if sum(amounts) >= prepared.half_of_large() else "base"
