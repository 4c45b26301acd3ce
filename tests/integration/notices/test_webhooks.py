"""Signed webhooks: to whom they go, how they are tried again, and where they never go."""

import json
import threading
from datetime import timedelta

import pytest

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, writing
from bixie.identity.errors import NotAllowedError, NotThereError
from bixie.jobs.job_types import by_name
from bixie.jobs.queue import requeue_lost
from bixie.notices import repository
from bixie.notices.deliveries import send_again
from bixie.notices.endpoints import parsed
from bixie.notices.errors import NoNoticeError, NoticeError, SignatureError
from bixie.notices.jobs import job_types
from bixie.notices.rules import RETRIES
from bixie.notices.sending import Channels
from bixie.notices.service import add_target, disable_target, emit, rotate_secret
from bixie.notices.standard_webhooks import verify


@pytest.fixture
def target(store, ours, hook, clock):
    with writing(store, ours.admin) as session:
        return add_target(session, hook.url, clock=clock)


@pytest.fixture
def happen(store, ours, clock):
    """Something happens; return what is to be sent."""

    def one(event="claim.decided", **more):
        with writing(store, ours.program) as session:
            return emit(session, event, {"claim": "claim_1", "结果": "退款"}, **more, clock=clock)

    return one


def test_the_receiver_can_check_what_it_gets(ours, target, happen, work, hook, clock, delivery):
    (made,) = happen()
    clock.pass_(seconds=30)
    assert work(ours) == 1
    ((path, headers, body),) = hook.got
    assert (path, headers["Content-Type"]) == ("/hook", "application/json")
    assert verify([target.secret], headers, body, clock()) == made.id
    assert json.loads(body) == {
        "type": "claim.decided",
        "timestamp": "2026-11-25T08:30:10.000Z",
        "data": {"claim": "claim_1", "结果": "退款"},
    }
    with pytest.raises(SignatureError):
        verify([target.secret], headers, body + b" ", clock())
    assert delivery(ours, made.id).state == "done"


def test_targets_get_the_events_they_want_and_parties_their_own(store, ours, happen, clock):
    with writing(store, ours.admin) as session:
        all_ = add_target(session, "https://a.example.com", clock=clock).id
        decided = add_target(session, "https://b.example.com", ["claim.decided"], clock=clock).id
        shop = add_target(session, "https://c.example.com", party=ours.shop.id, clock=clock).id
        off = add_target(session, "https://d.example.com", clock=clock).id
        disable_target(session, off, clock)
    assert {one.target for one in happen()} == {all_, decided}
    assert {one.target for one in happen("claim.made")} == {all_}
    assert {one.target for one in happen(parties=[ours.shop.id])} == {all_, decided, shop}
    assert {one.target for one in happen(parties=[ours.rival.id])} == {all_, decided}


def test_events_of_one_tenant_go_to_no_other(store, ours, theirs, target, clock, work, hook):
    with writing(store, theirs.program) as session:
        assert emit(session, "claim.decided", {}, clock=clock) == []
    assert work(theirs) == 0
    assert hook.got == []


def test_a_target_belongs_to_its_tenant_and_party(store, ours, theirs, target, clock):
    with writing(store, ours.shop_admin) as session:
        own = add_target(session, "https://shop.example.com", party=ours.shop.id, clock=clock)
    for principal, call, kind in (
        (theirs.admin, lambda s: disable_target(s, target.id), NoNoticeError),
        (theirs.admin, lambda s: rotate_secret(s, target.id), NoNoticeError),
        (theirs.admin, lambda s: add_target(s, "https://x.example.com", party=ours.shop.id), NotThereError),
        (ours.shop_admin, lambda s: disable_target(s, target.id), NoNoticeError),
        (ours.shop_admin, lambda s: add_target(s, "https://x.example.com"), NotAllowedError),
        (
            ours.shop_admin,
            lambda s: add_target(s, "https://x.example.com", party=ours.rival.id),
            NotThereError,
        ),
        (ours.clerk, lambda s: disable_target(s, own.id), NotAllowedError),
        (Principal(ours.tenant, "k", Role.API_KEY), lambda s: rotate_secret(s, own.id), NotAllowedError),
    ):
        with pytest.raises(kind), writing(store, principal) as session:
            call(session)
    with reading(store, theirs.admin) as session:
        assert repository.targets(session, None) == []
    with reading(store, ours.admin) as session:
        assert [one.disabled_at for one in repository.targets(session, None)] == [None, None]


@pytest.mark.parametrize("url", ["ftp://example.com", "https://user@example.com", "nonsense"])
def test_an_address_that_is_none_is_refused_when_it_is_added(store, ours, url):
    with pytest.raises(NoticeError, match="not_a_place"), writing(store, ours.admin) as session:
        add_target(session, url)


def test_a_target_and_its_end_are_told_without_its_address(store, ours, target, told, hook, clock):
    with writing(store, ours.admin) as session:
        disable_target(session, target.id, clock)
        disable_target(session, target.id, clock)
    assert told(ours, target.id) == [
        ("notice.webhook_added", {"party": None, "events": []}),
        ("notice.webhook_disabled", {"why": "asked"}),
    ]


def test_it_is_tried_again_later_and_later_under_one_id_with_a_fresh_time(
    ours, target, happen, work, hook, clock, delivery
):
    (made,) = happen()
    hook.answers = [(500, {}, b""), (404, {}, b""), (301, {"Location": "/elsewhere"}, b"")]
    for seconds in (5, 20, 80):
        assert work(ours) == 1
        kept = delivery(ours, made.id)
        assert (kept.state, kept.error["code"]) == ("waiting", "notices.receiver_refused")
        assert kept.due_at == clock() + timedelta(seconds=seconds)
        clock.pass_(seconds=seconds - 1)
        assert work(ours) == 0
        clock.pass_(seconds=1)
    assert work(ours) == 1
    assert delivery(ours, made.id).state == "done"
    assert len({headers["webhook-id"] for _, headers, _ in hook.got}) == 1
    assert len({headers["webhook-timestamp"] for _, headers, _ in hook.got}) == 4
    assert len({body for _, _, body in hook.got}) == 1
    assert {path for path, _, _ in hook.got} == {"/hook"}  # nobody went elsewhere


def test_a_receiver_that_asks_for_time_gets_it(ours, target, happen, work, hook, clock, delivery):
    (made,) = happen()
    hook.answers = [(503, {"Retry-After": "3600"}, b"")]
    work(ours)
    assert delivery(ours, made.id).due_at == clock() + timedelta(hours=1)


def test_after_the_last_attempt_it_is_given_up_and_can_be_sent_again(
    store, ours, target, happen, work, hook, clock, delivery, told
):
    (made,) = happen()
    hook.answers = [(500, {}, b"")] * RETRIES.max_attempts
    attempts = 0
    while delivery(ours, made.id).state == "waiting":
        attempts += work(ours)
        clock.pass_(hours=12)
    assert attempts == RETRIES.max_attempts
    assert delivery(ours, made.id).state == "dead"
    assert told(ours, made.id)[-1][0] == "notice.given_up"
    with writing(store, ours.admin) as session:
        send_again(session, made.id, clock)
    assert work(ours) == 1
    assert delivery(ours, made.id).state == "done"


def test_a_receiver_that_is_gone_is_sent_nothing_more(
    ours, target, happen, work, hook, delivery, told, clock
):
    (first,) = happen()
    clock.pass_(seconds=1)
    (second,) = happen()
    hook.answers = [(410, {}, b"")]
    work(ours)
    assert len(hook.got) == 1
    assert [delivery(ours, one.id).state for one in (first, second)] == ["dead", "dead"]
    assert delivery(ours, second.id).error["code"] == "notices.target_disabled"
    assert happen() == []
    assert ("notice.webhook_disabled", {"why": "gone"}) in told(ours, target.id)


def test_while_a_secret_changes_both_sign(store, ours, target, happen, work, hook, clock):
    with writing(store, ours.admin) as session:
        newer = rotate_secret(session, target.id, clock).secret
    assert newer != target.secret
    happen()
    work(ours)
    _, headers, body = hook.got[0]
    for secret in (newer, target.secret):
        verify([secret], headers, body, clock())
    clock.pass_(hours=24)
    happen()
    work(ours)
    _, headers, body = hook.got[1]
    verify([newer], headers, body, clock())
    with pytest.raises(SignatureError):
        verify([target.secret], headers, body, clock())


def test_a_private_address_is_never_connected_to_unless_allowed(ours, target, happen, work, hook, delivery):
    (made,) = happen()
    assert work(ours, Channels()) == 1
    assert hook.got == []
    kept = delivery(ours, made.id)
    assert (kept.state, kept.error["code"]) == ("dead", "notices.private_place")


def test_a_name_that_leads_to_a_private_address_is_not_followed(
    store, ours, happen, work, hook, clock, delivery
):
    port = parsed(hook.url).port
    with writing(store, ours.admin) as session:
        add_target(session, f"http://shop.example.com:{port}/hook", clock=clock)
    (made,) = happen()
    work(ours, Channels(resolver=lambda host, port: ["127.0.0.1"]))
    assert hook.got == []
    assert delivery(ours, made.id).error["code"] == "notices.private_place"


def test_the_name_is_looked_up_once_and_the_host_header_keeps_it(store, ours, happen, work, hook, clock):
    port = parsed(hook.url).port
    asked = []

    def resolver(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    with writing(store, ours.admin) as session:
        add_target(session, f"http://shop.example.com:{port}/hook", clock=clock)
    happen()
    work(ours, Channels(allow_private=True, resolver=resolver))
    assert asked == ["shop.example.com"]
    assert hook.got[0][1]["Host"] == f"shop.example.com:{port}"


def test_two_workers_send_everything_once(ours, target, happen, work, hook):
    for _ in range(12):
        happen()
    counts, failures = [], []

    def run():
        try:
            counts.append(work(ours))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sum(counts) == 12
    assert len({headers["webhook-id"] for _, headers, _ in hook.got}) == len(hook.got) == 12


@pytest.fixture
def lose(store, channels, clock):
    """The worker that had a job is found dead."""

    def one():
        types = by_name(job_types(store, channels, clock))
        requeue_lost(store, types, lambda ids: dict.fromkeys(ids, False), clock)

    return one


def die(*_):
    raise KeyboardInterrupt


def test_what_a_dead_worker_had_is_sent_again_and_a_late_one_changes_nothing(
    ours, target, happen, work, lose, delivery
):
    (made,) = happen()
    with pytest.raises(KeyboardInterrupt):
        work(ours, Channels(allow_private=True, resolver=die))
    assert delivery(ours, made.id).job.handed_at is not None
    assert work(ours) == 0
    lose()

    def slow(host, port):
        # This worker is taken for dead while it resolves a name, and another one sends.
        lose()
        assert work(ours) == 1
        raise OSError("too late")

    assert work(ours, Channels(allow_private=True, resolver=slow)) == 1
    kept = delivery(ours, made.id)
    assert (kept.state, kept.job.crashes, kept.failures) == ("done", 2, 0)


def test_a_late_worker_leaves_it_to_the_one_that_has_it_now(ours, target, happen, work, lose, delivery):
    (made,) = happen()

    def slow(host, port):
        lose()
        with pytest.raises(KeyboardInterrupt):
            work(ours, Channels(allow_private=True, resolver=die))
        raise OSError("too late")

    work(ours, Channels(allow_private=True, resolver=slow))
    kept = delivery(ours, made.id)
    assert (kept.state, kept.failures, kept.error) == ("waiting", 0, None)
    assert kept.job.handed_at is not None
