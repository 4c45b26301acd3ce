"""Checks what sides and reviewers answer with: coded reasons, what a reason asks for, what was asked for."""

from collections.abc import Sequence
from typing import TypeVar

from bixie.cases.claims.drafts import DraftExhibit
from bixie.cases.claims.errors import ClaimError
from bixie.cases.claims.options import Ask, ClaimOptions, Coded, find
from bixie.cases.claims.rules import kind_of

__all__ = [
    "check_appeal",
    "check_asks",
    "check_decision",
    "check_more_time",
    "check_rejection",
    "check_supplement",
]

_Entry = TypeVar("_Entry", bound=Coded)


def check_rejection(reason: str, text: str, pictures: int, options: ClaimOptions) -> None:
    """Refuse a merchant's rejection of a claim whose reason does not exist, or asks for words or a picture.

    Parameters
    ----------
    reason : str
        Key of the options' `reject_reasons`.
    text : str
    pictures : int
        Files that the merchant has handed in, with this answer or before.
    options : ClaimOptions

    Raises
    ------
    ClaimError
        ``claims.no_such_code``, ``claims.text_missing`` or ``claims.picture_missing``.
    """
    entry = find(options.reject_reasons, reason)
    if entry is None or "answer" not in entry.at:
        known = [one for one in options.reject_reasons if "answer" in one.at]
        raise _unknown(reason, known)
    _check_text(entry, text)
    if entry.picture and not pictures:
        raise ClaimError("claims.picture_missing", reason=entry.title)


def check_appeal(reason: str, text: str, options: ClaimOptions) -> None:
    """Refuse an appeal whose reason does not exist, or asks for words.

    Raises
    ------
    ClaimError
        ``claims.no_such_code`` or ``claims.text_missing``.
    """
    _check_text(_found(options.appeal_reasons, reason), text)


def check_more_time(reason: str, side: str, options: ClaimOptions) -> None:
    """Refuse a request for more time whose reason is not one of that side.

    Raises
    ------
    ClaimError
        ``claims.no_such_code``.
    """
    _found([one for one in options.more_time_reasons if side in one.sides], reason)


def check_decision(reasons: Sequence[str], kind: str | None, note: str, options: ClaimOptions) -> None:
    """Refuse a ruling whose reasons do not exist, do not go with its outcome, or ask for words.

    Parameters
    ----------
    reasons : sequence of str
        Keys of the options' `decision_reasons`.
    kind : str or None
        Of the outcome; None where an appealed decision stands.
    note : str
    options : ClaimOptions

    Raises
    ------
    ClaimError
        ``claims.no_such_code``, ``claims.reason_of_other_outcome`` or ``claims.text_missing``.
    """
    for reason in reasons:
        entry = _found(options.decision_reasons, reason)
        if kind is not None and kind not in entry.outcomes:
            raise ClaimError("claims.reason_of_other_outcome", reason=entry.title)
        _check_text(entry, note)


def check_asks(asks: Sequence[str], options: ClaimOptions) -> None:
    """Refuse to ask for what the options do not have.

    Raises
    ------
    ClaimError
        ``claims.no_such_code``.
    """
    for ask in asks:
        _found(options.asks, ask)


def check_supplement(
    asked: Sequence[str], exhibits: Sequence[DraftExhibit], text: str, options: ClaimOptions
) -> tuple[str, ...]:
    """Return what was asked for and is not in the answer.

    Parameters
    ----------
    asked : sequence of str
        Keys of the options' `asks`.
    exhibits : sequence of DraftExhibit
        What was handed in since it was asked for.
    text : str
    options : ClaimOptions

    Raises
    ------
    ClaimError
        ``claims.answer_without_reason``: something that the options enforce is missing, and no word says why.
    """
    entries = [ask for key in asked if (ask := find(options.asks, key))]
    missing = [ask for ask in entries if not any(_answers(one, ask) for one in exhibits)]
    enforced = next((ask for ask in missing if ask.enforced), None)
    if enforced is not None and not text.strip():
        raise ClaimError("claims.answer_without_reason", asked=enforced.title)
    return tuple(ask.key for ask in missing)


def _found(entries: Sequence[_Entry], key: str) -> _Entry:
    entry = find(entries, key)
    if entry is None:
        raise _unknown(key, entries)
    return entry


def _unknown(key: str, entries: Sequence[Coded]) -> ClaimError:
    return ClaimError("claims.no_such_code", given=key, known=", ".join(one.key for one in entries))


def _check_text(entry: Coded, text: str) -> None:
    if entry.text_required and not text.strip():
        raise ClaimError("claims.text_missing", reason=entry.title)


def _answers(exhibit: DraftExhibit, ask: Ask) -> bool:
    return exhibit.role == ask.role and ask.media in {"any", kind_of(exhibit.media_type)}
