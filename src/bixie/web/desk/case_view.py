"""What the page of a case shows, gathered from the rooms; the template only sets it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bixie.access.call import Call
from bixie.access.tenancy import TenantSession
from bixie.cases import api as cases
from bixie.cases import drafts_api, suggestion_api
from bixie.cases.access import case_call
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import ClaimOptions, Coded
from bixie.cases.claims.schemas import SuggestionOut
from bixie.cases.errors import NoSuchDraftError
from bixie.cases.requests import Asked
from bixie.cases.schemas import CaseExhibitOut, CaseOut
from bixie.cases.words import DutyKind, OutcomeKind, Side
from bixie.kit.errors import BixieError
from bixie.kit.messages import Text
from bixie.kit.timestamps import format_timestamp
from bixie.orders import repository as orders
from bixie.orders.models import Order
from bixie.remedies import api as remedies
from bixie.remedies.schemas import RemedyOut
from bixie.vault import repository as vault
from bixie.vault.models import Exhibit, Role
from bixie.web.desk.examined import Examined, examined_files
from bixie.web.desk.media import media_kind
from bixie.web.desk.typed import Typed

__all__ = ["CasePicture", "CaseView", "OwnPicture", "case_view", "own_picture", "own_pictures"]

_MAX_OWN = 24
"""Of the order's own pictures on one page."""
_MAX_REMEDIES = 20


@dataclass(frozen=True, slots=True)
class CasePicture:
    """A file of the case.

    Parameters
    ----------
    file : CaseExhibitOut
    url : str
        Of its bytes.
    kind : {"picture", "video", "file"}
        How a browser can show it.
    examined : Examined or None
        None until it was.
    """

    file: CaseExhibitOut
    url: str
    kind: str
    examined: Examined | None


@dataclass(frozen=True, slots=True)
class OwnPicture:
    """A picture or video that the shop has on record for an order."""

    id: str
    role: str
    name: str
    since: str
    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the desk shows it."""

    case: CaseOut
    asked: Asked
    items: Sequence[Mapping[str, Any]]
    pictures: Sequence[CasePicture]
    own: Sequence[OwnPicture]
    options: ClaimOptions
    typed: Typed
    draft_saved_at: str | None
    level: int | None
    suggestion: SuggestionOut | None
    no_suggestion: Text | None
    remedies: Sequence[RemedyOut]

    @property
    def may(self) -> frozenset[str]:
        """What the merchant can do now; nothing where somebody of the platform looks on."""
        return frozenset(self.case.next_actions) if self.is_merchant else frozenset()

    @property
    def is_merchant(self) -> bool:
        """Whether the reader is the merchant's side."""
        return self.case.side is Side.MERCHANT

    @property
    def owes(self) -> Sequence[Any]:
        """What the reader's side owes now."""
        return [one for one in self.case.duties if one.owner is self.case.side and one.state == "open"]

    @property
    def inspects(self) -> bool:
        """Whether goods are on their way back, or there."""
        return self.is_merchant and any(one.kind == DutyKind.INSPECT for one in self.owes)

    @property
    def sends_back(self) -> bool:
        """Whether the shop has goods that it may not keep."""
        return self.is_merchant and any(one.kind == DutyKind.SEND_BACK for one in self.owes)

    @property
    def buyer_offer(self) -> Any:
        """The buyer's proposal that is open."""
        return next((one for one in self.case.offers if one.state == "open" and one.by is Side.BUYER), None)

    @property
    def query(self) -> str:
        """What addresses of the API need to act for the same side."""
        return f"?side={self.asked.side}" if self.asked.side is not None else ""

    @property
    def more_time_reasons(self) -> Sequence[Coded]:
        """Why a merchant may ask for more time."""
        return [one for one in self.options.more_time_reasons if Side.MERCHANT in one.sides]

    @property
    def reject_reasons(self) -> Sequence[Coded]:
        """Why a merchant may reject a claim."""
        return [one for one in self.options.reject_reasons if "answer" in one.at]

    @property
    def outcome_kinds(self) -> Sequence[str]:
        """What a merchant may propose."""
        return [str(one) for one in OutcomeKind if one is not OutcomeKind.REFUSE]


def case_view(
    call: Call, case_id: str, asked: Asked, *, level: int | None = None, typed: Typed | None = None
) -> CaseView:
    """Gather a case.

    Parameters
    ----------
    call : Call
    case_id : str
    asked : Asked
        The side and the zone of the reader.
    level : int, optional
        Damage in per cent, for the suggestion.
    typed : Typed, optional
        What was refused a moment ago; otherwise the draft is shown.
    """
    case = cases.get_case(call, case_id, asked)
    inner, _ = case_call(call, case_id, asked.side)
    found = examined_files(inner, [one.report for one in case.exhibits if one.report is not None])
    query = f"?side={asked.side}" if asked.side is not None else ""
    saved_at = None
    if typed is None:
        typed, saved_at = _draft(call, case_id, asked)
    suggestion, no_suggestion = _suggestion(call, case_id, asked, level)
    with inner.reading() as session:
        order = orders.by_id(session, case.claim.order_id)
        own = own_pictures(session, case.claim.party, order.number) if order is not None else []
        items = _items(order, case.claim.items)
    return CaseView(
        case=case,
        asked=asked,
        items=items,
        pictures=[_picture(case_id, one, found.get(one.id), query) for one in case.exhibits],
        own=own,
        options=claim_options(),
        typed=typed,
        draft_saved_at=saved_at,
        level=level,
        suggestion=suggestion,
        no_suggestion=no_suggestion,
        remedies=_remedies(call, case),
    )


def own_pictures(session: TenantSession, party: str, number: str) -> list[OwnPicture]:
    """Return what the shop has on record for an order: how it was offered and how it was sent."""
    rows = vault.kept_for(session, party, number, (Role.LISTING, Role.PACKING), _MAX_OWN)
    return [own_picture(row) for row in rows]


def own_picture(row: Exhibit) -> OwnPicture:
    """Return a picture on record as pages show it."""
    return OwnPicture(
        id=row.id,
        role=row.role,
        name=row.name,
        since=format_timestamp(row.received_at),
        url=f"/api/v1/exhibits/{row.id}/content",
        kind=media_kind(row.media_type),
    )


def _picture(case_id: str, file: CaseExhibitOut, examined: Examined | None, query: str) -> CasePicture:
    return CasePicture(
        file=file,
        url=f"/api/v1/cases/{case_id}/exhibits/{file.id}/content{query}",
        kind=media_kind(file.media_type) if file.state == "kept" else "file",
        examined=examined,
    )


def _items(order: Order | None, claimed: Sequence[Mapping[str, int]]) -> list[Mapping[str, Any]]:
    lines = {} if order is None else {one.position: one for one in order.items}
    return [
        {
            "name": lines[one["position"]].name if one["position"] in lines else None,
            "position": one["position"],
            "count": one["count"],
        }
        for one in claimed
    ]


def _draft(call: Call, case_id: str, asked: Asked) -> tuple[Typed, str | None]:
    try:
        draft = drafts_api.get_draft(call, case_id, asked)
    except NoSuchDraftError:
        return Typed(), None
    return Typed(str(draft.action), draft.values), draft.saved_at


def _suggestion(
    call: Call, case_id: str, asked: Asked, level: int | None
) -> tuple[SuggestionOut | None, Text | None]:
    """Return how the case could be settled, or why nothing can be suggested yet."""
    damage = suggestion_api.Damage(side=asked.side, zone=asked.zone, level=level)
    try:
        return suggestion_api.get_case_suggestion(call, case_id, damage), None
    except BixieError as error:
        return None, error.text


def _remedies(call: Call, case: CaseOut) -> list[RemedyOut]:
    if not case.decisions:
        return []
    query = remedies.RemediesQuery(case=case.id, state=None, cursor=None, limit=_MAX_REMEDIES)
    return remedies.list_remedies(replace(call, idempotency_key=None), query).items
