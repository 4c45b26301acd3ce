"""Places that a worker holds as long as it lives, on both databases."""

import pytest
import sqlalchemy as sa

from bixie.jobs import worker_slots
from bixie.jobs.errors import WorkError
from bixie.store.engine import connect
from bixie.store.settings import Location


def test_a_place_is_one_workers_until_it_leaves(store):
    first, second = worker_slots.take(store.engine), worker_slots.take(store.engine)
    assert (first.number, second.number) == (1, 2)
    assert worker_slots.hold(store.engine, 1) is None
    first.leave()
    again = worker_slots.take(store.engine)
    assert again.number == 1
    assert again.held()
    for place in (again, second):
        place.leave()


def test_there_is_an_end_to_places(store, monkeypatch):
    monkeypatch.setattr(worker_slots, "MAX_PLACES", 1)
    only = worker_slots.take(store.engine)
    with pytest.raises(WorkError) as refusal:
        worker_slots.take(store.engine)
    assert refusal.value.code == "work.no_place"
    only.leave()


@pytest.mark.parametrize("taken_meanwhile", [False, True])
def test_a_connection_that_was_cut_is_made_again_unless_the_place_is_gone(postgresql_server, taken_meanwhile):
    engine = connect(Location.find(url=postgresql_server, environment={}).url)
    place = worker_slots.take(engine)
    backend = place._connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:backend, 5000)"), {"backend": backend})
    other = worker_slots.hold(engine, place.number) if taken_meanwhile else None
    assert place.held() is not taken_meanwhile
    place.leave()
    if other:
        other.leave()
    engine.dispose()
