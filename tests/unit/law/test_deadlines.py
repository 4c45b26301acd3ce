"""The limit of prosecution, by what the tier of each offence threatens."""

from datetime import date

import pytest

from bixie.law import assess, parse_facts

ON = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("amount", "mode", "until"),
    [
        (12_000, {}, date(2031, 5, 10)),
        (120_000, {}, date(2041, 5, 10)),
        (600_000, {}, date(2046, 5, 10)),
        (600_000, {"threat": True}, date(2041, 5, 10)),
    ],
)
def test_the_limit_follows_what_the_tier_threatens(amount, mode, until):
    document = {
        "acts": [{"date": "2026-05-10", "amount_obtained": amount, "processed": False}],
        "intent": {"fabricated_evidence": not mode},
        "person": {"age": 30},
        "place": {"province": "ZJ"},
        "mode": {"telecom": "no", **mode},
    }
    found = assess(parse_facts(document, ON), ON)
    assert [item.until for item in found.deadlines if item.id == "CRIM-87"] == [until]
