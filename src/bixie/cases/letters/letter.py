"""What a decision letter says: of the events up to the decision, its record and pack, so always the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bixie.cases.claims.amounts import money_text
from bixie.cases.decision_rules import may_appeal
from bixie.cases.duty_rules import Context
from bixie.cases.errors import name_of
from bixie.cases.events import Decided
from bixie.cases.folding import fold
from bixie.cases.models import CaseDecision
from bixie.cases.names import appeal_reason_name, decision_reason_name, reason_name
from bixie.cases.state import AppealState, CaseState, Dated, DecisionState, DutyState
from bixie.cases.words import Basis, Side
from bixie.kit.calendar import CHINA
from bixie.kit.messages import Text, catalogue
from bixie.law.citation import cite
from bixie.law.loading import catalogue_of_law
from bixie.policies import Pack

__all__ = ["Letter", "Section", "Subject", "letter_of", "letter_of_appeal", "until_decision"]

_WITHOUT_REPORT = frozenset({"none", "not_examined"})


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a letter."""

    key: str
    head: Text
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in both languages."""

    title: Text
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A decision that a letter is about.

    Parameters
    ----------
    state : CaseState
        When it was made: see `until_decision`.
    event : Decided
    row : CaseDecision
    pack : Pack
        That the case was heard by.
    context : Context
        At the time of the decision.
    """

    state: CaseState
    event: Decided
    row: CaseDecision
    pack: Pack
    context: Context


def until_decision(events: Sequence[Dated], decision_id: str) -> tuple[CaseState, Decided]:
    """Return the case as it was when a decision was made, and the event.

    Raises
    ------
    LookupError
        For a decision that is not in the events.
    """
    for number, one in enumerate(events, 1):
        if isinstance(one.event, Decided) and one.event.decision == decision_id:
            return fold(events[:number]), one.event
    raise LookupError(decision_id)


def letter_of(subject: Subject, side: Side) -> Letter:
    """Return the letter about a decision for one side."""
    state, row = subject.state, subject.row
    made = state.decisions[-1]
    parts = {
        "asked": (_asked(row.case_id, state),),
        "decided": (_outcome(made), _basis(made)),
        "reasons": _reasons(made, row),
        "facts": _facts(state, row.record["facts"]),
        "rules": _rules(row.record["evaluation"], subject.pack, made.decided_at),
        "next": _next(state, side),
        "appeal": (_appeal(state, made, side, subject.context),),
        "signature": (_signature(subject.event, state, made.decided_at),),
    }
    sections = (Section(key, _say(f"head.{key}"), texts) for key, texts in parts.items() if texts)
    return Letter(_say("title"), tuple(sections))


def letter_of_appeal(
    state: CaseState, context: Context, note: str | None, case_id: str, side: Side
) -> Letter:
    """Return the letter to one side that a decision stands after an appeal.

    Parameters
    ----------
    state : CaseState
        When the appeal was decided, which its last event says.
    context : Context
        At that time.
    note : str or None
        For both sides.
    case_id : str
    side : Side
    """
    made = state.decisions[-1]
    decided = [one for one in state.appeals if one.decided_at == state.last_at]
    stands = _say("stands", decision=made.id, day=_day(made.decided_at))
    parts = {
        "asked": (_asked(case_id, state),),
        "appealed": tuple(_appealed(one) for one in decided),
        "decided": (stands, _outcome(made), _again(decided[-1])),
        "reasons": _titles(decided[-1].reasons, note),
        "next": _next(state, side),
        "appeal": (_may_still_appeal(state, made, side, context),),
        "signature": (_say("signature.appeal", decision=made.id, time=_time(context.now)),),
    }
    sections = (Section(key, _say(f"head.{key}"), texts) for key, texts in parts.items() if texts)
    return Letter(_say("title.appeal"), tuple(sections))


def _may_still_appeal(state: CaseState, made: DecisionState, side: Side, context: Context) -> Text:
    able = [one for one in (Side.BUYER, Side.MERCHANT) if may_appeal(state, one, context)]
    return _appeal(state, made, side, context) if able else _say("appeal.none")


def _appealed(one: AppealState) -> Text:
    reason = appeal_reason_name(one.reason)
    return _say("appealed", side=name_of(one.by), day=_day(one.made_at), reason=reason)


def _again(one: AppealState) -> Text:
    if len(one.persons) > 1:
        return _say("basis.appeal_of_several", count=len(one.persons))
    return _say("basis.appeal")


def _asked(case_id: str, state: CaseState) -> Text:
    filed = state.filed
    return _say(
        "asked",
        case=case_id,
        day=_day(state.filed_at),
        service=catalogue("bixie.cases").text(f"service.{filed.service}"),
        amount=money_text(state.amount_minor, filed.currency),
        reason=reason_name(filed.reason),
    )


def _outcome(made: DecisionState) -> Text:
    outcome = made.outcome
    paid = outcome.amount_minor is not None and outcome.currency is not None
    amount = money_text(outcome.amount_minor or 0, outcome.currency or "CNY") if paid else ""
    return _say(f"outcome.{outcome.kind}", amount=amount)


def _basis(made: DecisionState) -> Text:
    if made.basis is Basis.RULING and len(made.persons) > 1:
        return _say("basis.ruling_of_several", count=len(made.persons))
    return _say(f"basis.{made.basis}")


def _reasons(made: DecisionState, row: CaseDecision) -> tuple[Text, ...]:
    return _titles(made.reasons, row.note)


def _titles(reasons: Sequence[str], note: str | None) -> tuple[Text, ...]:
    texts = [decision_reason_name(key) for key in reasons]
    return (*texts, *([Text(en=note, zh=note)] if note else []))


def _facts(state: CaseState, facts: dict[str, Any]) -> tuple[Text, ...]:
    sides = [side for side, _ in state.exhibits.values()]
    counts = {str(side): sides.count(side) for side in (Side.BUYER, Side.MERCHANT)}
    found = _found(facts)
    texts = [_say("evidence.count", **counts), _say(f"evidence.{found}")]
    return tuple(texts if found in _WITHOUT_REPORT else [*texts, _say("evidence.limits")])


def _found(facts: dict[str, Any]) -> str:
    verdict = facts.get("evidence_verdict") or "none"
    # Records of earlier versions do not say whether any file was examined: their letters stay as they were.
    return "not_examined" if verdict != "none" and facts.get("any_examined") is False else verdict


def _rules(evaluation: dict[str, Any], pack: Pack, moment: datetime) -> tuple[Text, ...]:
    fired = {one["id"] for one in evaluation["rules"]}
    applied = [rule for rule in pack.rules if rule.id in fired]
    texts = [_say("rule", text=Text(en=one.text.en, zh=one.text.zh), id=one.id) for one in applied]
    laws = dict.fromkeys(key for rule in applied for key in rule.law)
    cited = [text for text in (_law(key, moment) for key in laws) if text is not None]
    if cited:
        listed = Text(en="; ".join(one.en for one in cited), zh="；".join(one.zh for one in cited))
        texts.append(_say("law", law=listed))
    return tuple(texts)


def _law(key: str, moment: datetime) -> Text | None:
    """Return a citation of a law as it was in force on the day of the decision."""
    rule = catalogue_of_law().rules.get(key)
    if rule is None or not rule.in_force(moment.astimezone(CHINA).date()):
        return None
    return cite(rule) if rule.start is None else _say("law.since", law=cite(rule), day=rule.start.isoformat())


def _next(state: CaseState, side: Side) -> tuple[Text, ...]:
    own = [one for one in state.running if one.owner is side and one.kind != "appeal"]
    if own:
        return tuple(_duty(one) for one in own)
    other = next((one for one in state.running if one.kind != "appeal"), None)
    if other is None:
        return (_say("next.nothing"),)
    named = catalogue("bixie.cases").text(f"duty.{other.kind}")
    return (_say("next.other", side=name_of(other.owner), duty=named, until=_time(other.due_at)),)


def _duty(duty: DutyState) -> Text:
    words = catalogue("bixie.cases")
    return _say(
        "next.duty",
        until=_time(duty.due_at),
        duty=words.text(f"duty.{duty.kind}"),
        otherwise=words.text(f"timeout.{duty.kind}.{duty.on_timeout}"),
    )


def _appeal(state: CaseState, made: DecisionState, side: Side, context: Context) -> Text:
    if made.appeal_until is None:
        return _say("appeal.none")
    key = "until" if may_appeal(state, side, context) else "of_other"
    return _say(f"appeal.{key}", until=_time(made.appeal_until))


def _signature(event: Decided, state: CaseState, moment: datetime) -> Text:
    pack = state.filed.pack
    return _say(
        "signature",
        decision=event.decision,
        time=_time(moment),
        pack=pack.id,
        version=pack.version,
        pack_sha256=pack.sha256,
        record_sha256=event.record_sha256,
    )


def _time(moment: datetime) -> Text:
    """Return a time for people; midnight is the end of the day before."""
    local = moment.astimezone(CHINA)
    if f"{local:%H:%M}" == "00:00":
        return _say("time", day=(local.date() - timedelta(days=1)).isoformat(), hour="24:00")
    return _say("time", day=local.date().isoformat(), hour=f"{local:%H:%M}")


def _day(moment: datetime) -> str:
    return moment.astimezone(CHINA).date().isoformat()


def _say(key: str, **values: object) -> Text:
    return catalogue("bixie.cases.letters").text(key, **values)
