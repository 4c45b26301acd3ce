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
        None where it depends on the questions.
    questions : frozenset of str
        Ids of `messages.toml` (without ``question.``). Beside a yes or a no they are worth asking all the
        same: the fact counts only where a person has confirmed it, and nobody has been asked.
    """

    truth: bool | None
    questions: frozenset[str] = _NONE


YES = Answer(True)
NO = Answer(False)


@cache
def open_question(name: str) -> Answer:
    """Return the answer that waits for the question `name`."""
    return Answer(None, frozenset((name,)))


def of(value: bool | None, question: str) -> Answer:
    """Return the answer for a fact that may be missing."""
    if value is None:
        return open_question(question)
    return YES if value else NO


@cache
def confirmed(value: bool | None, question: str) -> Answer:
    """Return the answer for a fact that weighs only where a person has confirmed it: missing is no."""
    if value is None:
        return Answer(False, frozenset((question,)))
    return YES if value else NO


def all_of(answers: Iterable[Answer]) -> Answer:
    """Return yes if all are, no if one is not, else what is open."""
    questions = refusing = _NONE
    truth: bool | None = True
    for answer in answers:
        if answer.truth is False:
            if not answer.questions:
                return NO  # no answer to any question could turn it
            truth, refusing = False, refusing | answer.questions
        elif answer.truth is None and truth is True:
            truth = None
        questions |= answer.questions
    return Answer(truth, refusing if truth is False else questions)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Return yes if one is, no if none can be, else what is open."""
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
    """Return the opposite; what is open stays open."""
    return answer if answer.truth is None else Answer(not answer.truth, answer.questions)
