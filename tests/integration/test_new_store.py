"""No command of a person creates a store unless it is asked to, and each says which place it means."""

import os

import pytest

from bixie.cli.main import main


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    (tmp_path / "order.csv").write_text("订单号\n1\n", encoding="utf-8")
    (tmp_path / "photo.png").write_bytes(b"not looked at")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("folder", ["mistyped", "empty"])
@pytest.mark.parametrize(
    "words",
    [
        ["vault", "keep", "photo.png", "--order", "1"],
        ["order", "import", "order.csv"],
        ["tenant", "add", "Shop", "--kind", "merchant"],
        ["worker"],
    ],
)
def test_without_new_a_place_without_a_store_is_an_error(words, folder, tmp_path, capsys):
    before = sorted(tmp_path.rglob("*"))
    assert main([*words, "--data", folder]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"bixie: {tmp_path / folder} 里还没有数据存储。")
    assert "--new" in said
    assert sorted(tmp_path.rglob("*")) == before


def test_the_folder_of_the_environment_is_named_in_full_too(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BIXIE_DATA", "of-the-shop")
    assert main(["order", "import", "order.csv"]) == 2
    assert str(tmp_path / "of-the-shop") in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["ledger", "verify"],
        ["backup", "saved"],
        ["work", "list"],
        ["vault", "expire"],
        ["vault", "report", "exhibit_1"],
        ["key", "add", "--tenant", "tenant_1", "--role", "clerk"],
    ],
)
def test_a_command_that_reads_says_which_place_has_no_store(words, tmp_path, capsys):
    assert main([*words, "--data", "mistyped"]) == 2
    assert capsys.readouterr().err == f"bixie: {tmp_path / 'mistyped'} 里没有数据存储\n"
    assert not (tmp_path / "mistyped").exists()


def test_once_made_a_store_is_used_without_a_word(capsys):
    assert main(["order", "import", "order.csv", "--data", "shop", "--new"]) == 0
    assert "已新建数据存储" in capsys.readouterr().err
    for more in ([], ["--new"]):
        assert main(["order", "import", "order.csv", "--data", "shop", *more]) == 0
        assert capsys.readouterr().err == ""
