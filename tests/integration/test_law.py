"""``bixie law`` as people and programs call it."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from bixie.cli.main import main
from bixie.law.loading import catalogue_folder
from bixie.law.schemas import assessment_schema

FACTS = {
    "acts": [{"date": "2026-03-10", "amount_obtained": "195.00", "refund_decided_by": "merchant"}],
    "intent": {"fabricated_evidence": True},
    "person": {"age": 30},
    "place": {"province": "GD", "guangdong_class": 1},
    "mode": {"telecom": "no"},
}


@pytest.fixture
def facts_file(tmp_path):
    path = tmp_path / "事实.json"
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    return str(path)


def run(capfdbinary, *arguments):
    status = main(list(arguments))
    out, err = capfdbinary.readouterr()
    return status, out.decode(), err.decode()


def test_facts_are_assessed_as_the_schema_says(facts_file, capfdbinary):
    status, out, err = run(capfdbinary, "law", "assess", facts_file, "--on", "2026-04-01", "--json")
    document = json.loads(out)
    jsonschema.Draft202012Validator(assessment_schema()).validate(document)
    assert (status, err, document["on"]) == (0, "", "2026-04-01")
    by_rule = {one["rule"]: one for one in document["qualifications"]}
    assert by_rule["PSAPL-58"]["status"] == "possible"
    assert len(by_rule) == len(document["qualifications"])


def test_the_whole_program_does_the_same(facts_file):
    command = [sys.executable, "-m", "bixie", "law", "assess", facts_file, "--on", "2026-04-01", "--json"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert json.loads(done.stdout)["schema"] == "bixie.law/1"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["for human review", "art. 58", "Time limit: until 2026-09-10"]),
        ("zh", ["供人工复核", "第58条", "期限：至 2026-09-10"]),
    ],
)
def test_people_read_it_in_their_language(facts_file, capfdbinary, language, words):
    status, out, _ = run(capfdbinary, "law", "assess", facts_file, "--on", "2026-04-01", "--lang", language)
    assert status == 0
    assert all(word in out for word in words)


def test_an_empty_form_is_printed(capfdbinary):
    status, out, _ = run(capfdbinary, "law", "assess", "--template", "--lang", "zh")
    assert status == 0
    assert "// 是否已由人确认证据系伪造？" in out


def test_facts_or_the_form_are_asked_for(capfdbinary):
    with pytest.raises(SystemExit) as stopped:
        main(["law", "assess", "--lang", "zh"])
    assert stopped.value.code == 2
    assert "--template" in capfdbinary.readouterr().err.decode()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_example_is_told_word_for_word(capfdbinary, language):
    root = Path(__file__).parents[2]
    expected = (root / "tests" / "fixtures" / "law" / f"facts.{language}.txt").read_text(encoding="utf-8")
    facts = str(root / "examples" / "facts.json")
    status, out, _ = run(capfdbinary, "law", "assess", facts, "--on", "2026-11-22", "--lang", language)
    assert (status, out) == (0, expected)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"acts": [{"date": "2026-13-01"}]}', "acts[0].date"),
        ('{"acts": [{"date": "2027-01-01"}]}', "acts[0].date"),
        ('{"acts": [{"amount_obtained": -1}]}', "acts[0].amount_obtained"),
        ('{"acts": [{"amount_obtained": 0.001}]}', "acts[0].amount_obtained"),
        ('{"acts": [{"amount_obtained": 1e13}]}', "acts[0].amount_obtained"),
        ('{"place": {"province": "XX"}}', "place.province"),
        ('{"intention": {}}', "intention"),
        ("{", "JSON"),
    ],
)
def test_wrong_facts_are_refused_with_status_2_and_the_key(tmp_path, capfdbinary, text, words):
    path = tmp_path / "facts.json"
    path.write_text(text, encoding="utf-8")
    status, out, err = run(capfdbinary, "law", "assess", str(path), "--on", "2026-06-01", "--json")
    assert (status, out) == (2, "")
    assert words in err


@pytest.mark.parametrize("day", ["tomorrow", "9999-12-31"])
def test_a_wrong_day_is_refused(facts_file, day, capfdbinary):
    status, _, err = run(capfdbinary, "law", "assess", facts_file, "--on", day)
    assert status == 2
    assert "--on" in err


def test_an_article_is_shown_with_dates_and_sources(capfdbinary):
    status, out, _ = run(capfdbinary, "law", "show", "psapl-58", "--on", "2025-12-31", "--lang", "zh")
    assert status == 0
    assert all(
        word in out for word in ["第58条", "2026-01-01", "2025-12-31 未生效或已失效", "二千元以下罚款"]
    )


def test_an_article_is_shown_to_programs(capfdbinary):
    _, out, _ = run(capfdbinary, "law", "show", "PSAPL-58", "--on", "2026-01-01", "--json")
    document = json.loads(out)
    assert (document["id"], document["in_force"], document["law"]["articles"]) == ("PSAPL-58", True, ["58"])
    assert document["sources"]


def test_the_lines_of_a_province_are_shown(capfdbinary):
    _, out, _ = run(capfdbinary, "law", "show", "FR-JS", "--json")
    assert json.loads(out)["huge"] == [60_000, 100_000]
    _, out, _ = run(capfdbinary, "law", "show", "FR-JS", "--lang", "en")
    assert "60,000 to 100,000" in out


def test_everything_is_listed(capfdbinary):
    _, out, _ = run(capfdbinary, "law", "show", "--json", "--on", "2026-06-01")
    entries = {entry["id"]: entry["in_force"] for entry in json.loads(out)["entries"]}
    assert entries["PSAPL-58"] is True
    assert entries["PSAPL-49-OLD"] is False
    assert "FR-ZJ" in entries
    _, out, _ = run(capfdbinary, "law", "show", "--lang", "zh")
    assert "PSAPL-58" in out


def test_an_unknown_id_is_refused(capfdbinary):
    status, _, err = run(capfdbinary, "law", "show", "PSAPL-999", "--lang", "en")
    assert status == 2
    assert "PSAPL-999" in err


def test_an_article_is_found_by_statute_and_number(capfdbinary):
    status, out, _ = run(capfdbinary, "law", "show", "刑法第266条", "--lang", "zh")
    assert status == 0
    assert out.startswith("刑法第266条 诈骗罪（CRIM-266）")
    assert "1997-10-01 起施行，现行有效。" in out


def test_the_only_article_of_a_number_is_said_to_be_the_only_one(capfdbinary):
    _, out, _ = run(capfdbinary, "law", "show", "第148条", "--lang", "zh")
    assert "民法典第148条 因欺诈撤销（CIV-148）" in out
    assert "没有写是哪部法律" in out
    _, out, _ = run(capfdbinary, "law", "show", "民法典148", "--lang", "zh")
    assert "没有写是哪部法律" not in out


def test_several_hits_are_listed(capfdbinary):
    status, out, _ = run(capfdbinary, "law", "show", "治安管理处罚法58", "--lang", "zh")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()[:2]] == ["PSAPL-58", "PSAPL-58-EXTORTION"]
    _, out, _ = run(capfdbinary, "law", "show", "治安管理处罚法58", "--json")
    document = json.loads(out)
    assert document["schema"] == "bixie.law.entries/1"
    assert [entry["name"]["zh"] for entry in document["entries"]] == [
        "治安管理处罚法第58条 诈骗",
        "治安管理处罚法第58条 敲诈勒索",
    ]


def test_the_data_are_fine(capfdbinary):
    status, out, _ = run(capfdbinary, "law", "check", "--json")
    document = json.loads(out)
    assert (status, document["ok"]) == (0, True)
    assert document["counts"]["rules"] > 80


def test_wrong_data_are_named_by_file_and_line(tmp_path, capfdbinary):
    for file in catalogue_folder().iterdir():
        if file.name.endswith(".yaml"):
            text = file.read_text(encoding="utf-8")
            (tmp_path / file.name).write_text(text.replace("large: 4000", "large: 2000"), encoding="utf-8")
    status, out, _ = run(capfdbinary, "law", "check", str(tmp_path), "--json")
    error = json.loads(out)["error"]
    assert status == 1
    assert (error["code"], error["file"]) == ("catalogue.outside_band", "thresholds.yaml")
    assert error["line"] > 1
    status, out, _ = run(capfdbinary, "law", "check", str(tmp_path), "--lang", "zh")
    assert status == 1
    assert "thresholds.yaml 第" in out


def test_no_folder_is_wrong_usage(tmp_path, capfdbinary):
    with pytest.raises(SystemExit) as stopped:
        main(["law", "check", str(tmp_path / "none")])
    assert stopped.value.code == 2
