"""Checks a claim against the options, the order and the claims before it. Pure: facts in, faults out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bixie.cases.claims.amounts import money_text
from bixie.cases.claims.consents import consent_faults
from bixie.cases.claims.drafts import ClaimDraft, DraftExhibit, EarlierClaim, OrderFacts
from bixie.cases.claims.errors import FaultyClaimError
from bixie.cases.claims.options import GENERAL, ClaimOptions, Need, Reason, Service, find
from bixie.cases.claims.remaining import claims_on, is_exchange, largest_amount, pieces_left
from bixie.kit.calendar import CHINA
from bixie.kit.due_time import Calendar, Length, due_after
from bixie.kit.messages import Text, catalogue
from bixie.kit.validation import Fault, Location

__all__ = [
    "Missing",
    "check_claim",
    "check_exhibits",
    "check_number",
    "kind_of",
    "missing_evidence",
    "period_over",
]


@dataclass(frozen=True, slots=True)
class Missing:
    """Files that a claim should have and has not.

    Parameters
    ----------
    role : str
    need : {"required", "helpful"}
    count : int
        How many more.
    """

    role: str
    need: Literal["required", "helpful"]
    count: int


def check_claim(
    claim: ClaimDraft,
    order: OrderFacts,
    earlier: Sequence[EarlierClaim],
    options: ClaimOptions,
    now: datetime,
    *,
    claims_per_item: int | None = None,
) -> None:
    """Refuse a claim that cannot be filed; every faulty field is named.

    Parameters
    ----------
    claim : ClaimDraft
    order : OrderFacts
    earlier : sequence of EarlierClaim
        All other claims on the order, ended ones too.
    options : ClaimOptions
    now : datetime
    claims_per_item : int, optional
        Of the policy pack; otherwise the options'.

    Raises
    ------
    FaultyClaimError
        ``claims.faulty``; its `problems` have the field and code of each.
    """
    most = options.limits.claims_per_item if claims_per_item is None else claims_per_item
    items = list(_items(claim, order, earlier, most))
    # Without knowing the items nobody knows the most that can be asked for.
    largest = None if items else largest_amount(claim.items, order, earlier)
    faults = [
        *_service_and_reason(claim, order, options),
        *items,
        *_previous(claim, earlier),
        *_amount(claim, order.currency, largest, options),
        *_text(claim, options),
        *_exhibits(claim.exhibits, options),
        *consent_faults(claim.consents, options),
        *_time(order, now),
    ]
    if faults:
        raise FaultyClaimError(faults)


def check_exhibits(exhibits: Sequence[DraftExhibit], options: ClaimOptions, *, already: int = 0) -> None:
    """Refuse files of one step that are too many, given twice, or in a role that they cannot have.

    Parameters
    ----------
    exhibits : sequence of DraftExhibit
    options : ClaimOptions
    already : int
        How many other files the same side has in the case so far.

    Raises
    ------
    FaultyClaimError
        ``claims.faulty``
    """
    faults = list(_exhibits(exhibits, options, already))
    if faults:
        raise FaultyClaimError(faults)


def check_number(exhibits: Sequence[object], options: ClaimOptions) -> None:
    """Refuse more files than one step takes, before any of them is looked at.

    Raises
    ------
    FaultyClaimError
        ``claims.faulty``
    """
    if len(exhibits) > options.limits.exhibits_at_once:
        raise FaultyClaimError([_too_many(options)])


def missing_evidence(
    reason: str, category: str, roles: Sequence[str], options: ClaimOptions
) -> tuple[Missing, ...]:
    """Return what the checklist wants and a claim has not, required files first.

    It is told to the buyer and is no refusal: who has no picture of the waybill has a claim all the same.

    Parameters
    ----------
    reason, category : str
        Keys of the options.
    roles : sequence of str
        Of the buyer's files, one for each.
    options : ClaimOptions
    """
    found = (_missing(need, roles.count(need.role)) for need in options.needs(reason, category))
    return tuple(sorted((one for one in found if one), key=lambda one: one.need != "required"))


def period_over(
    reason: str, delivered_at: datetime | None, filed_at: datetime, options: ClaimOptions
) -> Text | None:
    """Return that a claim was filed after its reason's period, by the date of delivery that the shop has.

    It is told and refuses nothing: shops' files often date a delivery wrongly, so a person looks at it.

    Parameters
    ----------
    reason : str
        Key of the options' `reasons`.
    delivered_at : datetime or None
        With zone; the days begin after it, and a last day off moves to the next working day.
    filed_at : datetime
    options : ClaimOptions
    """
    entry = find(options.reasons, reason)
    if entry is None or entry.within_days is None or delivered_at is None:
        return None
    due = due_after(delivered_at, Length(entry.within_days, "days"), Calendar.china())
    if filed_at <= due.at:
        return None
    last = (due.at - timedelta(minutes=1)).astimezone(CHINA).date()
    words = catalogue("bixie.cases.claims")
    return words.text("claims.period_over", days=entry.within_days, last=last.isoformat())


def _service_and_reason(claim: ClaimDraft, order: OrderFacts, options: ClaimOptions) -> Iterator[Fault]:
    service = find(options.services, claim.service)
    reason = find(options.reasons, claim.reason)
    if service is None:
        yield Fault("claims.no_such_service", ("service",))
    elif service.needs_goods and not claim.received:
        yield Fault("claims.service_needs_goods", ("service",), {"service": service.title})
    if reason is None:
        yield Fault("claims.no_such_reason", ("reason",))
        return
    yield from _suits(claim, order, reason)
    if service is not None:
        yield from _fit(claim, service, reason)
    if claim.label is not None:
        label = find(options.labels, claim.label)
        if label is None or reason.key not in label.reasons:
            yield Fault("claims.no_such_label", ("label",))


def _suits(claim: ClaimDraft, order: OrderFacts, reason: Reason) -> Iterator[Fault]:
    """Refuse items of a known category that does not have the reason; a shop may know none of its goods."""
    for index, (position, _) in enumerate(claim.items):
        item = order.items.get(position)
        if item and item.category != GENERAL and not reason.suits(item.category):
            yield Fault("claims.reason_of_other_goods", ("items", index), {"reason": reason.title})


def _fit(claim: ClaimDraft, service: Service, reason: Reason) -> Iterator[Fault]:
    if not reason.services(claim.received):
        code = "claims.reason_for_received" if reason.received else "claims.reason_for_not_received"
        yield Fault(code, ("received",), {"reason": reason.title})
    elif service.key not in reason.services(claim.received):
        values = {"reason": reason.title, "service": service.title}
        yield Fault("claims.service_without_reason", ("reason",), values)


def _items(
    claim: ClaimDraft, order: OrderFacts, earlier: Sequence[EarlierClaim], most: int
) -> Iterator[Fault]:
    if not claim.items:
        yield Fault("claims.no_items", ("items",))
    seen: set[int] = set()
    for index, (position, count) in enumerate(claim.items):
        place: Location = ("items", index)
        if position not in order.items:
            yield Fault("claims.item_not_in_order", (*place, "position"), {"number": position + 1})
            continue
        if position in seen:
            yield Fault("claims.item_twice", (*place, "position"), {"number": position + 1})
            continue
        seen.add(position)
        if claims_on(position, earlier) >= most:
            yield Fault("claims.too_many_claims", (*place, "position"), {"limit": most})
        code, values = _count(claim, position, count, order, earlier)
        if code:
            yield Fault(code, (*place, "count"), values)


def _count(
    claim: ClaimDraft, position: int, count: int, order: OrderFacts, earlier: Sequence[EarlierClaim]
) -> tuple[str, dict[str, object]]:
    """Return the code and values of what is wrong with a count; an empty code for nothing."""
    if count < 1:
        return "claims.count_not_positive", {}
    left = pieces_left(position, order, earlier, claim.previous)
    if count <= left:
        return "", {}
    exchanged = [
        one.case
        for one in earlier
        if one.case != claim.previous and is_exchange(one) and pieces_left(position, order, earlier, one.case)
    ]
    if exchanged:
        return "claims.previous_missing", {"left": left, "case": exchanged[-1]}
    return ("claims.count_too_high", {"left": left}) if left else ("claims.nothing_left", {})


def _previous(claim: ClaimDraft, earlier: Sequence[EarlierClaim]) -> Iterator[Fault]:
    if claim.previous is not None and all(one.case != claim.previous for one in earlier):
        yield Fault("claims.previous_unknown", ("previous",))


def _amount(claim: ClaimDraft, currency: str, largest: int | None, options: ClaimOptions) -> Iterator[Fault]:
    service = find(options.services, claim.service)
    if service is None:
        return
    if claim.amount is None or (claim.amount == 0 and not service.money):
        if service.money:
            yield Fault("claims.amount_missing", ("amount",))
        return
    if claim.currency != currency:
        yield Fault("claims.other_currency", ("amount", "currency"), {"currency": currency})
        return
    if claim.amount <= 0:
        yield Fault("claims.amount_not_positive", ("amount", "minor"))
        return
    if largest is not None and claim.amount > largest:
        values = {"largest": money_text(largest, currency)}
        yield Fault("claims.amount_too_high", ("amount", "minor"), values)


def _text(claim: ClaimDraft, options: ClaimOptions) -> Iterator[Fault]:
    reason = find(options.reasons, claim.reason)
    if reason is not None and reason.text_required and not claim.text.strip():
        yield Fault("claims.text_missing", ("text",), {"reason": reason.title})
    if len(claim.text) > options.limits.text_characters:
        yield Fault("claims.text_too_long", ("text",), {"limit": options.limits.text_characters})


def _exhibits(exhibits: Sequence[DraftExhibit], options: ClaimOptions, already: int = 0) -> Iterator[Fault]:
    limits = options.limits
    if len(exhibits) > limits.exhibits_at_once:
        yield _too_many(options)
        return
    if len(exhibits) + already > limits.exhibits_per_side:
        values = {"limit": limits.exhibits_per_side, "there": already}
        yield Fault("claims.too_many_in_case", ("exhibits",), values)
    kinds = [kind_of(one.media_type) for one in exhibits]
    if kinds.count("picture") > limits.pictures_at_once:
        yield Fault("claims.too_many_pictures", ("exhibits",), {"limit": limits.pictures_at_once})
    if kinds.count("video") > limits.videos_at_once:
        yield Fault("claims.too_many_videos", ("exhibits",), {"limit": limits.videos_at_once})
    seen: set[str] = set()
    for index, (one, kind) in enumerate(zip(exhibits, kinds, strict=True)):
        role = find(options.roles, one.role)
        if role is None:
            yield Fault("claims.no_such_role", ("exhibits", index, "role"))
        elif kind == "video" and role.media == "picture":
            yield Fault("claims.picture_expected", ("exhibits", index, "role"), {"role": role.title})
        if one.exhibit in seen or one.sha256 in seen:
            yield Fault("claims.exhibit_twice", ("exhibits", index))
        seen |= {one.exhibit, one.sha256}


def _too_many(options: ClaimOptions) -> Fault:
    return Fault("claims.too_many_exhibits", ("exhibits",), {"limit": options.limits.exhibits_at_once})


def _time(order: OrderFacts, now: datetime) -> Iterator[Fault]:
    if order.ordered_at is not None and now < order.ordered_at:
        yield Fault("claims.before_the_order", ("order",))


def _missing(need: Need, there: int) -> Missing | None:
    return Missing(need.role, need.need, need.count - there) if there < need.count else None


def kind_of(media_type: str) -> str:
    """Return picture, video, or document for anything else."""
    return {"image": "picture", "video": "video"}.get(media_type.partition("/")[0], "document")
