"""Three-valued answers: Kleene's tables, and which questions an answer carries on."""

import itertools

import pytest

from bixie.law.truth import NO, YES, all_of, any_of, confirmed, not_, of, open_question

OPEN = open_question("age")
OTHER = open_question("place")


def test_questions_of_the_same_name_are_one_answer():
    assert open_question("age") is OPEN


@pytest.mark.parametrize(("value", "answer"), [(True, YES), (False, NO), (None, OPEN)])
def test_a_missing_fact_is_a_question(value, answer):
    assert of(value, "age") == answer


def test_a_fact_that_must_be_confirmed_counts_as_no_and_is_asked_for():
    missing = confirmed(None, "threat")
    assert (missing.truth, missing.questions) == (False, {"threat"})
    assert confirmed(False, "threat") == NO
    assert confirmed(True, "threat") == YES


@pytest.mark.parametrize("answers", list(itertools.product([YES, NO, OPEN], repeat=2)))
def test_and_and_or_are_kleene_s(answers):
    truths = [answer.truth for answer in answers]
    both = False if False in truths else None if None in truths else True
    either = True if True in truths else None if None in truths else False
    assert all_of(answers).truth is both
    assert any_of(answers).truth is either


def test_open_answers_bring_all_their_questions():
    assert all_of((OPEN, YES, OTHER)).questions == {"age", "place"}
    assert any_of((OPEN, NO, OTHER)).questions == {"age", "place"}


def test_a_no_closes_the_questions_beside_it():
    assert all_of((OPEN, NO)) == NO


def test_a_no_for_want_of_confirmation_keeps_its_question_only_where_it_could_matter():
    asked = confirmed(None, "threat")
    assert all_of((OPEN, asked)).questions == {"threat"}
    assert all_of((asked, NO)) == NO


def test_the_opposite_of_open_is_open():
    assert not_(OPEN) is OPEN
    assert (not_(YES), not_(NO)) == (NO, YES)


def test_nothing_is_all_and_not_any():
    assert all_of(()).truth is True
    assert any_of(()).truth is False
