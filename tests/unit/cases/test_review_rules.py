"""Which skills a case asks for."""

import pytest

from bixie.cases.reviews.routing import When


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({}, True),
        ({"kinds": ["appeal"]}, False),
        ({"categories": ["food"], "amount_above": 99}, True),
        ({"amount_above": 100}, False),
    ],
)
def test_everything_that_a_routing_rule_names_must_fit(when, fits):
    assert When.model_validate(when).fits("review", "food", 100) is fits
