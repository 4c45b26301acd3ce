"""Any matter that could be assessed: acts, a person, a place, and what is unknown of each."""

from datetime import date, timedelta

from hypothesis import strategies as st

from bixie.law.provinces import PROVINCES

__all__ = ["ON", "matters"]

ON = date(2026, 6, 1)

answers = st.sampled_from([True, False, None])
yuan = st.sampled_from([0, 1, 195, 1500, 2999, 3000, 4500, 6000, 9999, 10_000, 60_000, 100_000, 500_000])
days = st.integers(0, 2200).map(lambda back: (ON - timedelta(days=back)).isoformat())


@st.composite
def acts(draw):
    obtained = draw(st.one_of(st.none(), yuan))
    more = draw(st.one_of(st.none(), yuan))
    attempted = None if more is None else more + (obtained or 0)
    return {
        "date": draw(st.one_of(st.none(), days)),
        "amount_obtained": obtained,
        "amount_attempted": attempted,
        "processed": draw(answers),
        "platform_auto_refund": draw(answers),
        "goods_returned": draw(answers),
        "discovered": draw(answers),
    }


@st.composite
def matters(draw):
    listed = draw(st.lists(acts(), min_size=1, max_size=4))
    for number, act in enumerate(listed):
        act["id"] = str(number)
    return {
        "acts": listed,
        "intent": {
            "fabricated_evidence": draw(answers),
            "goods_kept": draw(answers),
            "continuous": draw(answers),
            "third_party_faked": draw(answers),
        },
        "person": {
            "age": draw(st.one_of(st.none(), st.sampled_from([13, 14, 15, 16, 30]))),
            "is_operator": draw(answers),
        },
        "place": {"province": draw(st.one_of(st.none(), st.sampled_from(sorted(PROVINCES))))},
        "mode": {
            "telecom": draw(st.sampled_from(["yes", "no", "unknown"])),
            "unspecified_many": draw(answers),
            "organised": draw(answers),
            "threat": draw(answers),
        },
        "afterwards": {"serious_circumstances": draw(answers)},
    }
