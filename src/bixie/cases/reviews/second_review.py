"""A second, blind review: two people say how to decide, neither knowing what the other said."""

from bixie.cases.decisions import Wanted
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.events import ReviewOpinionGiven
from bixie.cases.opening import OpenCase
from bixie.cases.reviews import repository
from bixie.cases.reviews.locks import ended
from bixie.cases.reviews.models import CaseReview
from bixie.cases.state import CaseState
from bixie.cases.words import Side
from bixie.policies import Pack

__all__ = ["Turn", "agreed", "give_opinion", "opinion_of", "turn_of"]

Turn = int
"""Which reviewer's turn it is: 0, 1 or 2."""


def turn_of(state: CaseState, file_sha256: str) -> Turn:
    """Return how many have given their opinion on the case file as it is now, at most two."""
    return min(len(state.opinions_on(file_sha256)), 2)


def opinion_of(review: CaseReview) -> Outcome:
    """Return how a reviewer would decide."""
    return Outcome.model_validate(review.outcome)


def agreed(case: OpenCase, file_sha256: str, outcome: Outcome) -> Outcome | None:
    """Return what two reviewers decide together: the first, who has given an opinion, and the caller.

    Returns
    -------
    Outcome or None
        None where they do not agree. Where their amounts lie on one step of the pack's scale, the higher one.
    """
    first = repository.review_by_id(case.session, case.state.opinions_on(file_sha256)[0].review)
    if first is None or first.outcome is None:
        return None
    other = opinion_of(first)
    if other.kind is not outcome.kind or _counted(other) != _counted(outcome):
        return None
    mine, theirs = outcome.amount_minor, other.amount_minor
    if mine is None or theirs is None or mine == theirs:
        return outcome if mine == theirs else None
    whole = case.state.filed.amount_minor
    if _step(mine, whole, case.pack) != _step(theirs, whole, case.pack):
        return None
    return outcome if mine > theirs else other


def _counted(outcome: Outcome) -> frozenset[Item]:
    return frozenset(outcome.items)


def _step(amount: int, whole: int, pack: Pack) -> int:
    """Return the lowest step of the scale that an amount does not exceed."""
    levels = pack.terms.damage_levels
    return next((level for level in levels if amount * 100 <= level * whole), levels[-1] + 1)


def give_opinion(
    case: OpenCase, review: CaseReview, wanted: Wanted, file_sha256: str, *, agrees: bool | None
) -> None:
    """Record an opinion, and end the turn of its author."""
    ended(review, case, "opinion")
    review.outcome = wanted.outcome.model_dump(mode="json", exclude_none=True)
    review.reasons, review.note = list(wanted.reasons), wanted.note
    person = case.session.principal.id
    given = ReviewOpinionGiven(
        by=Side.PLATFORM, review=review.id, person=person, file_sha256=file_sha256, agrees=agrees
    )
    case.record([given], [review])
