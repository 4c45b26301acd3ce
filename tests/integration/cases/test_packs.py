"""A tenant's own policy packs: drafted, published, superseded, retired, and what cases make of them."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.integration.cases.walking import START
from tests.integration.web.service import Client
from tests.unit.policies.packs import OWN, RULES, changed, line_of

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.cases import repository as cases
from bixie.cases.errors import CaseError
from bixie.cases.packs.backtesting import record_of_row
from bixie.cases.packs.errors import PackRefusedError, PackStateError
from bixie.cases.packs.lookup import pack_by, pack_in_force, reference_to
from bixie.cases.packs.service import add_draft, publish, retire
from bixie.cli.main import main
from bixie.ledger.errors import BrokenLedger
from bixie.ledger.verification import verify
from bixie.policies import PackError, builtin_packs

PATH = "/api/v1/policies"
OWN_ID = ("id: cn-default", "id: shop-rules"), ("from: 2026-02-01 # Order 116 is in force\n", "from: null\n")


def text(*pairs, version=1):
    """Return the text of a pack of the tenant's own."""
    return changed(*OWN_ID, ("version: 1\n", f"version: {version}\n"), *pairs)


def begins(day):
    return ("from: null\n", f"from: {day}\n")


@pytest.fixture
def editor(shop):
    return Principal(shop.tenant, "person_editor", Role.POLICY_EDITOR)


@pytest.fixture
def published(store, shop, editor):
    """Publish a pack of this text; return its row's id."""

    def do(body):
        with writing(store, editor) as session:
            row = add_draft(session, body.encode(), shop.clock)
            return publish(session, row.id, shop.clock).id

    return do


def in_force(store, editor, moment):
    with reading(store, editor) as session:
        pack = pack_in_force(session, moment)
        return pack.id, pack.version


def test_the_tenants_own_pack_is_in_force_from_its_first_day_on_and_bixies_before(store, editor, published):
    published(text(begins("2026-11-05"), ("to: null", "to: 2026-11-08")))
    days = {day: in_force(store, editor, START + timedelta(days=day)) for day in (0, 2, 3, 6, 7)}
    default, own = ("cn-default", 1), ("shop-rules", 1)
    assert days == {0: default, 2: default, 3: own, 6: own, 7: default}
    late = START.replace(day=4, hour=16)  # midnight in China
    assert in_force(store, editor, late) == own


def test_a_later_version_ends_the_earlier_one_and_a_retired_one_is_in_force_no_more(
    store, shop, editor, published
):
    published(text())
    second = published(text(begins("2026-11-10"), version=2))
    assert in_force(store, editor, START) == ("shop-rules", 1)
    assert in_force(store, editor, START + timedelta(days=8)) == ("shop-rules", 2)
    with writing(store, editor) as session:
        retire(session, second, shop.clock)
    assert in_force(store, editor, START + timedelta(days=8)) == ("cn-default", 1)
    with reading_every_tenant(store) as session:
        assert verify(session).rows


def test_what_stands_against_a_pack_is_named_and_nothing_changes(store, shop, editor, published):
    published(text(version=2))
    refused = [
        (OWN, PackRefusedError, "packs.id_reserved"),
        (text(version=2), PackStateError, "packs.version_taken"),
        (text(version=1), PackStateError, "packs.older_version"),
        (text(begins("2026-11-01"), version=3), PackRefusedError, "packs.in_the_past"),
        (text(("to: null", "to: 2026-11-01"), version=3), PackRefusedError, "packs.ends_before"),
        (text(("PLAT-PROOF", "PLAT-1"), version=3), PackError, "policy.refused"),
        (text(("damaged: [whole", "dented: [whole"), version=3), PackError, "policy.refused"),
        ("rules: 1", PackError, "policy.refused"),
    ]
    for body, kind, code in refused:
        with pytest.raises(kind) as error, writing(store, editor) as session:
            publish(session, add_draft(session, body.encode(), shop.clock).id, shop.clock)
        assert error.value.code == code
    assert in_force(store, editor, START) == ("shop-rules", 2)


def test_a_case_keeps_the_pack_that_it_refers_to_whatever_became_of_it(store, shop, editor, published):
    row = published(text())
    with reading(store, editor) as session:
        reference = reference_to(pack_in_force(session, START))
    with writing(store, editor) as session:
        retire(session, row, shop.clock)
    with reading(store, editor) as session:
        assert reference_to(pack_by(session, reference)) == reference
        assert pack_by(session, reference_to(builtin_packs()[0])).id == "cn-default"
        gone = reference.model_copy(update={"sha256": "0" * 64})
        with pytest.raises(CaseError):
            pack_by(session, gone)


def test_a_body_that_was_changed_in_the_database_is_not_taken_and_is_found(store, editor, published):
    published(text())
    with reading(store, editor) as session:
        reference = reference_to(pack_in_force(session, START))
    with store.engine.begin() as connection:
        body = connection.scalar(sa.text("SELECT body FROM case_policy_pack"))
        other = body.replace('"hours":48', '"hours":47')
        assert other != body
        connection.execute(sa.text("UPDATE case_policy_pack SET body = :body"), {"body": other})
    with reading(store, editor) as session, pytest.raises(CaseError):
        pack_by(session, reference)
    with reading_every_tenant(store) as session, pytest.raises(BrokenLedger) as broken:
        verify(session)
    assert (broken.value.code, broken.value.values["column"]) == ("ledger.row_changed", "body")


def test_a_policy_editor_drafts_tries_publishes_and_retires_by_api(port, shop, merchant):
    editor = Client(port, shop.key(Role.POLICY_EDITOR))
    added = editor.post(PATH, json={"text": text()})
    assert added.status == 201
    made = added.json()
    assert (made["state"], made["faults"], made["pack"]) == ("draft", [], "shop-rules")
    assert made["body"]["rules"][0]["id"] == "not-more-than-claimed"
    assert merchant.get(PATH).json()["items"] == []
    assert merchant.get(f"{PATH}/in-force").json()["sha256"] == builtin_packs()[0].sha256
    assert merchant.get(f"{PATH}/{made['id']}").status == 404
    tried = editor.get(f"{PATH}/{made['id']}/backtest").json()
    assert (tried["decisions"], tried["more"]) == (0, False)
    shown = editor.post(f"{PATH}/{made['id']}/publish").json()
    assert (shown["state"], shown["effective_from"], shown["effective_to"]) == (
        "published",
        "2026-11-02",
        None,
    )
    assert [one["id"] for one in merchant.get(PATH).json()["items"]] == [made["id"]]
    assert merchant.get(f"{PATH}/in-force").json()["pack"] == "shop-rules"
    assert editor.post(f"{PATH}/{made['id']}/publish").code == "packs.not_a_draft"
    assert editor.post(f"{PATH}/{made['id']}/retire").json()["state"] == "retired"
    assert merchant.get(f"{PATH}/{made['id']}").json()["state"] == "retired"
    assert editor.get(f"{PATH}/policy_0").code == "packs.no_such_pack"


def test_faults_of_a_draft_are_listed_and_refuse_publishing(port, shop):
    editor = Client(port, shop.key(Role.POLICY_EDITOR))
    body = changed(*OWN_ID, ("PLAT-PROOF", "PLAT-1"), ("EVI-DETECTOR", "EVI-0"), text=RULES)
    made = editor.post(PATH, json={"text": body}).json()
    assert [(fault["code"], fault["line"]) for fault in made["faults"]] == [
        ("policy.unknown_law", line_of(body, f"- id: {rule}"))
        for rule in ("both-sides-had-the-file", "other-evidence-was-asked-for")
    ]
    refused = editor.post(f"{PATH}/{made['id']}/publish")
    assert (refused.status, refused.code) == (422, "policy.refused")
    assert len(refused.json()["faults"]) == 2
    broken = editor.post(PATH, json={"text": "a: &x 1\nb: *x"})
    assert (broken.status, broken.code) == (422, "policy.refused")
    both = editor.post(PATH, json={"text": body, "pack": {}})
    assert both.status == 422


def test_nobody_else_changes_packs(port, shop, merchant, reviewer):
    admin = Client(port, shop.key(Role.ADMIN))
    merchants_admin = Client(port, shop.key(Role.ADMIN, party=shop.merchant))
    pack = json.loads(builtin_packs()[0].canonical) | {"id": "shop-rules", "from": None}
    for other in (merchant, reviewer, merchants_admin, Client(port, shop.key())):
        assert other.post(PATH, json={"pack": pack}).status == 403
    made = admin.post(PATH, json={"pack": pack}).json()
    for other in (merchant, reviewer, merchants_admin):
        assert other.post(f"{PATH}/{made['id']}/publish").status == 403
        assert other.get(f"{PATH}/{made['id']}/backtest").status == 403


def test_a_claim_is_heard_by_the_pack_of_the_day_it_was_filed_and_its_decision_replays(
    port, shop, platform, merchant, store, location, published, tmp_path, capfdbinary
):
    published(text(("answer: {hours: 48}", "answer: {hours: 12}")))
    case = platform.post("/api/v1/cases", json=shop.claim()).json()
    answer = next(duty for duty in case["duties"] if duty["kind"] == "answer")
    assert answer["due_at"].startswith("2026-11-02T21:00")
    published(text(version=2))
    assert merchant.post(f"/api/v1/cases/{case['id']}/accept", json={}).status == 200
    editor = Client(port, shop.key(Role.POLICY_EDITOR))
    draft = editor.post(PATH, json={"text": text(version=3)}).json()
    tried = editor.get(f"{PATH}/{draft['id']}/backtest").json()
    assert (tried["decisions"], tried["unchanged"]) == (1, 1)
    place = ["--url", location.url.render_as_string(hide_password=False)]

    def run(*words):
        status = main(["policy", *words, *place, "--json"])
        return status, json.loads(capfdbinary.readouterr().out)

    status, replayed = run("replay", case["id"])
    assert (status, replayed["identical"], len(replayed["records"])) == (0, True, 1)
    assert replayed["records"][0]["pack"]["id"] == "shop-rules"
    (tmp_path / "pack.yaml").write_text(text(version=3), encoding="utf-8")
    status, table = run("backtest", str(tmp_path / "pack.yaml"))
    assert (status, table["decisions"], table["unchanged"]) == (0, 1, 1)


def test_a_category_that_a_pack_lists_is_known_whatever_the_shop_calls_it(
    store, shop, editor, platform, merchant, published
):
    listed = ("  person_reasons:", "  person_categories: [food]\n  person_reasons:")
    published(changed(*OWN_ID, listed, text=RULES))
    claim = shop.claim(items=[{"position": 1, "count": 1}], amount={"minor": 3000, "currency": "CNY"})
    case = platform.post("/api/v1/cases", json=claim).json()["id"]
    assert merchant.post(f"/api/v1/cases/{case}/accept", json={}).status == 200
    with reading(store, editor) as session:
        (record,) = map(record_of_row, cases.decisions_of(session, case))
    fired = {rule["id"]: rule["certain"] for rule in record.evaluation["rules"]}
    assert record.facts.category == "food"  # the order has 食品
    assert fired["listed-claims-need-a-person"] is True
