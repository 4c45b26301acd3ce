"""What cases refuse over the API: typed, and nothing is changed, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select
from tests.integration.cases.evidence import keep
from tests.integration.cases.test_walk import act
from tests.integration.cases.walking import Shop, order
from tests.integration.web.service import Client
from tests.sweeps import by_repr, check_each

from bixie.access.principal import Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party
from bixie.ledger.models import LedgerEvent
from bixie.ledger.verification import verify
from bixie.orders.service import import_orders
from bixie.store.blobs import DiskBlobs
from bixie.vault.models import Role as FileRole
from bixie.vault.retention.erasure import Reason, erase

CALLS = {
    "accept": {},
    "reject": {"reason": "no_defect_found", "text": "没有看到裂纹"},
    "negotiate": {"form": "agreed_withdraw"},
    "supplement": {"complete": True},
    "withdraw": {},
    "escalate": {},
    "appeal": {"reason": "new_evidence"},
    "messages": {"text": "您好"},
    "exhibits": {"exhibits": [{"exhibit": "exhibit_1", "role": "damage"}]},
    "amount": {"amount": {"minor": 100, "currency": "CNY"}},
    "more-time": {"reason": "waiting_for_brand"},
    "person": None,
    "return": {},
    "inspection": {"inspection": "pass"},
    "file": None,
}
REFUSE = {"outcome": {"kind": "refuse"}, "reasons": ["evidence_insufficient"]}
PAY = {
    "outcome": {"kind": "refund", "amount": {"minor": 10000, "currency": "CNY"}},
    "reasons": ["damage_shown"],
}


def written(shop):
    """Count events, but for those that a key was used today."""
    with reading(shop.store, shop.program) as session:
        return session.scalar(select(func.count()).where(LedgerEvent.type != "identity.key_used"))


@contextmanager
def nothing_written(shop):
    before = written(shop)
    yield
    assert written(shop) == before


def refused(shop, client, case, call, body, *, status, code, asked=""):
    """Do a call that is refused: with this code, and without an event."""
    with nothing_written(shop):
        answer = client.post(f"/api/v1/cases/{case}/{call}{asked}", json=body)
        assert (answer.status, answer.code) == (status, code), answer.body


def filed(shop, client, **changes):
    answer = client.post("/api/v1/cases", json=shop.claim(**changes))
    assert answer.status == 201, answer.body
    return answer.json()["id"]


def heard(shop, platform, merchant, case):
    """Bring a case to where it can be decided."""
    act(merchant, case, "reject", {"reason": "no_defect_found", "text": "没有看到裂纹"})
    act(platform, case, "escalate", side="buyer")
    for client, side in ((platform, "?side=buyer"), (merchant, "")):
        answer = client.post(f"/api/v1/cases/{case}/supplement{side}", json={"complete": True})
        assert answer.status == 200, answer.body


def served(platform, merchant, case):
    for client, side in ((platform, "?side=buyer"), (merchant, "")):
        assert client.post(f"/api/v1/cases/{case}/file{side}").status == 200


def test_of_two_decisions_at_once_one_stands(shop, platform, merchant, reviewer, second_reviewer):
    case = filed(shop, platform)
    heard(shop, platform, merchant, case)
    served(platform, merchant, case)
    act(reviewer, case, "review/claim")

    def decide(one):
        client, ruling = one
        return client.post(f"/api/v1/cases/{case}/decide", json=ruling)

    both = [(reviewer, REFUSE), (second_reviewer, PAY)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide, both))
    assert sorted(one.status for one in answers) == [200, 409]
    late = next(one for one in answers if one.status == 409)
    assert late.code in ("cases.not_now", "reviews.not_claimed")  # after the other, or before it
    with reading(shop.store, shop.program) as session:
        decided = select(func.count()).where(LedgerEvent.type == "case.decided")
        assert session.scalar(decided) == 1
    with reading_every_tenant(shop.store) as session:
        verify(session)


def test_an_appeal_does_not_pay_what_another_case_has_paid(
    shop, platform, merchant, reviewer, second_reviewer
):
    refused_first = filed(shop, platform)
    heard(shop, platform, merchant, refused_first)
    served(platform, merchant, refused_first)
    act(reviewer, refused_first, "review/claim")
    act(reviewer, refused_first, "decide", REFUSE)
    both = {"items": [{"position": 0, "count": 2}], "amount": {"minor": 15000, "currency": "CNY"}}
    act(merchant, filed(shop, platform, **both), "accept")
    act(platform, refused_first, "appeal", CALLS["appeal"], side="buyer")
    act(merchant, refused_first, "supplement", {"complete": True})
    served(platform, merchant, refused_first)
    act(second_reviewer, refused_first, "review/claim")
    beyond = {"status": 422, "code": "cases.amount_above_order"}
    refused(shop, second_reviewer, refused_first, "decide", PAY, **beyond)
    left = {**PAY, "outcome": {"kind": "refund", "amount": {"minor": 5000, "currency": "CNY"}}}
    assert act(second_reviewer, refused_first, "decide", left)["status"] == "decided"


def test_a_decision_waits_and_an_appeal_is_of_the_loser_in_time(shop, platform, merchant, reviewer):
    case = filed(shop, platform)
    refused(shop, reviewer, case, "decide", REFUSE, status=409, code="cases.not_now")
    act(merchant, case, "reject", {"reason": "no_defect_found", "text": "没有看到裂纹"})
    act(platform, case, "escalate", side="buyer")
    refused(shop, reviewer, case, "decide", REFUSE, status=409, code="cases.still_heard")
    for client, query in ((platform, {"side": "buyer"}), (merchant, {})):
        act(client, case, "supplement", {"complete": True}, **query)
    act(merchant, case, "messages", {"text": "补充说明"})
    refused(shop, reviewer, case, "decide", REFUSE, status=409, code="cases.file_not_served")
    served(platform, merchant, case)
    for client in (platform, merchant):
        refused(shop, client, case, "decide", REFUSE, status=403, code="access.not_allowed")
    act(reviewer, case, "review/claim")
    beyond = {**PAY, "outcome": {"kind": "refund", "amount": {"minor": 10001, "currency": "CNY"}}}
    foreign = {**PAY, "outcome": {"kind": "refund", "amount": {"minor": 100, "currency": "USD"}}}
    refused(shop, reviewer, case, "decide", beyond, status=422, code="cases.against_the_rules")
    refused(shop, reviewer, case, "decide", foreign, status=422, code="cases.wrong_currency")
    act(reviewer, case, "decide", REFUSE)
    appeal = CALLS["appeal"]
    refused(shop, merchant, case, "appeal", appeal, status=403, code="cases.appeal_of_winner")
    refused(shop, reviewer, case, "appeal", appeal, status=403, code="cases.appeal_of_winner")
    refused(shop, merchant, case, "more-time", CALLS["more-time"], status=409, code="cases.nothing_owed")
    shop.clock.move(days=20)
    late = {"status": 409, "code": "cases.appeal_too_late", "asked": "?side=buyer"}
    refused(shop, platform, case, "appeal", appeal, **late)


@pytest.fixture
def others(shop, port):
    """Return who is no side of a case: another tenant, another merchant, another buyer."""
    elsewhere = Shop(shop.store, shop.clock)
    with writing(shop.store, shop.program) as session:
        merchant = add_party(session, PartyKind.MERCHANT, name="另一家", clock=shop.clock).id
        buyer = add_party(session, PartyKind.BUYER, name="另一位", clock=shop.clock).id
        import_orders(session, [order("B1")], shop.clock, party=merchant)
    keys = (elsewhere.key(), elsewhere.key(Role.REVIEWER), shop.key(party=merchant), shop.key(party=buyer))
    return [Client(port, key) for key in keys]


def test_a_case_of_others_looks_like_none(shop, platform, others):
    case = filed(shop, platform)
    with nothing_written(shop):
        for client in others:
            assert client.get("/api/v1/cases").json()["items"] == []
            for id_ in (case, "case_00000000000000000000000000", "nonsense"):
                answer = client.get(f"/api/v1/cases/{id_}")
                assert (answer.status, answer.code) == (404, "cases.no_such_case")
    pairs = [(client, call) for client in others for call in CALLS]

    def looks_like_none(pair):
        client, call = pair
        refused(shop, client, case, call, CALLS[call], status=404, code="cases.no_such_case")

    check_each(((f"{call} {client.key[:12]}", (client, call)) for client, call in pairs), looks_like_none)


def test_an_offer_that_was_replaced_is_not_accepted_by_its_id(shop, platform, merchant):
    case = filed(shop, platform)
    offers = []
    for minor in (9000, 1):
        offer = {"kind": "refund", "amount": {"minor": minor, "currency": "CNY"}}
        made = act(merchant, case, "negotiate", {"form": "propose", "outcome": offer})
        offers.append(made["offers"][-1]["id"])
    late = {"status": 409, "code": "cases.other_offer", "asked": "?side=buyer"}
    refused(shop, platform, case, "accept", {"offer": offers[0]}, **late)
    done = act(platform, case, "accept", {"offer": offers[1]}, side="buyer")
    assert done["decision"]["outcome"]["amount"]["minor"] == 1


def test_a_party_acts_for_itself_only(shop, platform, merchant, port):
    case = filed(shop, platform)
    buyer = Client(port, shop.key(party=shop.buyer))
    assert buyer.get(f"/api/v1/cases/{case}").json()["side"] == "buyer"
    for client, other in ((merchant, "buyer"), (buyer, "merchant"), (buyer, "platform")):
        refusal = {"status": 403, "code": "cases.not_your_side", "asked": f"?side={other}"}
        for call in ("withdraw", "accept", "messages", "file"):
            refused(shop, client, case, call, CALLS[call], **refusal)
    for call in ("withdraw", "amount", "person", "return"):
        refused(shop, merchant, case, call, CALLS[call], status=422, code="cases.other_side")
    refused(shop, buyer, case, "inspection", CALLS["inspection"], status=422, code="cases.other_side")
    reject = CALLS["reject"]
    refused(shop, platform, case, "reject", reject, status=403, code="cases.not_your_turn")
    refused(shop, platform, case, "accept", {}, status=403, code="cases.not_your_turn")


def test_a_request_sent_again_is_done_once(shop, platform, merchant):
    case = filed(shop, platform)
    path, key = f"/api/v1/cases/{case}/reject", {"Idempotency_Key": "one"}
    body = {"reason": "no_defect_found", "text": "没有看到裂纹"}
    first = merchant.post(path, json=body, **key)
    assert first.status == 200, first.body
    with nothing_written(shop):
        again = merchant.post(path, json=body, **key)
        assert (again.status, again.json()) == (200, first.json())
        other = merchant.post(path, json={**body, "text": "别的"}, **key)
        assert (other.status, other.code) == (409, "access.reused_idempotency_key")


def test_what_no_request_may_hold(shop, platform, merchant):
    case = filed(shop, platform)
    text = "长" * 501
    many = [{"exhibit": "exhibit_1", "role": "damage"}] * 21
    bodies = {
        "a field that is none": ("accept", {"due_at": "2020-01-01T00:00:00Z"}),
        "a long text": ("supplement", {"text": text}),
        "a long message": ("messages", {"text": text}),
        "too many files": ("exhibits", {"exhibits": many}),
        "no file": ("exhibits", {"exhibits": []}),
        "a reason that is no code": ("reject", {"reason": "Not A Code"}),
        "a form that is none": ("negotiate", {"form": "threaten"}),
        "an offer in fractions": (
            "negotiate",
            {"form": "propose", "outcome": {"kind": "refund", "amount": {"minor": 1.5, "currency": "CNY"}}},
        ),
        "a negative amount": ("amount", {"amount": {"minor": -1, "currency": "CNY"}}),
        "no reason": ("more-time", {}),
    }

    def is_refused(name):
        call, body = bodies[name]
        with nothing_written(shop):
            answer = merchant.post(f"/api/v1/cases/{case}/{call}", json=body)
            assert answer.status == 422, (answer.status, answer.body)
            assert answer.code

    check_each(by_repr(bodies), is_refused)
    large = {"text": "长" * 3_000_000}
    with nothing_written(shop):
        assert merchant.post(f"/api/v1/cases/{case}/messages", json=large).status in (413, 422)


def test_an_erased_file_is_no_evidence(shop, platform, merchant, location):
    case = filed(shop, platform)
    gone = keep(shop, DiskBlobs(location.folder / "blobs"))
    with writing(shop.store, shop.program) as session:
        erase(session, gone, Reason.REQUEST, shop.clock)
    body = {"exhibits": [{"exhibit": gone, "role": "damage"}]}
    refused(shop, merchant, case, "exhibits", body, status=422, code="cases.no_such_exhibit")


@pytest.mark.parametrize("kept_as", [FileRole.PACKING, FileRole.LISTING, FileRole.REPLY])
def test_a_buyers_photo_that_would_not_be_examined_is_no_evidence(shop, platform, location, kept_as):
    code = "cases.not_a_claims_file"
    photo = keep(shop, DiskBlobs(location.folder / "blobs"), kept_as)
    given = {"exhibits": [{"exhibit": photo, "role": "damage"}]}
    with nothing_written(shop):
        answer = platform.post("/api/v1/cases", json=shop.claim(**given))
        assert (answer.status, answer.code) == (422, code)
    case = filed(shop, platform)
    refused(shop, platform, case, "exhibits", given, status=422, code=code, asked="?side=buyer")


def test_the_text_beside_a_file_holds_no_character_zero(shop, platform):
    case = filed(shop, platform)
    with nothing_written(shop):
        answer = platform.upload(f"/api/v1/cases/{case}/upload?side=buyer", b"x", fields={"text": "裂\0纹"})
        assert (answer.status, answer.code) == (422, "web.invalid")
