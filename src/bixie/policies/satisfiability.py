"""Says whether conditions of a pack can hold together, and on which facts.

Conditions compare facts with few numbers and names, so a few values of each fact stand for all. Conditions
that read a common fact are answered together; groups without one are combined one after the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple, get_args

from bixie.law.truth import NO, YES, Answer, all_of, any_of, not_, open_question
from bixie.policies.conditions import CONDITIONS, READS
from bixie.policies.facts import (
    Basis,
    Challenge,
    EvidenceVerdict,
    Facts,
    Inspection,
    MerchantOption,
    OutcomeKind,
    Service,
    Stage,
)
from bixie.policies.pack import Pack, names_in

__all__ = ["Demand", "TooEntangledError", "Witnesses"]

_MAX_STEPS = 30_000
"""For a whole pack, some seconds: `cn-default` takes 2,500."""
_OPEN = open_question("unassigned")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "basis": get_args(Basis),
    "challenge": get_args(Challenge),
    "evidence_verdict": get_args(EvidenceVerdict),
    "inspection": get_args(Inspection),
    "outcome_kind": get_args(OutcomeKind),
    "service": get_args(Service),
    "stage": get_args(Stage),
}
_OTHER = "other"


class Demand(NamedTuple):
    """A condition that must have a given answer.

    Parameters
    ----------
    when : str or mapping
        As the pack has it.
    truth : bool
    """

    when: Any
    truth: bool = True


class TooEntangledError(Exception):
    """The conditions of a pack take too long to compare."""


class _Choice(NamedTuple):
    """Values of some facts, and how they answer the conditions of a group."""

    facts: dict[str, Any]
    truths: dict[str, bool]


class Witnesses:
    """Looks for facts on which conditions of one pack have given answers.

    Parameters
    ----------
    pack : Pack
    """

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._samples = _samples(pack)
        self._steps = 0

    def find(self, *demands: Demand) -> Facts | None:
        """Return facts on which every demand is met, or None if there are none.

        Raises
        ------
        TooEntangledError
        """
        names = list(dict.fromkeys(name for demand in demands for name in names_in(demand.when)))
        groups = [self._choices(group) for group in _groups(names)]
        found = self._search(demands, groups, {}, {})
        return None if found is None else Facts.model_validate(found)

    def _choices(self, names: Sequence[str]) -> list[_Choice]:
        """Return one choice of facts for every way in which they can answer the conditions `names`."""
        keys = list(dict.fromkeys(key for name in names for key in READS[name]))
        found: dict[tuple[bool, ...], _Choice] = {}
        for values in product(*(self._samples[key] for key in keys)):
            facts = dict(zip(keys, values, strict=True))
            given = self._pack.given(Facts.model_construct(**facts))
            truths = {name: CONDITIONS[name](given).truth is True for name in names}
            found.setdefault(tuple(truths.values()), _Choice(facts, truths))
            self._count()
        return list(found.values())

    def _search(
        self,
        demands: Sequence[Demand],
        groups: Sequence[list[_Choice]],
        truths: dict[str, bool],
        facts: dict[str, Any],
    ) -> dict[str, Any] | None:
        self._count()
        answers = [_answer(demand.when, truths).truth for demand in demands]
        if any(answer is (not demand.truth) for answer, demand in zip(answers, demands, strict=True)):
            return None
        if not groups:
            return facts
        for choice in groups[0]:
            found = self._search(demands, groups[1:], truths | choice.truths, facts | choice.facts)
            if found is not None:
                return found
        return None

    def _count(self) -> None:
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise TooEntangledError


def _answer(when: Any, truths: Mapping[str, bool]) -> Answer:
    if isinstance(when, str):
        truth = truths.get(when)
        return _OPEN if truth is None else YES if truth else NO
    ((operator, inner),) = when.items()
    if operator == "not":
        return not_(_answer(inner, truths))
    join = all_of if operator == "all" else any_of
    return join(_answer(part, truths) for part in inner)


def _groups(names: Iterable[str]) -> list[list[str]]:
    """Return names in groups that read no fact in common."""
    groups: list[tuple[list[str], set[str]]] = []
    for name in names:
        keys = set(READS[name])
        near = [group for group in groups if group[1] & keys]
        joined = ([one for group in near for one in group[0]] + [name], keys.union(*(g[1] for g in near)))
        groups = [group for group in groups if group not in near] + [joined]
    return [group for group, _ in groups]


def _samples(pack: Pack) -> dict[str, tuple[Any, ...]]:
    """Return values of every fact between which no condition of the pack sees a difference."""
    limits, terms = pack.limits, pack.terms
    amounts = _around(limits.refund_only_amount, terms.second_review_above)
    required = {role for roles in pack.evidence.values() for role in roles}
    options = get_args(MerchantOption)
    samples: dict[str, tuple[Any, ...]] = {
        **_WORDS,
        "amount_minor": amounts,
        "paid_minor": amounts,
        "outcome_minor": (*amounts, amounts[-1] + 1),
        "currency": (pack.currency, "XXX"),
        "refund_only_count": _around(limits.refund_only_count),
        "claims_on_item": _around(terms.max_claims_per_item),
        "category": (*limits.person_categories, _OTHER),
        "reason": tuple(dict.fromkeys((*pack.evidence, *limits.person_reasons, _OTHER))),
        "exhibit_roles": ((), tuple(sorted(required))),
        "merchant_options": ((), options[:1], options[1:], options),
    }
    flags = {key for reads in READS.values() for key in reads} - samples.keys()
    return samples | dict.fromkeys(flags, (True, False))


def _around(*limits: int | None) -> tuple[int, ...]:
    return tuple(sorted({0, *(at + more for at in limits if at is not None for more in (0, 1))}))
