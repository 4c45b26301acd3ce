"""Names for people of the keys that answers have: reasons, verdicts, outcomes, states.

A key that there is no word for any more, such as a reason of an older version, names itself.
"""

from collections.abc import Sequence

from bixie.cases.claims.amounts import money_text
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import Coded, find
from bixie.cases.event_parts import Outcome
from bixie.cases.words import OutcomeKind
from bixie.kit.messages import Text, catalogue

__all__ = [
    "appeal_reason_name",
    "ask_name",
    "decision_reason_name",
    "extension_name",
    "label_name",
    "outcome_name",
    "reason_name",
    "role_name",
    "title_of",
    "verdict_name",
    "word_name",
]


def title_of(entries: Sequence[Coded], key: str) -> Text:
    """Return the title of an entry of the claim options; the key itself where there is none."""
    entry = find(entries, key)
    return Text(en=key, zh=key) if entry is None else entry.title


def reason_name(key: str) -> Text:
    """Return why a buyer claims."""
    return title_of(claim_options().reasons, key)


def label_name(key: str) -> Text:
    """Return what exactly is wrong."""
    return title_of(claim_options().labels, key)


def role_name(key: str) -> Text:
    """Return what a file shows."""
    return title_of(claim_options().roles, key)


def ask_name(key: str) -> Text:
    """Return what one side asks the other for."""
    return title_of(claim_options().asks, key)


def decision_reason_name(key: str) -> Text:
    """Return why a reviewer decided so."""
    return title_of(claim_options().decision_reasons, key)


def extension_name(key: str) -> Text:
    """Return why a side was given more time."""
    return (
        word_name("extension", key) if key == "suspect" else title_of(claim_options().more_time_reasons, key)
    )


def appeal_reason_name(key: str) -> Text:
    """Return why a side appeals."""
    return title_of(claim_options().appeal_reasons, key)


def verdict_name(verdict: str | None) -> Text:
    """Return what an examination came to; None is a file that was not examined yet."""
    if verdict in (None, "none", "unknown"):
        return word_name("evidence", verdict or "not_examined")
    return catalogue("bixie.report").text(f"verdict.{verdict}")


def outcome_name(outcome: Outcome) -> Text:
    """Return what is to be done: a refund with its amount, an exchange."""
    kind = outcome.kind
    named = kind in (OutcomeKind.REFUSE, OutcomeKind.REFUND)
    what = word_name("outcome" if named else "service", kind)
    if outcome.amount_minor is None:
        return what
    amount = money_text(outcome.amount_minor, outcome.currency or "CNY")
    return catalogue("bixie.cases").text("outcome.with_amount", what=what, amount=amount)


def word_name(group: str, word: str) -> Text:
    """Return the name of a word of cases, such as `paused` of the group ``duty_state``."""
    named = catalogue("bixie.cases").sentences.get(f"{group}.{word}")
    return Text(en=word, zh=word) if named is None else named
