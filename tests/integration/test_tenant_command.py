"""``bixie tenant add`` and ``bixie key add`` as a person and a script call them."""

import json

import pytest
from tests.sweeps import by_repr, check_each

from bixie.access.tenancy import reading_every_tenant
from bixie.assembly.stores import existing_store, ready_store
from bixie.cli.main import main
from bixie.identity.authentication import authenticate_key
from bixie.identity.errors import CredentialError
from bixie.identity.signin.setup import open_setup
from bixie.ledger.verification import verify


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in ("BIXIE_DATA", "BIXIE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def options(location):
    """The options that name the store."""
    if location.url.get_backend_name() == "sqlite":
        return ["--data", str(location.folder)]
    return ["--url", location.url.render_as_string(hide_password=False)]


@pytest.fixture
def call(options, capfdbinary):
    def run(*words, json_=True):
        new = ["--new"] if words[:2] == ("tenant", "add") else []
        status = main([*words, *new, *options, *(["--json"] if json_ else [])])
        printed = capfdbinary.readouterr()
        out = printed.out.decode()
        return status, json.loads(out) if json_ and out else out, printed.err.decode()

    return run


def test_a_key_of_a_new_tenant_opens_what_it_says(location, call):
    status, tenant, errors = call("tenant", "add", "茶具店", "--kind", "merchant")
    assert (status, tenant["name"], tenant["kind"]) == (0, "茶具店", "merchant")
    assert tenant["store"] == location.place
    assert errors.endswith(f" {location.place}\n")  # a new store was made
    status, key, errors = call(
        *("key", "add", "--tenant", tenant["id"], "--role", "clerk", "--party", tenant["party"]),
        *("--expires", "2999-12-31", "--label", "till"),
    )
    assert (status, errors) == (0, "")
    assert (key["label"], key["expires_at"]) == ("till", "2999-12-31T16:00:00.000Z")
    store = existing_store(location)
    with reading_every_tenant(store) as session:
        assert verify(session).events == 3
    store.close()
    store = ready_store(location)
    principal = authenticate_key(store, key["key"])
    store.close()
    assert (principal.tenant, principal.role, principal.party) == (tenant["id"], "clerk", tenant["party"])


def test_a_platform_is_no_party_and_closes_the_setup_link(location, call):
    status, tenant, _ = call("tenant", "add", "Platform", "--kind", "platform")
    assert (status, tenant["party"]) == (0, None)
    store = ready_store(location)
    assert open_setup(store) is None
    store.close()


@pytest.mark.parametrize(("language", "words"), [("en", "shown this once"), ("zh", "只显示这一次")])
def test_it_says_so_in_words_and_the_key_stands_alone_on_its_line(location, call, language, words):
    _, tenant, _ = call("tenant", "add", "Shop", "--kind", "platform")
    status, out, _ = call(
        *("key", "add", "--tenant", tenant["id"], "--role", "api_key", "--lang", language), json_=False
    )
    assert status == 0
    assert words in out
    store = ready_store(location)
    assert authenticate_key(store, out.splitlines()[-1]).tenant == tenant["id"]
    with pytest.raises(CredentialError):
        authenticate_key(store, out.splitlines()[0])
    store.close()


WRONG = [
    ("key", "add", "--tenant", "tenant_nobody", "--role", "clerk"),
    ("key", "add", "--tenant", "", "--role", "clerk"),
    ("key", "add", "--tenant", "TENANT", "--role", "clerk", "--party", "party_nobody"),
    ("key", "add", "--tenant", "TENANT", "--role", "reviewer", "--party", "PARTY"),
    ("key", "add", "--tenant", "TENANT", "--role", "clerk", "--expires", "2020-01-01"),
    ("key", "add", "--tenant", "TENANT", "--role", "clerk", "--expires", "soon"),
    ("key", "add", "--tenant", "TENANT", "--role", "clerk", "--label", ""),
    ("tenant", "add", "", "--kind", "merchant"),
    ("tenant", "add", "a\nb", "--kind", "merchant"),
]


def test_what_cannot_be_is_wrong_usage_and_prints_no_key(call):
    _, tenant, _ = call("tenant", "add", "Shop", "--kind", "merchant")
    known = {"TENANT": tenant["id"], "PARTY": tenant["party"]}

    def refused(words):
        status, document, errors = call(*(known.get(word, word) for word in words))
        assert (status, document) == (2, "")
        assert errors.startswith("bixie: ")

    check_each(by_repr(WRONG), refused)


def test_a_store_that_is_not_there_is_made_by_the_first_tenant_only(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["key", "add", "--tenant", "tenant_a", "--role", "clerk", "--data", "nowhere"]) == 2
    assert main(["tenant", "add", "\n", "--kind", "merchant", "--data", "nowhere"]) == 2
    assert list(tmp_path.iterdir()) == []
    assert main(["tenant", "add", "Shop", "--kind", "merchant", "--data", "somewhere", "--new"]) == 0
    assert [one.name for one in tmp_path.iterdir()] == ["somewhere"]


@pytest.mark.parametrize(
    "words",
    [
        ["tenant", "add", "Shop"],
        ["tenant", "add", "Shop", "--kind", "bank"],
        ["key", "add", "--tenant", "tenant_a", "--role", "buyer"],
        ["key", "add", "--role", "clerk"],
    ],
)
def test_what_is_missing_or_unknown_is_said(words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert capsys.readouterr().err
