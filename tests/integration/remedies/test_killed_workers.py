"""Workers that are killed while they send remedies."""

import json
import random
import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.integration.notices.servers import receiver
from tests.services import worker_runs as work

from bixie.jobs.models import Job
from bixie.notices.remedies import REMEDY_SECRET, REMEDY_URL

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SEED = 20261130


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
