"""``bixie vault hold|release|erase|retention|expire``: the page's commands, refusals, for whom they act."""

import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.assembly.stores import TENANT, command_line_principal, ready_store
from bixie.cli.main import main
from bixie.identity.rules import TenantKind
from bixie.identity.service import add_tenant, founder
from bixie.ledger.service import NewEvent, append
from bixie.store.settings import Location

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/erase-and-hold.md").read_text(encoding="utf-8")
NUMBER = "4012345678901234567"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples/claim.jpg", "claim.jpg")


@pytest.fixture
def call(capfdbinary):
    """Return a function that runs a command; it returns the status and what was printed."""

    def run(*words):
        status = main([*words, "--lang", "en"])
        printed = capfdbinary.readouterr()
        return status, printed.out.decode(), printed.err.decode()

    return run


@pytest.fixture
def exhibit(call):
    """Id of an exhibit in the folder that the page names."""
    words = ("vault", "keep", "claim.jpg", "--order", NUMBER, "--role", "claim", "--data", "evidence")
    return json.loads(call(*words, "--new", "--json")[1])["id"]


def test_the_commands_of_the_page_hold_and_erase(call, exhibit):
    said = []
    # `bixie case erase` needs a case that is closed: test_case_command.py.
    commands = "".join(re.findall(r"```sh\n(bixie vault.*?)```", PAGE, re.DOTALL))
    for line in commands.splitlines():
        words = shlex.split(line)[1:]
        held = re.search(r"hold_\w{26}", "".join(said))
        there = {"EXHIBIT": exhibit, "HOLD": held.group() if held else ""}
        status, out, err = call(*[there.get(word, word) for word in words])
        assert (status, err) == (0, "")
        said.append(out)
    rule, listed, would, _, _, erased, _ = said
    assert rule == listed
    assert "claim: 1500 days" in listed
    assert "listing: for good" in listed
    assert "Would be erased: 0" in would
    assert exhibit in erased
    status, _, err = call("vault", "report", exhibit, "--data", "evidence")
    assert status == 2


def test_a_hold_says_how_much_it_covers_so_that_a_mistyped_number_is_seen(call, exhibit):
    hold = ("vault", "hold", "--reason", "case", "--data", "evidence")
    assert "Files covered now: 1" in call(*hold, "--order", NUMBER)[1]
    assert "check the number" in call(*hold, "--order", "000000")[1]
    document = json.loads(call(*hold, "--order", NUMBER[:-1], "--json")[1])
    assert (document["order"], document["covers"]) == (NUMBER[:-1], 0)


def test_what_is_held_is_not_erased(call, exhibit):
    held = call("vault", "hold", exhibit, "--reason", "case", "--data", "evidence", "--json")
    assert json.loads(held[1])["exhibit"] == exhibit
    status, out, err = call("vault", "erase", exhibit, "--reason", "mistake", "--data", "evidence", "--json")
    assert (status, out) == (2, "")
    assert "is held" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("retention", "--role", "claim"), "--days"),
        (("retention", "--days", "1500"), "--role"),
        (("retention", "--role", "claim", "--days", "x"), "whole number"),
        (("retention", "--role", "claim", "--days", "30"), "article 31"),
        (("hold", "--reason", "case"), "exactly one"),
        (("erase", "exhibit_x", "--reason", "request"), "no exhibit"),
        (("release", "hold_x"), "no hold"),
    ],
)
def test_what_cannot_be_is_said(call, exhibit, words, said):
    status, out, err = call("vault", *words, "--data", "evidence")
    assert (status, out) == (2, "")
    assert said in err


def test_nothing_is_made_in_order_to_find_nothing(call, tmp_path):
    assert call("vault", "expire", "--data", "nowhere")[0] == 2
    assert not (tmp_path / "nowhere").exists()


def add(store):
    with writing(store, founder()) as session:
        return add_tenant(session, "店铺", TenantKind.MERCHANT)[0].tenant


def test_the_command_line_acts_for_the_tenant_of_the_store(tmp_path, monkeypatch):
    store = ready_store(Location.find(str(tmp_path / "data"), environment={}))
    own = command_line_principal(store)
    first = add(store)
    assert command_line_principal(store).tenant == first
    second = add(store)
    monkeypatch.setenv(TENANT, second)
    assert command_line_principal(store).tenant == second
    monkeypatch.delenv(TENANT)
    with writing(store, Principal(own.tenant, "program_test", Role.PROGRAM)) as session:
        append(session, [NewEvent("test.happened", "thing_1")])
    monkeypatch.setenv(TENANT, own.tenant)
    assert command_line_principal(store) == own
    store.close()


def test_of_several_tenants_none_is_guessed(call, tmp_path, monkeypatch):
    store = ready_store(Location.find(str(tmp_path / "evidence"), environment={}))
    tenants = [add(store), add(store)]
    store.close()
    words = ("vault", "keep", "claim.jpg", "--order", NUMBER, "--data", "evidence")
    for named in ("", "tenant_other"):
        monkeypatch.setenv(TENANT, named)
        status, _, err = call(*words)
        assert status == 2
        assert all(tenant in err for tenant in tenants)
    monkeypatch.setenv(TENANT, tenants[1])
    assert call(*words)[0] == 0
