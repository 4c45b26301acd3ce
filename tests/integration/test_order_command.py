"""``bixie order import`` as people and programs call it."""

import json

import pytest

from bixie.cli.main import main

TABLE = "订单号,数量\n6912345678901234567,1\n2,x\n"


@pytest.fixture
def run(tmp_path, capfdbinary):
    path = tmp_path / "订单.csv"
    path.write_bytes(TABLE.encode("gb18030"))

    def call(*more):
        status = main(["order", "import", str(path), "--data", str(tmp_path / "data"), *more])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


def test_a_dry_run_names_row_and_column_and_writes_nothing(run, tmp_path):
    status, out, err = run("--dry-run", "--lang", "zh")
    assert status == 3
    assert "第 3 行“数量”" in err
    assert "将新增订单 1 个" in out
    assert not (tmp_path / "data").exists()
    assert run()[0] == 3
    assert "未变 1 个" in run("--dry-run", "--lang", "zh")[1]


def test_programs_are_told_the_same(run):
    status, out, _ = run("--json")
    document = json.loads(out)
    assert (status, document["added"], document["dry_run"]) == (3, 1, False)
    assert [(one["row"], one["column"], one["code"]) for one in document["problems"]] == [
        ("3", "数量", "orders.bad_quantity")
    ]
    assert json.loads(run("--json")[1])["unchanged"] == 1


def test_a_missing_file_is_wrong_usage(tmp_path, capfdbinary):
    assert main(["order", "import", str(tmp_path / "none.csv"), "--lang", "en"]) == 2
    assert b"none.csv" in capfdbinary.readouterr().err
