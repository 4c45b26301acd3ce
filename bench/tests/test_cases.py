from pathlib import Path

import numpy as np
import pytest
from bench.cases import Plan, all_cases, find_case, seeded
from bench.material import Material
from bench.running import SUBJECTS, measure
from bench.subject import Answer


@pytest.fixture(autouse=True)
def _samples_only(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")


def test_every_case_has_a_name_of_its_own():
    names = [case.name for case in all_cases(Plan.full())]
    assert len(set(names)) == len(names)


def test_honest_photos_come_first():
    rows = [case.row for case in all_cases(Plan.quick())]
    assert "honest" not in rows[rows.count("honest") :]


@pytest.mark.parametrize(
    "row",
    ["honest", "copy", "annotation", "found.local", "found.quarter", "found.cutout", "found.regenerated"],
)
def test_the_quick_plan_measures_every_row_that_needs_no_further_material(row):
    assert any(case.row == row for case in all_cases(Plan.quick()))


def test_a_case_is_made_again_from_its_name_alone():
    case = next(case for case in all_cases(Plan.quick()) if case.row == "found.local")
    again = find_case(case.name)
    assert case.build(seeded(case.name)).claim.data == again.build(seeded(again.name)).claim.data


def test_an_unknown_case_is_refused():
    with pytest.raises(KeyError):
        find_case("found.local/nothing")


def case_of(row):
    return next(case for case in all_cases(Plan.quick()) if case.row == row)


class Oracle:
    """Knows the truth."""

    name = "oracle"

    def __init__(self, material: Material):
        self.material = material

    def answer(self, claim: Path, known):
        return Answer(known=tuple(known), edited=True, mask=self.material.truth)


class Silent:
    """Never finds anything."""

    name = "silent"

    def answer(self, claim: Path, known):
        return Answer()


def edited_case():
    return next(
        case
        for case in all_cases(Plan.quick())
        if case.row == "found.local" and np.count_nonzero(case.build(seeded(case.name)).truth) > 200
    )


def test_who_knows_the_truth_scores_one():
    case = edited_case()
    outcome, _, _ = measure(case, [Oracle(case.build(seeded(case.name)))])
    assert outcome.results["oracle"].found
    assert outcome.results["oracle"].f1 == 1.0


def test_who_says_nothing_scores_nothing_and_accuses_nobody():
    edited, _, _ = measure(edited_case(), [Silent()])
    honest, _, _ = measure(case_of("honest"), [Silent()])
    assert edited.results["silent"].f1 == 0.0
    assert not edited.results["silent"].found
    assert not honest.results["silent"].found


def test_a_link_to_an_honest_photo_counts_as_found():
    case = case_of("honest")
    outcome, _, _ = measure(case, [Oracle(case.build(seeded(case.name)))])
    assert outcome.results["oracle"].found


def test_an_unedited_copy_has_no_overlap_to_score():
    case = case_of("copy")
    outcome, _, _ = measure(case, [Silent()])
    assert outcome.results["silent"].f1 is None


def test_the_baselines_find_an_unedited_copy():
    case = next(case for case in all_cases(Plan.quick()) if case.row == "copy" and case.group == "same")
    outcome, _, _ = measure(case, [SUBJECTS["phash"](), SUBJECTS["sift"]()])
    assert outcome.results["phash"].found
    assert outcome.results["sift"].found


@pytest.mark.parametrize("row", ["found.quarter", "found.cutout", "found.regenerated", "annotation"])
def test_a_case_of_every_row_can_be_made(row):
    case = case_of(row)
    assert case.build(seeded(case.name)).claim.data
