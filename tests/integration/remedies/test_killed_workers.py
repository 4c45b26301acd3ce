"""A worker is killed between sending an order and noting that it was sent."""

import json
import time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.integration.notices.servers import receiver
from tests.services import worker_runs as work

from bixie.jobs.models import Job
from bixie.notices.remedies import REMEDY_SECRET, REMEDY_URL

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOO_LONG = 120


def program(location):
    if location.url.get_backend_name() == "sqlite":
        return ["bixie", "worker", "--data", str(location.folder)]
    return ["bixie", "worker", "--url", location.url.render_as_string(hide_password=False)]


@pytest.mark.chaos
def test_a_worker_that_is_killed_after_sending_leaves_an_order_that_goes_out_again_as_it_was(
    shop, store, location, monkeypatch
):
    cases, kills = [shop.decided()[0] for _ in range(4)], [True, False, True]
    with receiver() as gateway:
        monkeypatch.setenv(REMEDY_URL, gateway.url)
        monkeypatch.setenv(REMEDY_SECRET, SECRET)
        with work.workers(location, 1, program) as running:

            def answer():
                if kills and kills.pop(0):
                    running[0].kill()  # it has sent the order and will not hear of it
                return (202, {}, b"")

            gateway.answer = answer
            deadline = time.monotonic() + TOO_LONG
            while work.is_left(store):
                assert time.monotonic() < deadline
                if running[0].poll() is not None:
                    work.replace_one(running, program(location))
                time.sleep(0.05)
    sent = [(json.loads(body)["case"], headers["Idempotency-Key"], body) for _, headers, body in gateway.got]
    assert len(sent) == len(cases) + 2
    assert sorted(case for case, _, _ in set(sent)) == sorted(cases)
    assert {(one.case_id, one.idempotency_key, one.state) for one in shop.remedies()} == {
        (case, key, "sent") for case, key, _ in sent
    }
    with store.reading(Session) as session:
        assert set(session.scalars(select(Job.state))) == {"done"}
