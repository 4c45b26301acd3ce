"""``bixie case list``, ``show`` and ``errors``: cases as a clerk reads them on a terminal."""

import json
import os
import re
import time

import pytest
from tests.integration.remedies.shop import NUMBER, RecordingGateway, Shop

from bixie.access.tenancy import writing
from bixie.assembly.stores import OWN_TENANT, opened, ready_store
from bixie.cases import service
from bixie.cases.service import Said
from bixie.cases.words import Service
from bixie.cli.main import main
from bixie.kit.timestamps import utc_now
from bixie.remedies.service import confirm
from bixie.store.settings import Location


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Folder of a store, with ids of a case that waits, one that is carried out and one that was appealed."""
    folder = tmp_path_factory.mktemp("shop") / "data"
    store = ready_store(Location.find(str(folder), environment={}))
    shop = Shop(store, utc_now, RecordingGateway(), tenant=OWN_TENANT)
    cases = [shop.filed(), shop.decided(Service.REPAIR)[0], shop.ruled()[0]]
    shop.work()
    shop.overturn(cases[2])
    shop.work()
    reversal = next(one for one in shop.remedies(cases[2]) if one.reversal_of)
    with shop.writing() as session:
        confirm(session, reversal.id, None, utc_now)
    store.close()
    return folder, cases


@pytest.fixture(autouse=True)
def _in_china(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def call(shop, capfdbinary):
    def run(*words):
        status = main(["case", *words, "--data", str(shop[0])])
        return status, capfdbinary.readouterr().out.decode()

    return run


def ids(printed):
    return [one["id"] for one in json.loads(printed[1])["items"]]


def test_a_list_says_how_far_each_case_is_who_must_act_and_by_when_here(call, shop):
    status, said = call("list", "--lang", "zh")
    waiting, carried, closed = said.splitlines()[1:4]
    assert status == 0
    assert [part in waiting for part in (NUMBER, "仅退款", "¥19.99", "待商家处理", "商家", "+08:00")] == [
        True
    ] * 6
    assert [part in carried for part in ("维修", "处理中", "平台")] == [True] * 3
    assert "售后关闭：申请未获支持" in closed
    (case,) = json.loads(call("list", "--status", "awaiting_merchant", "--json")[1])["items"]
    assert case["deadline"].endswith("Z")
    assert case["next_actions"] == ["accept", "negotiate", "reject", "supplement"]


def test_a_list_can_be_narrowed_and_goes_on_page_by_page(call, shop):
    _, (waiting, carried, closed) = shop
    assert ids(call("list", "--json")) == [waiting, carried, closed]
    assert ids(call("list", "--waiting-for", "platform", "--json")) == [carried]
    assert ids(call("list", "--order", NUMBER, "--json")) == [waiting, carried, closed]
    assert ids(call("list", "--order", "1", "--json")) == []
    first = json.loads(call("list", "--limit", "2", "--json")[1])
    assert ids(call("list", "--after", first["next"], "--json")) == [closed]
    assert call("list", "--status", "returning", "--lang", "en")[1].startswith("There is no case that fits.")


def test_a_case_is_shown_with_its_next_step_and_why_it_is_due_then(call, shop):
    _, (waiting, _, _) = shop
    said = call("show", waiting, "--lang", "zh")[1]
    assert "等商家：处理售后申请。" in said
    assert "商家可以：同意、协商、拒绝、补充凭证。" in said
    assert "商家逾期未处理，平台将介入。" in said
    assert "买家提交售后申请" in said
    buyer = call("show", waiting, "--side", "buyer", "--lang", "zh")[1]
    assert "买家可以：" in buyer
    assert json.loads(call("show", waiting, "--json")[1])["side"] == "merchant"


def test_a_case_is_shown_with_what_came_of_it(call, shop):
    _, (_, carried, closed) = shop
    assert "维修派单尚未接入" in call("show", carried, "--lang", "zh")[1]
    said = call("show", closed, "--lang", "en")[1]
    for part in (
        *("The case is closed.", "refund, 19.99 CNY  changed on appeal", "take back a refund ¥19.99"),
        *("merchant  state the case and add evidence  over", "The appeal was decided"),
    ):
        assert part in said


def test_what_appeals_changed_is_counted(call):
    said = call("errors", "--lang", "zh")[1]
    refusals, approvals = said.index("驳回申请的决定"), said.index("支持申请的决定")
    assert refusals < approvals
    assert re.search(r"审核人员决定 +1 +1 +1 +100\.0% \(20\.7%–100\.0%\)", said[approvals:])
    assert "另有 2 个决定不能申诉" in said
    document = json.loads(call("errors", "--json")[1])
    assert (document["schema"], document["complete"]) == ("bixie.error-board/1", True)
    assert document["approvals"]["all"]["overturned_for_merchant"] == 1


@pytest.mark.parametrize("id_", ["case_00000000000000000000000000", "x"])
def test_a_case_that_is_not_there(call, id_):
    assert call("show", id_) == (2, "")


def test_texts_of_a_closed_case_are_erased(call, shop):
    folder, (waiting, _, _) = shop
    assert call("erase", waiting) == (2, "")
    with opened(str(folder)) as (store, principal, _), writing(store, principal) as session:
        service.withdraw(session, waiting, Said("已经解决了，谢谢"))
    assert "已删除 1 处文字" in call("erase", waiting, "--lang", "zh")[1]
    again = json.loads(call("erase", waiting, "--json")[1])
    assert again == {"schema": "bixie.case-erasure/1", "case": waiting, "erased": 0}
