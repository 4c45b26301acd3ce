"""Remedies and real workers: where orders go by default, who is told, what is left after workers died."""

import json
import random
import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.integration.notices.servers import receiver
from tests.services import worker_runs as work

from bixie.access.tenancy import reading
from bixie.assembly.jobs import job_types
from bixie.jobs.job_types import by_name
from bixie.jobs.models import Job
from bixie.notices.models import Delivery
from bixie.notices.remedies import REMEDY_SECRET, REMEDY_URL
from bixie.notices.service import add_target

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SEED = 20261130


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


def program(location):
    if location.url.get_backend_name() == "sqlite":
        return ["bixie", "worker", "--data", str(location.folder)]
    return ["bixie", "worker", "--url", location.url.render_as_string(hide_password=False)]


@pytest.mark.chaos
def test_killing_workers_sends_nothing_under_another_key_and_loses_nothing(
    shop, store, location, monkeypatch
):
    random.seed(SEED)
    with receiver() as gateway:

        def slowly():
            time.sleep(0.1)
            return (202, {}, b"")

        gateway.answer = slowly
        monkeypatch.setenv(REMEDY_URL, gateway.url)
        monkeypatch.setenv(REMEDY_SECRET, SECRET)
        cases = [shop.decided()[0] for _ in range(20)]
        work.kill_workers(store, location, 4, program)
        sent = {
            (json.loads(body)["case"], headers["Idempotency-Key"], body) for _, headers, body in gateway.got
        }
    assert sorted(case for case, _, _ in sent) == sorted(cases)
    assert {(one.case_id, one.idempotency_key, one.state) for one in shop.remedies()} == {
        (case, key, "sent") for case, key, _ in sent
    }
    with store.reading(Session) as session:
        assert set(session.scalars(select(Job.state))) == {"done"}
