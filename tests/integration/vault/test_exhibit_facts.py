"""An exhibit says how far its examination is and whether its bytes are there, a page in a few queries."""

import pytest
from sqlalchemy import delete, event, update
from sqlalchemy.orm import Session
from tests.integration.vault.conftest import OURS, picture, written

from bixie.access.tenancy import reading
from bixie.jobs.models import Job, State
from bixie.kit.timestamps import utc_now
from bixie.vault import repository
from bixie.vault.exhibit_facts import facts_of
from bixie.vault.models import Role as ExhibitRole
from bixie.vault.reconciliation.jobs import reconcile_files
from bixie.vault.retention.erasure import Reason, erase


def facts(store, exhibit):
    with reading(store, OURS) as session:
        return facts_of(session, [repository.by_id(session, exhibit.id)])[exhibit.id]


JOBS = [
    ({"state": str(State.WAITING), "handed_at": None}, "waiting"),
    ({"state": str(State.WAITING), "handed_at": utc_now()}, "running"),
    ({"state": str(State.DEAD)}, "failed"),
    ({"state": str(State.DONE)}, "failed"),  # without a report
    (None, "waiting"),  # lost: it is enqueued again
]


@pytest.mark.parametrize(("job", "state"), JOBS)
def test_a_claims_file_says_how_far_its_examination_is(store, blobs, keep, within, job, state):
    exhibit = keep()
    with store.writing(Session) as session:
        session.execute(delete(Job) if job is None else update(Job).values(**job))
    assert facts(store, exhibit).examination == state
    within(written, blobs, [exhibit])
    assert facts(store, exhibit).examination == "done"


def test_a_photo_whose_only_report_was_erased_says_how_far_the_next_one_is(store, blobs, keep, within):
    exhibit, other = keep(), keep(picture((1, 1, 1)))
    within(written, blobs, [exhibit, other])
    assert facts(store, exhibit).examination == "done"
    within(erase, other.id, Reason.MISTAKE)
    assert facts(store, exhibit).examination == "waiting"
    with store.writing(Session) as session:
        again = update(Job).where(Job.key.contains("without"))
        session.execute(again.values(state=str(State.DEAD)))
    assert facts(store, exhibit).examination == "failed"
    within(written, blobs, [exhibit])
    assert facts(store, exhibit).examination == "done"


def test_a_report_that_was_erased_for_its_own_sake_is_not_waited_for(store, blobs, keep, within):
    exhibit = keep()
    report = within(written, blobs, [exhibit])
    within(erase, report.id, Reason.REQUEST)
    assert facts(store, exhibit).examination == "done"


def test_what_is_not_examined_says_nothing(store, keep, within):
    erased = keep(picture((3, 3, 3)))
    within(erase, erased.id, Reason.REQUEST)
    for exhibit in (keep(role=ExhibitRole.LISTING), keep(picture()[:60]), erased):
        assert facts(store, exhibit).examination is None


def test_a_missing_file_is_said_to_be_missing(store, blobs, keep):
    exhibit, other = keep(), keep(picture((1, 1, 1)))
    blobs.remove(OURS.tenant, exhibit.sha256)
    reconcile_files(store, blobs)
    assert facts(store, exhibit).is_missing
    assert not facts(store, other).is_missing


def test_a_page_takes_as_many_queries_as_one_exhibit(store, keep):
    exhibits = [keep(picture((number, 0, 0))) for number in range(6)]
    counted = []

    def count(*_):
        counted.append(1)

    event.listen(store.engine, "before_cursor_execute", count)
    try:
        numbers = []
        for some in (exhibits[:1], exhibits):
            counted.clear()
            with reading(store, OURS) as session:
                facts_of(session, some)
            numbers.append(len(counted))
    finally:
        event.remove(store.engine, "before_cursor_execute", count)
    assert numbers[0] == numbers[1]
