from pathlib import Path

import numpy as np
import pytest
from bench.attacks.damage import DAMAGE_KINDS, THIN_KINDS
from bench.attacks.held_out.marks import MARK_KINDS, mark
from bench.attacks.held_out.template import Template
from bench.attacks.held_out.wounds import WOUND_KINDS, wound
from bench.cases import Plan, all_cases, seeded
from bench.datasets import pictures_of, read_rgb

SAMPLES = Path(__file__).parents[1] / "samples"
SHIRT = SAMPLES / "clothing" / "clo_0399.jpg"
CARTON = SAMPLES / "grocery" / "gro_0209_Bravo_Apple_Juice.jpg"
HELD_OUT = {"found.other_hand", "annotation.other_hand", "same_template"}


@pytest.fixture(autouse=True)
def _samples_only(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")


@pytest.fixture(scope="module")
def carton():
    return read_rgb(CARTON)


@pytest.fixture(scope="module")
def shirt():
    return read_rgb(SHIRT)


def held_out_names(cases):
    return {name for case in cases for name in (case.row, case.group) if name in HELD_OUT}


def difference(after, before):
    return np.abs(after.astype(int) - before).max(axis=2)


@pytest.mark.parametrize("kind", WOUND_KINDS)
def test_a_wound_changes_its_mask_and_nothing_else(kind, carton, shirt):
    done = wound(carton, kind, np.random.default_rng(7), shirt)
    changed, inside = difference(done.rgb, carton), done.mask > 0
    assert set(np.unique(done.mask)) == {0, 255}
    assert inside.mean() > (0.0005 if done.kind in THIN_KINDS else 0.002)
    assert (changed[~inside] > 8).mean() < 0.005
    assert (changed[inside] > 8).mean() > 0.85
    assert (done.look, done.kind) == (kind, kind.partition("_")[0])


@pytest.mark.parametrize("kind", WOUND_KINDS)
def test_the_same_seed_paints_the_same_wound(kind, carton, shirt):
    first, second = (wound(carton, kind, np.random.default_rng(3), shirt) for _ in range(2))
    assert first.rgb.tobytes() == second.rgb.tobytes()
    assert first.mask.tobytes() == second.mask.tobytes()


@pytest.mark.parametrize("kind", MARK_KINDS)
def test_a_mark_changes_its_mask_and_nothing_else(kind, carton):
    done = mark(carton, kind, np.random.default_rng(5))
    changed, inside = difference(done.rgb, carton), done.mask > 0
    assert set(np.unique(done.mask)) == {0, 255}
    assert inside.mean() > 0.001
    assert not (changed[~inside] > 8).any()
    assert (changed[inside] > 8).mean() > 0.6
    assert done.kind == kind


@pytest.mark.parametrize("kind", MARK_KINDS)
def test_the_same_seed_draws_the_same_mark(kind, carton):
    first, second = (mark(carton, kind, np.random.default_rng(3)) for _ in range(2))
    assert first.rgb.tobytes() == second.rgb.tobytes()
    assert first.mask.tobytes() == second.mask.tobytes()


def test_there_are_sixteen_looks_of_every_kind_of_damage_and_fifteen_marks():
    assert len(set(WOUND_KINDS)) == 16
    assert len(set(MARK_KINDS)) == 15
    assert {kind.partition("_")[0] for kind in WOUND_KINDS} == set(DAMAGE_KINDS)


def test_a_template_sets_the_same_strips_around_two_pictures(carton):
    first, second = np.zeros((400, 300, 3), np.uint8), np.full((400, 300, 3), 200, np.uint8)
    template = Template(0.2, 0.1, "BROKEN", (255, 0, 0), (0, 0, 255), framed=False)
    shown = [template.around(picture, carton) for picture in (first, second)]
    agreeing = (shown[0] == shown[1]).all(axis=(1, 2))
    assert agreeing[:80].all()
    assert agreeing[360:].all()
    assert not agreeing[80:360].any()


def test_the_full_plan_meets_every_look_and_every_mark_in_every_delivery():
    cases = all_cases(Plan.full())
    pairs = {tuple(case.name.split("/")[1:3]) for case in cases if case.row == "found.other_hand"}
    marks = {tuple(case.name.split("/")[1:3]) for case in cases if case.row == "annotation.other_hand"}
    assert len(pairs) == 16 * 5
    assert len(marks) == 15 * 5
    assert len({delivery for _, delivery in marks}) == 6


@pytest.mark.parametrize("split", ["train", "calibrate"])
def test_what_is_learned_from_holds_nothing_of_the_held_out_painter(split, monkeypatch):
    pictures = pictures_of(split="test")  # the samples hold no other split
    monkeypatch.setattr("bench.cases.pictures_of", lambda split: pictures)
    measured, learned_from = (held_out_names(all_cases(Plan.quick(), name)) for name in ("test", split))
    assert measured == {"found.other_hand", "annotation.other_hand", "same_template"}
    assert not learned_from


@pytest.mark.parametrize("folder", ["training"])
def test_nothing_is_trained_or_calibrated_with_the_held_out_painter(folder):
    modules = list((SAMPLES.parents[1] / folder).rglob("*.py"))
    assert modules
    assert not [module for module in modules if "held_out" in module.read_text(encoding="utf-8")]


@pytest.mark.parametrize("row", ["found.other_hand", "annotation.other_hand"])
def test_a_case_of_the_held_out_painter_is_built(row):
    case = next(case for case in all_cases(Plan.quick()) if case.row == row)
    material = case.build(seeded(case.name))
    assert material.truth.any() == (row == "found.other_hand")
    assert (material.annotation is None) == (row == "found.other_hand")


def test_two_photos_in_one_template_are_an_honest_case():
    case = next(case for case in all_cases(Plan.quick()) if case.group == "same_template")
    material = case.build(seeded(case.name))
    assert case.row == "honest"
    assert material.truth is None or not material.truth.any()
