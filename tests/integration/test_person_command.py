"""``bixie person`` and ``bixie audit`` as a person and a script call them."""

import json

import pytest

from bixie.assembly.stores import ready_store
from bixie.cli import audit
from bixie.cli.main import main
from bixie.identity.audit import service
from bixie.identity.errors import LinkError
from bixie.identity.signin.password_links import set_password
from bixie.ledger.rules import event_from_body
from bixie.store.settings import Location

LOGIN = "zhang@shop.example"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in ("BIXIE_DATA", "BIXIE_DATABASE_URL", "BIXIE_TENANT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def shop(tmp_path):
    """Folder of a store with one tenant."""
    folder = str(tmp_path / "shop")
    assert main(["tenant", "add", "店", "--kind", "merchant", "--data", folder, "--new"]) == 0
    return folder


@pytest.fixture
def call(shop, capfdbinary):
    def run(*words, json_=True):
        capfdbinary.readouterr()
        status = main([*words, "--data", shop, *(["--json"] if json_ else [])])
        printed = capfdbinary.readouterr()
        out = printed.out.decode()
        return status, json.loads(out) if json_ and out else out, printed.err.decode()

    return run


def test_a_person_is_added_invited_given_a_role_and_disabled(shop, call):
    person = call("person", "add", LOGIN.upper(), "--role", "clerk", "--name", "张三")[1]
    assert (person["login"], person["role"], person["schema"]) == (LOGIN, "clerk", "bixie.person/1")
    link = call("person", "invite", LOGIN, "--address", "https://b.example/")[1]["link"]
    assert link.startswith("https://b.example/password?token=")
    store = ready_store(Location.find(shop))
    token = link.partition("=")[2]
    assert set_password(store, token, "lamp kettle window") == person["id"]
    with pytest.raises(LinkError):
        set_password(store, token, "lamp kettle window")
    store.close()
    assert call("person", "role", person["id"], "admin")[1]["role"] == "admin"
    assert call("person", "disable", LOGIN)[1]["disabled_at"]
    (listed,) = call("person", "list")[1]["items"]
    assert (listed["role"], bool(listed["password_set_at"])) == ("admin", True)
    events = call("audit", "list", "--about", LOGIN)[1]["items"]
    names = [one["type"].removeprefix("identity.") for one in events]
    expected = "person_added password_link_made password_set role_changed person_disabled"
    assert names == expected.split()
    assert call("audit", "list", "--last", "2")[1]["items"] == events[-2:]


def test_the_audit_reads_no_more_events_than_it_lists(call, monkeypatch):
    for number in range(9):
        call("person", "add", f"{number}@shop.example", "--role", "clerk")
    everything = call("audit", "list")[1]["items"]
    read = []
    monkeypatch.setattr(service, "event_from_body", lambda body: read.append(body) or event_from_body(body))
    assert call("audit", "list", "--last", "2")[1]["items"] == everything[-2:]
    assert len(read) == 2
    monkeypatch.setattr(audit, "_BATCH", 3)
    assert call("audit", "list", "--last", "8")[1]["items"] == everything[-8:]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_audit_is_a_table_for_people(call, language):
    call("person", "add", LOGIN, "--role", "clerk", "--name", "张三")
    status, out, _ = call("audit", "list", "--lang", language, json_=False)
    assert status == 0
    assert {"en": "person added", "zh": "添加人员"}[language] in out
    assert "张三" in out
    listing = call("person", "list", "--lang", language, json_=False)[1]
    assert {"en": "has no password yet", "zh": "尚未设置密码"}[language] in listing


WRONG = [
    ("person", "add", LOGIN, "--role", "clerk"),
    ("person", "add", "\n", "--role", "clerk"),
    ("person", "add", "x", "--role", "clerk", "--tenant", "tenant_nobody"),
    ("person", "add", "x", "--role", "clerk", "--tenant", ""),
    ("person", "add", "x", "--role", "clerk", "--party", "party_nobody"),
    ("person", "list", "--tenant", "tenant_nobody"),
    ("person", "invite", "nobody"),
    ("person", "invite", "\n"),
    ("person", "role", "person_00000000000000000000000000", "clerk"),
    ("person", "disable", "nobody"),
    ("audit", "list", "--about", "nobody"),
    ("audit", "list", "--about", "key_00000000000000000000000000"),
    ("audit", "list", "--tenant", "tenant_nobody"),
]


def test_what_cannot_be_is_wrong_usage(call):
    call("person", "add", LOGIN, "--role", "clerk")
    for words in WRONG:
        status, document, errors = call(*words)
        assert (status, document) == (2, ""), words
        assert errors.startswith("bixie: "), words


def test_people_belong_to_a_tenant_that_was_added(tmp_path, capsys):
    folder = str(tmp_path / "own")
    ready_store(Location.find(folder)).close()
    assert main(["person", "add", "x", "--role", "clerk", "--data", folder]) == 2
    assert "There is no such tenant." in capsys.readouterr().err


def test_a_number_below_one_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["audit", "list", "--last", "0"])
    assert "--last" in capsys.readouterr().err
