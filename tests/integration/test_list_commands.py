"""``bixie vault list``, ``bixie tenant list`` and ``bixie key list``: what a store holds, and no secret."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.assembly.stores import TENANT, ready_store
from bixie.cli.main import main
from bixie.identity.service import revoke_key
from bixie.store.settings import Location

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NUMBER = "6912345678901234567"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Folder of a store with three exhibits of the command line's own tenant; no test changes it."""
    folder = tmp_path_factory.mktemp("shop") / "shop"
    kept = [
        ("packing.jpg", NUMBER, "packing"),
        ("listing.jpg", NUMBER, "listing"),
        ("claim.jpg", "2", "claim"),
    ]
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("BIXIE_")]:
            patch.delenv(name)
        for name, order, role in kept:
            words = ["--order", order, "--role", role, "--data", str(folder), "--new"]
            assert main(["vault", "keep", str(EXAMPLES / name), *words]) == 0
    return folder


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)


@pytest.fixture
def call(capfdbinary):
    def run(*words):
        capfdbinary.readouterr()
        status = main(list(words))
        printed = capfdbinary.readouterr()
        return status, printed.out.decode(), printed.err.decode()

    return run


def names(call, shop, *more):
    document = json.loads(call("vault", "list", "--data", str(shop), "--json", *more)[1])
    return [item["name"] for item in document["items"]], document["next"]


def test_what_is_kept_is_listed_newest_first_by_order_and_role(call, shop):
    assert names(call, shop) == (["claim.jpg", "listing.jpg", "packing.jpg"], None)
    assert names(call, shop, "--order", NUMBER) == (["listing.jpg", "packing.jpg"], None)
    assert names(call, shop, "--order", NUMBER, "--role", "packing") == (["packing.jpg"], None)
    assert names(call, shop, "--role", "report") == ([], None)


def test_a_long_list_comes_in_pages(call, shop):
    first, following = names(call, shop, "--limit", "2")
    assert first == ["claim.jpg", "listing.jpg"]
    assert names(call, shop, "--limit", "2", "--before", following) == (["packing.jpg"], None)
    assert f"--before {following}" in call("vault", "list", "--data", str(shop), "--limit", "2")[1]


def test_a_person_reads_a_table_and_which_store_it_is_of(call, shop):
    status, said, errors = call("vault", "list", "--data", str(shop), "--lang", "zh")
    head, first, *_, place = said.splitlines()
    assert (status, errors) == (0, "")
    assert head.split() == [
        *("证据编号", "收到时间（北京）", "用途", "文件名", "类型", "大小", "订单号", "状态")
    ]
    told = ["买家照片", "claim.jpg", "image/jpeg", "30.5", "kB", "2", "已保存", "·", "等待检验"]
    assert first.split()[-len(told) :] == told
    assert place == f"数据存储：{shop}"
    assert "没有符合条件" in call("vault", "list", "--data", str(shop), "--role", "report", "--lang", "zh")[1]


@pytest.mark.parametrize("limit", ["0", "1001", "x", "-1", "²"])
def test_a_limit_that_cannot_be_is_refused(call, shop, limit):
    status, out, errors = call("vault", "list", "--data", str(shop), f"--limit={limit}", "--lang", "en")
    assert (status, out) == (2, "")
    assert "from 1 to 1000" in errors


def test_listing_changes_nothing_in_the_store(call, shop):
    before = call("ledger", "verify", "--data", str(shop), "--json")
    for words in (["vault", "list"], ["tenant", "list"], ["key", "list"]):
        assert call(*words, "--data", str(shop))[0] == 0
    assert call("ledger", "verify", "--data", str(shop), "--json") == before


@pytest.mark.parametrize("words", [["vault", "list"], ["tenant", "list"], ["key", "list"]])
def test_where_no_store_is_listing_makes_none(call, tmp_path, words):
    status, _, errors = call(*words, "--data", str(tmp_path / "nowhere"))
    assert status == 2
    assert str(tmp_path / "nowhere") in errors
    assert list(tmp_path.iterdir()) == []


def test_each_tenant_has_a_list_of_its_own(call, tmp_path, monkeypatch):
    place = ["--data", str(tmp_path / "two")]
    ids = [
        json.loads(call("tenant", "add", name, "--kind", kind, *place, "--new", "--json")[1])["id"]
        for name, kind in (("茶具店", "merchant"), ("某平台", "platform"))
    ]
    monkeypatch.setenv(TENANT, ids[0])
    assert call("vault", "keep", str(EXAMPLES / "packing.jpg"), "--order", "1", *place)[0] == 0
    assert names(call, tmp_path / "two")[0] == ["packing.jpg"]
    monkeypatch.setenv(TENANT, ids[1])
    assert names(call, tmp_path / "two")[0] == []
    status, said, _ = call("tenant", "list", *place, "--lang", "zh")
    assert status == 0
    assert [line.split()[:3] for line in said.splitlines()[1:3]] == [
        [ids[0], "独立商家", "茶具店"],
        [ids[1], "平台", "某平台"],
    ]
    document = json.loads(call("tenant", "list", *place, "--json")[1])
    assert [(item["id"], item["kind"]) for item in document["items"]] == [
        (ids[0], "merchant"),
        (ids[1], "platform"),
    ]


def test_the_tenant_of_a_store_that_only_the_command_line_has_used_is_listed(call, shop):
    document = json.loads(call("tenant", "list", "--data", str(shop), "--json")[1])
    assert [item["id"] for item in document["items"]] == ["tenant_own"]
    assert "tenant_own" in call("tenant", "list", "--data", str(shop))[1]


def test_keys_are_listed_without_their_secrets(call, tmp_path):
    place = ["--data", str(tmp_path / "keys")]
    tenant = json.loads(call("tenant", "add", "Shop", "--kind", "platform", *place, "--new", "--json")[1])[
        "id"
    ]
    add = ("key", "add", "--tenant", tenant, "--role", "clerk", *place, "--json")
    keys = [json.loads(call(*add, "--label", label)[1]) for label in ("till", "old till")]
    store = ready_store(Location.find(str(tmp_path / "keys"), environment={}))
    with writing(store, Principal(tenant, "program_test", Role.PROGRAM)) as session:
        revoke_key(session, keys[1]["id"], lambda: datetime(2026, 11, 30, 1, tzinfo=UTC))
    store.close()
    out = call("key", "list", "--tenant", tenant, *place, "--json")[1]
    items = json.loads(out)["items"]
    assert [(item["label"], item["role"], item["revoked_at"]) for item in items] == [
        ("till", "clerk", None),
        ("old till", "clerk", "2026-11-30T01:00:00.000Z"),
    ]
    said = call("key", "list", *place, "--lang", "zh")[1]  # the only tenant of the store
    assert "2026-11-30 09:00 已吊销" in said
    for key, item in zip(keys, items, strict=True):
        assert key["key"].startswith(item["prefix"])
        assert key["key"].removeprefix(item["prefix"]) not in out + said
    assert call("key", "list", "--tenant", "tenant_nobody", *place)[0] == 2
