"""Checkpoints stamped by a real RFC 3161 authority: ``openssl ts`` on loopback."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from tests.integration.ledger.conftest import PRINCIPAL, TIME, clock, happened
from tests.services.authorities import Keys, serving

from bixie.access.tenancy import reading, reading_every_tenant, writing
from bixie.jobs.job_types import JobContext
from bixie.kit.errors import SettingError
from bixie.ledger import repository
from bixie.ledger.errors import BrokenLedger, LedgerError
from bixie.ledger.jobs import job_types
from bixie.ledger.service import append, checkpoint, prove, stamp
from bixie.ledger.timestamps import Authority, check, named_authorities, stamped_at, trusted_roots
from bixie.ledger.verification import verify

MESSAGE = b"what is stamped"


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    return Keys(tmp_path_factory.mktemp("authority") / "a", "Authority A")


@pytest.fixture(scope="session")
def other_keys(tmp_path_factory):
    return Keys(tmp_path_factory.mktemp("authority") / "b", "Authority B")


def roots(*keys):
    return tuple(one for each in keys for one in trusted_roots({"BIXIE_TIMESTAMP_ROOTS": str(each.roots)}))


def authority(url, keys):
    (found,) = named_authorities({"BIXIE_TIMESTAMP_URL": url, "BIXIE_TIMESTAMP_ROOTS": str(keys.roots)})
    return found


@pytest.fixture
def asked():
    return []


@pytest.fixture
def served(keys, asked):
    def answer(query):
        asked.append(query)
        return 200, keys.answer(query)

    with serving(answer) as url:
        yield authority(url, keys)


def code_of(call, *arguments, **values):
    with pytest.raises(LedgerError) as refusal:
        call(*arguments, **values)
    return refusal.value.code


def test_a_stamp_tells_when_and_holds_without_the_network(served, keys):
    response = served.stamp(MESSAGE)
    assert abs(check(response, MESSAGE, roots(keys)) - datetime.now(UTC)) < timedelta(minutes=1)
    stamped_at(response, MESSAGE)


def test_a_stamp_of_another_message_does_not_hold(served, keys):
    response = served.stamp(MESSAGE)
    assert code_of(check, response, MESSAGE + b".", roots(keys)) == "ledger.stamp_invalid"
    assert code_of(stamped_at, response, MESSAGE + b".") == "ledger.stamp_invalid"


def test_a_stamp_of_authority_a_is_not_accepted_as_one_of_b(served, keys, other_keys):
    response = served.stamp(MESSAGE)
    assert code_of(check, response, MESSAGE, roots(other_keys)) == "ledger.stamp_invalid"
    assert check(response, MESSAGE, roots(other_keys, keys))


def test_an_authority_whose_roots_are_not_trusted_is_refused_at_once(keys, other_keys):
    with serving(lambda query: (200, other_keys.answer(query))) as url:
        assert code_of(authority(url, keys).stamp, MESSAGE) == "ledger.stamp_invalid"


def test_an_old_answer_to_a_new_question_is_refused(served, keys, asked):
    served.stamp(MESSAGE)
    with serving(lambda query: (200, keys.answer(asked[0]))) as url:
        assert code_of(authority(url, keys).stamp, MESSAGE) == "ledger.stamp_invalid"


def test_no_bit_of_a_stamp_can_be_changed_unnoticed(served, keys):
    response = served.stamp(MESSAGE)
    trusted = roots(keys)
    moment = check(response, MESSAGE, trusted)
    for at in range(0, len(response), 7):
        changed = bytearray(response)
        changed[at] ^= 1 << at % 8
        try:
            told = check(bytes(changed), MESSAGE, trusted)
        except LedgerError:
            continue
        # What is outside of the signature, such as the status's text, may change; the time may not.
        assert told == moment


@pytest.mark.parametrize(
    "answer", [b"", b"nonsense", b"\x30\x03\x02\x01\x02", b"\x30\x05\x30\x03\x02\x01\x02"]
)
def test_an_answer_that_is_no_stamp_is_refused(keys, answer):
    with serving(lambda query: (200, answer)) as url:
        assert code_of(authority(url, keys).stamp, MESSAGE) == "ledger.stamp_invalid"


def test_an_authority_that_fails_is_unreachable(keys):
    with serving(lambda query: (500, b"")) as url:
        failing = authority(url, keys)
        assert code_of(failing.stamp, MESSAGE) == "ledger.authority_unreachable"
    assert code_of(failing.stamp, MESSAGE) == "ledger.authority_unreachable"


def test_several_authorities_are_parted_by_commas(keys):
    settings = {
        "BIXIE_TIMESTAMP_URL": " https://a.example.org/tsa, http://b.example.org/,https://a.example.org/tsa ",
        "BIXIE_TIMESTAMP_ROOTS": str(keys.roots),
    }
    found = [one.url for one in named_authorities(settings)]
    assert found == ["https://a.example.org/tsa", "http://b.example.org/"]


def test_without_a_setting_there_is_no_authority_and_no_network():
    assert named_authorities({}) == ()
    assert trusted_roots({}) == ()


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"BIXIE_TIMESTAMP_URL": "file:///tsa", "BIXIE_TIMESTAMP_ROOTS": "x"}, "setting.not_an_address"),
        ({"BIXIE_TIMESTAMP_URL": "http://127.0.0.1/tsa"}, "setting.missing"),
        (
            {"BIXIE_TIMESTAMP_URL": "http://127.0.0.1/", "BIXIE_TIMESTAMP_ROOTS": "x"},
            "setting.unreadable_file",
        ),
    ],
)
def test_a_setting_that_cannot_work_is_refused(settings, code):
    with pytest.raises(SettingError) as refusal:
        named_authorities(settings)
    assert refusal.value.code == code


def test_a_file_without_certificates_is_refused(tmp_path):
    (tmp_path / "roots.pem").write_text("nothing")
    with pytest.raises(SettingError):
        trusted_roots({"BIXIE_TIMESTAMP_ROOTS": str(tmp_path / "roots.pem")})


@pytest.fixture
def stamped(store, served):
    with writing(store, PRINCIPAL) as session:
        append(session, happened(3), clock)
        checkpoint(session, clock)
    assert stamp(store, PRINCIPAL, served)
    return store


def test_a_checkpoint_is_stamped_once(stamped, served, asked):
    assert not stamp(stamped, PRINCIPAL, served)
    assert len(asked) == 1


def test_without_a_checkpoint_there_is_nothing_to_stamp(store, served, asked):
    assert not stamp(store, PRINCIPAL, served)
    assert asked == []


def test_a_proof_carries_the_stamp_of_its_checkpoint(stamped, keys):
    with reading(stamped, PRINCIPAL) as session:
        proof = prove(session, 2)
    (only,) = proof.stamps
    assert check(only.response, proof.checkpoint.encode(), roots(keys))


def test_a_stamped_checkpoint_is_preferred_for_proofs(stamped):
    with writing(stamped, PRINCIPAL) as session:
        append(session, happened(3), clock)
        assert checkpoint(session, clock).size == 8  # the stamp is an event too
    with reading(stamped, PRINCIPAL) as session:
        assert prove(session, 2).check()[1].size == 3
        assert prove(session, 6).check()[1].size == 8


def test_verifying_checks_stamps_where_roots_are_trusted(stamped, keys, other_keys):
    with reading_every_tenant(stamped) as session:
        assert verify(session, roots(keys)).stamps == 1
        assert verify(session).unchecked_stamps == 1
        with pytest.raises(BrokenLedger) as finding:
            verify(session, roots(other_keys))
    assert (finding.value.code, finding.value.sequence) == ("ledger.stamp_differs", 3)


@pytest.mark.parametrize("trusting", [True, False])
def test_a_stamp_of_something_else_is_found(store, served, keys, trusting):
    with writing(store, PRINCIPAL) as session:
        append(session, happened(3), clock)
        checkpoint(session, clock)
    with store.engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO ledger_stamp VALUES ('tenant_a', 3, 'x', :response)"),
            {"response": served.stamp(MESSAGE)},
        )
    with pytest.raises(BrokenLedger) as finding, reading_every_tenant(store) as session:
        verify(session, roots(keys) if trusting else ())
    assert finding.value.code == "ledger.stamp_differs"


def test_an_authority_that_fails_leaves_the_checkpoint_to_be_stamped_later(store, served, keys):
    with writing(store, PRINCIPAL) as session:
        append(session, happened(3), clock)
        checkpoint(session, clock)
    with serving(lambda query: (503, b"")) as url:
        assert code_of(stamp, store, PRINCIPAL, authority(url, keys)) == "ledger.authority_unreachable"
    assert stamp(store, PRINCIPAL, served)


def untriggered(store, statement):
    with store.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("no_update", "no_delete"):
                connection.execute(sa.text(f"DROP TRIGGER ledger_stamp_{name}"))
        else:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        assert connection.execute(sa.text(statement)).rowcount


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM ledger_stamp", "ledger.stamp_missing"),
        ("UPDATE ledger_stamp SET authority = 'other'", "ledger.stamp_missing"),
        ("UPDATE ledger_stamp SET size = 4", "ledger.stamp_missing"),
        (
            "INSERT INTO ledger_stamp SELECT tenant, size, 'other', response FROM ledger_stamp",
            "ledger.stamp_added",
        ),
    ],
)
def test_stamping_is_an_event_so_that_no_stamp_can_be_removed_or_added(stamped, statement, code):
    untriggered(stamped, statement)
    with pytest.raises(BrokenLedger) as finding, reading_every_tenant(stamped) as session:
        verify(session)
    assert (finding.value.code, finding.value.sequence) == (code, 3)


def test_another_valid_stamp_in_the_place_of_the_first_is_found(stamped, served, keys):
    with reading(stamped, PRINCIPAL) as session:
        body = prove(session, 2).checkpoint.encode()
    later = served.stamp(body)
    untriggered(stamped, f"UPDATE ledger_stamp SET response = {blob(stamped, later)}")
    with pytest.raises(BrokenLedger) as finding, reading_every_tenant(stamped) as session:
        verify(session, roots(keys))
    assert finding.value.code == "ledger.stamp_differs"


def blob(store, data):
    return f"x'{data.hex()}'" if store.engine.dialect.name == "sqlite" else f"'\\x{data.hex()}'"


def test_a_job_covers_what_is_new_and_has_each_authority_stamp_it(filled, served):
    """One that is away fails the job, so that it is tried again; the others have stamped meanwhile."""
    away = Authority("http://127.0.0.1:9/tsa", served.roots)
    context = JobContext("job_1", PRINCIPAL.tenant, {}, 0, TIME)
    (job,) = [one for one in job_types(filled, authorities=[away, served]) if one.name == "ledger.stamp"]
    assert code_of(job.handle, context) == "ledger.authority_unreachable"
    with reading(filled, PRINCIPAL) as session:
        newest = repository.latest_checkpoint(session)
        assert [one.authority for one in repository.stamps_of(session, newest.size)] == [served.url]
    (job,) = [one for one in job_types(filled, authorities=[served]) if one.name == "ledger.stamp"]
    assert job.own_slots == 1
    job.handle(context)
    with reading(filled, PRINCIPAL) as session:
        assert repository.latest_checkpoint(session).size == newest.size
