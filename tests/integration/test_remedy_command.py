"""``bixie remedy list|confirm|fail`` on a store, and what ``bixie doctor`` says of the gateway."""

import json
import os
from typing import get_args

import pytest
from tests.integration.remedies.shop import RecordingGateway, Shop

from bixie.assembly.stores import OWN_TENANT, ready_store
from bixie.cases.words import Service
from bixie.cli import remedy
from bixie.cli.main import main
from bixie.kit.timestamps import utc_now
from bixie.remedies.rules import Reported
from bixie.store.settings import Location


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Folder of a store with a refund that was sent, an exchange that waits, and a repair."""
    folder = tmp_path_factory.mktemp("shop") / "data"
    store = ready_store(Location.find(str(folder), environment={}))
    shop = Shop(store, utc_now, RecordingGateway(), tenant=OWN_TENANT)
    for service in (Service.REFUND_ONLY, Service.REPLENISH, Service.REPAIR):
        shop.decided(service)
    shop.work()
    store.close()
    return folder


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)


@pytest.fixture
def call(folder, capfdbinary):
    def run(*words):
        status = main(["remedy", *words, "--data", str(folder)])
        printed = capfdbinary.readouterr()
        return status, printed.out.decode(), printed.err.decode()

    return run


def test_a_person_lists_what_is_left_to_do_and_notes_what_became_of_it(call):
    document = json.loads(call("list", "--json")[1])
    refund, replenish, repair = document["items"]
    assert [one["kind"] for one in document["items"]] == ["refund", "replenish", "repair"]
    assert call("list", "--case", repair["case"], "--json")[1].count('"repair"') == 1
    first = json.loads(call("list", "--limit", "1", "--json")[1])
    rest = json.loads(call("list", "--after", first["next"], "--json")[1])
    assert [*first["items"], *rest["items"]] == document["items"]

    status, said, _ = call("confirm", refund["id"], "--reference", "4200001234", "--lang", "zh")
    assert (status, said) == (0, f"{refund['id']}: 已完成。\n")
    failed = json.loads(call("fail", replenish["id"], "--reason", "out_of_stock", "--json")[1])
    assert (failed["state"], failed["failure"]) == ("failed", "out_of_stock")

    table = call("list", "--lang", "zh")[1]
    assert refund["id"] not in table
    assert "补寄" in table
    assert "未完成，需人工处理" in table
    assert "维修" in table
    assert "¥19.99" in call("list", "--all", "--lang", "zh")[1]


def test_the_reasons_of_the_command_are_those_of_the_call():
    assert get_args(Reported) == remedy._REASONS


def test_what_cannot_be_noted_is_refused_with_a_sentence(call):
    assert call("confirm", "remedy_00000000000000000000000000", "--lang", "en")[::2] == (
        2,
        "bixie: There is no such remedy.\n",
    )
    assert call("list", "--limit", "0")[0] == 2
    with pytest.raises(SystemExit):
        call("fail", "remedy_00000000000000000000000000", "--reason", "refused")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"BIXIE_DATA": "shop"}, "shop/remedies"),
        (
            {
                "BIXIE_REMEDY_URL": "https://shop.example/x?token=1",
                "BIXIE_REMEDY_SECRET": "whsec_" + "A" * 32,
            },
            "https://shop.example\n",
        ),
        ({"BIXIE_REMEDY_URL": "https://shop.example"}, "BIXIE_REMEDY_SECRET"),
    ],
    ids=["folder", "web", "wrong"],
)
def test_doctor_names_the_gateway_in_use(settings, said, monkeypatch, capsys):
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert main(["doctor", "--lang", "en"]) == 0
    assert said in capsys.readouterr().out.split("Remedies go to")[1]
