"""Three-valued answers (Kleene's strong logic) that remember which questions are still open.

An unknown is never read as the heavier value: it stays open and names the question that would close it.
"""

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["NO", "YES", "Answer", "all_of", "any_of", "not_", "of", "open_question"]

_NONE: frozenset[str] = frozenset()


class Answer(NamedTuple):
    """Yes, no, or not known yet.

    Parameters
    ----------
    truth : bool or None
        None where it depends on the questions.
    questions : frozenset of str
        Ids of `messages.toml` (without ``question.``); empty unless `truth` is None.
    """

    truth: bool | None
    questions: frozenset[str] = _NONE


YES = Answer(True)
NO = Answer(False)
_OPEN: dict[str, Answer] = {}


def open_question(name: str) -> Answer:
    """Return the answer that waits for the question `name`."""
    if name not in _OPEN:
        _OPEN[name] = Answer(None, frozenset((name,)))
    return _OPEN[name]


def of(value: bool | None, question: str) -> Answer:
    """Return the answer for a fact that may be missing."""
    if value is None:
        return open_question(question)
    return YES if value else NO


def all_of(answers: Iterable[Answer]) -> Answer:
    """Return yes if all are, no if one is not, else what is open."""
    questions = _NONE
    unknown = False
    for answer in answers:
        if answer.truth is False:
            return NO
        if answer.truth is None:
            unknown = True
            questions |= answer.questions
    return Answer(None, questions) if unknown else YES


def any_of(answers: Iterable[Answer]) -> Answer:
    """Return yes if one is, no if none can be, else what is open."""
    questions = _NONE
    unknown = False
    for answer in answers:
        if answer.truth is True:
            return YES
        if answer.truth is None:
            unknown = True
            questions |= answer.questions
    return Answer(None, questions) if unknown else NO


def not_(answer: Answer) -> Answer:
    """Return the opposite; what is open stays open."""
    if answer.truth is None:
        return answer
    return NO if answer.truth else YES
