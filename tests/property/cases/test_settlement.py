"""Suggested remedies: sums are right, and nobody gets less than the damage or the law gives."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import find
from bixie.cases.claims.settlement import Situation, suggest

OPTIONS = claim_options()
LEVELS = [one.percent for one in OPTIONS.damage_levels]
REASONS = st.sampled_from([one.key for one in OPTIONS.reasons])
CATEGORIES = st.sampled_from([one.key for one in OPTIONS.categories])
PAID = st.integers(1, 10**8)
GOODS = st.fixed_dictionaries({"reason": REASONS, "category": CATEGORIES, "paid": PAID})


def suggested(goods, level, *, received=True):
    situation = Situation(received=received, level=level, **goods)
    return suggest(situation, OPTIONS).remedies


@given(goods=GOODS, level=st.sampled_from(LEVELS), received=st.booleans())
@settings(deadline=None)
def test_the_lines_of_a_remedy_are_its_sum_and_the_cheapest_comes_first(goods, level, received):
    remedies = suggested(goods, level, received=received)
    for one in remedies:
        assert sum(line.minor for line in one.lines) == one.total
        assert one.refund == sum(line.minor for line in one.lines if line.code == "refund")
    assert [one.total for one in remedies] == sorted(one.total for one in remedies)


@given(goods=GOODS, level=st.sampled_from(LEVELS), received=st.booleans())
@settings(deadline=None)
def test_no_remedy_is_below_the_damage_or_the_law(goods, level, received):
    reason = find(OPTIONS.reasons, goods["reason"])
    remedies = suggested(goods, level, received=received)
    assert {one.service for one in remedies} == set(reason.services(received))
    for one in remedies:
        if received and reason.return_right != "seven_days":
            assert 100 * one.compensation >= level * goods["paid"]
        if one.service == "refund_only":
            assert 100 * one.refund >= (level if received else 100) * goods["paid"]
        assert one.refund <= goods["paid"]
    if received and reason.return_right != "none":
        (back,) = [one for one in remedies if one.service == "return_refund"]
        assert back.by_right
        assert back.refund == goods["paid"]
        shipping = next(line for line in back.lines if line.code == "return_shipping")
        assert shipping.side == ("buyer" if reason.return_right == "seven_days" else "merchant")


@given(goods=GOODS, pair=st.tuples(st.sampled_from(LEVELS), st.sampled_from(LEVELS)))
@settings(deadline=None)
def test_more_damage_never_suggests_less(goods, pair):
    less, more = (suggested(goods, level) for level in sorted(pair))
    if less:
        assert less[0].compensation <= more[0].compensation
    for service in {one.service for one in less}:
        smallest = [min(one.refund for one in some if one.service == service) for some in (less, more)]
        assert smallest == sorted(smallest)
