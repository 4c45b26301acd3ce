"""The bytes of events and checkpoints: pinned, because they must be the same for ever."""

import hashlib
from dataclasses import replace

import pytest

from bixie.kit.canonical_json import CanonicalError
from bixie.ledger.rules import (
    GENESIS,
    Checkpoint,
    Event,
    checkpoint_from_body,
    commitment,
    event_from_body,
    hash_of_body,
)

EVENT = Event(
    tenant="tenant_1",
    sequence=1,
    previous=GENESIS,
    type="exhibit.kept",
    subject="exhibit_1",
    actor="person_1",
    time="2026-11-25T08:30:00.123Z",
    data={"sha256": "ab", "n": 1},
    personal={"name": "cd"},
)
BODY = (
    '{"actor":"person_1","data":{"n":1,"sha256":"ab"},"format":"bixie.event/1","personal":{"name":"cd"},'
    f'"previous":"{GENESIS}","sequence":1,"subject":"exhibit_1","tenant":"tenant_1",'
    '"time":"2026-11-25T08:30:00.123Z","type":"exhibit.kept"}'
)
CHECKPOINT = Checkpoint("tenant_1", 7, "ab", "cd", "2026-11-25T08:30:00.123Z")


def test_an_event_is_written_in_its_one_form():
    assert EVENT.body() == BODY


def test_the_hash_of_an_event_says_that_it_is_one():
    expected = hashlib.sha256(b"bixie.ledger.event/1\n" + BODY.encode()).hexdigest()
    assert hash_of_body(BODY) == expected
    assert hash_of_body(BODY, Checkpoint) != expected


def test_what_was_written_is_read():
    assert event_from_body(BODY) == EVENT
    assert checkpoint_from_body(CHECKPOINT.body()) == CHECKPOINT


@pytest.mark.parametrize(
    "name", ["tenant", "sequence", "previous", "type", "subject", "actor", "time", "data", "personal"]
)
def test_everything_an_event_says_is_hashed(name):
    other = {"sequence": 2, "data": {}, "personal": {}}.get(name, "other")
    assert hash_of_body(replace(EVENT, **{name: other}).body()) != hash_of_body(BODY)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        BODY + " ",
        BODY.replace('"sequence":1', '"sequence":"1"'),
        BODY.replace('"sequence":1', '"sequence":true'),
        BODY.replace("event/1", "event/2"),
        BODY.replace('"actor":"person_1",', ""),
        BODY.replace('"actor":"person_1"', '"actor":"person_1","added":1'),
        CHECKPOINT.body(),
    ],
)
def test_what_is_not_exactly_an_event_is_refused(body):
    with pytest.raises(CanonicalError):
        event_from_body(body)


def test_a_checkpoint_is_not_read_from_an_event():
    with pytest.raises(CanonicalError) as refusal:
        checkpoint_from_body(BODY)
    assert refusal.value.code == "json.other_format"


def test_an_event_with_a_fraction_is_refused():
    with pytest.raises(CanonicalError):
        replace(EVENT, data={"n": 0.5}).body()


def test_a_commitment_depends_on_salt_and_value_and_kind():
    salt = bytes(32)
    made = commitment(salt, "张三")
    assert made == hashlib.sha256(b"bixie.ledger.commitment/1\n" + salt + '"张三"'.encode()).hexdigest()
    assert (
        len(
            {made, commitment(b"\1" + salt[1:], "张三"), commitment(salt, "李四"), commitment(salt, ["张三"])}
        )
        == 4
    )


def test_a_body_that_is_no_text_is_hashed_by_its_bytes():
    odd = b"\xff\xfe".decode("utf-8", "surrogateescape")
    assert hash_of_body(odd) == hashlib.sha256(b"bixie.ledger.event/1\n\xff\xfe").hexdigest()
