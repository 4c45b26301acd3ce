"""Files whose check ends its process: tried three times, then refused with their bytes kept."""

import io

import pytest
from tests.integration.vault.conftest import NUMBER, OURS, PNG

from bixie.access.tenancy import reading, writing
from bixie.imaging.limits import Limits
from bixie.kit.isolation.errors import CutOffError, UnavailableError
from bixie.ledger import repository as ledger
from bixie.ledger.rules import event_from_body
from bixie.vault import checking
from bixie.vault.checking import MAX_FAILED_CHECKS, check, check_again
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.service import Upload, keep_bytes, receive, stage

LIMITS = Limits()


@pytest.fixture
def exhibit(store, blobs):
    """A file that was received and not checked."""
    upload = Upload(io.BytesIO(PNG), "a.png", NUMBER, ExhibitRole.PACKING)
    with stage(blobs, upload, LIMITS) as staged, writing(store, OURS) as session:
        keep_bytes(blobs, OURS.tenant, staged)
        return receive(session, blobs, staged)


def checked(store, blobs, exhibit):
    return check(store, OURS, blobs, exhibit.id, LIMITS)


def checked_again(store, blobs, exhibit):
    return check_again(store, OURS, blobs, exhibit.id, LIMITS)


def custody(store, exhibit):
    with reading(store, OURS) as session:
        return [event_from_body(row.body).type for row in ledger.events_about(session, exhibit.id)]


@pytest.fixture
def cut_off(monkeypatch):
    """Let every look into a file end like this; return the names of the files that were looked into."""
    looked = []

    def set_error(error):
        def look_into(_file, name, _limits):
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
    for _ in range(MAX_FAILED_CHECKS):
        with pytest.raises(KeyboardInterrupt):
            checked_again(store, blobs, exhibit)
    assert checked_again(store, blobs, exhibit).refusal["code"] == "vault.too_costly"
    assert len(looked) == MAX_FAILED_CHECKS


def test_a_check_without_a_child_says_nothing_about_the_file(store, blobs, exhibit, cut_off):
    looked = cut_off(UnavailableError("isolation.busy"))
    assert checked(store, blobs, exhibit).state == "quarantined"
    for _ in range(2 * MAX_FAILED_CHECKS):
        assert checked_again(store, blobs, exhibit).state == "quarantined"
    assert len(looked) == 1 + 2 * MAX_FAILED_CHECKS
