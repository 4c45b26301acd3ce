"""The page of results is made of what runs left, and cannot drift from it."""

import json

import pytest
from bench import results
from bench.__main__ import main
from bench.running import Outcome, Result


def outcome(row, *, verdict="inconclusive", found=False):
    answer = Result(found, False, False, (), None, 0.0, 0.1, "", verdict)
    return Outcome(f"{row}/0", row, "same_product", "", "", {"bixie": answer})


def run_of(*outcomes):
    return {
        "command": "python -m bench derivation --json somewhere.json",
        "version": "0",
        "commit": "abc",
        "material": "samples",
        "date": "2026-11-30",
        "summary": {"bixie": {}},
        "cases": [one.to_dict() for one in outcomes],
    }


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setattr(results, "KEPT", tmp_path / "results")
    monkeypatch.setattr(results, "PAGE", tmp_path / "RESULTS.md")
    return tmp_path


def test_the_committed_page_is_what_the_kept_tables_make():
    assert results.PAGE.read_text(encoding="utf-8") == results.page(results.KEPT)


def test_the_tables_of_a_run_are_kept_without_its_cases_and_written_to_the_page(folders):
    run = folders / "run.json"
    run.write_text(json.dumps(run_of(outcome("honest"), outcome("honest", found=True))), encoding="utf-8")
    assert main(["results", str(run)]) == 0
    kept = (folders / "results" / "derivation.json").read_text(encoding="utf-8")
    page = (folders / "RESULTS.md").read_text(encoding="utf-8")
    assert "cases" not in json.loads(kept)
    assert "1/2 = 50.0 %" in page
    assert "`python -m bench derivation` · version 0, commit abc · samples material · 2026-11-30" in page


def test_only_parts_that_were_measured_have_a_heading(folders):
    run = folders / "run.json"
    run.write_text(json.dumps(run_of(outcome("honest"))), encoding="utf-8")
    main(["results", str(run)])
    page = (folders / "RESULTS.md").read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if line.startswith("## ")] == ["## Derivation"]


def test_a_run_that_asked_for_no_verdict_says_nothing_about_accusations(folders):
    run = folders / "run.json"
    run.write_text(json.dumps(run_of(outcome("honest", verdict=""))), encoding="utf-8")
    main(["results", str(run)])
    assert "refuted" not in (folders / "RESULTS.md").read_text(encoding="utf-8")


def test_a_run_of_baselines_alone_is_kept_beside_that_of_bixie(folders):
    answer = Result(True, False, False, (), None, 0.0, 0.1, "")
    case = Outcome("honest/0", "honest", "same_product", "", "", {"phash": answer}).to_dict()
    run = folders / "run.json"
    run.write_text(json.dumps({**run_of(), "summary": {"phash": {}}, "cases": [case]}), encoding="utf-8")
    assert main(["results", str(run)]) == 0
    assert (folders / "results" / "baselines.json").exists()


def test_a_part_leaves_a_file_that_the_page_can_be_made_of(folders, capsys):
    run = folders / "law.json"
    assert main(["law", "--sets", "5", "--json", str(run)]) == 0
    assert main(["results", str(run)]) == 0
    assert "fact sets assessed a second, of 5" in (folders / "RESULTS.md").read_text(encoding="utf-8")


def test_a_file_that_is_no_run_is_refused(folders, capsys):
    other = folders / "other.json"
    other.write_text("[]", encoding="utf-8")
    assert main(["results", str(other)]) == 2
    assert "is no run" in capsys.readouterr().err
