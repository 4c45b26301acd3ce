"""The conditions that the catalogue may name: about one act, and about all facts together.

Each condition reads facts only; the catalogue combines them.
"""

from collections.abc import Callable, Mapping

from bixie.law.facts import Act
from bixie.law.prepared_facts import PreparedFacts
from bixie.law.truth import NO, YES, Answer, all_of, confirmed, not_, of

__all__ = ["ACT_CONDITIONS", "OVERALL_CONDITIONS"]

_NO_PENALTY_BELOW = 14
"""治安管理处罚法(2025) art. 12."""
_FRAUD_FROM = 16
"""刑法 art. 17."""


def _positive(amount: tuple[int, int]) -> Answer:
    low, high = amount
    if low > 0:
        return YES
    return of(None, "amount") if high > 0 else NO


def _obtained(prepared: PreparedFacts, act: Act) -> Answer:
    return _positive(prepared.obtained[act.index])


def _asked(prepared: PreparedFacts, act: Act) -> Answer:
    return _positive(prepared.asked[act.index])


def _aimed_higher(prepared: PreparedFacts, act: Act) -> Answer:
    """Answer whether the act got less than it aimed at."""
    (asked_low, asked_high), (low, high) = prepared.asked[act.index], prepared.obtained[act.index]
    if asked_low > high:
        return YES
    return of(None, "amount") if asked_high > low else NO


def _unprocessed(_prepared: PreparedFacts, act: Act) -> Answer:
    # An act counts as not dealt with unless the facts say otherwise. For a sum of several acts it must be
    # known: see `tiers`.
    return NO if act.processed else YES


def _decided_by_platform(_prepared: PreparedFacts, act: Act) -> Answer:
    return of(act.platform_auto_refund, "refund_decided_by")


def _decided_by_merchant(_prepared: PreparedFacts, act: Act) -> Answer:
    return not_(of(act.platform_auto_refund, "refund_decided_by"))


ACT_CONDITIONS: Mapping[str, Callable[[PreparedFacts, Act], Answer]] = {
    "aimed_higher": _aimed_higher,
    "asked": _asked,
    "decided_by_merchant": _decided_by_merchant,
    "decided_by_platform": _decided_by_platform,
    "obtained": _obtained,
    "unprocessed": _unprocessed,
}


def _at_least(prepared: PreparedFacts, years: int) -> Answer:
    age = prepared.facts.age
    return of(None if age is None else age >= years, "age")


def _dispute(prepared: PreparedFacts) -> Answer:
    """No dispute is left if a person found the evidence true with no confirmed threat or competitor."""
    return NO if prepared.is_cleared else YES


def _loss(prepared: PreparedFacts) -> Answer:
    if any(low > 0 for low, _ in prepared.obtained):
        return YES
    return of(None, "proven_costs")


def _not_fraud_crime(prepared: PreparedFacts) -> Answer:
    return not_(all_of((prepared.fraud.reaches(1), _at_least(prepared, _FRAUD_FROM))))


def _not_extortion_crime(prepared: PreparedFacts) -> Answer:
    return not_(all_of((prepared.extortion.reaches(1), _at_least(prepared, _FRAUD_FROM))))


def _telecom_not_excluded(prepared: PreparedFacts) -> Answer:
    return not_(confirmed(None if prepared.facts.telecom is None else not prepared.facts.telecom, "telecom"))


OVERALL_CONDITIONS: Mapping[str, Callable[[PreparedFacts], Answer]] = {
    "age_14": lambda prepared: _at_least(prepared, _NO_PENALTY_BELOW),
    "age_16": lambda prepared: _at_least(prepared, _FRAUD_FROM),
    "dispute": _dispute,
    "fabricated_evidence": lambda prepared: of(prepared.facts.fabricated_evidence, "fabricated_evidence"),
    "goods_kept": lambda prepared: of(prepared.goods_kept, "goods_kept"),
    "is_operator": lambda prepared: confirmed(prepared.facts.is_operator, "is_operator"),
    "loss": _loss,
    "not_extortion_crime": _not_extortion_crime,
    "not_fraud_crime": _not_fraud_crime,
    "telecom_not_excluded": _telecom_not_excluded,
    "third_party_faked": lambda prepared: confirmed(prepared.facts.third_party_faked, "third_party_faked"),
    "threat": lambda prepared: confirmed(prepared.facts.threat, "threat"),
}
