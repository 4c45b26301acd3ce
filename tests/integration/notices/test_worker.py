"""Deliveries and a real worker: tenants do not wait for one another, and killing workers loses nothing."""

import random
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from tests.services import worker_runs as work

from bixie.access.tenancy import writing
from bixie.jobs.job_types import JobType
from bixie.jobs.models import Job
from bixie.jobs.service import enqueue
from bixie.jobs.worker import Worker
from bixie.notices.endpoints import PRIVATE_ALLOWED, parsed
from bixie.notices.jobs import job_types
from bixie.notices.sending import Channels
from bixie.notices.service import add_target, emit
from bixie.notices.standard_webhooks import verify

SEED = 20261130
TOO_LONG = 60
QUICK = "test.quick"


@contextmanager
def running(worker):
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(TOO_LONG)


def wait_until(condition):
    deadline = time.monotonic() + TOO_LONG
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def happen(store, house, count):
    with writing(store, house.program) as session:
        return {one.id for _ in range(count) for one in emit(session, "claim.decided", {"claim": "claim_1"})}


def ids(hook):
    return [headers["webhook-id"] for _, headers, _ in hook.got]


def test_a_receiver_that_does_not_answer_delays_only_its_own_tenant(store, ours, theirs, hook):
    answering = threading.Event()

    def resolver(host, _port):
        if host == "slow.example.com":
            answering.wait(TOO_LONG)
        return ["127.0.0.1"]

    port = parsed(hook.url).port
    with writing(store, ours.admin) as session:
        add_target(session, f"http://slow.example.com:{port}/slow")
    with writing(store, theirs.admin) as session:
        secret = add_target(session, hook.url).secret
    slow, quick = happen(store, ours, 6), happen(store, theirs, 3)
    done = threading.Event()

    def handle(_context):
        return lambda _session: done.set()

    other = JobType(QUICK, handle, lambda _: writing(store, ours.program))
    with writing(store, ours.program) as session:
        enqueue(session, QUICK, {}, tenant=ours.tenant)
    types = [*job_types(store, Channels(allow_private=True, resolver=resolver)), other]
    with running(Worker(store, types, concurrency=1)):
        wait_until(lambda: len(hook.got) == 3)
        assert done.wait(TOO_LONG)
        assert set(ids(hook)) == quick
        answering.set()
        wait_until(lambda: len(hook.got) == 9)
        wait_until(lambda: not work.is_left(store))
    assert set(ids(hook)) == slow | quick
    for _, headers, body in hook.got[:3]:
        verify([secret], headers, body, datetime.now(UTC))


def program(location):
    if location.url.get_backend_name() == "sqlite":
        return ["bixie", "worker", "--data", str(location.folder)]
    return ["bixie", "worker", "--url", location.url.render_as_string(hide_password=False)]


@pytest.mark.chaos
def test_killing_workers_loses_no_delivery(store, ours, theirs, hook, location, monkeypatch):
    monkeypatch.setenv(PRIVATE_ALLOWED, "yes")
    random.seed(SEED)

    def slowly():
        time.sleep(0.1)
        return (204, {}, b"")

    hook.answer = slowly
    for house in (ours, theirs):
        with writing(store, house.admin) as session:
            add_target(session, hook.url)
    wanted = happen(store, ours, 20) | happen(store, theirs, 20)
    work.kill_workers(store, location, 4, program)
    assert set(ids(hook)) == wanted
    with store.reading(Session) as session:
        assert set(session.scalars(sa.select(Job.state))) == {"done"}
