"""A file counts for the side that gave it, and a claim for whoever filed it."""

import hashlib

import pytest
from tests.integration.cases.test_bad_claims import kept, nothing_written
from tests.integration.cases.test_walk import act
from tests.integration.conftest import DATABASES

from bixie.access.tenancy import reading, writing
from bixie.cases import service
from bixie.cases.decisions import Wanted, facts_of
from bixie.cases.event_parts import Item, Outcome
from bixie.cases.filing import GivenClaim, file_claim
from bixie.cases.opening import open_case
from bixie.cases.service import Said
from bixie.cases.words import Basis, OutcomeKind, Service, Side
from bixie.identity import consent
from bixie.kit.money import Money
from bixie.orders import repository as orders

pytestmark = pytest.mark.parametrize("location", DATABASES[:1], indirect=True)


def filed(shop, client, **changes):
    answer = client.post("/api/v1/cases", json=shop.claim(**changes))
    assert answer.status == 201, answer.body
    return answer.json()["id"]


def test_a_merchant_cannot_add_what_was_kept_as_the_buyers(shop, platform, merchant):
    id_, photo = filed(shop, platform), kept(merchant)
    with nothing_written(shop):
        refused = merchant.post(f"/api/v1/cases/{id_}/exhibits", json={"exhibits": [photo]})
        assert (refused.status, refused.code) == (422, "cases.file_of_buyer")
    shown = act(platform, id_, "exhibits", {"exhibits": [photo]}, side="buyer")["exhibits"]
    assert [one["side"] for one in shown] == ["buyer"]


def test_what_was_there_already_is_named_and_what_the_other_side_added_refused(shop, platform, merchant):
    id_, photo, reply = filed(shop, platform), kept(merchant), kept(merchant, role="reply")
    assert act(platform, id_, "exhibits", {"exhibits": [photo]}, side="buyer")["skipped"] == []
    again = act(platform, id_, "exhibits", {"exhibits": [photo]}, side="buyer")
    assert (again["skipped"], len(again["exhibits"])) == ([photo["exhibit"]], 1)
    act(merchant, id_, "exhibits", {"exhibits": [reply]})
    with nothing_written(shop):
        for client, side, file in ((merchant, "", photo), (platform, "?side=buyer", reply)):
            refused = client.post(f"/api/v1/cases/{id_}/exhibits{side}", json={"exhibits": [file]})
            assert (refused.status, refused.code) == (422, "cases.file_of_other_side")


def counted(shop, id_):
    with writing(shop.store, shop.program) as session:
        case = open_case(session, id_, shop.clock)
        facts = facts_of(case, Wanted(Basis.RULING, Outcome(kind=OutcomeKind.REFUSE)))
        return facts.refund_only_count, facts.claims_on_item


def test_what_a_merchant_files_for_a_buyer_never_counts_against_the_buyer(shop, platform, merchant):
    """Neither against the number of claims, nor by keeping pieces and money back while it is open."""
    with writing(shop.store, shop.program) as session:
        claim = GivenClaim([Item(position=0, count=1)], Service.REFUND_ONLY, "damaged", True, Money(minor=1))
        about = orders.by_number(session, shop.merchant, "A1")
        for _ in range(5):
            case = file_claim(session, about, shop.buyer, claim, shop.clock, filed_by=Side.MERCHANT)
            service.withdraw(session, case.row.id, Said(), shop.clock)
    by_merchant = filed(shop, merchant, buyer=None, items=[{"position": 0, "count": 2}])
    own = filed(shop, platform, items=[{"position": 0, "count": 2}], amount={"minor": 20_000})
    assert counted(shop, own) == (1, 1)
    said = platform.get(f"/api/v1/cases/{by_merchant}").json()["thread"][0]["name"]
    assert said["zh"] == "商家代买家提交售后申请"


def test_what_the_buyer_agreed_to_is_kept_as_proof(shop, platform, merchant):
    asked = [one for one in platform.get("/api/v1/claim-options").json()["notices"] if one["consent"]]
    assert [(one["key"], one["required"]) for one in asked] == [("share_with_merchant", True)]
    given = {"code": asked[0]["key"], "text_version": asked[0]["version"]}
    for wrong, field, code in (
        ({"text_version": "2020-01-01"}, "text_version", "consent_to_other_text"),
        ({"code": "privacy"}, "code", "no_such_consent"),
    ):
        with nothing_written(shop):
            refused = platform.post("/api/v1/cases", json=shop.claim(consents=[given | wrong]))
            assert (refused.status, refused.code) == (422, "claims.faulty")
            (fault,) = refused.json()["fields"]
            assert (fault["field"], fault["code"]) == (f"consents[0].{field}", f"claims.{code}")
    with nothing_written(shop):
        for_the_buyer = merchant.post("/api/v1/cases", json=shop.claim(consents=[given], buyer=None))
        assert (for_the_buyer.status, for_the_buyer.code) == (422, "cases.consent_is_the_buyers")
    id_ = filed(shop, platform, consents=[given])
    assert platform.get(f"/api/v1/cases/{id_}").json()["claim"]["consents"] == [given]
    with reading(shop.store, shop.program) as session:
        assert consent.holds(session, shop.buyer, asked[0]["purpose"], shop.merchant)
        ((kept_, _),) = consent.history(session, shop.buyer)
        shown = asked[0]["text"]["zh"]
        assert kept_.text_hash == hashlib.sha256(shown.encode()).hexdigest()
