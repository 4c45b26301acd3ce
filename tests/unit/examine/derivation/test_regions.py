"""What a region of difference is, by its looks: damage, a drawn mark, or neither."""

import cv2
import numpy as np
from numpy.typing import NDArray
from tests.unit.examine.derivation.scenes import compressed, photograph

from bixie.examine.derivation.alignment import Aligned
from bixie.examine.derivation.change_network import ChangeMaps, predict_change
from bixie.examine.derivation.region_numbers import FEATURES, describe_regions
from bixie.examine.derivation.regions import KINDS, judged
from bixie.examine.derivation.splitting import split_regions

Rgb = NDArray[np.uint8]


def known() -> Rgb:
    return cv2.resize(photograph("listing.jpg"), (400, 300), interpolation=cv2.INTER_AREA)


def largest_kind(exhibit: Rgb) -> str:
    """Return what the largest region of difference is taken for."""
    there = compressed(exhibit, 85)
    covered = np.ones(there.shape[:2], bool)
    aligned = Aligned(there, known(), known(), covered, (0, 0))
    maps = predict_change(there, known(), covered)
    odds = judged(aligned, maps, split_regions(maps, covered))
    return KINDS[int(odds[0].argmax())]


def test_a_red_ring_is_a_mark() -> None:
    exhibit = known()
    cv2.ellipse(exhibit, (200, 150), (60, 45), 0, 0, 360, (230, 20, 30), 4, cv2.LINE_AA)
    assert largest_kind(exhibit) == "annotated"


def test_a_mosaic_is_a_mark() -> None:
    exhibit = known()
    part = exhibit[100:200, 140:260]
    small = cv2.resize(part, (8, 7), interpolation=cv2.INTER_AREA)
    exhibit[100:200, 140:260] = cv2.resize(small, (120, 100), interpolation=cv2.INTER_NEAREST)
    assert largest_kind(exhibit) == "annotated"


def test_a_stain_is_damage() -> None:
    exhibit = known().astype(np.float32)
    rng = np.random.default_rng(4)
    cover = cv2.GaussianBlur(rng.random((300, 400)).astype(np.float32), (0, 0), 9)
    y, x = np.mgrid[0:300, 0:400]
    blot = (np.hypot((x - 200) / 60, (y - 150) / 45) + 12 * (cover - 0.5)) < 1
    soft = cv2.GaussianBlur(blot.astype(np.float32), (0, 0), 1.5)[..., None]
    grain = cv2.GaussianBlur(rng.normal(0, 60, (300, 400)).astype(np.float32), (0, 0), 1.5)[..., None]
    exhibit = exhibit * (1 - soft) + soft * (0.4 * exhibit + np.array([35, 22, 10]) + grain)
    assert largest_kind(np.clip(exhibit, 0, 255).astype(np.uint8)) == "changed"


def maps_of(changed: NDArray[np.float32], annotated: NDArray[np.float32]) -> ChangeMaps:
    return ChangeMaps(changed.astype(np.float32), annotated.astype(np.float32))


def test_what_leans_both_ways_is_cut_in_two() -> None:
    changed, annotated = np.zeros((60, 120)), np.zeros((60, 120))
    changed[20:40, 20:60] = 0.9
    annotated[20:40, 60:100] = 0.9
    regions = split_regions(maps_of(changed, annotated), np.ones((60, 120), bool))
    assert len(regions.numbers) == 2
    assert len(set(regions.group_of.tolist())) == 1


def test_a_region_that_hardly_leans_the_other_way_stays_whole() -> None:
    changed, annotated = np.zeros((60, 120)), np.zeros((60, 120))
    changed[20:40, 20:100] = 0.9
    annotated[20:24, 20:40] = 0.95
    regions = split_regions(maps_of(changed, annotated), np.ones((60, 120), bool))
    assert len(regions.numbers) == 1


def test_nothing_different_means_nothing_to_judge() -> None:
    nothing = np.zeros((60, 120))
    maps = maps_of(nothing, nothing)
    regions = split_regions(maps, np.ones((60, 120), bool))
    aligned = Aligned(*(np.zeros((60, 120, 3), np.uint8),) * 3, np.ones((60, 120), bool), (0, 0))
    assert judged(aligned, maps, regions).shape == (0, 3)


def test_every_region_has_every_number_and_all_are_finite() -> None:
    rng = np.random.default_rng(2)
    noise = cv2.GaussianBlur(rng.random((200, 200)).astype(np.float32), (0, 0), 3)
    changed = (noise - noise.min()) / np.ptp(noise)
    maps = maps_of(changed, changed[::-1])
    regions = split_regions(maps, np.ones((200, 200), bool))
    pictures = rng.integers(0, 256, (2, 200, 200, 3)).astype(np.uint8)
    values = describe_regions(pictures[0], pictures[1], maps, regions)
    assert values.shape == (len(regions.numbers), len(FEATURES))
    assert np.isfinite(values).all()
