"""``bixie backup`` and ``bixie restore`` as people call them."""

import json
import sqlite3
from contextlib import closing

import pytest

from bixie.cli.main import main


@pytest.fixture
def run(tmp_path, capfdbinary):
    path = tmp_path / "orders.csv"
    path.write_text("订单号\n1\n2\n", encoding="utf-8")
    assert main(["order", "import", str(path), "--data", str(tmp_path / "data"), "--new"]) == 0
    capfdbinary.readouterr()

    def call(*words):
        status = main([*words])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


def test_there_and_back(run, tmp_path):
    folder, data, new = (str(tmp_path / name) for name in ("backup", "data", "new"))
    status, out, _ = run("backup", folder, "--data", data, "--json")
    assert (status, json.loads(out)["ok"]) == (0, True)
    status, out, _ = run("restore", folder, "--data", new, "--lang", "zh")
    assert status == 0
    assert "账本核验无误" in out
    assert json.loads(run("ledger", "verify", "--data", new, "--json")[1])["ok"] is True


def test_a_store_knows_when_it_was_backed_up(run, tmp_path):
    data = tmp_path / "data"
    document = json.loads(run("backup", str(tmp_path / "backup"), "--data", str(data), "--json")[1])
    with closing(sqlite3.connect(data / "bixie.sqlite3")) as connection:
        found = connection.execute("SELECT name, count FROM task_count").fetchall()
    assert found == [("backup_rows", document["rows"])]


def test_what_is_restored_is_held_against_the_ledger(run, tmp_path):
    folder, data = str(tmp_path / "backup"), str(tmp_path / "data")
    run("backup", folder, "--data", data)
    document = json.loads(run("restore", folder, "--data", str(tmp_path / "new"), "--json")[1])
    again = run("ledger", "verify", "--files", "--data", str(tmp_path / "new"), "--json")
    verified = json.loads(again[1])
    assert document["ledger"] == verified
    assert verified["events"] > 0


def test_a_store_whose_ledger_is_broken_is_restored_as_it_was_and_said_to_be_so(run, tmp_path):
    folder, data, new = (str(tmp_path / name) for name in ("backup", "data", "new"))
    with sqlite3.connect(tmp_path / "data" / "bixie.sqlite3") as connection:
        connection.execute("UPDATE ledger_head SET size = size + 1")
    connection.close()
    assert run("backup", folder, "--data", data)[0] == 0
    status, out, _ = run("restore", folder, "--data", new, "--json")
    document = json.loads(out)
    verified = run("ledger", "verify", "--data", new, "--json")
    assert (status, document["ok"], document["rows"] > 0) == (1, False, True)
    assert (verified[0], json.loads(verified[1])) == (1, document["ledger"])


def test_refusals_are_wrong_usage(run, tmp_path):
    data = str(tmp_path / "data")
    assert run("restore", str(tmp_path / "none"), "--data", str(tmp_path / "new"))[0] == 2
    assert run("backup", data, "--data", data)[0] == 2
    assert run("backup", str(tmp_path / "b"), "--data", str(tmp_path / "nothing"))[0] == 2
