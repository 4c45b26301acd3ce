"""Challenges a picture: asks the other side, in neutral words, for evidence that is easy to give."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from bixie.access.tenancy import TenantSession
from bixie.cases import rules
from bixie.cases.claims.answers import check_asks
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import Ask
from bixie.cases.errors import NotYoursError, RefusedCaseError
from bixie.cases.opening import OpenCase, open_case
from bixie.cases.thread import new_message
from bixie.cases.words import Action, NegotiationForm, Side
from bixie.kit.ids import Entropy
from bixie.kit.messages import Language, catalogue
from bixie.kit.timestamps import Clock, utc_now

__all__ = ["ON_PAPER", "Challenge", "challenge", "new_code_word"]

ON_PAPER = "code_on_paper"
"""What is asked for with a code word."""
_WORDS = tuple(resources.files("bixie.cases").joinpath("code_words.txt").read_text("utf-8").split())
_DIGITS = "2345689"
"""None that looks like another one, or like a letter, when written by hand."""
_NUMBER = 3


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a side asks the other for, about one of its pictures.

    Parameters
    ----------
    exhibit : str
        The picture.
    asks : sequence of str
        Keys of the claim options' `asks`.
    language : {"zh", "en"}
        Of the message in the thread.
    """

    exhibit: str
    asks: Sequence[str]
    language: Language = "zh"


def challenge(
    session: TenantSession,
    case_id: str,
    side: Side,
    given: Challenge,
    *,
    clock: Clock = utc_now,
    entropy: Entropy = secrets.token_bytes,
) -> OpenCase:
    """Ask for other evidence than a picture; whoever asks waits until it is there, or its time is over.

    Raises
    ------
    CaseError
        As a `RefusedCaseError` ``cases.no_such_exhibit`` for a file that is not in the case; as a
        `NotYoursError` ``cases.own_picture``, and ``cases.not_your_turn`` for the buyer; as a `NotNowError`
        where nobody can ask for evidence now.
    ClaimError
        ``claims.no_such_code``.
    """
    case = open_case(session, case_id, clock)
    if side is Side.BUYER:
        raise NotYoursError("cases.not_your_turn", action=Action.NEGOTIATE)
    if given.exhibit not in case.state.exhibits:
        raise RefusedCaseError("cases.no_such_exhibit", exhibit=given.exhibit[:80])
    owner, _ = case.state.exhibits[given.exhibit]
    if owner in (side, Side.PLATFORM):
        raise NotYoursError("cases.own_picture")
    check_asks(given.asks, claim_options())
    asks = [one for one in claim_options().asks if one.key in given.asks]
    word = new_code_word(entropy) if any(one.key == ON_PAPER for one in asks) else None
    events = rules.negotiate(
        case.state,
        case.context,
        side,
        NegotiationForm.ASK_EVIDENCE,
        asks_of=owner,
        asks=[one.key for one in asks],
        code_word=word,
    )
    text = _sentence(asks, word, given.language)
    row, posted = new_message(case, side, text, exhibits=[given.exhibit], about=str(Action.NEGOTIATE))
    case.record([posted, *events], [row])
    return case


def new_code_word(entropy: Entropy = secrets.token_bytes) -> str:
    """Return a new code word: two simple characters and three digits, quickly written by hand.

    Parameters
    ----------
    entropy : callable
        Returns so many random bytes.
    """
    number = int.from_bytes(entropy(8), "big")
    number, word = divmod(number, len(_WORDS))
    digits = ""
    for _ in range(_NUMBER):
        number, digit = divmod(number, len(_DIGITS))
        digits += _DIGITS[digit]
    return f"{_WORDS[word]} {digits}"


def _sentence(asks: Sequence[Ask], word: str | None, language: Language) -> str:
    """Return the request in the words of the claim options: it says what helps, and suspects nobody."""
    between = "；" if language == "zh" else "; "
    wanted = between.join(one.title.in_(language) for one in asks)
    words = catalogue("bixie.cases")
    if word is None:
        return words.text("challenge.asked", wanted=wanted).in_(language)
    return words.text("challenge.asked_with_code", wanted=wanted, word=word).in_(language)
