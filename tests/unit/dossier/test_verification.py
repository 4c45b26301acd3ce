"""What verification finds, by both verifiers that are written in Python."""

import io
import json
import random
import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509 import load_pem_x509_certificates
from tests.makers.hostile_packages import canonical_zip, hostile_packages
from tests.makers.packages import KEY, make_package, package_of, parts_of_package
from tests.services.authorities import Keys, expired, injecting

from bixie.dossier import inside
from bixie.dossier.package.contents import EXHIBITS, OPENINGS, PROOFS, STAMPS
from bixie.dossier.package.zip_format import read_directory
from bixie.dossier.verification import Trusted, verify_package
from bixie.dossier.verification.checks import ORDER
from bixie.kit.canonical_json import encode_canonical
from bixie.kit.timestamps import format_timestamp
from bixie.ledger.signing import Signer

INSIDE = runpy.run_path(str(Path(inside.__file__).with_name("verify.py")), run_name="verify")["verify"]
NOW = format_timestamp(datetime.now(UTC))
STRANGER = Signer(Ed25519PrivateKey.from_private_bytes(b"\11" * 32))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Keys(tmp_path_factory.mktemp("authority") / "known", "Known")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    return Keys(tmp_path_factory.mktemp("authority") / "stranger", "Stranger")


@pytest.fixture(scope="module")
def stamped(authority):
    return make_package({"a.jpg": b"one" * 500, "b.png": b"two" * 900}, [authority], created_at=NOW)


@pytest.fixture
def states():
    """Return the states that both verifiers agree on, and where the first fault is."""

    def ask(package, roots=None, keys=(KEY.public,)):
        certificates = tuple(load_pem_x509_certificates(roots.read_bytes())) if roots else ()
        outer = verify_package(io.BytesIO(package), Trusted(certificates, keys))
        inner = INSIDE(io.BytesIO(package), roots and roots.read_bytes(), [one.raw.hex() for one in keys])
        assert [(one.name, str(one.state)) for one in outer.checks] == [tuple(one[:2]) for one in inner]
        assert tuple(one.name for one in outer.checks) == ORDER
        assert json.dumps(outer.to_dict())
        assert outer.ok == all(one.state != "fault" for one in outer.checks)
        faults = [(one.name, one.where) for one in outer.checks if one.state == "fault"]
        return {one.name: str(one.state) for one in outer.checks}, faults

    return ask


def test_everything_holds_with_the_roots_and_the_key(states, stamped, authority):
    found, faults = states(stamped, authority.roots)
    assert set(found.values()) == {"ok"}
    assert not faults


def test_what_needs_trust_stays_unchecked_without_it(states, stamped):
    found, faults = states(stamped, keys=())
    assert {name for name, state in found.items() if state == "unchecked"} == {"key", "timestamps"}
    assert not faults


def test_a_python_without_sm3_says_so_and_finds_what_was_changed_all_the_same(stamped):
    verify = runpy.run_path(str(Path(inside.__file__).with_name("verify.py")), run_name="verify")["verify"]
    verify.__globals__["HASHES"] = {"sha256"}
    lines = {one[0]: one for one in verify(io.BytesIO(stamped))}
    assert lines["files"][1] == "unchecked"
    assert "SM3" in lines["files"][3]
    changed = bytearray(stamped)
    changed[stamped.index(b"one" * 400)] ^= 1
    assert {one[0]: one[1] for one in verify(io.BytesIO(bytes(changed)))}["files"] == "fault"


def test_a_package_without_time_stamps_says_so(states):
    assert states(make_package())[0]["timestamps"] == "unchecked"


def test_every_flipped_bit_is_found_and_named(stamped):
    chance = random.Random(24)
    for _ in range(2000):
        place, bit = chance.randrange(len(stamped)), chance.randrange(8)
        changed = bytearray(stamped)
        changed[place] ^= 1 << bit
        found = verify_package(io.BytesIO(bytes(changed)), Trusted(keys=(KEY.public,)))
        (first, *_) = [one for one in found.checks if one.state == "fault"]
        assert first.where or first.name == "layout", (place, bit)


def test_the_verifier_inside_finds_flipped_bits_in_the_same_check(states, stamped):
    chance = random.Random(25)
    for _ in range(40):
        changed = bytearray(stamped)
        changed[chance.randrange(len(stamped))] ^= 1 << chance.randrange(8)
        assert states(bytes(changed))[1]


def test_every_byte_of_the_seal_and_of_the_directory_counts(stamped):
    for place in range(stamped.index(b'{"format":"bixie.seal/1"'), len(stamped)):
        changed = bytearray(stamped)
        changed[place] ^= 1
        assert not verify_package(io.BytesIO(bytes(changed))).ok, place


@pytest.mark.parametrize("kind", hostile_packages(make_package()))
def test_other_zips_are_refused_with_the_reason(states, kind):
    _, ((check, _),) = states(hostile_packages(make_package())[kind])
    assert check == "layout"


def changed_parts(stamped_by=(), **changes):
    parts = parts_of_package({"a.jpg": b"one"}, stamped_by, signer=KEY, created_at=NOW)
    for name, change in changes.items():
        path = name.replace("__", "/").replace("_json", ".json")
        parts[path] = encode_canonical(change(json.loads(parts[path])))
    return package_of(parts, created_at=NOW)


def test_a_changed_exhibit_is_found_even_where_everything_was_sealed_anew(states):
    parts = parts_of_package({"a.jpg": b"one"}, (), signer=KEY, created_at=NOW)
    swapped = package_of({**parts, "exhibits/1-a.jpg": b"two"}, created_at=NOW)
    assert states(swapped)[1] == [("exhibits", "exhibits/1-a.jpg")]


def test_a_disclosed_text_that_was_never_bound_is_found(states):
    package = changed_parts(ledger__openings_json=lambda listed: [{**listed[0], "value": "杯口完好"}])
    assert states(package)[1] == [("openings", "ledger/openings.json")]


def test_an_event_that_does_not_lead_to_the_checkpoint_is_found(states):
    def other_path(proofs):
        return {**proofs, "paths": {**proofs["paths"], "2": ["00" * 32, *proofs["paths"]["2"][1:]]}}

    assert states(changed_parts(ledger__proofs_json=other_path))[1] == [("events", "ledger/events.jsonl:2")]


def test_a_checkpoint_signed_by_another_key_is_found(states):
    def signed_by_stranger(proofs):
        return {**proofs, "signature": STRANGER.sign(b"anything")}

    assert states(changed_parts(ledger__proofs_json=signed_by_stranger))[1] == [
        ("checkpoint", "ledger/proofs.json")
    ]


def test_a_package_made_anew_by_a_stranger_shows_by_its_key(states):
    forged = make_package({"a.jpg": b"one"}, signer=STRANGER)
    assert states(forged)[1] == [("key", "seal.json")]
    assert not states(forged, keys=())[1], "without the service's key nobody can tell"


def test_an_unsigned_checkpoint_is_told(states):
    unsigned = changed_parts(ledger__proofs_json=lambda proofs: {**proofs, "public": None, "signature": None})
    found, faults = states(unsigned)
    assert found["checkpoint"] == "unchecked"
    assert not faults


def test_a_token_of_another_authority_does_not_hold(states, stranger, authority):
    package = make_package(None, [stranger], created_at=NOW)
    assert states(package, authority.roots)[1] == [("timestamps", "timestamps/1.tsr")]


def test_a_token_of_an_expired_certificate_does_not_hold(states, tmp_path):
    old = expired(tmp_path / "expired")
    package = make_package(None, [old], created_at=NOW)
    assert states(package, old.roots)[1] == [("timestamps", "timestamps/1.tsr")]


def test_certificates_that_a_stranger_puts_into_a_token_make_it_no_better(states, authority, tmp_path):
    package = make_package(None, [injecting(tmp_path / "injecting", authority)], created_at=NOW)
    assert states(package, authority.roots)[1] == [("timestamps", "timestamps/1.tsr")]


def test_a_stripped_or_swapped_token_breaks_the_seal(states, stamped, authority, stranger):
    response = stamped[stamped.index(b"timestamps/1.tsr") + 16 :]
    other = stranger.stamp(b"something else")
    swapped = bytearray(stamped)
    place = len(stamped) - len(response)
    swapped[place : place + 100] = other[:100]
    assert states(bytes(swapped))[1][0][0] in {"seal", "layout"}


def test_a_token_over_something_else_is_found(states, authority):
    class Foreign:
        url = "http://authority.example.org/tsa"

        def stamp(self, message):
            return authority.stamp(message + b".")

    package = make_package(None, [Foreign()], created_at=NOW)
    assert states(package, authority.roots)[1] == [("timestamps", "timestamps/1.tsr")]
    assert states(package)[1] == [("timestamps", "timestamps/1.tsr")]


@pytest.mark.parametrize("response", [b"", b"no token", b"\x30\x03\x02\x01\x02", b"\x30\x84" + b"\xff" * 40])
def test_a_malformed_token_is_found(states, response):
    class Broken:
        url = "http://authority.example.org/tsa"

        def stamp(self, message):
            return response

    assert states(make_package(None, [Broken()], created_at=NOW))[1] == [("timestamps", "timestamps/1.tsr")]


def test_a_token_of_ten_megabytes_is_refused_before_it_is_read(states):
    class Huge:
        url = "http://authority.example.org/tsa"

        def stamp(self, message):
            return bytes(10 << 20)

    parts = parts_of_package({}, (), signer=KEY, created_at=NOW)
    _, faults = states(package_of(parts, [Huge()], created_at=NOW))
    assert faults[0] == ("seal", "timestamps/1.tsr")


def test_a_package_from_the_future_is_found(states):
    package = make_package(created_at="2199-01-01T00:00:00.000Z")
    assert states(package)[1] == [("clock", "manifest.json")]


def test_a_package_made_before_what_it_holds_is_found(states):
    parts = parts_of_package({"a.jpg": b"one"}, (), signer=KEY, created_at=NOW)
    package = package_of(parts, created_at="2019-01-01T00:00:00.000Z")
    assert states(package)[1] == [("clock", "ledger/proofs.json")]


def test_a_stamp_from_before_the_package_was_made_is_found(states, authority):
    package = make_package(None, [authority], created_at="2198-01-01T00:00:00.000Z")
    assert ("clock", "manifest.json") in states(package)[1]


def test_files_that_the_manifest_does_not_list_are_found(states):
    parts = parts_of_package({"a.jpg": b"one"}, (), signer=KEY, created_at=NOW)
    good, more = package_of(parts, created_at=NOW), package_of({**parts, "extra.txt": b"x"}, created_at=NOW)
    # Manifest and seal of the one, the other's members: their names differ from the list.
    assert states(_with_ending_of(good, more))[1][0] == ("manifest", "extra.txt")


def _with_ending_of(good, more):
    def members(package):
        entries = read_directory(io.BytesIO(package))
        return {one.name: package[one.data : one.data + one.bytes] for one in entries}

    sealed = {name: data for name, data in members(good).items() if name in ("manifest.json", "seal.json")}
    return canonical_zip(*({**members(more), **sealed}).items())


@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [1], [None], [{}], {"a": 1}, {"paths": 5}], ids=repr)
@pytest.mark.parametrize("path", [EXHIBITS, OPENINGS, PROOFS, STAMPS])
def test_documents_of_another_shape_end_in_a_fault_or_hold(path, value):
    """Sealed by somebody who means harm: neither verifier may stumble."""
    package = make_package(changes={path: encode_canonical(value)}, created_at=NOW)
    outer = verify_package(io.BytesIO(package))
    inner = INSIDE(io.BytesIO(package))
    assert outer.ok == all(one[1] != "fault" for one in inner)
    assert outer.ok == (path != PROOFS and value == []), "an empty list is nothing to check"
