"""What the page of a case shows its buyer: what is asked now, until when, and what else can be done."""

from dataclasses import dataclass
from typing import Any

from bixie.access.tenancy import TenantSession
from bixie.cases.claims.form import PICTURES
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import ClaimOptions, find
from bixie.cases.schemas import CaseOut, DutyOut, OfferOut
from bixie.cases.words import DutyKind, Side
from bixie.identity.consent import history
from bixie.identity.models import Consent
from bixie.kit.messages import Text
from bixie.orders.models import Order
from bixie.vault.uploads.limits import buyer_file_bytes
from bixie.web.buyer.fields import order_of
from bixie.web.buyer.visits import BuyerVisit

__all__ = ["CaseView", "Wanted", "case_view", "of_role", "upload_facts"]

_OPEN = frozenset({"awaiting_merchant", "awaiting_buyer", "in_review"})
_ANY_FILE = "damage"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that would help, with what it should show.

    Parameters
    ----------
    role, title : str and Text
    show : Text
    picture : str
        Address of a drawn example.
    accept : str
        Media types that the input takes.
    required : bool
    """

    role: str
    title: Text
    show: Text
    picture: str
    accept: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """The page.

    Parameters
    ----------
    case : CaseOut
    order : Order
    duty : DutyOut or None
        What the buyer owes now.
    wanted : list of Wanted
        Files that are asked for.
    offer : OfferOut or None
        An open offer of the other side.
    consents : list
        Given and not withdrawn.
    """

    case: CaseOut
    order: Order
    duty: DutyOut | None
    wanted: list[Wanted]
    offer: OfferOut | None
    consents: list[Consent]

    @property
    def is_open(self) -> bool:
        """Whether the claim can still be changed or withdrawn."""
        return self.case.status in _OPEN

    @property
    def goods_owed(self) -> DutyOut | None:
        """The shop's duty to send goods back that it may not keep."""
        owed = (one for one in self.case.duties if one.kind == DutyKind.SEND_BACK and one.state == "open")
        return next(owed, None)

    @property
    def goods_on_their_way(self) -> bool:
        """Whether the shop has sent such goods, and the buyer has not said that they arrived."""
        return self.case.sent_back == "sent"

    @property
    def owes(self) -> str:
        """Kind of what the buyer owes now; empty for nothing."""
        return "" if self.duty is None else self.duty.kind

    def may(self, action: str) -> bool:
        """Return whether the buyer can do something now."""
        return action in self.case.next_actions


def case_view(visit: BuyerVisit, case: CaseOut) -> CaseView:
    """Return what the page shows."""
    options = claim_options()
    with visit.case_call().reading() as session:
        order = order_of(session, case.claim.order_id)
        consents = _consents(session, visit.link.principal.id)
    own = [one for one in case.duties if one.owner is Side.BUYER and one.state == "open"]
    duty = min(own, key=lambda one: one.due_at, default=None)
    offers = [one for one in case.offers if one.by is not Side.BUYER and one.state == "open"]
    return CaseView(case, order, duty, _wanted(case, options), offers[-1] if offers else None, consents)


def upload_facts(visit: BuyerVisit) -> dict[str, Any]:
    """Return what the script that uploads has to know."""
    limits = claim_options().limits
    return {
        "picture_bytes": visit.services.limits.file_bytes,
        "video_bytes": buyer_file_bytes(visit.services.limits),
        "order": visit.order_number(),
        "at_once": limits.exhibits_at_once,
    }


def _consents(session: TenantSession, party: str) -> list[Consent]:
    return [consent for consent, withdrawn in history(session, party) if withdrawn is None]


def _wanted(case: CaseOut, options: ClaimOptions) -> list[Wanted]:
    """Return the files that were asked for, or that the checklist of the claim still misses."""
    challenge = case.challenge or {}
    asked = challenge.get("asks", []) if challenge.get("state") == "open" else []
    found = [ask for ask in (find(options.asks, key) for key in asked) if ask is not None]
    if found:
        return [of_role(options, ask.role, ask.title, ask.media, required=ask.enforced) for ask in found]
    missing = [of_role(options, one.role, required=one.need == "required") for one in case.claim.missing]
    return missing or [of_role(options, _ANY_FILE)]


def of_role(
    options: ClaimOptions,
    key: str,
    title: Text | None = None,
    media: str | None = None,
    *,
    required: bool = False,
) -> Wanted:
    """Return what a file in a role should show."""
    role = find(options.roles, key)
    assert role is not None, key
    accept = {"picture": "image/*", "video": "video/*"}.get(media or role.media, "image/*,video/*")
    return Wanted(key, title or role.title, role.show, PICTURES.format(role=key), accept, required)
