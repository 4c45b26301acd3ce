"""Files a claim: checks it against its order, and opens the case in which the merchant owes an answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bixie.access.tenancy import TenantSession
from bixie.cases.claim_checks import earlier_claims
from bixie.cases.claims.consents import Agreed
from bixie.cases.claims.drafts import ClaimDraft, DraftExhibit
from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import find_notice
from bixie.cases.claims.order_facts import order_facts
from bixie.cases.claims.remaining import largest_amount
from bixie.cases.claims.rules import check_claim
from bixie.cases.duty_rules import Context
from bixie.cases.effects import after_evidence
from bixie.cases.errors import RefusedCaseError
from bixie.cases.event_parts import Consented, Item
from bixie.cases.events import ExhibitAdded, Filed
from bixie.cases.evidence import GivenExhibit, find_exhibits, new_links
from bixie.cases.merchant_options.service import options_of
from bixie.cases.models import Case
from bixie.cases.opening import OpenCase, context_at
from bixie.cases.packs.lookup import pack_in_force, reference_to
from bixie.cases.rules import file
from bixie.cases.state import CaseState
from bixie.cases.words import Service, Side, Stage, Status
from bixie.identity.consent import Asked, give
from bixie.identity.repository import party_by_id
from bixie.identity.rules import PartyKind
from bixie.kit.money import Money
from bixie.kit.timestamps import Clock, utc_now
from bixie.ledger.service import lock
from bixie.orders.models import Order
from bixie.policies import Pack

__all__ = ["GivenClaim", "file_claim"]


@dataclass(frozen=True, slots=True)
class GivenClaim:
    """What a buyer asks for.

    Parameters
    ----------
    items : sequence of Item
    service : Service
    reason : str
    received : bool
        Whether the buyer has the goods.
    amount : Money or None
        What is to be refunded, or what the items are worth to the buyer: without it, or with none, what was
        paid for them and can still be refunded.
    text : str
    exhibits : sequence of GivenExhibit
    previous : str or None
        An earlier case about the same goods.
    wants_person : bool
    label : str or None
        What exactly; see `bixie.cases.claims`.
    consents : sequence of Agreed
        What the buyer has agreed to.
    """

    items: Sequence[Item]
    service: Service
    reason: str
    received: bool
    amount: Money | None
    text: str = ""
    exhibits: Sequence[GivenExhibit] = field(default_factory=tuple)
    previous: str | None = None
    wants_person: bool = False
    label: str | None = None
    consents: Sequence[Agreed] = ()


def file_claim(
    session: TenantSession,
    order: Order,
    buyer: str,
    claim: GivenClaim,
    clock: Clock = utc_now,
    *,
    filed_by: Side = Side.BUYER,
) -> OpenCase:
    """File a claim about an order.

    Parameters
    ----------
    session : TenantSession
        That sees the order and its files.
    order : Order
    buyer : str
        Id of the buyer's party; empty where the tenant has none.
    claim : GivenClaim
    clock : callable
    filed_by : Side
        The merchant where it files for the buyer.

    Raises
    ------
    CaseError
        ``cases.no_such_exhibit``, ``cases.not_a_claims_file``, ``cases.no_such_buyer``;
        ``cases.consent_is_the_buyers`` where the merchant files with a consent.
    FaultyClaimError
        ``claims.faulty``: the claim does not fit the order, the claims before it, or the options; every field
        that needs a look is named.
    """
    lock(session)
    if claim.consents and filed_by is Side.MERCHANT:
        raise RefusedCaseError("cases.consent_is_the_buyers")
    _check_buyer(session, buyer)
    pack = pack_in_force(session, clock())
    context = context_at(pack, clock)
    files = find_exhibits(session, Side.BUYER, order.party, order.number, claim.exhibits)
    amount = _checked_amount(session, order, claim, files, context, pack=pack, filed_by=filed_by)
    filed = _filed(order, claim, amount, pack, filed_by)
    opted_in = options_of(session, order.party, context.now, amount.minor)
    silence = pack.terms.silence(claim.service.value, opted_in)
    event = file(filed, context, silence_accepts=silence == "accept")
    row = _row(session, order, filed, context, buyer=buyer, text=claim.text)
    session.add(row)
    if buyer:
        _keep_consents(session, buyer, order.party or session.principal.tenant, claim.consents, clock)
    before = CaseState(filed, context.now, Stage.AFTER_SALES, amount.minor)
    case = OpenCase(session, row, before, pack, context)
    added = [ExhibitAdded(by=Side.BUYER, exhibit=one.exhibit, role=one.role) for one in claim.exhibits]
    case.record([event, *added], new_links(case, Side.BUYER, claim.exhibits))
    after_evidence(case)
    return case


def _checked_amount(
    session: TenantSession,
    order: Order,
    claim: GivenClaim,
    files: tuple[DraftExhibit, ...],
    context: Context,
    *,
    pack: Pack,
    filed_by: Side,
) -> Money:
    """Check a claim against its order and the claims before it; return what it asks for, or is worth."""
    options = claim_options()
    facts, earlier = order_facts(order, options), earlier_claims(session, order.id)
    if filed_by is Side.BUYER:  # a claim that the merchant filed and leaves open bars no buyer
        earlier = [one for one in earlier if one.filed_by_buyer or one.state != "open"]
    most = pack.terms.max_claims_per_item
    check_claim(_draft(claim, files), facts, earlier, options, context.now, claims_per_item=most)
    if claim.amount is not None and claim.amount.minor:
        return claim.amount
    worth = largest_amount(_pairs(claim.items), facts, earlier) or 0
    return Money(minor=worth, currency=facts.currency)


def _check_buyer(session: TenantSession, buyer: str) -> None:
    party = party_by_id(session, buyer) if buyer else None
    if buyer and (party is None or party.kind != PartyKind.BUYER):
        raise RefusedCaseError("cases.no_such_buyer")


def _draft(claim: GivenClaim, files: tuple[DraftExhibit, ...]) -> ClaimDraft:
    return ClaimDraft(
        service=str(claim.service),
        reason=claim.reason,
        received=claim.received,
        items=_pairs(claim.items),
        amount=None if claim.amount is None else claim.amount.minor,
        currency=None if claim.amount is None else claim.amount.currency,
        text=claim.text,
        label=claim.label,
        exhibits=files,
        previous=claim.previous,
        consents=tuple(claim.consents),
    )


def _keep_consents(
    session: TenantSession, buyer: str, recipient: str, agreed: Sequence[Agreed], clock: Clock
) -> None:
    """Keep the proof of what a buyer has agreed to, with the merchant as the recipient where there is one."""
    for one in agreed:
        notice = find_notice(claim_options(), one.code)
        assert notice is not None  # the checks have found it
        asked = Asked(
            notice.purpose,
            notice.kinds,
            notice.text.in_(one.language),
            one.text_version,
            one.language,
            recipient=None if notice.recipient is None else recipient,
        )
        give(session, buyer, asked, clock)


def _pairs(items: Sequence[Item]) -> tuple[tuple[int, int], ...]:
    return tuple((one.position, one.count) for one in items)


def _filed(order: Order, claim: GivenClaim, amount: Money, pack: Pack, filed_by: Side) -> Filed:
    return Filed(
        by=Side.BUYER,
        order_id=order.id,
        service=claim.service,
        reason=claim.reason,
        received=claim.received,
        amount_minor=amount.minor,
        currency=amount.currency,
        paid_minor=_paid(order, claim.items),
        items=tuple(claim.items),
        category=_category(order, claim.items),
        previous=claim.previous,
        wants_person=claim.wants_person,
        label=claim.label,
        consents=tuple(Consented(code=one.code, text_version=one.text_version) for one in claim.consents),
        filed_by=filed_by,
        pack=reference_to(pack),
    )


def _row(
    session: TenantSession, order: Order, filed: Filed, context: Context, *, buyer: str, text: str
) -> Case:
    return Case(
        id=context.new_id("case"),
        tenant=session.principal.tenant,
        party=order.party,
        buyer=buyer,
        order_id=order.id,
        previous=filed.previous,
        service=str(filed.service),
        reason=filed.reason,
        text=text,
        filed_at=context.now,
        status=str(Status.AWAITING_MERCHANT),
        stage=str(Stage.AFTER_SALES),
        amount_minor=filed.amount_minor,
        currency=filed.currency,
        sequence=0,
    )


def _paid(order: Order, items: Sequence[Item]) -> int | None:
    """Return what was paid for the items; None where the price of one is not known."""
    prices = {line.position: line.price for line in order.items}
    paid = [prices.get(one.position) for one in items]
    if any(price is None for price in paid):
        return None
    return sum(one.count * (price or 0) for one, price in zip(items, paid, strict=True))


def _category(order: Order, items: Sequence[Item]) -> str | None:
    """Return the category of the items, if they have one in common."""
    wanted = {one.position for one in items}
    found = {line.category for line in order.items if line.position in wanted}
    return found.pop() if len(found) == 1 else None
