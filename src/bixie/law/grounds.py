"""Conditions that say why: a condition answers, and names the parts that decided the answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from bixie.law.truth import Answer, all_of, any_of, not_

__all__ = ["Condition", "Ground", "Traced", "compile_condition", "deciding_grounds"]


class Ground(NamedTuple):
    """How the facts answer one condition of a rule.

    Parameters
    ----------
    condition : str
        A name of `conditions`, or one that the evaluation adds: ``acts``, ``in_force``, ``in_time``,
        ``amount_fraud``, ``amount_attempt``, ``amount_extortion``, ``serious_circumstances``.
    answer : Answer
    acts : tuple of int
        Indices of the acts it is about; empty for the facts as a whole.
    """

    condition: str
    answer: Answer
    acts: tuple[int, ...] = ()


class Traced(NamedTuple):
    """An answer, and the named conditions that decided it."""

    answer: Answer
    named: tuple[tuple[str, Answer], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A condition of the catalogue: a named test, or a combination of conditions.

    Parameters
    ----------
    ask : callable
        Returns the `Answer`; takes prepared facts, and for a condition on acts one of them.
    operator : {"named", "all", "any", "not"}
    name : str
        Of a named test.
    parts : tuple of Condition
        Of a combination.
    """

    ask: Callable[..., Answer]
    operator: Literal["named", "all", "any", "not"]
    name: str = ""
    parts: tuple["Condition", ...] = ()

    @classmethod
    def named(cls, name: str, test: Callable[..., Answer]) -> "Condition":
        """Return a named test as a condition."""
        return cls(test, "named", name)

    @classmethod
    def combined(cls, operator: Literal["all", "any", "not"], parts: tuple["Condition", ...]) -> "Condition":
        """Return a combination of conditions."""
        asks = [part.ask for part in parts]
        if operator == "not":
            return cls(lambda *given: not_(asks[0](*given)), operator, parts=parts)
        join = all_of if operator == "all" else any_of
        return cls(lambda *given: join(ask(*given) for ask in asks), operator, parts=parts)

    def trace(self, *given: object) -> Traced:
        """Return the answer and the named conditions that decided it."""
        if self.operator == "named":
            answer = self.ask(*given)
            return Traced(answer, ((self.name, answer),))
        traced = [part.trace(*given) for part in self.parts]
        if self.operator == "not":
            return Traced(not_(traced[0].answer), traced[0].named)
        answer = self.ask(*given)
        # "All" fails by the parts that fail; "any" is met, or open, by the parts that are.
        alone = answer.truth is False if self.operator == "all" else answer.truth is not False
        decisive = [one for one in traced if not alone or one.answer.truth is answer.truth]
        return Traced(answer, tuple(named for one in decisive for named in one.named))


def compile_condition(condition: Any, tests: Mapping[str, Callable[..., Answer]]) -> Condition:
    """Return a condition of a catalogue or a pack, ready to be asked.

    Parameters
    ----------
    condition : str or dict
        A name from `tests`, or ``{"all": […]}``, ``{"any": […]}``, ``{"not": …}``.
    tests : mapping
        What may be named.

    Raises
    ------
    KeyError
        If `tests` has no such name; the name is its argument.
    """
    if isinstance(condition, str):
        return Condition.named(condition, tests[condition])
    ((operator, inner),) = condition.items()
    parts = [inner] if operator == "not" else inner
    return Condition.combined(operator, tuple(compile_condition(one, tests) for one in parts))


def deciding_grounds(
    grounds: Iterable[Ground], truth: bool | None, *, is_expired: bool, counted: Sequence[int]
) -> tuple[Ground, ...]:
    """Return the grounds that decided a result, those of several acts put together.

    A rule that applies shows what is met, an open one also what is missing; one that does not apply shows
    what failed.

    Parameters
    ----------
    grounds : iterable of Ground
        Everything that was tested.
    truth : bool or None
        Whether the rule may apply; None if that depends on questions.
    is_expired : bool
        Whether only a time limit stands against it.
    counted : sequence of int
        Indices of the acts that count.
    """
    inside = frozenset(counted)
    shown = (truth,) if truth is not None else (True, None)
    found: dict[tuple[str, Answer], list[int]] = {}
    for ground in grounds:
        if truth is not False:
            kept = inside.issuperset(ground.acts) and (
                # A limit that runs is shown by itself.
                ground.condition != "in_time" or ground.answer.truth is None
            )
        elif is_expired:
            kept = ground.condition == "in_time" or not ground.acts
        else:
            kept = not ground.acts or not inside
        if kept and ground.answer.truth in shown:
            found.setdefault((ground.condition, ground.answer), []).extend(ground.acts)
    return tuple(Ground(name, answer, tuple(acts)) for (name, answer), acts in found.items())
