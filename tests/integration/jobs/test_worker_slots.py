"""Slots that a worker holds as long as it lives, on both databases."""

import pytest
import sqlalchemy as sa

from bixie.jobs import worker_slots
from bixie.jobs.errors import WorkError
from bixie.store.engine import connect
from bixie.store.settings import Location


def test_a_slot_is_one_workers_until_it_is_released(store):
    first, second = worker_slots.acquire(store.engine), worker_slots.acquire(store.engine)
    assert (first.number, second.number) == (1, 2)
    assert worker_slots.try_acquire(store.engine, 1) is None
    assert not worker_slots.is_free(store.engine, 1)
    assert worker_slots.is_free(store.engine, 3)
    first.release()
    again = worker_slots.acquire(store.engine)
    assert again.number == 1
    assert again.is_held()
    for slot in (again, second):
        slot.release()


def test_the_number_of_slots_is_limited(store, monkeypatch):
    monkeypatch.setattr(worker_slots, "MAX_WORKER_SLOTS", 1)
    only = worker_slots.acquire(store.engine)
    with pytest.raises(WorkError) as refusal:
        worker_slots.acquire(store.engine)
    assert refusal.value.code == "work.no_place"
    only.release()


@pytest.mark.parametrize("taken_meanwhile", [False, True])
def test_a_connection_that_was_cut_is_made_again_unless_the_slot_is_gone(postgresql_server, taken_meanwhile):
    engine = connect(Location.find(url=postgresql_server, environment={}).url)
    slot = worker_slots.acquire(engine)
    backend = slot._connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
    other = worker_slots.try_acquire(engine, slot.number) if taken_meanwhile else None
    assert slot.is_held() is not taken_meanwhile
    slot.release()
    if other:
        other.release()
    engine.dispose()
