"""Asks a pack about facts: what is permitted, who must look, which rules said so, what is still open.

An unknown is never read as what would pay without a person, nor as what would let a decision stand: a
permission counts only if it surely holds, every other rule unless it surely does not. So learning more can
lift what a rule asks for, and never adds to it.
"""

from dataclasses import dataclass
from typing import Any

from bixie.policies.facts import Facts
from bixie.policies.pack import Effect, Pack, Rule

__all__ = ["Evaluation", "FiredRule", "evaluate"]


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that counts.

    Parameters
    ----------
    id : str
    effect : str
    is_certain : bool
        False: the rule counts because what would lift it is not known.
    grounds : tuple of (str, bool or None)
        The conditions that decided, and how the facts answer them; None is open.
    """

    id: str
    effect: Effect
    is_certain: bool
    grounds: tuple[tuple[str, bool | None], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the rule in JSON types."""
        return {
            "id": self.id,
            "effect": self.effect,
            "certain": self.is_certain,
            "grounds": [{"condition": name, "holds": truth} for name, truth in self.grounds],
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a pack says to facts.

    Parameters
    ----------
    rules : tuple of FiredRule
        In the order of the pack.
    permitted : bool
        Nothing forbids the outcome. Whether a person must confirm it is another question.
    objections : tuple of str
        Ids of the rules that forbid.
    person_required, second_review_required : bool
    questions : tuple of str
        Facts that are missing and could change what a rule says.
    """

    rules: tuple[FiredRule, ...]
    permitted: bool
    objections: tuple[str, ...]
    person_required: bool
    second_review_required: bool
    questions: tuple[str, ...]

    @property
    def without_person(self) -> bool:
        """Whether the outcome may stand although no person confirmed it."""
        return self.permitted and not self.person_required and not self.second_review_required

    def as_dict(self) -> dict[str, Any]:
        """Return the evaluation in JSON types, as records keep it."""
        return {
            "rules": [rule.as_dict() for rule in self.rules],
            "permitted": self.permitted,
            "objections": list(self.objections),
            "person_required": self.person_required,
            "second_review_required": self.second_review_required,
            "questions": list(self.questions),
        }


def evaluate(pack: Pack, facts: Facts) -> Evaluation:
    """Return what a pack says to facts.

    Parameters
    ----------
    pack : Pack
    facts : Facts
        What is missing is unknown; it becomes a question.
    """
    given = pack.given(facts)
    fired: list[FiredRule] = []
    questions: set[str] = set()
    for rule in pack.rules:
        traced = rule.condition.trace(given)
        if traced.answer.truth is None:
            questions |= traced.answer.questions
        if _counts(rule, traced.answer.truth):
            # In the order of the condition, each once.
            grounds = dict.fromkeys((name, answer.truth) for name, answer in traced.named)
            fired.append(FiredRule(rule.id, rule.effect, traced.answer.truth is True, tuple(grounds)))
    effects = {rule.effect for rule in fired}
    objections = tuple(rule.id for rule in fired if rule.effect == "forbid")
    return Evaluation(
        rules=tuple(fired),
        permitted=not objections,
        objections=objections,
        person_required="permit_without_person" not in effects or "require_person" in effects,
        second_review_required="require_second_review" in effects,
        questions=tuple(sorted(questions)),
    )


def _counts(rule: Rule, truth: bool | None) -> bool:
    return truth is True if rule.effect == "permit_without_person" else truth is not False
