"""The conditions that the catalogue may name: about one act, and about the matter as a whole.

Each reads facts and nothing else; how they are put together stands in the catalogue.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from bixie.law.facts import Act
from bixie.law.matter import Matter
from bixie.law.truth import NO, YES, Answer, all_of, any_of, confirmed, not_, of

__all__ = ["ACT_CONDITIONS", "MATTER_CONDITIONS", "compile_condition"]

_NO_PENALTY_BELOW = 14
"""治安管理处罚法(2025) art. 12."""
_FRAUD_FROM = 16
"""刑法 art. 17."""


def _positive(amount: tuple[int, int]) -> Answer:
    low, high = amount
    if low > 0:
        return YES
    return of(None, "amount") if high > 0 else NO


def _obtained(matter: Matter, act: Act) -> Answer:
    return _positive(matter.obtained[act.index])


def _asked(matter: Matter, act: Act) -> Answer:
    return _positive(matter.asked[act.index])


def _aimed_higher(matter: Matter, act: Act) -> Answer:
    """Answer whether the act got less than it aimed at."""
    (asked_low, asked_high), (low, high) = matter.asked[act.index], matter.obtained[act.index]
    if asked_low > high:
        return YES
    return of(None, "amount") if asked_high > low else NO


def _unprocessed(_matter: Matter, act: Act) -> Answer:
    # What is brought to be assessed has not been dealt with yet, unless somebody says so. In a sum of
    # several acts it has to be known: see `tiers`.
    return NO if act.processed else YES


def _decided_by_platform(_matter: Matter, act: Act) -> Answer:
    return of(act.platform_auto_refund, "refund_decided_by")


def _decided_by_merchant(_matter: Matter, act: Act) -> Answer:
    return not_(of(act.platform_auto_refund, "refund_decided_by"))


ACT_CONDITIONS: Mapping[str, Callable[[Matter, Act], Answer]] = {
    "aimed_higher": _aimed_higher,
    "asked": _asked,
    "decided_by_merchant": _decided_by_merchant,
    "decided_by_platform": _decided_by_platform,
    "obtained": _obtained,
    "unprocessed": _unprocessed,
}


def _at_least(matter: Matter, years: int) -> Answer:
    age = matter.facts.age
    return of(None if age is None else age >= years, "age")


def _dispute(matter: Matter) -> Answer:
    """Nothing is left to dispute where a person found the evidence true and nobody threatened or competed."""
    return NO if matter.is_cleared else YES


def _loss(matter: Matter) -> Answer:
    if any(low > 0 for low, _ in matter.obtained):
        return YES
    return of(None, "proven_costs")


def _not_fraud_crime(matter: Matter) -> Answer:
    return not_(all_of((matter.fraud.reaches(1), _at_least(matter, _FRAUD_FROM))))


def _not_extortion_crime(matter: Matter) -> Answer:
    return not_(all_of((matter.extortion.reaches(1), _at_least(matter, _FRAUD_FROM))))


def _telecom_not_excluded(matter: Matter) -> Answer:
    return not_(confirmed(None if matter.facts.telecom is None else not matter.facts.telecom, "telecom"))


MATTER_CONDITIONS: Mapping[str, Callable[[Matter], Answer]] = {
    "age_14": lambda matter: _at_least(matter, _NO_PENALTY_BELOW),
    "age_16": lambda matter: _at_least(matter, _FRAUD_FROM),
    "dispute": _dispute,
    "fabricated_evidence": lambda matter: of(matter.facts.fabricated_evidence, "fabricated_evidence"),
    "goods_kept": lambda matter: of(matter.goods_kept, "goods_kept"),
    "is_operator": lambda matter: confirmed(matter.facts.is_operator, "is_operator"),
    "loss": _loss,
    "not_extortion_crime": _not_extortion_crime,
    "not_fraud_crime": _not_fraud_crime,
    "telecom_not_excluded": _telecom_not_excluded,
    "third_party_faked": lambda matter: confirmed(matter.facts.third_party_faked, "third_party_faked"),
    "threat": lambda matter: confirmed(matter.facts.threat, "threat"),
}

_TABLES: Mapping[str, Mapping[str, Callable[..., Answer]]] = {
    "act": ACT_CONDITIONS,
    "matter": MATTER_CONDITIONS,
}


def compile_condition(condition: Any, kind: Literal["act", "matter"]) -> Callable[..., Answer]:
    """Return a condition of the catalogue as a function.

    Parameters
    ----------
    condition : str or dict
        A name from the tables above, or ``{"all": […]}``, ``{"any": […]}``, ``{"not": …}``.
    kind : {"act", "matter"}
        Which table.

    Raises
    ------
    KeyError
        With the name that no table has.
    """
    if isinstance(condition, str):
        return _TABLES[kind][condition]
    ((operator, inner),) = condition.items()
    if operator == "not":
        part = compile_condition(inner, kind)
        return lambda *given: not_(part(*given))
    parts = [compile_condition(one, kind) for one in inner]
    join = {"all": all_of, "any": any_of}[operator]
    return lambda *given: join(part(*given) for part in parts)
