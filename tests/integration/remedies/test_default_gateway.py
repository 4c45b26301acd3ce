"""Where orders go without settings, and who is told."""

import json

from sqlalchemy import select

from bixie.access.tenancy import reading
from bixie.assembly.jobs import job_types
from bixie.jobs.job_types import by_name
from bixie.notices.models import Delivery
from bixie.notices.remedies import REMEDY_URL
from bixie.notices.service import add_target


def test_without_settings_an_order_is_a_file_beside_the_store_and_webhooks_are_told(
    shop, store, location, monkeypatch
):
    monkeypatch.delenv(REMEDY_URL, raising=False)
    with shop.writing() as session:
        add_target(session, "https://shop.example/hook", ["remedy.ordered", "remedy.reversed"])
    case, decision = shop.ruled()
    shop.work(by_name(job_types(store, location)))
    shop.overturn(case)
    shop.work(by_name(job_types(store, location)))
    first, back = shop.remedies(case)
    files = {path.stem: json.loads(path.read_bytes()) for path in (location.folder / "remedies").iterdir()}
    assert {id_: one["kind"] for id_, one in files.items()} == {
        first.id: "refund",
        back.id: "refund_reversal",
    }
    with reading(store, shop.principal) as session:
        told = {one.content["data"]["id"]: one.content for one in session.scalars(select(Delivery))}
    assert {id_: one["type"] for id_, one in told.items()} == {
        first.id: "remedy.ordered",
        back.id: "remedy.reversed",
    }
    assert told[back.id]["data"] == {
        "id": back.id,
        "case": case,
        "decision": decision,
        "order": first.order_id,
        "kind": "refund_reversal",
        "amount": {"minor": 1999, "currency": "CNY"},
        "items": [{"position": 0, "count": 1}],
        "reverses": first.id,
        "idempotency_key": back.idempotency_key,
    }
