"""What no claim can be filed with: every faulty field is named, and nothing is written, on both databases."""

from contextlib import contextmanager

import pytest
from sqlalchemy import func, select
from tests.integration.cases.test_walk import act
from tests.integration.cases.walking import Shop, order
from tests.integration.web.service import Client, picture

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.cases.claims.errors import FaultyClaimError
from bixie.cases.claims.loading import claim_options
from bixie.cases.event_parts import Item
from bixie.cases.evidence import GivenExhibit, add_exhibits
from bixie.cases.filing import GivenClaim, file_claim
from bixie.cases.merchant_options.service import set_option
from bixie.cases.models import Case, CaseExhibit
from bixie.cases.opening import open_case
from bixie.cases.repository import decisions_of
from bixie.cases.words import NegotiationForm, OutcomeKind, Service, Side
from bixie.identity.rules import PartyKind
from bixie.identity.service import add_party
from bixie.kit.money import Money
from bixie.ledger.models import LedgerEvent
from bixie.ledger.verification import verify
from bixie.orders import repository as orders
from bixie.orders.service import import_orders
from bixie.policies.facts import REFUND_ONLY_WITHOUT_PERSON


def written(shop):
    """Count what a refused claim must leave as it is."""
    with reading(shop.store, shop.program) as session:
        counts = [select(func.count()).select_from(one) for one in (Case, CaseExhibit)]
        counts.append(select(func.count()).where(LedgerEvent.type.startswith("case.")))
        return [session.scalar(one) for one in counts]


@contextmanager
def nothing_written(shop):
    before = written(shop)
    yield
    assert written(shop) == before


def problems(shop, client, **changes):
    """File a claim that is refused; return the faulty fields with their codes."""
    with nothing_written(shop):
        answer = client.post("/api/v1/cases", json=shop.claim(**changes))
        assert (answer.status, answer.code) == (422, "claims.faulty"), answer.body
    return [(one["field"], one["code"].removeprefix("claims.")) for one in answer.json()["fields"]]


def filed(shop, client, **changes):
    answer = client.post("/api/v1/cases", json=shop.claim(**changes))
    assert answer.status == 201, answer.body
    return answer.json()["id"]


def kept(client, number="A1", colour=(1, 2, 3), role="claim"):
    fields = {"order": number, "role": role}
    answer = client.upload("/api/v1/exhibits", picture(colour), fields=fields)
    assert answer.status == 201, answer.body
    return {"exhibit": answer.json()["id"], "role": "damage"}


def test_the_words_of_cases_are_those_of_the_options():
    options = claim_options()
    assert {one.key for one in options.services} == set(Service)
    assert {one.key for one in options.negotiate_forms} == set(NegotiationForm)
    assert {kind for one in options.decision_reasons for kind in one.outcomes} == set(OutcomeKind)


def test_every_faulty_field_of_a_claim_is_named(shop, platform):
    wrong = {
        "items": [{"position": 0, "count": 3}, {"position": 7}],
        "amount": {"minor": 100, "currency": "USD"},
        "label": "mouldy",
    }
    assert problems(shop, platform, **wrong) == [
        ("label", "no_such_label"),
        ("items[0].count", "count_too_high"),
        ("items[1].position", "item_not_in_order"),
        ("amount.currency", "other_currency"),
    ]
    assert problems(shop, platform, amount={"minor": 10_001}) == [("amount.minor", "amount_too_high")]
    assert problems(shop, platform, amount={"minor": 0}) == [("amount.minor", "amount_not_positive")]


def test_an_amount_goes_only_down_after_filing(shop, platform):
    id_ = filed(shop, platform)
    for amount, code in (
        ({"minor": 10_000}, "cases.amount_only_down"),
        ({"minor": 10_001}, "cases.amount_only_down"),
        ({"minor": 5_000, "currency": "USD"}, "cases.wrong_currency"),
    ):
        with nothing_written(shop):
            answer = platform.post(f"/api/v1/cases/{id_}/amount?side=buyer", json={"amount": amount})
            assert (answer.status, answer.code) == (422, code)
    lower = act(platform, id_, "amount", {"amount": {"minor": 6_000}}, side="buyer")
    assert lower["claim"]["amount"]["minor"] == 6_000


def test_ten_thousand_exhibits_are_refused_before_one_is_looked_up(shop, platform):
    id_ = filed(shop, platform)
    many = [GivenExhibit(f"exhibit_{number}", "damage") for number in range(10_000)]
    body = {"exhibits": [{"exhibit": one.exhibit, "role": one.role} for one in many]}
    with nothing_written(shop):
        assert platform.post("/api/v1/cases", json=shop.claim(**body)).status == 422
        with writing(shop.store, shop.program) as session, pytest.raises(FaultyClaimError) as caught:
            add_exhibits(open_case(session, id_, shop.clock), Side.BUYER, many)
    assert caught.value.problems[0].code == "claims.too_many_exhibits"


def test_the_sixth_claim_on_an_item_is_refused(shop, platform):
    for _ in range(5):
        act(platform, filed(shop, platform), "withdraw", side="buyer")
    assert problems(shop, platform) == [("items[0].position", "too_many_claims")]
    filed(shop, platform, items=[{"position": 1}], amount={"minor": 3_000})


def test_pieces_and_money_of_an_earlier_claim_are_not_claimed_again(shop, platform, merchant):
    both = {"items": [{"position": 0, "count": 2}], "amount": {"minor": 20_000}}
    first = filed(shop, platform)
    assert problems(shop, platform, **both) == [("items[0].count", "count_too_high")]
    act(merchant, first, "accept")
    # The buyer kept the goods and was paid 100 yuan for one of them: 100 are left for both.
    assert problems(shop, platform, **both) == [("amount.minor", "amount_too_high")]
    filed(shop, platform, **both | {"amount": {"minor": 10_000}})


def test_a_claim_on_exchanged_goods_names_the_case(shop, platform, merchant):
    both = {"items": [{"position": 0, "count": 2}], "amount": {"minor": 20_000}}
    exchanged = filed(shop, platform, service="exchange", **both)
    act(merchant, exchanged, "accept")
    one = {"items": [{"position": 0}]}
    assert problems(shop, platform, **one) == [("items[0].count", "previous_missing")]
    again = filed(shop, platform, previous=exchanged, **one)
    assert platform.get(f"/api/v1/cases/{again}").json()["claim"]["previous"] == exchanged
    assert problems(shop, platform, previous=exchanged, **both) == [("items[0].count", "count_too_high")]


def test_a_case_of_another_order_is_no_earlier_claim(shop, platform):
    with writing(shop.store, shop.program) as session:
        import_orders(session, [order("A2")], shop.clock, party=shop.merchant)
    other = filed(shop, platform, order="A2")
    assert problems(shop, platform, previous=other) == [("previous", "previous_unknown")]


def test_a_file_of_another_order_merchant_or_tenant_never_enters_a_case(shop, platform, merchant, port):
    with writing(shop.store, shop.program) as session:
        rival = add_party(session, PartyKind.MERCHANT, name="别家", clock=shop.clock).id
        import_orders(session, [order("A2")], shop.clock, party=shop.merchant)
        import_orders(session, [order("A1")], shop.clock, party=rival)
    elsewhere = Shop(shop.store, shop.clock)
    foreign = [
        kept(merchant, "A2"),
        kept(Client(port, shop.key(party=rival))),
        kept(Client(port, elsewhere.key(party=elsewhere.merchant))),
        {"exhibit": "exhibit_00000000000000000000000000", "role": "damage"},
    ]
    own, reply = kept(merchant), kept(merchant, role="reply")
    id_ = filed(shop, merchant, buyer=None)
    for one in foreign:
        with nothing_written(shop):
            for answer in (
                merchant.post("/api/v1/cases", json=shop.claim(buyer=None, exhibits=[own, one])),
                platform.post(f"/api/v1/cases/{id_}/exhibits?side=buyer", json={"exhibits": [one]}),
                merchant.post(f"/api/v1/cases/{id_}/exhibits", json={"exhibits": [reply, one]}),
                merchant.post(
                    f"/api/v1/cases/{id_}/reject",
                    json={"reason": "buyer_damage", "text": "见图", "exhibits": [one]},
                ),
            ):
                assert (answer.status, answer.code) == (422, "cases.no_such_exhibit"), answer.body
    assert act(merchant, id_, "exhibits", {"exhibits": [reply]})["exhibits"][0]["id"] == reply["exhibit"]


def refused(shop, client, case, action, body, code, **query):
    asked = "?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else ""
    with nothing_written(shop):
        answer = client.post(f"/api/v1/cases/{case}/{action}{asked}", json=body)
        assert (answer.status, answer.code) == (422, f"claims.{code}"), answer.body


def test_answers_are_coded_and_have_what_their_reason_asks_for(shop, platform, merchant, reviewer):
    id_ = filed(shop, platform)
    refused(shop, merchant, id_, "reject", {"reason": "bad_mood", "text": "x"}, "no_such_code")
    refused(shop, merchant, id_, "reject", {"reason": "no_defect_found"}, "text_missing")
    refused(shop, merchant, id_, "reject", {"reason": "buyer_damage", "text": "x"}, "picture_missing")
    refused(shop, merchant, id_, "more-time", {"reason": "goods_elsewhere"}, "no_such_code")
    ask = {"form": "ask_evidence", "asks": ["passport"]}
    refused(shop, merchant, id_, "negotiate", ask, "no_such_code")
    refused(shop, platform, id_, "appeal", {"reason": "unhappy"}, "no_such_code", side="buyer")
    ruling = {"outcome": {"kind": "refuse"}, "reasons": ["damage_shown"]}
    refused(shop, reviewer, id_, "decide", ruling, "reason_of_other_outcome")

    act(merchant, id_, "negotiate", ask | {"asks": ["code_on_paper"], "code_word": "青竹"})
    complete = {"complete": True}
    refused(shop, platform, id_, "supplement", complete, "answer_without_reason", side="buyer")
    shown = kept(merchant) | {"role": "code"}
    act(platform, id_, "supplement", complete | {"exhibits": [shown]}, side="buyer")
    photo = kept(merchant, colour=(9, 9, 9), role="reply")
    act(merchant, id_, "reject", {"reason": "buyer_damage", "exhibits": [photo]})


def test_the_checklist_says_what_is_missing(shop, platform, merchant):
    id_ = filed(shop, platform, exhibits=[kept(merchant)], label=None)
    missing = platform.get(f"/api/v1/cases/{id_}").json()["claim"]["missing"]
    assert [(one["role"], one["need"]) for one in missing] == [
        ("whole", "required"),
        ("angle", "helpful"),
        ("packaging", "helpful"),
        ("waybill", "helpful"),
    ]


def test_a_decision_knows_what_the_merchant_had_opted_in_to(shop, platform, merchant):
    admin = Principal(shop.tenant, "person_admin", Role.ADMIN, shop.merchant)
    before = filed(shop, platform)
    shop.clock.move(minutes=1)
    with writing(shop.store, admin) as session:
        set_option(session, REFUND_ONLY_WITHOUT_PERSON, limit=10_000, clock=shop.clock)
    shop.clock.move(minutes=1)
    after = filed(shop, platform)
    found = {}
    for id_ in (before, after):
        act(merchant, id_, "accept")
        with reading(shop.store, shop.program) as session:
            (row,) = decisions_of(session, id_)
            found[id_] = row.record["facts"].get("merchant_options")
    assert found == {before: [], after: [REFUND_ONLY_WITHOUT_PERSON]}
    with reading_every_tenant(shop.store) as session:
        assert verify(session).rows


def test_a_claim_filed_by_code_is_checked_as_one_by_api(shop):
    claim = GivenClaim([Item(position=5, count=1)], Service.REPAIR, "damaged", False, Money(minor=1))
    with (
        nothing_written(shop),
        pytest.raises(FaultyClaimError) as caught,
        writing(shop.store, shop.program) as session,
    ):
        file_claim(session, orders.by_number(session, shop.merchant, "A1"), shop.buyer, claim, shop.clock)
    assert [one.code for one in caught.value.problems] == [
        *("claims.service_needs_goods", "claims.reason_for_received", "claims.item_not_in_order")
    ]


def test_both_sides_get_the_same_suggestion(shop, platform, merchant):
    id_ = filed(shop, platform)
    asked = f"/api/v1/cases/{id_}/suggestion?level=30"
    answers = [merchant.get(asked), platform.get(f"{asked}&side=buyer")]
    assert [one.status for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    first = answers[0].json()["remedies"][0]
    assert (first["service"], first["refund_minor"]) == ("refund_only", 3_000)
    assert merchant.get(f"/api/v1/cases/{id_}/suggestion").code == "claims.no_such_level"


def test_a_case_says_that_the_period_was_over(shop, platform):
    late = {"deliveries": [{"delivered_at": "2026-10-22T10:00:00+08:00"}]}
    with writing(shop.store, shop.program) as session:
        import_orders(session, [order("A2", **late)], shop.clock, party=shop.merchant)
    body = {"service": "return_refund", "reason": "seven_day_return"}
    cases = [filed(shop, platform, order=number, **body) for number in ("A1", "A2")]
    said = [platform.get(f"/api/v1/cases/{id_}").json()["period_over"] for id_ in cases]
    assert said[0] is None
    assert "2026-10-29" in said[1]["zh"]
