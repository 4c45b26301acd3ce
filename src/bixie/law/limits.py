"""Time limits: whether an act is still in time, and until when."""

from datetime import date

from bixie.kit.calendar import add_months
from bixie.law.entries import Limit
from bixie.law.facts import Act
from bixie.law.prepared_facts import PreparedFacts
from bixie.law.truth import NO, YES, Answer, open_question

__all__ = ["in_time", "last_day"]


def in_time(limit: Limit, prepared: PreparedFacts, act: Act) -> Answer:
    """Return whether the act can still be brought under the limit on the day of the assessment."""
    if act.date is None:
        return open_question("act_date")
    if limit.counts_from == "discovery":
        return _discovered_in_time(limit, prepared, act, act.date)
    if limit.counts_from == "act":
        return YES if prepared.on <= add_months(act.date, limit.months) else NO
    if limit.hard_months and prepared.on > add_months(act.date, limit.hard_months):
        return NO
    if act.known_date is not None:
        return YES if prepared.on <= add_months(act.known_date, limit.months) else NO
    # Knowledge cannot precede the act, so counting from the act gives a day that is still in time.
    return YES if prepared.on <= add_months(act.date, limit.months) else open_question("known_date")


def last_day(limit: Limit, prepared: PreparedFacts, act: Act) -> date | None:
    """Return the last day that is certainly in time; None if it has passed, or if the limit no longer runs.

    Without the day of knowledge, a limit that runs from knowledge is counted from the act, to be safe.
    """
    if act.date is None:
        return None
    if limit.counts_from == "discovery":
        if act.discovered or act.discovered_date or prepared.facts.decision_date:
            return None  # discovered: this limit no longer runs
        return _if_open(add_months(_end_of_acts(prepared, act.date), limit.months), prepared.on)
    until = add_months(act.known_date or act.date, limit.months)
    if limit.counts_from == "knowledge" and limit.hard_months:
        hard = add_months(act.date, limit.hard_months)
        if act.known_date is None and until < prepared.on:
            until = hard
        until = min(until, hard)
    return _if_open(until, prepared.on)


def _if_open(until: date, on: date) -> date | None:
    return until if on <= until else None


def _end_of_acts(prepared: PreparedFacts, day: date) -> date:
    """Return the day from which the limit runs: the end of the acts where they are one continuous matter."""
    return prepared.last_day or day if prepared.continuous else day


def _discovered_in_time(limit: Limit, prepared: PreparedFacts, act: Act, day: date) -> Answer:
    until = add_months(_end_of_acts(prepared, day), limit.months)
    if prepared.on <= until:
        return YES
    if act.discovered_date is not None:
        return YES if act.discovered_date <= until else NO
    decision = prepared.facts.decision_date
    if decision is not None and decision <= until:
        return YES  # a decision shows that the act was discovered
    return NO if act.discovered is False else open_question("discovered")
