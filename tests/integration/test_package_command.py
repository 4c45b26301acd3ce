"""``bixie package build`` and ``verify``: as a clerk and as somebody who has only the file use them."""

import json
import os
import subprocess
import sys
import zipfile

import pytest
from tests.integration.remedies.shop import RecordingGateway, Shop

from bixie.assembly.stores import OWN_TENANT, ready_store
from bixie.cases.words import Service
from bixie.cli.main import main
from bixie.kit.timestamps import utc_now
from bixie.store.settings import Location


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Folder of a store and the id of a case that was decided."""
    folder = tmp_path_factory.mktemp("shop") / "data"
    store = ready_store(Location.find(str(folder), environment={}))
    case = Shop(store, utc_now, RecordingGateway(), tenant=OWN_TENANT).decided(Service.REPAIR)[0]
    store.close()
    return folder, case


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)


@pytest.fixture
def call(capfdbinary):
    def run(*words):
        status = main(["package", *map(str, words)])
        shown = capfdbinary.readouterr()
        return status, shown.out.decode(), shown.err.decode()

    return run


@pytest.fixture
def package(shop, call, tmp_path):
    out = tmp_path / "case.zip"
    status, printed, _ = call("build", shop[1], "--out", out, "--data", shop[0], "--lang", "en")
    assert status == 0
    assert "no time stamp" in printed
    return out


def test_building_says_what_was_written_and_replaces_nothing(shop, call, package):
    arguments = ("build", shop[1], "--out", package, "--data", shop[0], "--json")
    before = package.read_bytes()
    with pytest.raises(SystemExit) as refused:
        call(*arguments)
    assert refused.value.code == 2
    assert package.read_bytes() == before
    status, printed, _ = call(*arguments, "--force")
    document = json.loads(printed)
    assert (status, document["case"], document["unstamped"]) == (0, shop[1], [])
    assert document["bytes"] == package.stat().st_size
    assert [one.name for one in package.parent.iterdir()] == ["case.zip"]


def test_an_unknown_case_leaves_no_file(shop, call, tmp_path):
    status, _, said = call("build", "case_none", "--out", tmp_path / "x.zip", "--data", shop[0])
    assert status == 2
    assert said
    assert not list(tmp_path.iterdir())


def test_verifying_prints_a_line_a_check_and_finds_a_changed_byte(call, package):
    status, printed, _ = call("verify", package, "--lang", "en")
    assert status == 0
    lines = printed.splitlines()
    assert len(lines) == 12
    assert lines[0].startswith("ok ")
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)
    status, printed, _ = call("verify", package, "--json")
    assert status == 1
    document = json.loads(printed)
    assert document["schema"] == "bixie.package-verification/1"
    assert not document["ok"]
    assert [one["where"] for one in document["checks"] if one["state"] == "fault"] != [None]


def test_the_key_can_be_given_in_digits_in_base_64_and_as_a_file(shop, call, package, tmp_path):
    with zipfile.ZipFile(package) as file:
        digits = json.loads(file.read("seal.json"))["public"]
        base_64 = json.loads(file.read("ledger/proofs.json"))["public"]
    from bixie.ledger.signing import PublicKey

    pem = tmp_path / "key.pem"
    pem.write_text(PublicKey.from_text(base_64).pem())
    for key in (digits, base_64, pem):
        status, printed, _ = call("verify", package, "--key", key, "--json")
        checks = {one["check"]: one["state"] for one in json.loads(printed)["checks"]}
        assert (status, checks["key"]) == (0, "ok")
    assert call("verify", package, "--key", "00" * 32)[0] == 1


def test_the_verifier_inside_runs_on_its_own(package, tmp_path):
    """With Python's standard library and openssl: nothing of Bixie is on its path."""
    with zipfile.ZipFile(package) as file:
        script = tmp_path / "verify.py"
        script.write_bytes(file.read("verify.py"))
    assert len(script.read_text().splitlines()) < 200
    bare = {"PATH": os.environ["PATH"]}

    def run(*more):
        command = [sys.executable, "-I", "-S", script, package, *more]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=bare)

    done = run()
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()][:3] == ["layout", "seal", "manifest"]
    data = bytearray(package.read_bytes())
    data[-1] ^= 1
    package.write_bytes(data)
    assert run("--json").returncode == 1


def test_a_file_that_is_not_there_is_wrong_usage(call, tmp_path):
    with pytest.raises(SystemExit) as refused:
        call("verify", tmp_path / "none.zip")
    assert refused.value.code == 2
