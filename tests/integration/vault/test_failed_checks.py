"""Files whose check ends its process: tried three times, then refused with their bytes kept."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from tests.integration.vault.conftest import NUMBER, OURS, PNG

from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.imaging.limits import Limits
from bixie.kit.isolation.errors import CutOffError, TaskError, UnavailableError
from bixie.kit.timestamps import utc_now
from bixie.ledger import repository as ledger
from bixie.ledger.rules import event_from_body
from bixie.store.errors import StoreError
from bixie.vault import checking, repository
from bixie.vault.checking import MAX_FAILED_CHECKS, check, check_again
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.service import Upload, keep_bytes, receive, stage

LIMITS = Limits()
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def exhibit(store, blobs):
    """A file that was received and not checked."""
    upload = Upload(io.BytesIO(PNG), "a.png", NUMBER, ExhibitRole.PACKING)
    with stage(blobs, upload, LIMITS) as staged, writing(store, OURS) as session:
        keep_bytes(blobs, OURS.tenant, staged)
        return receive(session, blobs, staged)


def checked(store, blobs, exhibit):
    return check(store, OURS, blobs, exhibit.id, LIMITS)


def checked_again(store, blobs, exhibit, hours=0):
    """Check again so many hours from now, without a pause after it."""
    clock = lambda: utc_now() + timedelta(hours=hours)  # noqa: E731
    return check_again(store, OURS, blobs, exhibit.id, LIMITS, pause=timedelta(), clock=clock)


def custody(store, exhibit):
    with reading(store, OURS) as session:
        return [event_from_body(row.body).type for row in ledger.events_about(session, exhibit.id)]


@pytest.fixture
def cut_off(monkeypatch):
    """Let every look into a file end like this; return the names of the files that were looked into."""
    looked = []

    def set_error(error):
        def look_into(_file, name, _limits, **_):
            looked.append(name)
            raise error

        monkeypatch.setattr(checking, "look_into", look_into)
        return looked

    return set_error


def test_a_file_that_ends_its_check_three_times_is_refused_and_its_bytes_stay(store, blobs, exhibit, cut_off):
    looked = cut_off(CutOffError("isolation.out_of_memory"))
    exhibit = checked(store, blobs, exhibit)
    assert exhibit.state == "quarantined"
    assert checked_again(store, blobs, exhibit).state == "quarantined"
    exhibit = checked_again(store, blobs, exhibit)
    assert (exhibit.state, exhibit.refusal["code"]) == ("refused", "vault.too_costly")
    assert len(looked) == MAX_FAILED_CHECKS == 3
    assert checked_again(store, blobs, exhibit).state == "refused"
    assert len(looked) == 3
    assert custody(store, exhibit) == ["exhibit.received", "exhibit.checked"]
    with blobs.open("tenant_ours", exhibit.sha256) as file:
        assert file.read() == PNG


def test_a_file_whose_check_failed_once_is_kept_by_the_next(store, blobs, exhibit, cut_off, monkeypatch):
    look = checking.look_into
    cut_off(CutOffError("isolation.out_of_time"))
    exhibit = checked(store, blobs, exhibit)
    monkeypatch.setattr(checking, "look_into", look)
    assert checked_again(store, blobs, exhibit).state == "kept"


def test_a_file_whose_check_ends_the_whole_process_is_refused_as_well(store, blobs, exhibit, cut_off):
    looked = cut_off(KeyboardInterrupt())  # nothing after it happens, as with a process that is killed
    for attempt in range(MAX_FAILED_CHECKS):
        with pytest.raises(KeyboardInterrupt):
            checked_again(store, blobs, exhibit, hours=attempt)
    assert checked_again(store, blobs, exhibit, hours=MAX_FAILED_CHECKS).refusal["code"] == "vault.too_costly"
    assert len(looked) == MAX_FAILED_CHECKS


def test_workers_that_meet_at_a_file_check_it_once_and_refuse_nothing(store, blobs, exhibit, monkeypatch):
    look, states = checking.look_into, []

    def meet(*given, **more):
        states.extend(checked_again(store, blobs, exhibit).state for _ in range(2 * MAX_FAILED_CHECKS))
        return look(*given, **more)

    monkeypatch.setattr(checking, "look_into", meet)
    assert checked_again(store, blobs, exhibit).state == "kept"
    assert states == ["quarantined"] * 2 * MAX_FAILED_CHECKS
    assert custody(store, exhibit) == ["exhibit.received", "exhibit.checked"]


def test_workers_leave_a_minute_between_two_attempts(store, blobs, exhibit, cut_off):
    looked = cut_off(CutOffError("isolation.ended"))
    for seconds in (0, 59, 60):
        clock = lambda late=seconds: NOW + timedelta(seconds=late)  # noqa: E731
        check_again(store, OURS, blobs, exhibit.id, LIMITS, clock=clock)
        with reading_every_tenant(store) as session:
            assert repository.quarantined(session, utc_now(), clock(), 20) == []
    assert len(looked) == 2
    with reading_every_tenant(store) as session:
        due = repository.quarantined(session, utc_now(), NOW + timedelta(minutes=2), 20)
    assert due == [(OURS.tenant, exhibit.id)]


def test_a_check_that_is_cut_off_after_another_has_kept_the_file_counts_nothing(
    store, blobs, exhibit, monkeypatch
):
    look = checking.look_into

    def slow(*_, **__):
        monkeypatch.setattr(checking, "look_into", look)
        assert checked(store, blobs, exhibit).state == "kept"
        raise CutOffError("isolation.out_of_time")

    monkeypatch.setattr(checking, "look_into", slow)
    assert checked(store, blobs, exhibit).failed_checks == 0


def test_a_bucket_that_is_away_and_a_defect_of_ours_say_nothing_about_the_file(
    store, blobs, exhibit, cut_off, monkeypatch
):
    look = checking.look_into
    for error in (StoreError("store.file_missing", sha256="0"), TaskError("isolation.failed", reason="?")):
        cut_off(error)
        for _ in range(2 * MAX_FAILED_CHECKS):
            with pytest.raises(type(error)):
                checked_again(store, blobs, exhibit)
    monkeypatch.setattr(checking, "look_into", look)
    exhibit = checked_again(store, blobs, exhibit)
    assert (exhibit.state, exhibit.failed_checks) == ("kept", 0)


def test_a_check_without_a_child_says_nothing_about_the_file(store, blobs, exhibit, cut_off):
    looked = cut_off(UnavailableError("isolation.busy"))
    assert checked(store, blobs, exhibit).state == "quarantined"
    for _ in range(2 * MAX_FAILED_CHECKS):
        assert checked_again(store, blobs, exhibit).state == "quarantined"
    assert len(looked) == 1 + 2 * MAX_FAILED_CHECKS


def test_who_waits_for_an_answer_waits_less_for_a_free_process_than_a_worker(
    store, blobs, exhibit, monkeypatch
):
    waits = []

    def look_into(*_, wait_seconds):
        waits.append(wait_seconds)
        raise UnavailableError("isolation.busy")

    monkeypatch.setattr(checking, "look_into", look_into)
    assert checked(store, blobs, exhibit).failed_checks == 0
    assert checked_again(store, blobs, exhibit).failed_checks == 0
    in_a_call, by_a_worker = waits
    assert in_a_call < by_a_worker
