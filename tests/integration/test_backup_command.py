"""``bixie backup`` and ``bixie restore`` as people call them."""

import json

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


def test_refusals_are_wrong_usage(run, tmp_path):
    data = str(tmp_path / "data")
    assert run("restore", str(tmp_path / "none"), "--data", str(tmp_path / "new"))[0] == 2
    assert run("backup", data, "--data", data)[0] == 2
    assert run("backup", str(tmp_path / "b"), "--data", str(tmp_path / "nothing"))[0] == 2
