import json
from dataclasses import replace

import pytest
from tests.unit.ledger import trees

from bixie.ledger.errors import LedgerError
from bixie.ledger.merkle import leaf_hash
from bixie.ledger.proofs import Proof, Stamp
from bixie.ledger.rules import GENESIS, Checkpoint, Event, hash_of_body

TIME = "2026-11-25T08:30:00.123Z"


def event(sequence, tenant="tenant_1"):
    return Event(tenant, sequence, GENESIS, "exhibit.kept", f"exhibit_{sequence}", "person_1", TIME)


BODIES = [event(sequence).body() for sequence in range(1, 12)]
ENTRIES = [bytes.fromhex(hash_of_body(body)) for body in BODIES]
CHECKPOINT = Checkpoint("tenant_1", 11, trees.root(ENTRIES).hex(), hash_of_body(BODIES[-1]), TIME)
PROOF = Proof(
    BODIES[4], CHECKPOINT.body(), tuple(trees.path(4, ENTRIES)), (Stamp("http://127.0.0.1/tsa", b"\x30\x00"),)
)


def code_of(call, *arguments):
    with pytest.raises(LedgerError) as refusal:
        call(*arguments)
    return refusal.value.code


def test_a_proof_tells_what_is_proven():
    assert PROOF.check() == (event(5), CHECKPOINT)
    assert leaf_hash(ENTRIES[4]) != ENTRIES[4]


def test_a_proof_goes_through_a_document_and_back():
    assert Proof.from_dict(json.loads(json.dumps(PROOF.to_dict()))) == PROOF


@pytest.mark.parametrize(
    "changes",
    [
        {"event": BODIES[5]},
        {"event": event(5, "tenant_2").body()},
        {"event": BODIES[4].replace("person_1", "person_2")},
        {"event": BODIES[4] + " "},
        {"path": PROOF.path[:-1]},
        {"path": PROOF.path[::-1]},
        {"checkpoint": replace(CHECKPOINT, size=4).body()},
        {"checkpoint": replace(CHECKPOINT, size=17).body()},
        {"checkpoint": replace(CHECKPOINT, root=CHECKPOINT.head).body()},
        {"checkpoint": replace(CHECKPOINT, root="no hash").body()},
        {"checkpoint": replace(CHECKPOINT, tenant="tenant_2").body()},
        {"checkpoint": BODIES[0]},
    ],
)
def test_a_proof_in_which_anything_was_changed_fails(changes):
    assert code_of(replace(PROOF, **changes).check) == "ledger.proof_fails"


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "bixie.proof/2"},
        {"path": "ab"},
        {"path": ["xy"]},
        {"path": [1]},
        {"stamps": [{"authority": "a", "response": "not base64!"}]},
        {"stamps": [{"authority": "a"}]},
        {"stamps": None},
    ],
)
def test_a_document_of_another_form_is_no_proof(changes):
    assert code_of(Proof.from_dict, PROOF.to_dict() | changes) == "ledger.not_a_proof"


@pytest.mark.parametrize("document", [None, [], "proof", 1, {}])
def test_something_else_is_no_proof(document):
    assert code_of(Proof.from_dict, document) == "ledger.not_a_proof"
