"""A lighter fact never gives a heavier result, and an unknown never a heavier one than both its values."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.law.matters import ON, matters

from bixie.law import assess, parse_facts
from bixie.law.provinces import PROVINCES

_TIERS = {None: 0, "base": 0, "aggravated": 1, "large": 2, "multiple": 2, "serious": 2, "huge": 3, "extra": 4}
_PENAL = ("administrative", "criminal")


def weights(document):
    """Return how heavy each level is: by certainty and by tier, both of the heaviest qualification."""
    found = assess(parse_facts(document, ON), ON)
    certain = possible = 0
    for one in found.qualifications:
        if one.rule.level in _PENAL and one.is_open:
            kind = 1 if one.rule.level == "administrative" else 2
            weight = 10 * kind + _TIERS[one.tier]
            possible = max(possible, weight)
            if one.status == "possible":
                certain = max(certain, weight)
    return certain, possible


def at(document, path):
    for step in path[:-1]:
        document = document[step]
    return document, path[-1]


def changed(document, path, value):
    other = copy.deepcopy(document)
    holder, key = at(other, path)
    holder[key] = value
    return other


LIGHTER = (
    (("intent", "fabricated_evidence"), False),
    (("intent", "goods_kept"), False),
    (("intent", "continuous"), False),
    (("mode", "organised"), False),
    (("mode", "telecom"), "no"),
    (("mode", "threat"), False),
    (("mode", "unspecified_many"), False),
    (("person", "age"), 13),
    (("person", "is_operator"), False),
    (("afterwards", "serious_circumstances"), False),
    (("acts", 0, "processed"), True),
    (("acts", 0, "goods_returned"), True),
    (("acts", 0, "discovered"), False),
    (("acts", 0, "amount_obtained"), 0),
)
"""What can only help: continuity and organisation only together, so one of them may stay."""


@settings(max_examples=300, deadline=None)
@given(matters(), st.sampled_from(LIGHTER))
def test_a_lighter_fact_never_gives_a_heavier_result(document, change):
    path, value = change
    lighter = changed(document, path, value)
    if path[-1] == "goods_kept":  # an act may say otherwise for itself
        lighter = copy.deepcopy(lighter)
        for act in lighter["acts"]:
            act["goods_returned"] = None
        document = copy.deepcopy(document)
        for act in document["acts"]:
            act["goods_returned"] = None
    before, after = weights(document), weights(lighter)
    assert after[0] <= max(before)
    assert after[1] <= before[1]


@settings(max_examples=150, deadline=None)
@given(matters(), st.data())
def test_a_smaller_amount_never_gives_a_heavier_result(document, data):
    index = data.draw(st.integers(0, len(document["acts"]) - 1))
    act = document["acts"][index]
    amount = act["amount_obtained"] or 0
    smaller = data.draw(st.integers(0, amount))
    if act["amount_obtained"] is None or act["amount_attempted"] is not None:
        return
    assert weights(changed(document, ("acts", index, "amount_obtained"), smaller))[1] <= weights(document)[1]


USUAL = {"processed", "goods_kept", "goods_returned"}
UNKNOWN = (
    (("intent", "fabricated_evidence"), None, (True, False)),
    (("intent", "goods_kept"), None, (True, False)),
    (("intent", "continuous"), None, (True, False)),
    (("intent", "third_party_faked"), None, (True, False)),
    (("mode", "organised"), None, (True, False)),
    (("mode", "threat"), None, (True, False)),
    (("mode", "unspecified_many"), None, (True, False)),
    (("mode", "telecom"), "unknown", ("yes", "no")),
    (("person", "is_operator"), None, (True, False)),
    (("person", "age"), None, (13, 14, 15, 16, 30)),
    (("place", "province"), None, tuple(sorted(PROVINCES))),
    (("afterwards", "serious_circumstances"), None, (True, False)),
    (("acts", 0, "processed"), None, (True, False)),
    (("acts", 0, "goods_returned"), None, (True, False)),
    (("acts", 0, "discovered"), None, (True, False)),
    (("acts", 0, "platform_auto_refund"), None, (True, False)),
)


@settings(max_examples=300, deadline=None)
@given(matters(), st.sampled_from(UNKNOWN))
def test_an_unknown_is_never_heavier_than_both_its_values(document, unknown):
    path, missing, values = unknown
    if path[-1] == "discovered":
        document = changed(document, ("intent", "continuous"), False)
    known = [weights(changed(document, path, value)) for value in values]
    certain, possible = weights(changed(document, path, missing))
    assert possible <= max(weight for _, weight in known)
    # What is said to be possible in spite of the unknown is so whatever the answer. Two facts are read as
    # the usual case: what is brought to be assessed has not been dealt with, outside of sums; and an amount
    # was obtained, as its name says, without the goods going back.
    firmest = max if path[-1] in USUAL else min
    assert certain <= firmest(weight for weight, _ in known)


@settings(max_examples=200, deadline=None)
@given(matters())
def test_nothing_that_rests_on_a_picture_is_possible_without_a_person(document):
    document = changed(document, ("intent", "fabricated_evidence"), None)
    found = assess(parse_facts(document, ON), ON)
    for rule in ("PSAPL-49-OLD", "PSAPL-58", "ATFL-38-2", "CRIM-266", "CRIM-ATT-5", "CIV-987", "CIV-148"):
        assert found.of(rule).status not in {"possible", "alternative"}


@settings(max_examples=200, deadline=None)
@given(matters())
def test_with_the_age_unknown_no_penalty_is_more_than_open(document):
    document = changed(document, ("person", "age"), None)
    found = assess(parse_facts(document, ON), ON)
    for one in found.qualifications:
        if one.rule.level in _PENAL:
            assert one.status in {"depends", "not_met", "expired"}
            assert one.status != "depends" or "age" in one.questions


@settings(max_examples=100, deadline=None)
@given(matters())
def test_what_depends_always_says_on_what(document):
    found = assess(parse_facts(document, ON), ON)
    for one in found.qualifications:
        assert bool(one.questions) >= (one.status == "depends")
