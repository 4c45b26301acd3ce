"""The gate is a pure function from outcomes to checks; a planted fault turns a run red."""

from collections import Counter
from dataclasses import replace

import pytest
from bench import derivation as command
from bench import gate
from bench.__main__ import main
from bench.cases import Plan, all_cases, find_case
from bench.running import SUBJECTS, Outcome, Result, measure
from bench.subject import Answer, Bixie

from bixie.examiners.derivation import compare
from bixie.examiners.derivation.link import linking, logistic_model

EXCUSED = {
    "rates": dict.fromkeys((row.key for row in gate.ROWS), "not in this run"),
    "f1": dict.fromkeys(gate.F1_KEYS, "not in this run"),
}
FLOORS = {
    "cases": {"honest": 4, "honest_file": 4, "annotation": 4, "found.local": 4},
    "most": {
        "honest": {"count": 0, "of": 4},
        "honest_file": {"count": 0, "of": 4},
        "annotation": {"count": 1, "of": 4},
    },
    "rates": {"local": {"count": 3, "of": 4}},
    "f1": {"blobs": {"mean": 0.8, "of": 4}},
    "without_floor": EXCUSED,
}


def result(found=False, *, conclusive=False, verdict="inconclusive", f1=None, edited=False, trouble=""):
    return Result(found, conclusive, edited, (), f1, 0.02 if edited else 0.0, 0.1, trouble, verdict)


def outcomes_of(row, results, what=""):
    return [Outcome(f"{row}/{n}", row, "same", what, "", {"bixie": one}) for n, one in enumerate(results)]


def good_run():
    return {
        "honest": outcomes_of("honest", [result()] * 4),
        "honest_file": outcomes_of("honest_file", [result()] * 4),
        "annotation": outcomes_of("annotation", [result(True)] * 4),
        "found.local": outcomes_of("found.local", [result(True, f1=0.9)] * 4, "stain"),
    }


def failed(run, floors=FLOORS):
    listed = gate.checks([one for row in run.values() for one in row], floors)
    return [one.title for one in listed if not one.passed]


def test_a_good_run_passes():
    assert failed(good_run()) == []


def test_one_conclusive_false_link_fails_the_run_and_is_named():
    run = good_run()
    run["honest"] = outcomes_of("honest", [result()] * 3 + [result(True, conclusive=True)])
    assert failed(run) == ["false links that are `conclusive`", "false links, all honest photos"]
    listed = gate.checks([one for row in run.values() for one in row], FLOORS)
    assert "honest/3" in gate.markdown(listed)


@pytest.mark.parametrize("verdict", ["refuted", "suspect"])
@pytest.mark.parametrize("row", ["honest", "honest_file"])
def test_one_accused_honest_photo_fails_the_run_whichever_examiner_accuses(row, verdict):
    run = good_run()
    run[row] = outcomes_of(row, [result()] * 3 + [result(verdict=verdict)])
    assert failed(run) == ["honest photos `refuted` or `suspect`, all examiners"]


def test_one_photo_that_cannot_be_examined_fails_the_run():
    run = good_run()
    run["honest"] = outcomes_of("honest", [result()] * 3 + [result(trouble="derivation: internal error")])
    assert failed(run) == ["photos that could not be examined"]


def test_a_found_rate_under_its_floor_fails_the_run():
    run = good_run()
    results = [result(True, f1=0.9)] * 2 + [result(False, f1=0.9)] * 2
    run["found.local"] = outcomes_of("found.local", results, "stain")
    assert failed(run) == ["found: local edits, every delivery but the next rows"]


def test_an_overlap_under_its_floor_fails_the_run():
    run = good_run()
    run["found.local"] = outcomes_of("found.local", [result(True, f1=0.7)] * 4, "stain")
    assert failed(run) == ["pixel F1: stains, holes, rot, tears"]


def test_more_marks_read_as_damage_than_allowed_fail_the_run():
    run = good_run()
    run["annotation"] = outcomes_of("annotation", [result(True, edited=True)] * 2 + [result(True)] * 2)
    assert failed(run) == ["annotations read as damage"]


@pytest.mark.parametrize(
    ("row", "title"), [("honest", "all honest photos"), ("honest_file", "files as they are")]
)
def test_one_false_link_fails_a_quick_run_although_it_is_not_conclusive(row, title):
    floors = gate.read_floors()
    quick = {key: outcomes_of(key, [result()] * of) for key, of in floors["cases"].items()}
    assert f"false links, {title}" not in failed(quick, floors)
    quick[row][0] = replace(quick[row][0], results={"bixie": result(True)})
    assert f"false links, {title}" in failed(quick, floors)


@pytest.mark.parametrize("row", ["honest", "honest_file", "found.local"])
@pytest.mark.parametrize("verdict", ["", "unreadable", "Refuted"])
def test_a_photo_without_a_verdict_counts_as_not_examined(row, verdict):
    run = good_run()
    run[row][0] = replace(run[row][0], results={"bixie": result(True, f1=0.9, verdict=verdict)})
    assert "photos that could not be examined" in failed(run)


@pytest.mark.parametrize("row", ["honest", "annotation", "found.local"])
def test_a_case_that_the_subject_did_not_answer_counts_as_not_examined(row):
    run = good_run()
    run[row].append(Outcome(f"{row}/4", row, "same", "", "", {"phash": result()}))
    assert failed(run) == ["photos that could not be examined"]


def test_one_honest_case_is_not_enough():
    run = good_run()
    run["honest"], run["honest_file"] = run["honest"][:1], []
    assert failed(run)[:2] == [
        "false links that are `conclusive`",
        "honest photos `refuted` or `suspect`, all examiners",
    ]


def test_a_row_that_no_table_counts_fails_the_run_and_names_its_cases():
    run = good_run()
    run["Honest"] = outcomes_of("Honest", [result(True, conclusive=True, verdict="refuted")])
    assert failed(run) == ["cases in a row that the gate does not know"]
    listed = gate.checks([one for row in run.values() for one in row], FLOORS)
    assert "Honest/0" in gate.markdown(listed)
    assert failed(run, {**FLOORS, "cases": {**FLOORS["cases"], "Honest": 1}}) == failed(run)


def test_a_case_that_is_there_twice_fails_the_run():
    run = good_run()
    run["found.local"] = run["found.local"][:1] * 4
    assert failed(run) == ["cases that are there twice"]


def test_a_case_row_without_a_floor_still_needs_its_cases():
    run = good_run()
    run["annotation.other_hand"] = outcomes_of("annotation.other_hand", [result(True)] * 3)
    floors = {**FLOORS, "cases": {**FLOORS["cases"], "annotation.other_hand": 4}}
    assert failed(run, floors) == ["case rows with fewer cases than the quick plan has"]


@pytest.mark.parametrize(("table", "key"), [("rates", "local"), ("most", "annotation"), ("f1", "blobs")])
def test_floors_that_lost_a_row_fail_the_run_even_when_its_cases_are_gone_too(table, key):
    run = good_run()
    del run["annotation" if table == "most" else "found.local"]
    excused = {part: {k: v for k, v in rows.items() if k != key} for part, rows in EXCUSED.items()}
    floors = {**FLOORS, table: {}, "without_floor": excused}
    assert "rows without a floor or a reason for having none" in failed(run, floors)


@pytest.mark.parametrize("row", ["honest", "annotation", "found.local"])
def test_a_row_that_lost_its_cases_fails_the_run(row):
    run = good_run()
    run[row] = []
    if row == "honest":
        run["honest_file"] = []
    assert failed(run) != []


def test_false_accusations_stand_first_in_the_table_with_counts_and_bounds():
    run = good_run()
    lines = gate.markdown(gate.checks([one for row in run.values() for one in row], FLOORS)).splitlines()
    assert "conclusive" in lines[4]
    assert "0/8 = 0.0 % (0.0–36.9)" in lines[4]
    assert "refuted" in lines[5]


def test_every_row_has_a_floor_or_a_reason_for_having_none_and_not_both():
    floors = gate.read_floors()
    excused = floors["without_floor"]
    rates = [*gate.NEVER, *floors["most"], *floors["rates"], *excused["rates"]]
    assert sorted(rates) == sorted(row.key for row in gate.ROWS)
    assert sorted([*floors["f1"], *excused["f1"]]) == sorted(gate.F1_KEYS)
    assert all({*excused["rates"].values(), *excused["f1"].values()})


def test_every_floor_names_a_row_and_is_not_above_what_was_measured():
    floors = gate.read_floors()
    rows = {row.key for row in gate.ROWS}
    assert {*floors["most"], *floors["rates"]} <= rows
    assert all(floor["count"] >= floor["measured"] for floor in floors["most"].values())
    assert all(floor["count"] <= floor["measured"] <= floor["of"] for floor in floors["rates"].values())
    assert all(floor["mean"] <= floor["measured"] for floor in floors["f1"].values())
    assert {"command", "commit"} <= set(floors["measured"])


def test_the_floors_state_the_cases_of_the_quick_plan_row_by_row(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")
    cases = all_cases(Plan.quick())
    assert gate.read_floors()["cases"] == Counter(case.row for case in cases)
    assert len({case.name for case in cases}) == len(cases)


def test_a_row_excused_for_want_of_material_has_no_case_in_the_quick_plan():
    floors = gate.read_floors()
    for row in gate.ROWS:
        if floors["without_floor"]["rates"].get(row.key, "").startswith("full material only"):
            assert not {*row.rows} & {*floors["cases"]}, row.key


def test_the_quick_plan_has_as_many_cases_as_the_floors_say(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")
    floors = gate.read_floors()
    cases = all_cases(Plan.quick())
    for key, floor in {**floors["most"], **floors["rates"]}.items():
        row = next(row for row in gate.ROWS if row.key == key)
        assert sum(case.row in row.rows for case in cases) >= floor["of"], key


def test_the_quick_plan_examines_honest_files_with_the_metadata_their_camera_wrote(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")
    files = [case for case in all_cases(Plan.quick()) if case.row == "honest_file"]
    assert len(files) == 28
    assert sum(case.group == "camera_originals" for case in files) == 1


class Accuser:
    """A planted fault: calls every photo suspect and links it conclusively."""

    name = "bixie"

    def answer(self, claim, known):
        return Answer(known=tuple(known), conclusive=True, verdict="suspect")


def test_a_planted_fault_makes_the_command_fail(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BIXIE_SHARED", "")
    monkeypatch.setitem(SUBJECTS, "bixie", Accuser)
    few = Plan(1, 1, 1, 1, 1, 1, 1, 1, 1)
    monkeypatch.setattr(command.Plan, "quick", classmethod(lambda cls: few))
    status = main(["--quick", "--workers", "1", "--json", str(tmp_path / "out.json")])
    printed = capsys.readouterr().out
    assert status == 1
    assert "### Accuracy gate" in printed
    assert "false links that are `conclusive`" in printed
    assert printed.count("FAILED") >= 2


TWO_SHOTS = "honest/same_product/gro_0025_Tropicana_Juice_Smooth~gro_0138_Tropicana_Juice_Smooth"


def test_a_link_level_set_too_low_accuses_an_honest_photo_and_fails_the_gate(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")
    lowered = replace(logistic_model.calibration(), link_bits=-12.0, conclusive_bits=-10.0)
    monkeypatch.setattr(linking, "calibration", lambda: lowered)

    def failing():
        outcome, _, _ = measure(find_case(TWO_SHOTS), [Bixie()])
        floors = {"cases": {"honest": 1, "honest_file": 0}, "most": {}, "rates": {}, "f1": {}}
        listed = gate.checks([outcome], {**floors, "without_floor": EXCUSED})
        return [one.cases for one in listed if not one.passed]

    assert failing() == []  # their noise tells two exposures, whatever the level
    monkeypatch.setattr(compare, "MAX_OF_TWO_EXPOSURES", -1.0)
    assert failing() == [(TWO_SHOTS,), (TWO_SHOTS,)]
