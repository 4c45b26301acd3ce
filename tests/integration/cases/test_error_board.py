"""The error board over the API, on both databases: what appeals changed, refusals first."""

import pytest
from sqlalchemy import text
from tests.integration.cases.evidence import FINDING, keep, report
from tests.integration.cases.walking import Shop
from tests.integration.web.service import Client

from bixie.access.principal import Role
from bixie.access.tenancy import reading
from bixie.cases.error_board import service
from bixie.cases.error_board.service import error_board
from bixie.cases.events import Decided
from bixie.cases.opening import events_of
from bixie.store.blobs import DiskBlobs

REFUSAL = {"outcome": {"kind": "refuse"}, "reasons": ["evidence_insufficient"]}
REFUND = {
    "outcome": {"kind": "refund", "amount": {"minor": 5000, "currency": "CNY"}},
    "reasons": ["damage_shown"],
}
STANDS = {"outcome": None, "reasons": ["evidence_insufficient"]}


@pytest.fixture
def decided(desk, reviewer, second_reviewer):
    """Decides a claim, and the appeal against that; returns the id of the case."""

    def decide(ruling, on_appeal=None):
        id_ = desk.heard()
        desk.post(reviewer, f"{id_}/review/claim", {})
        desk.post(reviewer, f"{id_}/decide", ruling)
        if on_appeal is not None:
            desk.appealed(id_)
            desk.post(second_reviewer, f"{id_}/review/claim", {})
            desk.post(second_reviewer, f"{id_}/decide", on_appeal)
        return id_

    return decide


def test_decisions_are_counted_for_the_examiner_that_the_verdict_rests_on(
    desk, shop, blobs, platform, reviewer, second_reviewer
):
    case = desk.escalated()
    claim = keep(shop, blobs, order=f"C{desk.orders}")
    report(shop, blobs, claim, "inconclusive", findings=[FINDING])
    given = {"exhibits": [{"exhibit": claim, "role": "damage"}]}
    desk.post(platform, f"{case}/exhibits?side=buyer", given)
    for client, side in ((platform, "?side=buyer"), (desk.merchant, "")):
        desk.post(client, f"{case}/supplement{side}", {"complete": True})
    desk.served(case)
    for one, ruling in ((reviewer, REFUSAL), (second_reviewer, REFUND)):
        desk.post(one, f"{case}/review/claim", {})
        desk.post(one, f"{case}/decide", ruling)
        if one is reviewer:
            desk.appealed(case)
    (counted,) = board(reviewer)["refusals"]["examiners"]
    assert (counted["examiner"], counted["version"], counts(counted)) == ("derivation", "1", (1, 1, 1))


@pytest.fixture
def blobs(location):
    return DiskBlobs(location.folder / "blobs")


def board(client, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = client.get(f"/api/v1/error-board?{asked}")
    assert answer.status == 200, answer.body
    return answer.json()


def counts(tally):
    return tally["overturned"], tally["appealed"], tally["decided"]


def test_a_refusal_that_an_appeal_overturned_comes_first(shop, reviewer, decided, monkeypatch):
    overturned = decided(REFUSAL, REFUND)
    shop.clock.move(hours=8)  # the next day in UTC+8, the same in UTC
    decided(REFUSAL, STANDS)
    decided(REFUND)

    first = board(reviewer, until="2026-11-02")
    assert next(name for name in first if isinstance(first[name], dict)) == "refusals"
    one_of_one_in_each_group(first["refusals"], rules_of(shop, overturned))
    # The decision on the appeal is final: it is no approval that could turn out wrong.
    assert (counts(first["approvals"]["all"]), first["final"]) == ((0, 0, 0), 1)

    whole = board(reviewer)
    assert counts(whole["refusals"]["all"]) == (1, 2, 2)
    assert counts(whole["approvals"]["all"]) == (0, 0, 1)
    assert counts(board(reviewer, since="2026-11-03")["refusals"]["all"]) == (0, 1, 1)
    assert (whole["complete"], whole["unreadable"]) == (True, 0)
    the_pages_make_one_board(shop, monkeypatch)

    with shop.store.engine.begin() as connection:
        connection.execute(text(f"update case_decision set record = '{{}}' where case_id = '{overturned}'"))
    assert board(reviewer)["unreadable"] == 2


def rules_of(shop, id_):
    with reading(shop.store, shop.program) as session:
        events = [one.event for one in events_of(session, id_)]
    return next(one.rules for one in events if isinstance(one, Decided))


def one_of_one_in_each_group(refusals, rules):
    whole = refusals["all"]
    assert counts(whole) == (1, 1, 1)
    assert (whole["overturned_for_buyer"], whole["overturned_for_merchant"]) == (1, 0)
    assert (whole["rate"], whole["low"], whole["high"]) == (1.0, 0.206549, 1.0)
    (pack,) = refusals["packs"]
    assert (pack["pack"], pack["version"], counts(pack)) == ("cn-default", 1, (1, 1, 1))
    assert rules
    assert {one["rule"]: counts(one) for one in refusals["rules"]} == dict.fromkeys(rules, (1, 1, 1))
    assert [(one["key"], counts(one)) for one in refusals["bases"]] == [("ruling", (1, 1, 1))]
    (verdict,) = refusals["evidence_verdicts"]
    assert (verdict["key"], verdict["name"]["zh"], counts(verdict)) == ("none", "没有文件", (1, 1, 1))


def the_pages_make_one_board(shop, monkeypatch):
    with reading(shop.store, shop.program) as session:
        at_once = error_board(session)
        newest = error_board(session, limit=2)
        monkeypatch.setattr(service, "_AT_ONCE", 1)
        assert error_board(session) == at_once
        assert error_board(session, limit=4).is_complete
    # The approval and the refusal that stands; not the day before.
    assert (newest.is_complete, newest.approvals.all.decided, newest.refusals.all.decided) == (False, 1, 1)
    assert newest.refusals.all.overturned == 0


def test_an_agreement_cannot_be_appealed_and_is_in_no_rate(shop, platform, merchant, desk, reviewer):
    id_ = desk.post(platform, "", shop.claim())["id"]
    desk.post(merchant, f"{id_}/accept", {})
    found = board(reviewer)
    assert (found["final"], found["approvals"]["all"]["decided"]) == (1, 0)
    assert (found["approvals"]["all"]["rate"], found["approvals"]["all"]["high"]) == (None, 1.0)


def test_the_board_is_for_reviewers_and_admins_of_the_tenant(shop, store, port, merchant, decided):
    decided(REFUSAL, REFUND)
    other = Client(port, Shop(store, shop.clock).key(Role.ADMIN))
    seen = board(other)
    assert [seen[name]["all"]["decided"] for name in ("refusals", "approvals")] == [0, 0]
    assert (seen["final"], seen["refusals"]["packs"]) == (0, [])
    refused = merchant.get("/api/v1/error-board")
    assert (refused.status, refused.code) == (403, "access.not_allowed")
    admin = Client(port, shop.key(Role.ADMIN, party=shop.merchant)).get("/api/v1/error-board")
    assert (admin.status, admin.code) == (403, "access.not_for_a_party")
    assert Client(port, shop.key(Role.REVIEWER)).get("/api/v1/error-board?since=0001-01-01").status == 422
