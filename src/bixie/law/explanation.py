"""Why an assessment says what it says: grounds and time limits of each rule, and the steps that follow.

It is worked out only when someone reads it; `evaluation` decides without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bixie.law.assessment import Assessment, Qualification, Step
from bixie.law.evaluation import Tested, trace_rule
from bixie.law.grounds import Ground, deciding_grounds
from bixie.law.limits import PROSECUTION, TimeLimit, prosecution_end, time_limits
from bixie.law.prepared_facts import PreparedFacts
from bixie.law.reasons import Reason, reasons
from bixie.law.steps import next_steps

__all__ = ["Explanation", "explain"]

_TRUTH = {"possible": True, "alternative": True, "depends": None, "not_met": False, "expired": False}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What stands behind an assessment.

    Parameters
    ----------
    reasons : mapping of str to tuple of Reason
        Why each qualification has its status, by the id of its rule.
    limits : mapping of str to tuple of TimeLimit
        How its time limits stand.
    steps : tuple of Step
        What the merchant can do, in order.
    """

    reasons: Mapping[str, tuple[Reason, ...]]
    limits: Mapping[str, tuple[TimeLimit, ...]]
    steps: tuple[Step, ...]


def explain(found: Assessment) -> Explanation:
    """Return why each qualification has its status, until when, and what can be done."""
    prepared = found.prepared
    said: dict[str, tuple[Reason, ...]] = {}
    limits: dict[str, tuple[TimeLimit, ...]] = {}
    for one in found.qualifications:
        tested = trace_rule(one.rule, prepared)
        said[one.rule.id] = reasons(one.rule, _grounds(one, tested), prepared)
        limits[one.rule.id] = (*_limits(one, tested), *_prosecution(one, tested, prepared))
    steps = next_steps(found.catalogue.steps, found.qualifications, limits, found.deadlines)
    return Explanation(said, limits, steps)


def _grounds(one: Qualification, tested: Tested) -> tuple[Ground, ...]:
    is_expired = one.status == "expired"
    return deciding_grounds(tested.grounds, _TRUTH[one.status], is_expired=is_expired, counted=one.acts)


def _limits(one: Qualification, tested: Tested) -> tuple[TimeLimit, ...]:
    how = one.rule.assess
    return () if how is None or how.limit is None else time_limits(how.limit, tested.standings)


def _prosecution(one: Qualification, tested: Tested, prepared: PreparedFacts) -> tuple[TimeLimit, ...]:
    """Return the limit of prosecution beside a crime that may apply, or that would but for this limit."""
    crime = any(ground.condition.startswith("amount_") for ground in tested.grounds)
    if one.status == "expired" and crime:
        return (TimeLimit(PROSECUTION, "passed", None, None, one.acts),)
    end = prosecution_end(prepared, one.acts, one.tier, one.thresholds)
    return () if end is None else (TimeLimit(PROSECUTION, "running", end[0], None, one.acts),)
