"""Appending, erasing, checkpoints and proofs, on both databases."""

import threading
from datetime import timedelta
from itertools import pairwise

import pytest
from tests.integration.ledger.conftest import OTHER, PRINCIPAL, SIZE, clock, happened

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.kit.canonical_json import CanonicalError
from bixie.ledger import repository
from bixie.ledger.errors import LedgerError
from bixie.ledger.recorded import recorded_models
from bixie.ledger.rules import GENESIS, MAX_BODY_BYTES, event_from_body, hash_of_body
from bixie.ledger.service import NewEvent, append, checkpoint, erase, prove
from bixie.ledger.verification import verify


def bodies(store, principal=PRINCIPAL):
    with reading(store, principal) as session:
        found = []
        while (row := repository.event_at(session, len(found) + 1)) is not None:
            found.append(row.body)
        return found


def verified(store):
    with reading_every_tenant(store) as session:
        return verify(session)


def test_events_are_numbered_from_one_and_chained(store):
    with writing(store, PRINCIPAL) as session:
        told = append(session, happened(2), clock)
    with writing(store, PRINCIPAL) as session:
        told += append(session, happened(1), clock)
    kept = [event_from_body(body) for body in bodies(store)]
    assert kept == told
    assert [event.sequence for event in kept] == [1, 2, 3]
    assert kept[0].previous == GENESIS
    assert all(later.previous == hash_of_body(earlier.body()) for earlier, later in pairwise(kept))


def test_a_clock_that_goes_back_loses_nothing_and_is_told(store, caplog):
    for hours in (0, 3, -2, -1):
        with writing(store, PRINCIPAL) as session:
            append(session, happened(1), lambda hours=hours: clock() + timedelta(hours=hours))
    times = [event_from_body(body).time[11:13] for body in bodies(store)]
    assert times == ["08", "11", "06", "07"]
    assert [one.getMessage() for one in caplog.records if one.name == "bixie.ledger.service"] == [
        "the clock went back by 18000 s since event 2"
    ]
    found = verified(store).clock
    assert (found.steps, found.first) == (1, ("tenant_a", 3))
    assert found.largest == timedelta(hours=5)


FIRST = {"n": 1, "recorded": sorted(recorded_models())}
"""The first event of a tenant says whose rows events state."""


def test_an_event_says_who_when_and_what(store):
    with writing(store, PRINCIPAL) as session:
        (event,) = append(session, [NewEvent("exhibit.kept", "exhibit_1", {"n": 1})], clock)
    assert (event.tenant, event.actor, event.time) == ("tenant_a", "person_1", "2026-11-25T08:30:00.123Z")
    assert (event.type, event.subject, event.data) == ("exhibit.kept", "exhibit_1", FIRST)


def test_tenants_count_on_their_own(filled):
    assert event_from_body(bodies(filled, OTHER)[0]).previous == GENESIS
    assert len(bodies(filled, OTHER)) == SIZE + 1


def test_an_event_stands_or_falls_with_its_transaction(store):
    def fail():
        with writing(store, PRINCIPAL) as session:
            append(session, happened(3), clock)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert bodies(store) == []
    with writing(store, PRINCIPAL) as session:
        assert append(session, happened(1), clock)[0].sequence == 1


def test_nothing_is_appended_of_a_list_with_an_event_that_cannot_be_written(store):
    events = [*happened(1), NewEvent("test.happened", "thing", {"amount": 0.5})]
    with pytest.raises(CanonicalError), writing(store, PRINCIPAL) as session:
        append(session, events, clock)
    assert bodies(store) == []


def test_an_event_that_is_a_file_is_refused(store):
    events = [NewEvent("test.happened", "thing", {"text": "字" * (MAX_BODY_BYTES // 3)})]
    with pytest.raises(LedgerError) as refusal, writing(store, PRINCIPAL) as session:
        append(session, events, clock)
    assert refusal.value.code == "ledger.too_large"


@pytest.mark.parametrize("tenants", [1, 4])
def test_many_writers_at_once_leave_no_gap_and_no_fork(store, tenants):
    writers, each, failures = 4, 12, []

    def write(number):
        principal = Principal(f"tenant_{number % tenants}", f"person_{number}", Role.CLERK)
        try:
            for n in range(each):
                with writing(store, principal) as session:
                    append(session, happened(2, n))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert verified(store).events == writers * each * 2


def test_personal_data_stand_beside_the_event_and_never_in_it(store):
    with writing(store, PRINCIPAL) as session:
        append(session, [NewEvent("test.happened", "thing", personal={"name": "张三", "age": 30})], clock)
    assert "张三" not in bodies(store)[0]
    with reading(store, PRINCIPAL) as session:
        kept = {one.name: one.value for one in repository.personal_of(session, 1)}
    assert kept == {"name": '"张三"', "age": "30"}


def test_the_same_value_has_another_commitment_every_time(store):
    with writing(store, PRINCIPAL) as session:
        first, second = append(session, [NewEvent("test.happened", "thing", personal={"name": "张三"})] * 2)
    assert first.personal["name"] != second.personal["name"]


def test_erasing_takes_the_data_away_tells_of_it_and_leaves_the_chain_whole(store):
    with writing(store, PRINCIPAL) as session:
        append(session, [NewEvent("test.happened", "thing", personal={"name": "张三", "age": 30})], clock)
    before = bodies(store)
    with writing(store, PRINCIPAL) as session:
        told = erase(session, 1, ["name", "unknown"], clock)
    assert (told.type, told.subject) == ("ledger.erased", "thing")
    assert told.data == {"sequence": 1, "names": ["name"]}
    with reading(store, PRINCIPAL) as session:
        assert [one.name for one in repository.personal_of(session, 1)] == ["age"]
    assert bodies(store)[:1] == before
    assert verified(store).events == 2


def test_erasing_twice_tells_once(store):
    with writing(store, PRINCIPAL) as session:
        append(session, [NewEvent("test.happened", "thing", personal={"name": "张三"})], clock)
        assert erase(session, 1, ["name"], clock) is not None
        assert erase(session, 1, ["name"], clock) is None


def test_what_is_not_there_or_another_tenants_cannot_be_erased(filled):
    with pytest.raises(LedgerError) as refusal, writing(filled, OTHER) as session:
        erase(session, SIZE + 5, ["name"], clock)
    assert refusal.value.code == "ledger.no_such_event"
    assert verified(filled).events == 2 * SIZE + 28


def test_a_checkpoint_is_named_by_the_event_that_follows_it(filled):
    named = [
        (event.sequence, event.data["size"])
        for event in map(event_from_body, bodies(filled))
        if event.type == "ledger.checkpoint"
    ]
    assert named == [(SIZE + 1, SIZE), (SIZE + 22, SIZE + 21)]


def test_without_new_events_there_is_no_new_checkpoint(store):
    with writing(store, PRINCIPAL) as session:
        assert checkpoint(session, clock) is None
        append(session, happened(1), clock)
        assert checkpoint(session, clock).size == 1
        assert checkpoint(session, clock) is None
        append(session, happened(1), clock)
        assert checkpoint(session, clock).size == 3


@pytest.mark.parametrize("sequence", [1, 256, 257, SIZE, SIZE + 1, SIZE + 21])
def test_every_event_under_a_checkpoint_is_proven(filled, sequence):
    with reading(filled, PRINCIPAL) as session:
        proof = prove(session, sequence)
    event, covering = proof.check()
    assert event.body() == bodies(filled)[sequence - 1]
    assert covering.size == SIZE + 21


def test_an_event_that_no_checkpoint_covers_cannot_be_proven_yet(filled):
    with pytest.raises(LedgerError) as refusal, reading(filled, PRINCIPAL) as session:
        prove(session, SIZE + 23)
    assert refusal.value.code == "ledger.not_covered"


@pytest.mark.parametrize("sequence", [0, -1, 10_000])
def test_an_event_that_is_not_there_cannot_be_proven(filled, sequence):
    with pytest.raises(LedgerError) as refusal, reading(filled, PRINCIPAL) as session:
        prove(session, sequence)
    assert refusal.value.code == "ledger.no_such_event"


@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        ("UPDATE ledger_event SET hash = 'no hash' WHERE sequence = 7", 5),
        ("UPDATE ledger_event SET body = replace(body, 'person_1', 'person_2') WHERE sequence = 5", 5),
        ("DELETE FROM ledger_event WHERE sequence = 280", 281),
        ("DELETE FROM ledger_node", 281),
        (f"UPDATE ledger_node SET hash = '{'0' * 64}'", 281),
    ],
)
def test_nobody_is_handed_a_proof_that_fails(filled, tamper, statement, sequence):
    tamper(statement)
    with pytest.raises(LedgerError) as refusal, reading(filled, PRINCIPAL) as session:
        prove(session, sequence)
    assert refusal.value.code == "ledger.damaged"


def test_events_about_a_thing_are_found_in_order(filled):
    with reading(filled, PRINCIPAL) as session:
        found = [event.sequence for event in repository.events_about(session, "thing_3")]
    assert found == sorted(found)
    assert found[:3] == [4, 54, 104]
