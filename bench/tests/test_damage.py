from pathlib import Path

import numpy as np
import pytest
from bench.attacks.content import CONTENT_KINDS, edit_content
from bench.attacks.damage import DAMAGE_KINDS, LOOKS, THIN_KINDS, apply_damage
from bench.datasets import read_rgb

SAMPLES = Path(__file__).parents[1] / "samples"
SHIRT = SAMPLES / "clothing" / "clo_0399.jpg"
CARTON = SAMPLES / "grocery" / "gro_0209_Bravo_Apple_Juice.jpg"
ALL_LOOKS = [(kind, look) for kind in DAMAGE_KINDS for look in LOOKS[kind]]


def difference(after, before):
    return np.abs(after.astype(int) - before).max(axis=2)


@pytest.mark.parametrize(("kind", "look"), ALL_LOOKS)
def test_the_mask_covers_what_changed_and_nothing_else(kind, look):
    before = read_rgb(CARTON)
    damaged = apply_damage(before, kind, np.random.default_rng(11), look=look)
    changed = difference(damaged.rgb, before)
    outside = changed[damaged.mask == 0]
    assert (outside > 40).mean() < 0.002
    assert changed[damaged.mask > 0].mean() > 15
    assert set(np.unique(damaged.mask)) == {0, 255}


@pytest.mark.parametrize(("kind", "look"), ALL_LOOKS)
def test_damage_has_a_size_that_a_buyer_would_photograph(kind, look):
    damaged = apply_damage(read_rgb(SHIRT), kind, np.random.default_rng(5), look=look)
    area = (damaged.mask > 0).mean()
    assert (0.0005 if kind in THIN_KINDS else 0.0015) < area < 0.15


@pytest.mark.parametrize("kind", DAMAGE_KINDS)
def test_the_same_seed_paints_the_same_damage(kind):
    before = read_rgb(SHIRT)
    first, second = (apply_damage(before, kind, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first.rgb, second.rgb)
    assert np.array_equal(first.mask, second.mask)


def test_different_seeds_paint_different_damage():
    before = read_rgb(SHIRT)
    first, second = (apply_damage(before, "stain", np.random.default_rng(seed)) for seed in (1, 2))
    assert not np.array_equal(first.mask, second.mask)


@pytest.mark.parametrize("kind", DAMAGE_KINDS)
def test_every_kind_of_damage_has_several_looks(kind):
    assert len(LOOKS[kind]) >= 4


def test_damage_on_a_black_picture_is_still_visible():
    black = np.zeros((300, 400, 3), np.uint8)
    damaged = apply_damage(black, "crack", np.random.default_rng(1))
    assert difference(damaged.rgb, black)[damaged.mask > 0].mean() > 30


def test_lines_keep_their_proportion_when_the_picture_is_larger():
    small = np.full((480, 640, 3), 128, np.uint8)
    large = np.full((1440, 1920, 3), 128, np.uint8)
    shares = [
        (apply_damage(picture, "scratch", np.random.default_rng(4), look="gouge").mask > 0).mean()
        for picture in (small, large)
    ]
    assert 0.3 < shares[1] / shares[0] < 3.0


@pytest.mark.parametrize("kind", CONTENT_KINDS)
def test_an_edit_of_content_changes_its_mask_only(kind):
    before = read_rgb(CARTON)
    edited = edit_content(before, kind, np.random.default_rng(8), read_rgb(SHIRT))
    changed = difference(edited.rgb, before)
    assert (changed[edited.mask == 0] > 40).mean() < 0.002
    assert changed[edited.mask > 0].mean() > 8
    assert edited.kind == kind
