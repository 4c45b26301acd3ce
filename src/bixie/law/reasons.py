"""Says why a rule is met, not met or open: each ground becomes a sentence that names the fact.

The facts are taken as they were given; a reason says what follows from them, never that they are true.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bixie.kit.messages import Text, catalogue
from bixie.kit.money import yuan_from_fen
from bixie.law.citation import place_of
from bixie.law.entries import Rule, Threshold
from bixie.law.facts import Act
from bixie.law.grounds import Ground
from bixie.law.prepared_facts import PreparedFacts
from bixie.law.tiers import MIN_TIER, TIERS, Tiering

__all__ = ["FACTS", "Reason", "listed_acts", "reasons"]

FACTS: Mapping[str, str] = {
    "acts": "acts",
    "age_14": "person.age",
    "age_16": "person.age",
    "aimed_higher": "acts.amount_attempted",
    "amount_attempt": "acts.amount_attempted",
    "amount_extortion": "acts.amount_obtained",
    "amount_fraud": "acts.amount_obtained",
    "asked": "acts.amount_attempted",
    "decided_by_merchant": "acts.refund_decided_by",
    "decided_by_platform": "acts.refund_decided_by",
    "dispute": "intent.fabricated_evidence",
    "fabricated_evidence": "intent.fabricated_evidence",
    "goods_kept": "intent.goods_kept",
    "in_force": "acts.date",
    "in_time": "acts.date",
    "is_operator": "person.is_operator",
    "loss": "acts.amount_obtained",
    "not_extortion_crime": "acts.amount_obtained",
    "not_fraud_crime": "acts.amount_obtained",
    "obtained": "acts.amount_obtained",
    "serious_circumstances": "afterwards.serious_circumstances",
    "telecom_not_excluded": "mode.telecom",
    "third_party_faked": "intent.third_party_faked",
    "threat": "mode.threat",
    "unprocessed": "acts.processed",
}
"""The key of the facts that each condition asks for."""

_CRIMES = {"not_fraud_crime": "fraud", "not_extortion_crime": "extortion"}
_RETURNED = {"obtained", "asked", "aimed_higher"}
_AGE_OF_CRIME = 16
_MANY = 3
"""More days than this are not listed one by one."""


class Reason(NamedTuple):
    """Why a condition is met, is not met, or stays open.

    Parameters
    ----------
    condition : str
    met : bool or None
    acts : tuple of int
        Indices of the acts it is about; empty for the facts as a whole.
    fact : str
        Key of the facts, as in ``person.age``; ``acts.date`` is the date of each act.
    thresholds : tuple of Threshold
        What amounts were compared with.
    text : Text
    questions : tuple of str
        What has to be known, if the condition stays open.
    """

    condition: str
    met: bool | None
    acts: tuple[int, ...]
    fact: str
    thresholds: tuple[Threshold, ...]
    text: Text
    questions: tuple[str, ...]


def reasons(rule: Rule, grounds: Sequence[Ground], prepared: PreparedFacts) -> tuple[Reason, ...]:
    """Return why a rule is met, not met or open.

    Parameters
    ----------
    rule : Rule
    grounds : sequence of Ground
        What decided it.
    prepared : PreparedFacts
    """
    told = [ground for ground in grounds if not _says_nothing(ground, prepared)]
    return tuple(_reason(ground, rule, prepared) for ground in told or grounds)


def _says_nothing(ground: Ground, prepared: PreparedFacts) -> bool:
    """Return whether no amount counts at all: then the acts that do not count say why."""
    tiering = _tiering(ground.condition, prepared)
    return tiering is not None and ground.answer.truth is False and not tiering.number


def _reason(ground: Ground, rule: Rule, prepared: PreparedFacts) -> Reason:
    name, met = ground.condition, ground.answer.truth
    tiering = _tiering(name, prepared)
    if met is None:
        text = _missing(ground)
    elif tiering is not None:
        text = _amount_text(name, met, tiering, prepared)
    else:
        text = _fact_text(ground, rule, prepared)
    if len(prepared.acts) > 1 and ground.acts:
        text = _say("because.of_acts", text=text, acts=listed_acts(ground.acts))
    lines = () if tiering is None else _compared(tiering)
    questions = tuple(sorted(ground.answer.questions)) if met is None else ()
    return Reason(name, met, ground.acts, FACTS[name], lines, text, questions)


def _missing(ground: Ground) -> Text:
    """Return what has to be known."""
    asked = [_say(f"question.{name}") for name in sorted(ground.answer.questions)]
    joined = Text(en=" ".join(text.en for text in asked), zh="".join(text.zh for text in asked))
    return _say("because.missing", questions=joined)


def _fact_text(ground: Ground, rule: Rule, prepared: PreparedFacts) -> Text:
    name = ground.condition
    acts = [prepared.acts[index] for index in ground.acts]
    if name in _RETURNED and ground.answer.truth is False and acts and all(map(prepared.is_returned, acts)):
        return _say("because.returned")
    answer = "yes" if ground.answer.truth else "no"
    values = _VALUES.get(name, _no_values)(acts, rule, prepared)
    return _say(f"because.{name}.{answer}", **values)


def _no_values(_acts: Sequence[Act], _rule: Rule, _prepared: PreparedFacts) -> dict[str, object]:
    return {}


def _obtained_values(acts: Sequence[Act], _rule: Rule, prepared: PreparedFacts) -> dict[str, object]:
    return {"amount": _yuan(prepared.obtained[act.index][0] for act in acts)}


def _asked_values(acts: Sequence[Act], _rule: Rule, prepared: PreparedFacts) -> dict[str, object]:
    return {
        "asked": _yuan(prepared.asked[act.index][0] for act in acts),
        "amount": _yuan(prepared.obtained[act.index][0] for act in acts),
    }


def _loss_values(_acts: Sequence[Act], _rule: Rule, prepared: PreparedFacts) -> dict[str, object]:
    return {"amount": _yuan(low for low, _ in prepared.obtained)}


def _age_values(_acts: Sequence[Act], _rule: Rule, prepared: PreparedFacts) -> dict[str, object]:
    return {"age": prepared.facts.age}


def _day_values(acts: Sequence[Act], rule: Rule, prepared: PreparedFacts) -> dict[str, object]:
    days = sorted({act.date.isoformat() for act in acts if act.date})
    start, end = rule.start, rule.end
    return {
        "days": _listed(days),
        "span": _say(
            "because.span" if end else "because.since",
            start=start.isoformat() if start else "…",
            end=end.isoformat() if end else "…",
        ),
    }


_VALUES: Mapping[str, Callable[[Sequence[Act], Rule, PreparedFacts], dict[str, object]]] = {
    "age_14": _age_values,
    "age_16": _age_values,
    "aimed_higher": _asked_values,
    "asked": _asked_values,
    "in_force": _day_values,
    "loss": _loss_values,
    "obtained": _obtained_values,
}


def _tiering(name: str, prepared: PreparedFacts) -> Tiering | None:
    kind = _CRIMES.get(name) or (name.removeprefix("amount_") if name.startswith("amount_") else None)
    return None if kind is None else getattr(prepared, kind)


def _amount_text(name: str, met: bool, tiering: Tiering, prepared: PreparedFacts) -> Text:
    """Return how the amounts stand to the line of a crime."""
    kind = _CRIMES.get(name) or name.removeprefix("amount_")
    below_crime = name in _CRIMES
    crime = met is not below_crime
    age = prepared.facts.age
    if below_crime and met and age is not None and age < _AGE_OF_CRIME:
        return _say("because.too_young", age=age)
    if tiering.expired:
        return _say("because.barred", offence=_say(f"offence.{kind}"))
    if not tiering.number:
        return _say("because.no_amount")
    if crime and tiering.multiple:
        return _say("because.multiple")
    verb = "reached" if crime else "below"
    summed = tiering.basis is not None if crime else tiering.total < _lowest(kind, tiering)
    form = "one" if tiering.number == 1 else "sum" if summed else "each"
    text = _say(
        f"because.{verb}.{form}",
        amount=yuan_from_fen(tiering.highest),
        total=yuan_from_fen(tiering.total),
        offence=_say(f"offence.{kind}"),
        tier=_say(f"tier_name.{TIERS[MIN_TIER[kind]]}"),
        lines=_lines(kind, tiering),
    )
    return _say("because.crime", text=text) if below_crime and crime else text


def _compared(tiering: Tiering) -> tuple[Threshold, ...]:
    """Return the thresholds, those of the place first."""
    return tuple(sorted(tiering.lines, key=lambda line: line.telecom))


def _lowest(kind: str, tiering: Tiering) -> int:
    return min((_line(kind, line)[0] for line in tiering.lines), default=0)


def _line(kind: str, line: Threshold) -> tuple[int, int]:
    return line.huge if TIERS[MIN_TIER[kind]] == "huge" else line.large


def _lines(kind: str, tiering: Tiering) -> Text:
    """Return the starting amounts that were compared with, each with its place."""
    parts = []
    for line in _compared(tiering):
        form = "telecom" if line.telecom else "place" if line.group is None else "place_class"
        low, high = (yuan_from_fen(fen) for fen in _line(kind, line))
        amount = Text(en=low, zh=low) if low == high else _say("line.range", low=low, high=high)
        group = line.group and _say(f"line.class_{line.group}")
        parts.append(_say(f"line.{form}", place=place_of(line), group=group, amount=amount))
    return Text(en="; ".join(one.en for one in parts), zh="；".join(one.zh for one in parts))


def listed_acts(indices: Sequence[int]) -> Text:
    """Return the numbers of acts, from 1; of many, only the first few."""
    return _listed([str(index + 1) for index in indices])


def _listed(parts: Sequence[str]) -> Text:
    shown = list(parts[:_MANY])
    if len(parts) > _MANY:
        return Text(en=", ".join(shown) + " and more", zh="、".join(shown) + "…")
    return Text(en=", ".join(shown), zh="、".join(shown))


def _yuan(amounts: Iterable[int]) -> str:
    return yuan_from_fen(sum(amounts))


def _say(key: str, **values: object) -> Text:
    return catalogue("bixie.law").text(key, **values)
