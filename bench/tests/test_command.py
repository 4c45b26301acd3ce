import json

import pytest
from bench.__main__ import main


@pytest.fixture(autouse=True)
def _keep_environment(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")


def test_a_run_prints_tables_and_writes_every_case(tmp_path, capsys):
    target = tmp_path / "out.json"
    status = main(
        [
            "derivation",
            "--quick",
            "--only",
            "copy/same",
            "--subject",
            "phash",
            "--workers",
            "1",
            "--json",
            str(target),
        ]
    )
    document = json.loads(target.read_text(encoding="utf-8"))
    assert status == 0
    assert document["schema"] == "bixie.bench/1"
    assert {"command", "version", "commit", "material"} <= set(document)
    assert all(case["case"].startswith("copy/same") for case in document["cases"])
    assert "unedited copies" in capsys.readouterr().out


def test_a_selection_without_cases_is_refused(tmp_path):
    assert main(["derivation", "--quick", "--only", "no-such-row", "--json", str(tmp_path / "out.json")]) == 2


def test_showing_an_unknown_case_is_refused(tmp_path, capsys):
    assert main(["show", "no/such/case", "--samples", "--out", str(tmp_path)]) == 2
    assert "no/such/case" in capsys.readouterr().err
