"""Keys of answers have names for people in both languages; one that is known no more names itself."""

import typing

import pytest

from bixie.cases import names
from bixie.cases.claims.loading import claim_options
from bixie.cases.event_parts import Outcome
from bixie.cases.words import Basis, OutcomeKind, Stage
from bixie.policies.facts import EvidenceVerdict


def says_both(text):
    return bool(text.zh) and text.zh != text.en and "." not in text.en and "_" not in text.en


@pytest.mark.parametrize(
    ("entries", "name"),
    [
        ("reasons", names.reason_name),
        ("labels", names.label_name),
        ("roles", names.role_name),
        ("asks", names.ask_name),
        ("decision_reasons", names.decision_reason_name),
    ],
)
def test_every_option_is_named_by_its_title(entries, name):
    for one in getattr(claim_options(), entries):
        assert name(one.key) == one.title
    assert name("gone_by_now").zh == "gone_by_now"


def test_every_word_of_answers_is_named():
    for group, words in (
        ("stage", Stage),
        ("basis", Basis),
        ("duty_state", ("open", "paused", "closed")),
        ("offer_state", ("open", "accepted", "refused", "countered", "lapsed")),
        ("review", ("review", "appeal")),
    ):
        for word in words:
            assert says_both(names.word_name(group, word)), (group, word)
    assert names.word_name("service", "tampered").en == "tampered"


def test_a_file_that_was_not_examined_is_told_from_one_that_says_nothing():
    verdicts = [None, "unknown", *typing.get_args(EvidenceVerdict)]
    said = [names.verdict_name(one) for one in verdicts]
    assert all(says_both(one) for one in said)
    assert len({one.zh for one in said}) == len(verdicts)
    assert names.verdict_name(None).en == "not examined yet"


@pytest.mark.parametrize("kind", OutcomeKind)
def test_an_outcome_is_named_with_its_amount(kind):
    bare = names.outcome_name(Outcome(kind=kind))
    assert says_both(bare)
    paid = names.outcome_name(Outcome(kind=kind, amount_minor=1999, currency="CNY"))
    assert paid.zh == f"{bare.zh} 19.99 元"
