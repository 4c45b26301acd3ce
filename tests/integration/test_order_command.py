"""``bixie order import`` as people and programs call it."""

import json
from pathlib import Path

import pytest

from bixie.cli.main import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TABLE = "订单号,数量\n6912345678901234567,1\n2,x\n"


@pytest.fixture
def run(tmp_path, capfdbinary):
    path = tmp_path / "订单.csv"
    path.write_bytes(TABLE.encode("gb18030"))

    def call(*more):
        status = main(["order", "import", str(path), "--data", str(tmp_path / "data"), "--new", *more])
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


def test_a_dry_run_names_row_and_column_and_writes_nothing(run, tmp_path):
    status, out, err = run("--dry-run", "--lang", "zh")
    assert status == 3
    assert "第 3 行“数量”" in err
    assert "将新增订单 1 个" in out
    assert f"{tmp_path / 'data'} 里还没有数据存储" in out
    assert not (tmp_path / "data").exists()
    assert run()[0] == 3
    out = run("--dry-run", "--lang", "zh")[1]
    assert "未变 1 个" in out
    assert f"数据存储：{tmp_path / 'data'}\n" in out


def test_programs_are_told_the_same(run):
    status, out, _ = run("--json")
    document = json.loads(out)
    assert (status, document["added"], document["dry_run"]) == (3, 1, False)
    assert [(one["row"], one["column"], one["code"]) for one in document["problems"]] == [
        ("3", "数量", "orders.bad_quantity")
    ]
    assert json.loads(run("--json")[1])["unchanged"] == 1


def test_the_samples_of_all_platforms_go_into_one_store(tmp_path, capfdbinary):
    for name, orders in {"taobao": 2, "douyin": 2, "pdd": 2, "shopify": 2}.items():
        words = ["order", "import", str(EXAMPLES / f"orders-{name}.csv"), "--data", str(tmp_path / "shop")]
        assert main([*words, "--new", "--json"]) == 0
        document = json.loads(capfdbinary.readouterr().out)
        assert (document["added"], document["problems"]) == (orders, [])
        assert document["notes"][0]["code"] == "orders.column_passed_over"
    assert main([*words, "--lang", "zh"]) == 0
    said = capfdbinary.readouterr().out.decode()
    assert "“Paid at”一列：没有采用，以“Created at”为准。" in said
    assert "未变 2 个" in said


def test_a_missing_file_is_wrong_usage(tmp_path, capfdbinary):
    assert main(["order", "import", str(tmp_path / "none.csv"), "--lang", "en"]) == 2
    assert b"none.csv" in capfdbinary.readouterr().err
