"""The conditions that a pack may name. Each reads facts and numbers of the pack, and answers yes, no or open.

A name keeps its meaning for good, since old records are replayed: what should mean something else gets a name
of its own. A condition that answers yes or no on some facts answers the same when more becomes known.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, get_args

from bixie.law.truth import NO, YES, Answer, of, open_question
from bixie.policies.facts import (
    REFUND_ONLY_ON_SILENCE,
    REFUND_ONLY_WITHOUT_PERSON,
    Basis,
    Challenge,
    EvidenceVerdict,
    Facts,
    Inspection,
    OutcomeKind,
    Service,
    Stage,
)
from bixie.policies.terms import Limits, Terms

__all__ = ["CONDITIONS", "READS", "Given"]


class Given(NamedTuple):
    """What a condition is asked with.

    Parameters
    ----------
    facts : Facts
    terms : Terms
    limits : Limits
    evidence : mapping
        Views that are required, by reason.
    currency : str
        Of the amounts in `terms` and `limits`.
    """

    facts: Facts
    terms: Terms
    limits: Limits
    evidence: Mapping[str, tuple[str, ...]]
    currency: str


Test = Callable[[Given], Answer]


class _Condition(NamedTuple):
    test: Test
    reads: tuple[str, ...]


_VALUES = (
    ("service", "service", Service),
    ("stage", "stage", Stage),
    ("basis", "basis", Basis),
    ("outcome", "outcome_kind", OutcomeKind),
    ("evidence", "evidence_verdict", EvidenceVerdict),
    ("challenge", "challenge", Challenge),
    ("inspection", "inspection", Inspection),
)
"""First word of the names, key of the fact, its values."""

_FLAGS = {
    "buyer_asks_person": "buyer_asks_person",
    "confirmed_by_person": "confirmed_by_person",
    "evidence_examined": "examined",
    "goods_received": "received",
    "merchant_consents": "merchant_consents",
    "served_buyer": "served_buyer",
    "served_merchant": "served_merchant",
}
_OPTIONS = {
    "merchant_opted_refund_only": REFUND_ONLY_WITHOUT_PERSON,
    "merchant_opted_refund_only_on_silence": REFUND_ONLY_ON_SILENCE,
}


def _is(key: str, value: str) -> _Condition:
    def test(given: Given) -> Answer:
        known = getattr(given.facts, key)
        return of(None if known is None else known == value, key)

    return _Condition(test, (key,))


def _flag(key: str) -> _Condition:
    return _Condition(lambda given: of(getattr(given.facts, key), key), (key,))


def _has(key: str, value: str) -> _Condition:
    def test(given: Given) -> Answer:
        known = getattr(given.facts, key)
        return of(None if known is None else value in known, key)

    return _Condition(test, (key,))


def _listed(key: str, names: Callable[[Limits], tuple[str, ...]]) -> _Condition:
    def test(given: Given) -> Answer:
        listed, known = names(given.limits), getattr(given.facts, key)
        if not listed:
            return NO
        return of(None if known is None else known in listed, key)

    return _Condition(test, (key,))


def _at_most(key: str, limit: Callable[[Given], int]) -> _Condition:
    def test(given: Given) -> Answer:
        known = getattr(given.facts, key)
        return of(None if known is None else known <= limit(given), key)

    return _Condition(test, (key,))


def _own_currency(given: Given) -> Answer:
    known = given.facts.currency
    return of(None if known is None else known == given.currency, "currency")


def _small(given: Given) -> Answer:
    """Answer whether the amount is small. An amount in another currency is not."""
    own, amount = _own_currency(given), given.facts.amount_minor
    if own.truth is False or (amount is not None and amount > given.limits.refund_only_amount):
        return NO
    return open_question("amount_minor") if amount is None else own


def _large(given: Given) -> Answer:
    """Answer whether the amount asks for a second review. One in another currency does."""
    limit, own, amount = given.terms.second_review_above, _own_currency(given), given.facts.amount_minor
    if limit is None:
        return NO
    if own.truth is False or (amount is not None and amount > limit):
        return YES
    if amount is None:
        return open_question("amount_minor")
    return NO if own.truth else own


def _more_than(key: str) -> _Condition:
    def test(given: Given) -> Answer:
        outcome, most = given.facts.outcome_minor, getattr(given.facts, key)
        if outcome is None:
            return open_question("outcome_minor")
        return of(None if most is None else outcome > most, key)

    return _Condition(test, ("outcome_minor", key))


def _complete(given: Given) -> Answer:
    """Answer whether the files show every view that the pack requires; no for a reason it does not list."""
    reason, roles = given.facts.reason, given.facts.exhibit_roles
    if reason is None:
        return open_question("reason")
    required = given.evidence.get(reason)
    if required is None:
        return NO
    if not required:
        return YES
    return of(None if roles is None else set(required) <= set(roles), "exhibit_roles")


_ALL: dict[str, _Condition] = {
    **{f"{word}_{value}": _is(key, value) for word, key, values in _VALUES for value in get_args(values)},
    **{name: _flag(key) for name, key in _FLAGS.items()},
    **{name: _has("merchant_options", option) for name, option in _OPTIONS.items()},
    "amount_asks_second_review": _Condition(_large, ("amount_minor", "currency")),
    "amount_within_refund_only_limit": _Condition(_small, ("amount_minor", "currency")),
    "category_needs_person": _listed("category", lambda limits: limits.person_categories),
    "claims_on_item_within_limit": _at_most("claims_on_item", lambda given: given.terms.max_claims_per_item),
    "count_within_refund_only_limit": _at_most(
        "refund_only_count", lambda given: given.limits.refund_only_count
    ),
    "currency_of_pack": _Condition(_own_currency, ("currency",)),
    "evidence_complete": _Condition(_complete, ("reason", "exhibit_roles")),
    "outcome_above_amount": _more_than("amount_minor"),
    "outcome_above_paid": _more_than("paid_minor"),
    "reason_needs_person": _listed("reason", lambda limits: limits.person_reasons),
}

CONDITIONS: Mapping[str, Test] = {name: one.test for name, one in sorted(_ALL.items())}
"""Every condition that a pack may name."""

READS: Mapping[str, tuple[str, ...]] = {name: one.reads for name, one in _ALL.items()}
"""The facts that each condition reads."""
