"""What the page of a case shows a reviewer, on one screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bixie.access.call import Call
from bixie.access.tenancy import TenantSession
from bixie.cases.after_decision_rules import may_settle
from bixie.cases.api import get_case
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.schemas import SuggestionOut
from bixie.cases.names import word_name
from bixie.cases.opening import found, state_of
from bixie.cases.packs.lookup import pack_by
from bixie.cases.requests import Asked
from bixie.cases.reviews.api import get_review
from bixie.cases.reviews.schemas import ReviewOut
from bixie.cases.schemas import CaseOut, DutyOut, MessageOut
from bixie.cases.suggestion_api import Damage, get_case_suggestion
from bixie.cases.words import Audience, DutyKind, OutcomeKind, Side
from bixie.kit.errors import BixieError
from bixie.kit.messages import Language, Text
from bixie.orders import repository as orders
from bixie.policies import Pack
from bixie.web.console.evidence_view import FileView, file_views
from bixie.web.console.names import party_names, people_names
from bixie.web.ui.comparisons import Pair, examined_files, pairs_of

__all__ = ["CaseView", "ItemView", "case_view"]

_STATEMENTS = 3
"""Of each side beside each other; the thread has all."""
_BY_HAND = frozenset({DutyKind.FOLLOW_UP, DutyKind.REVERSE})


@dataclass(frozen=True, slots=True)
class ItemView:
    """One line that the claim is about."""

    position: int
    name: str
    count: int
    price: int | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """The page of a case.

    Parameters
    ----------
    case : CaseOut
    review : ReviewOut
    pairs : list of Pair
        For the viewer.
    files : list of FileView
    items : list of ItemView
    names : dict of str to str
        Of people, keys and parties, by id.
    pack : Pack
    suggestion : SuggestionOut or None
    may_settle : bool
        Whether a person may settle the rest by hand now.
    """

    case: CaseOut
    review: ReviewOut
    pairs: list[Pair]
    files: list[FileView]
    items: list[ItemView]
    names: Mapping[str, str]
    pack: Pack
    suggestion: SuggestionOut | None
    may_settle: bool

    @property
    def mine(self) -> bool:
        """Whether the reader holds the case."""
        return self.review.held_by is not None and self.review.held_by.mine

    @property
    def may_decide(self) -> bool:
        """Whether the reader can decide it now."""
        item = self.review.item
        return self.mine and item is not None and item.blocked_by is None and item.kept_away is None

    @property
    def to_settle(self) -> list[DutyOut]:
        """What the platform owes that a person may settle by hand now."""
        owed = [one for one in self.case.duties if one.kind in _BY_HAND and one.state == "open"]
        return owed if self.may_settle else []

    @property
    def said(self) -> list[MessageOut]:
        """What was said, by whomever."""
        return [one for one in self.case.thread if one.text]

    @property
    def statements(self) -> dict[str, list[MessageOut]]:
        """What each side said last to both others: what the other side cannot read is in the thread only."""
        open_to_all = [one for one in self.said if one.audience == Audience.ALL]
        return {
            str(side): [one for one in open_to_all if one.by is side][-_STATEMENTS:]
            for side in (Side.BUYER, Side.MERCHANT)
        }

    @property
    def kinds(self) -> list[tuple[str, Text]]:
        """What can be decided, the usual first."""
        kinds = [kind for kind in OutcomeKind if kind is not OutcomeKind.REFUSE] + [OutcomeKind.REFUSE]
        named = (OutcomeKind.REFUSE, OutcomeKind.REFUND)
        return [(str(kind), word_name("outcome" if kind in named else "service", kind)) for kind in kinds]

    @property
    def reasons(self) -> Sequence[Any]:
        """Coded reasons of a decision."""
        return claim_options().decision_reasons

    @property
    def asks(self) -> Sequence[Any]:
        """What a side can be asked for."""
        return claim_options().asks

    @property
    def levels(self) -> tuple[int, ...]:
        """Levels of damage, in per cent."""
        return tuple(one.percent for one in claim_options().damage_levels)

    @property
    def audiences(self) -> tuple[str, ...]:
        """To whom a message can go."""
        return tuple(str(one) for one in Audience)

    @property
    def parties(self) -> list[tuple[str, str]]:
        """The parties of the case that a reviewer may be tied to: side and id."""
        both = (("buyer", self.case.claim.buyer), ("merchant", self.case.claim.party))
        return [(side, party) for side, party in both if party]


def case_view(
    call: Call, case_id: str, language: Language, *, zone: str | None, level: int | None = None
) -> CaseView:
    """Return what the page shows.

    Parameters
    ----------
    call : Call
    case_id : str
    language : {"zh", "en"}
    zone : str or None
        Of the reader.
    level : int, optional
        Damage in per cent, for the suggestion.
    """
    case = get_case(call, case_id, Asked(side=None, zone=zone))
    review = get_review(call, case_id)
    examined = examined_files(call, case)
    with call.reading() as session:
        items = _items(session, case)
        names = _names(session, case, review)
        state = state_of(session, found(session, case_id))
        pack = pack_by(session, state.filed.pack)
        files = file_views(session, case, examined)
    return CaseView(
        case=case,
        review=review,
        pairs=pairs_of(call, case, examined, language),
        files=files,
        items=items,
        names=names,
        pack=pack,
        suggestion=_suggestion(call, case_id, level),
        may_settle=may_settle(state),
    )


def _suggestion(call: Call, case_id: str, level: int | None) -> SuggestionOut | None:
    try:
        return get_case_suggestion(call, case_id, Damage(side=None, zone=None, level=level or 100))
    except BixieError:  # no price, or a reason of an older version: then there is none
        return None


def _items(session: TenantSession, case: CaseOut) -> list[ItemView]:
    order = orders.by_id(session, case.claim.order_id)
    lines = {} if order is None else {one.position: one for one in order.items}
    found_items = []
    for one in case.claim.items:
        line = lines.get(one["position"])
        name = "" if line is None else line.name or line.sku or ""
        price = None if line is None else line.price
        found_items.append(ItemView(one["position"], name, one["count"], price))
    return found_items


def _names(session: TenantSession, case: CaseOut, review: ReviewOut) -> dict[str, str]:
    people = [one.reviewer for one in review.opinions] + [one.person for one in case.decisions]
    people += [person for one in case.decisions for person in one.persons]
    if review.held_by is not None:
        people.append(review.held_by.reviewer)
    return people_names(session, people) | party_names(session, [case.claim.party, case.claim.buyer])
