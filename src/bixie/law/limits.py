"""Time limits: whether an act is still in time, and until when."""

from datetime import date

from bixie.kit.calendar import add_months
from bixie.law.entries import Limit
from bixie.law.facts import Act
from bixie.law.matter import Matter
from bixie.law.truth import NO, YES, Answer, open_question

__all__ = ["in_time", "last_day"]


def in_time(limit: Limit, matter: Matter, act: Act) -> Answer:
    """Return whether the act can still be brought under the limit on the day of the assessment."""
    if act.date is None:
        return open_question("act_date")
    if limit.counts_from == "discovery":
        return _discovered_in_time(limit, matter, act, act.date)
    if limit.counts_from == "act":
        return YES if matter.on <= add_months(act.date, limit.months) else NO
    if limit.hard_months and matter.on > add_months(act.date, limit.hard_months):
        return NO
    if act.known_date is not None:
        return YES if matter.on <= add_months(act.known_date, limit.months) else NO
    # Nobody can know before the act: until then the limit has not run out, whenever knowledge came.
    return YES if matter.on <= add_months(act.date, limit.months) else open_question("known_date")


def last_day(limit: Limit, matter: Matter, act: Act) -> date | None:
    """Return the last day that is certainly in time, or None where it has passed or nothing is left to run.

    What counts from knowledge is counted from the act where the day of knowledge is missing: the safe day.
    """
    if act.date is None:
        return None
    if limit.counts_from == "discovery":
        if act.discovered or act.discovered_date or matter.facts.decision_date:
            return None  # discovered: this limit does not run any more
        return _if_open(add_months(_end_of_acts(matter, act.date), limit.months), matter.on)
    until = add_months(act.known_date or act.date, limit.months)
    if limit.counts_from == "knowledge" and limit.hard_months:
        hard = add_months(act.date, limit.hard_months)
        if act.known_date is None and until < matter.on:
            until = hard
        until = min(until, hard)
    return _if_open(until, matter.on)


def _if_open(until: date, on: date) -> date | None:
    return until if on <= until else None


def _end_of_acts(matter: Matter, day: date) -> date:
    """Return the day from which the limit runs: the end of the acts where they are one continuous matter."""
    return matter.last_day or day if matter.continuous else day


def _discovered_in_time(limit: Limit, matter: Matter, act: Act, day: date) -> Answer:
    until = add_months(_end_of_acts(matter, day), limit.months)
    if matter.on <= until:
        return YES
    if act.discovered_date is not None:
        return YES if act.discovered_date <= until else NO
    decision = matter.facts.decision_date
    if decision is not None and decision <= until:
        return YES  # nobody decides on what was not discovered
    return NO if act.discovered is False else open_question("discovered")
