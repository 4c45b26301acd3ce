"""``bixie ledger verify`` as a person and a program call it."""

import json
import os
import sqlite3
from datetime import timedelta

import pytest
from tests.integration.ledger.conftest import PRINCIPAL, clock, happened
from tests.services.authorities import Keys, serving

from bixie.access.tenancy import writing
from bixie.assembly.stores import ready_store
from bixie.cli.main import main
from bixie.ledger.errors import LedgerError
from bixie.ledger.service import append, checkpoint, stamp
from bixie.ledger.signing import KEY_FILE, KeyFile, PublicKey
from bixie.ledger.timestamps import named_authorities
from bixie.ledger.witnesses.files import FileWitness
from bixie.ledger.witnesses.handing_over import tell_witness
from bixie.store.settings import DATABASE_FILE


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)


@pytest.fixture
def filled(store):
    with writing(store, PRINCIPAL) as session:
        append(session, happened(40), clock)
        checkpoint(session, clock)
    return store


@pytest.fixture
def options(location):
    """The options that name the store."""
    if location.url.get_backend_name() == "sqlite":
        return ["--data", str(location.folder)]
    return ["--url", location.url.render_as_string(hide_password=False)]


def verify(capfdbinary, *options):
    status = main(["ledger", "verify", *options, "--json"])
    printed = capfdbinary.readouterr()
    return status, json.loads(printed.out) if printed.out else None, printed.err.decode()


def test_a_ledger_that_holds(filled, options, capfdbinary):
    status, document, errors = verify(capfdbinary, *options)
    signatures = {"checked": 0, "unchecked": 0, "unsigned": 1}
    assert status == 0
    assert document == {"ok": True, "events": 41, "checkpoints": 1, "rows": 0, "signatures": signatures}
    assert "Error" not in errors


def test_a_clock_that_went_back_is_told_and_is_no_fault(filled, options, capfdbinary):
    with writing(filled, PRINCIPAL) as session:
        append(session, happened(2), lambda: clock() - timedelta(minutes=1))
    status, document, _ = verify(capfdbinary, *options)
    assert (status, document["ok"]) == (0, True)
    assert document["clock_went_back"] == {
        "steps": 1,
        "first": {"tenant": PRINCIPAL.tenant, "sequence": 42},
        "largest_s": 60.0,
    }
    assert main(["ledger", "verify", *options, "--lang", "zh"]) == 0
    assert "时钟倒退过 1 次" in capfdbinary.readouterr().out.decode()


def test_a_ledger_that_does_not_hold_is_named_where_and_why(filled, options, location, capfdbinary):
    if location.url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(location.folder / DATABASE_FILE)
        connection.execute("DROP TRIGGER ledger_event_no_update")
        connection.execute("UPDATE ledger_event SET body = replace(body, '\"n\":3', '\"n\":4')")
        connection.commit()
        connection.close()
    else:
        with filled.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql("UPDATE ledger_event SET body = replace(body, '\"n\":3', '\"n\":4')")
    status, document, _ = verify(capfdbinary, *options)
    assert status == 1
    assert (document["ok"], document["tenant"], document["sequence"]) == (False, "tenant_a", 4)
    assert document["error"]["code"] == "ledger.event_changed"
    assert "4" in document["error"]["en"]
    assert "改动" in document["error"]["zh"]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The ledger holds: 41 events"), ("zh", "账本完好：41 条")]
)
def test_it_says_so_in_words(filled, options, capsys, language, words):
    assert main(["ledger", "verify", *options, "--lang", language]) == 0
    assert words in capsys.readouterr().out


def test_stamps_are_counted_and_who_signed_is_checked_where_roots_are_named(
    filled, options, tmp_path, monkeypatch, capfdbinary
):
    keys = Keys(tmp_path / "authority", "Authority")
    with serving(lambda query: (200, keys.answer(query))) as url:
        settings = {"BIXIE_TIMESTAMP_URL": url, "BIXIE_TIMESTAMP_ROOTS": str(keys.roots)}
        assert stamp(filled, PRINCIPAL, *named_authorities(settings))
    assert verify(capfdbinary, *options)[1]["stamps"] == {"checked": 0, "unchecked": 1}
    monkeypatch.setenv("BIXIE_TIMESTAMP_ROOTS", str(keys.roots))
    assert verify(capfdbinary, *options)[1]["stamps"] == {"checked": 1, "unchecked": 0}
    assert main(["ledger", "verify", *options, "--lang", "en"]) == 0
    assert b"1 time stamps hold" in capfdbinary.readouterr().out


def test_the_environment_names_the_store_when_no_option_does(filled, location, monkeypatch, capfdbinary):
    monkeypatch.setenv("BIXIE_DATABASE_URL", location.url.render_as_string(hide_password=False))
    assert verify(capfdbinary)[0] == 0
    # A folder named on the command line is the store that is meant.
    assert verify(capfdbinary, "--data", str(location.folder / "other"))[0] == 2


def test_verifying_changes_nothing(location, filled, capfdbinary):
    if location.url.get_backend_name() != "sqlite":
        pytest.skip("only a file can be compared byte by byte")
    filled.close()
    before = (location.folder / DATABASE_FILE).read_bytes()
    assert verify(capfdbinary, "--data", str(location.folder))[0] == 0
    assert (location.folder / DATABASE_FILE).read_bytes() == before


@pytest.mark.parametrize(
    "options",
    [
        ["--data", "nowhere"],
        ["--url", "sqlite:///nowhere.sqlite3"],
        ["--url", "postgresql://bixie:secret@127.0.0.1:1/shop"],
        ["--url", "mysql://localhost/shop"],
    ],
)
def test_a_store_that_cannot_be_opened_is_wrong_usage(options, tmp_path, monkeypatch, capfdbinary):
    monkeypatch.chdir(tmp_path)
    status, document, errors = verify(capfdbinary, *options)
    assert (status, document) == (2, None)
    assert errors
    assert "secret" not in errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("language", "words"), [("en", "exclude each other"), ("zh", "不能同时使用")])
def test_folder_and_address_exclude_each_other(language, words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["ledger", "verify", "--data", "a", "--url", "sqlite:///b", "--lang", language])
    assert stop.value.code == 2
    assert words in capsys.readouterr().err


@pytest.fixture
def signing(location):
    """The store as the command line opens it: with a key beside it, or where the setting names one."""
    opened = ready_store(location)
    yield opened
    opened.close()


def key(capfdbinary, *options):
    status = main(["ledger", "key", *options, "--json"])
    printed = capfdbinary.readouterr()
    return status, json.loads(printed.out) if printed.out else None


def happens(store):
    with writing(store, PRINCIPAL) as session:
        append(session, happened(3), clock)
        checkpoint(session, clock)


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_the_key_is_made_with_the_first_checkpoint_printed_and_changed(
    signing, options, location, capfdbinary
):
    assert key(capfdbinary, *options)[1]["key"] is None
    happens(signing)
    status, before = key(capfdbinary, *options)
    assert (status, before["former"]) == (0, [])
    assert (location.folder / KEY_FILE).stat().st_mode & 0o777 == 0o600
    _, after = key(capfdbinary, *options, "--new")
    assert [one["id"] for one in after["former"]] == [before["key"]["id"]]
    happens(signing)
    public = [one["key"]["public"] for one in (before, after)]
    for given in ([], ["--key", public[0]], ["--key", public[1]]):
        status, document, _ = verify(capfdbinary, *options, *given)
        assert (status, document["signatures"]) == (0, {"checked": 2, "unchecked": 0, "unsigned": 0})
    stranger = PublicKey(bytes(range(32))).text
    assert verify(capfdbinary, *options, "--key", stranger)[1]["error"]["code"] == "ledger.key_untrusted"
    assert verify(capfdbinary, *options, "--key", "nonsense")[0] == 2


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_a_ledger_without_signatures_beside_a_key_is_found_without_an_option(
    filled, signing, options, location, capfdbinary
):
    KeyFile.find(location).signer(create=True)
    assert verify(capfdbinary, *options)[0] == 0  # the key is new
    os.utime(location.folder / KEY_FILE, (0, 0))
    status, document, _ = verify(capfdbinary, *options)
    assert (status, document["error"]["code"]) == (1, "ledger.checkpoint_unsigned")


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_a_lost_key_stops_checkpoints_until_it_is_given_up(signing, options, location, capfdbinary):
    happens(signing)
    (location.folder / KEY_FILE).unlink()
    with pytest.raises(LedgerError, match="ledger key --new --lost"):
        happens(signing)
    assert key(capfdbinary, *options, "--new")[0] == 2
    assert key(capfdbinary, *options, "--new", "--lost")[0] == 0
    happens(signing)
    # What the former key signed cannot be followed from the new one.
    assert verify(capfdbinary, *options)[1]["error"]["code"] == "ledger.key_untrusted"


def test_a_database_that_several_machines_may_use_gets_no_key_by_itself(
    options, capfdbinary, location, store
):
    if location.url.get_backend_name() == "sqlite":
        pytest.skip("a file is used by one machine")
    assert key(capfdbinary, *options) == (
        0,
        {"schema": "bixie.ledger_key/1", "file": None, "key": None, "former": []},
    )
    with pytest.raises(SystemExit) as stop:
        main(["ledger", "key", *options, "--new"])
    assert stop.value.code == 2


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_what_a_witness_was_told_is_held_against_the_ledger(signing, options, tmp_path, capfdbinary):
    witness = FileWitness(tmp_path / "told.jsonl")
    happens(signing)
    tell_witness(signing, PRINCIPAL, witness)
    given = ["--witness", str(witness.path)]
    assert verify(capfdbinary, *options, *given)[1]["witnesses"] == {"statements": 1}
    assert main(["ledger", "verify", *options, *given, "--lang", "zh"]) == 0
    assert "见证方收到的 1 个检查点" in capfdbinary.readouterr().out.decode()
    with witness.path.open("ab") as file:
        file.write(witness.path.read_bytes()[:40])
    assert verify(capfdbinary, *options, *given)[1]["witnesses"] == {"statements": 1, "torn": 1}
    assert main(["ledger", "verify", *options, *given, "--lang", "zh"]) == 0
    assert "1 行没有写完整" in capfdbinary.readouterr().out.decode()
    witness.path.write_text("nonsense\n")
    status, document, _ = verify(capfdbinary, *options, *given)
    assert (status, document["error"]["code"]) == (1, "ledger.witness_unreadable")
    assert verify(capfdbinary, *options, "--witness", str(tmp_path / "none"))[0] == 2


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_a_witness_that_says_nothing_is_a_fault_beside_one_that_agrees(
    signing, options, tmp_path, capfdbinary
):
    witness = FileWitness(tmp_path / "told.jsonl")
    happens(signing)
    tell_witness(signing, PRINCIPAL, witness)
    (tmp_path / "folder").mkdir()
    (tmp_path / "emptied.jsonl").write_bytes(b"\n")
    for name in ("folder", "emptied.jsonl"):
        given = ["--witness", str(witness.path), "--witness", str(tmp_path / name)]
        status, document, _ = verify(capfdbinary, *options, *given)
        assert (status, document["error"]["code"]) == (1, "ledger.witness_empty")
        assert name in document["error"]["zh"]
