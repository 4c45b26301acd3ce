"""Claims as a shop's programs bring them to their decision, along a few scripts, and what each must leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.load.uploading import Client
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.identity.rules import PartyKind, TenantKind
from bixie.identity.service import add_key, add_party, add_tenant, founder
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders
from bixie.store.unit_of_work import Store

__all__ = ["SCRIPTS", "ClaimShop", "Progress", "Script", "Sides", "bring_to_its_end", "calls_of", "script_of"]

_PAID, _OFFERED = ({"minor": minor, "currency": "CNY"} for minor in (5000, 2000))


@dataclass(frozen=True, slots=True)
class _Step:
    """One call about a claim; `who` writes a numbered text with it if it `says` something."""

    who: str
    path: str
    body: Mapping[str, Any] = field(default_factory=dict)
    says: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """What happens to a claim after it was filed.

    Parameters
    ----------
    steps : sequence of _Step
    told : int
        How often the sides must be told of something.
    events : sequence of str
        Types of the case's events besides messages and remedies, without ``case.``.
    duties : sequence of str
        Each duty that must begin, ``kind:owner``; one that is still owed in the end has a ``+``.
    outcome : str or None
        Kind of the decision's outcome; None where nothing is decided.
    service : str
    pays : bool
        Whether a remedy follows the decision; none does where the buyer withdraws afterwards.
    """

    steps: tuple[_Step, ...]
    told: int
    events: Sequence[str]
    duties: Sequence[str]
    outcome: str | None = "refund"
    service: str = "refund_only"
    pays: bool = True


def _heard(outcome: Mapping[str, Any], reason: str, *duties: str) -> Script:
    """Return the script of a claim that is rejected, escalated, heard, served and ruled on."""
    both = ("buyer", "merchant")
    steps = (
        _Step("merchant", "reject", {"reason": "no_defect_found"}, says=True),
        _Step("buyer", "messages", says=True),
        _Step("buyer", "escalate", says=True),
        *(_Step(who, "supplement", {"complete": True}, says=True) for who in both),
        *(_Step(who, "file") for who in both),
        # Whoever comes first gets the case that waits longest: perhaps one that another client has brought.
        _Step("reviewer", "next"),
        _Step("reviewer", "decide", {"outcome": outcome, "reasons": [reason]}),
    )
    # The file is served to both when the hearing begins, and with each text that follows.
    events = ["filed", "rejected", "escalated", *["supplemented"] * 2, *["file_served"] * 6]
    events += [*["file_received"] * 2, "review_claimed", "decided"]
    hearing = ["answer:merchant", "choose:buyer", *(f"hearing:{who}" for who in both), "review:platform"]
    return Script(steps, 10, events, [*hearing, *duties], str(outcome["kind"]))


_ITEMS = [{"position": 0, "count": 1}]
_OFFER = {"form": "propose", "outcome": {"kind": "refund", "amount": _OFFERED}}
_MESSAGE = _Step("buyer", "messages", says=True)
_ACCEPT = _Step("merchant", "accept", says=True)
_RETURN = _Step("buyer", "return", says=True)
SCRIPTS = {
    "accepted": Script((_MESSAGE, _ACCEPT), 3, ["filed", "decided"], ["answer:merchant"]),
    "paid by ruling": _heard({"kind": "refund", "amount": _PAID, "items": _ITEMS}, "damage_shown"),
    "refused by ruling": _heard({"kind": "refuse"}, "evidence_insufficient", "appeal:buyer+"),
    "offer accepted": Script(
        (_MESSAGE, _Step("merchant", "negotiate", _OFFER, says=True), _Step("buyer", "accept", says=True)),
        4,
        ["filed", "negotiated", "decided"],
        ["answer:merchant", "respond:buyer"],
    ),
    "returned": Script(
        (
            _ACCEPT,
            _RETURN,
            _Step("merchant", "inspection", {"inspection": "pass"}, says=True),
        ),
        4,
        ["filed", "decided", "return_sent", "return_received"],
        ["answer:merchant", "return:buyer", "inspect:merchant"],
        "return_refund",
        "return_refund",
    ),
    "sent back": Script(
        (
            _ACCEPT,
            _RETURN,
            _Step("merchant", "inspection", {"inspection": "fail"}, says=True),
            _Step("buyer", "withdraw", says=True),
            _Step("merchant", "send-back", says=True),
            _Step("buyer", "not-received", says=True),
            _Step("buyer", "send-back"),
        ),
        14,
        [
            *("filed", "decided", "return_sent", "return_received", "escalated"),
            *("file_served", "file_served", "withdrawn"),
            *("sent_back", "not_received", "sent_back_arrived", "closed", "closed"),
        ],
        [
            *("answer:merchant", "return:buyer", "inspect:merchant", "hearing:buyer", "hearing:merchant"),
            *("review:platform", "send_back:merchant", "follow_up:platform"),
        ],
        "return_refund",
        "return_refund",
        pays=False,
    ),
    "withdrawn": Script(
        (_MESSAGE, _Step("buyer", "withdraw", says=True)),
        3,
        ["filed", "withdrawn"],
        ["answer:merchant"],
        None,
    ),
}


def script_of(claim: int) -> str:
    """Return the script of a claim, by its number: one after the other."""
    return list(SCRIPTS)[claim % len(SCRIPTS)]


def calls_of(claims: int) -> int:
    """Return how many calls so many claims take."""
    return sum(1 + len(SCRIPTS[script_of(claim)].steps) for claim in range(claims))


@dataclass(frozen=True, slots=True)
class ClaimShop:
    """A platform with a merchant, a buyer, and an order for each claim.

    Parameters
    ----------
    principal : Principal
    buyer, merchant : str
        Ids of the parties.
    """

    principal: Principal
    buyer: str
    merchant: str

    @classmethod
    def opened(cls, store: Store, claims: int) -> "ClaimShop":
        """Make the shop."""
        with writing(store, founder()) as session:
            tenant = add_tenant(session, "Bench", TenantKind.PLATFORM)[0].tenant
        principal = Principal(tenant, "program_bench", Role.PROGRAM)
        items = [{"name": "Cup", "price": "50.00"}]
        orders = [
            OrderIn.model_validate({"number": f"bench-{claim}", "items": items}) for claim in range(claims)
        ]
        with writing(store, principal) as session:
            buyer, merchant = (add_party(session, kind).id for kind in (PartyKind.BUYER, PartyKind.MERCHANT))
            import_orders(session, orders, party=merchant)
        return cls(principal, buyer, merchant)

    def sides(self, store: Store, port: int) -> "Sides":
        """Return clients of all sides, with keys of their own: each reviewer is another one."""
        with writing(store, self.principal) as session:
            platform = add_key(session, Role.API_KEY, label="platform").text
            merchant = add_key(session, Role.API_KEY, label="merchant", party=self.merchant).text
            reviewer = add_key(session, Role.REVIEWER, label="reviewer").text
        return Sides(*(Client(port, key) for key in (platform, merchant, reviewer)))


@dataclass(frozen=True, slots=True)
class Sides:
    """One client for each side of a case; the platform's own program acts for buyers."""

    buyer: Client
    merchant: Client
    reviewer: Client

    @property
    def broken(self) -> int:
        """How often an answer was missed."""
        return self.buyer.broken + self.merchant.broken + self.reviewer.broken

    def close(self) -> None:
        """Close the connections."""
        for client in (self.buyer, self.merchant, self.reviewer):
            client.close()


@dataclass(slots=True)
class Progress:
    """What was answered so far.

    Parameters
    ----------
    calls : int
    case : dict of int to str
        By the number of a claim: its case.
    ruled : dict of str to str
        By case: the script of the claim whose client has ruled on it.
    """

    calls: int = 0
    case: dict[int, str] = field(default_factory=dict)
    ruled: dict[str, str] = field(default_factory=dict)


def bring_to_its_end(shop: ClaimShop, sides: Sides, claim: int, progress: Progress) -> None:
    """File a claim and follow its script, each call with a key of its own and again until it is answered."""
    name = script_of(claim)
    script = SCRIPTS[name]
    given = {
        "order": f"bench-{claim}",
        "buyer": shop.buyer,
        "items": _ITEMS,
        "received": True,
        "service": script.service,
        "reason": "damaged",
        "amount": _PAID,
        "text": f"{claim}.0",
    }
    case = str(sides.buyer.post_until_answered("/api/v1/cases", given, f"{claim}.0")["id"])
    progress.case[claim] = case
    progress.calls += 1
    for number, step in enumerate(script.steps, 1):
        key = f"{claim}.{number}"
        body = {**step.body, "text": key} if step.says else dict(step.body)
        path = f"/api/v1/cases/{case}/{step.path}" + ("?side=buyer" if step.who == "buyer" else "")
        if step.path == "next":
            path = "/api/v1/reviews/next"
        client: Client = getattr(sides, step.who)
        answer = client.post_until_answered(path, body, key)
        if step.path == "next":
            case = str(answer["item"]["case"])
            progress.ruled[case] = name
        progress.calls += 1
