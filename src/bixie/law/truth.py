"""Three-valued answers (Kleene's strong logic) that remember which questions are still open.

An unknown is never read as the heavier value: it stays open and names the question that would close it.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

__all__ = ["NO", "YES", "Answer", "all_of", "any_of", "confirmed", "not_", "of", "open_question"]

_NONE: frozenset[str] = frozenset()


class Answer(NamedTuple):
    """Yes, no, or not known yet.

    Parameters
    ----------
    truth : bool or None
        None if it depends on the questions.
    questions : frozenset of str
        Ids of `messages.toml` (without ``question.``). With a yes or a no they are still worth asking:
        the fact counts only once a person confirms it, and it is not confirmed yet.
    """

    truth: bool | None
    questions: frozenset[str] = _NONE


YES = Answer(True)
NO = Answer(False)


@cache
def open_question(name: str) -> Answer:
    """Return the unknown answer that the question `name` would settle."""
    return Answer(None, frozenset((name,)))


def of(value: bool | None, question: str) -> Answer:
    """Return the answer for a fact that may be missing."""
    if value is None:
        return open_question(question)
    return YES if value else NO


@cache
def confirmed(value: bool | None, question: str) -> Answer:
    """Return the answer for a fact that counts only once a person confirms it: missing is no."""
    if value is None:
        return Answer(False, frozenset((question,)))
    return YES if value else NO


def all_of(answers: Iterable[Answer]) -> Answer:
    """Return yes if all are yes, no if one is no, otherwise unknown."""
    questions = refusing = _NONE
    truth: bool | None = True
    for answer in answers:
        if answer.truth is False:
            if not answer.questions:
                return NO  # no answer to a question could change it
            truth, refusing = False, refusing | answer.questions
        elif answer.truth is None and truth is True:
            truth = None
        questions |= answer.questions
    return Answer(truth, refusing if truth is False else questions)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Return yes if one is yes, no if all are no, otherwise unknown."""
    questions = _NONE
    truth: bool | None = False
    for answer in answers:
        if answer.truth is True:
            return answer
        if answer.truth is None:
            truth = None
        questions |= answer.questions
    return Answer(truth, questions)


def not_(answer: Answer) -> Answer:
    """Return the negation; unknown stays unknown."""
    return answer if answer.truth is None else Answer(not answer.truth, answer.questions)
