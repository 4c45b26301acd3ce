"""Signatures on checkpoints, and the events that name keys: what holds, and what is found. No database."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bixie.kit.timestamps import format_timestamp
from bixie.ledger.rules import KEY_EVENT, Event, key_message, signed_message
from bixie.ledger.signing import PublicKey, Signer
from bixie.ledger.verifying_signatures import Fault, TenantSignatures, Trust, trusted_by

ZEROS = b64encode(bytes(64)).decode()


def signer(number):
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32))


A, B, C = (signer(number) for number in (1, 2, 3))


def naming(key, former=None, /, *, lost=False, **changes):
    """Return the event that names a key after another one."""
    before = former.public.id if former else None
    said = key_message("tenant_a", key.public.id, key.public.text, before)
    data = {
        "key": key.public.id,
        "public": key.public.text,
        "former": before,
        "signature": key.sign(said),
        "former_signature": former.sign(said) if former and not lost else None,
    }
    return Event("tenant_a", 1, "", KEY_EVENT, "tenant_a", "", "", data | changes)


def walk(events, trust=None):
    signatures = TenantSignatures(trust or Trust(), [one.body() for one in events])
    for one in events:
        signatures.key(one)
    return signatures


def signed(key, body="body"):
    return key.public.id, key.sign(signed_message(body))


def fault(call, *arguments):
    with pytest.raises(Fault) as finding:
        call(*arguments)
    return finding.value.code


def test_checkpoints_before_the_first_key_are_unsigned_and_later_ones_must_not_be():
    signatures = TenantSignatures(Trust(), [])
    signatures.checkpoint("body", None)
    assert signatures.unsigned == 1
    signatures.key(naming(A))
    assert fault(signatures.checkpoint, "body", None) == "ledger.checkpoint_unsigned"
    signatures.checkpoint("body", signed(A))
    assert signatures.unchecked == 1


@pytest.mark.parametrize(
    "beside",
    [
        signed(B),
        (A.public.id, signed(A, "another body")[1]),
        (A.public.id, A.sign(b"body")),
        (A.public.id, ZEROS),
        (A.public.id, "é"),
        (A.public.id, b"x"),
        (A.public.id, None),
        (None, signed(A)[1]),
    ],
)
def test_a_signature_that_is_not_of_the_named_key_over_this_body_is_found(beside):
    assert fault(walk([naming(A)]).checkpoint, "body", beside) == "ledger.signature_invalid"


@pytest.mark.parametrize(
    "event",
    [
        naming(A),  # a first key after another one
        naming(C, B),  # after one that it has not followed
        naming(B, A, key="other"),
        naming(B, A, public="x"),
        naming(B, A, public=C.public.text),
        naming(B, A, former=[]),
        naming(B, A, signature=ZEROS),
        naming(B, A, former_signature=ZEROS),
        naming(B, A, former_signature=7),
        Event("tenant_a", 1, "", KEY_EVENT, "tenant_a", "", ""),
        Event("tenant_b", 1, "", KEY_EVENT, "tenant_b", "", "", naming(B, A).data),
    ],
)
def test_an_event_that_names_a_key_and_does_not_hold_is_found(event):
    assert fault(walk([naming(A)]).key, event) == "ledger.key_changed"


def test_trust_follows_changes_that_both_keys_have_signed_in_either_direction():
    changes = [naming(A), naming(B, A), naming(C, B)]
    for one in (A, B, C):
        signatures = walk(changes, Trust((one.public,)))
        signatures.checkpoint("body", signed(C))
        assert signatures.checked == 1


def test_trust_ends_at_a_change_that_the_former_key_has_not_signed():
    bodies = [one.body() for one in (naming(A), naming(B, A), naming(C, B, lost=True))]
    ids = {key: trusted_by(Trust((key.public,)), bodies) for key in (A, B, C)}
    assert ids[A] == ids[B] == {A.public.id, B.public.id}
    assert ids[C] == {C.public.id}


def test_what_cannot_be_read_vouches_for_nobody():
    bodies = ["", "{}", None, 7, naming(A).body(), naming(B, A, former_signature=ZEROS).body()]
    assert trusted_by(Trust((A.public,)), bodies) == {A.public.id}


def test_a_key_that_is_not_trusted_is_told_from_a_signature_that_is_wrong():
    assert fault(walk, [naming(B)], Trust((A.public,))) == "ledger.key_untrusted"


def test_a_key_that_no_trusted_one_vouches_for_is_found_before_it_signs_anything():
    signatures = TenantSignatures(Trust((A.public,)), [naming(A).body(), naming(B, A, lost=True).body()])
    signatures.key(naming(A))
    signatures.checkpoint("body", signed(A))
    assert fault(signatures.key, naming(B, A, lost=True)) == "ledger.key_untrusted"
    walk([naming(A), naming(B, A, lost=True)], Trust((A.public, B.public)))
    walk([naming(A), naming(B, A, lost=True)])  # nothing is known from outside of the database


def test_whoever_knows_that_there_is_a_key_finds_a_ledger_without_it():
    assert fault(TenantSignatures(Trust((A.public,), must_sign=True), []).end) == "ledger.checkpoint_unsigned"
    TenantSignatures(Trust((A.public,)), []).end()


def test_a_young_ledger_may_wait_for_its_first_signature():
    since = datetime(2026, 11, 25, 8, tzinfo=UTC)
    signatures = TenantSignatures(Trust((A.public,), must_sign=True, exempt_since=since), [])
    signatures.end(format_timestamp(since))
    before = format_timestamp(since - timedelta(milliseconds=1))
    assert fault(signatures.end, before) == "ledger.checkpoint_unsigned"


@pytest.mark.parametrize("text", ["", "x", "é", A.public.text[:-4], A.public.text + "AAAA"])
def test_a_text_that_is_no_public_key_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the caller names the text
        PublicKey.from_text(text)
