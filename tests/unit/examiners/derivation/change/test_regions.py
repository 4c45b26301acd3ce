"""What a region of difference is, by its looks: damage, a drawn mark, or neither."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.makers.scenes import compressed, photograph

from bixie.examiners.derivation.change.alignment import Aligned
from bixie.examiners.derivation.change.change_network import ChangeMaps, predict_change
from bixie.examiners.derivation.change.regions.classification import (
    CLASSES,
    MIN_SURE,
    SURE,
    classify_regions,
    region_classes,
    smooth_in_groups,
)
from bixie.examiners.derivation.change.regions.crops import (
    CHANNELS,
    COLOURS,
    FORM_CHANNELS,
    FORM_SIDE,
    MASKS,
    SIDE,
    crop_forms,
    crop_regions,
)
from bixie.examiners.derivation.change.regions.features import FEATURE_NAMES, extract_region_features
from bixie.examiners.derivation.change.regions.splitting import Regions, split_regions

Rgb = NDArray[np.uint8]


def known() -> Rgb:
    return cv2.resize(photograph("listing.jpg"), (400, 300), interpolation=cv2.INTER_AREA)


def class_of_largest_region(exhibit: Rgb) -> str:
    """Return what the largest region of difference is taken for."""
    delivered = compressed(exhibit, 85)
    covered = np.ones(delivered.shape[:2], bool)
    aligned = Aligned(delivered, known(), known(), covered, (0, 0))
    maps = predict_change(delivered, known(), covered)
    probabilities = classify_regions(aligned, maps, split_regions(maps, covered))
    return CLASSES[int(probabilities[0].argmax())]


def test_a_red_ring_is_a_mark() -> None:
    exhibit = known()
    cv2.ellipse(exhibit, (200, 150), (60, 45), 0, 0, 360, (230, 20, 30), 4, cv2.LINE_AA)
    assert class_of_largest_region(exhibit) == "annotated"


def test_a_mosaic_is_a_mark() -> None:
    exhibit = known()
    part = exhibit[100:200, 140:260]
    small = cv2.resize(part, (8, 7), interpolation=cv2.INTER_AREA)
    exhibit[100:200, 140:260] = cv2.resize(small, (120, 100), interpolation=cv2.INTER_NEAREST)
    assert class_of_largest_region(exhibit) == "annotated"


@pytest.mark.parametrize("colour", [(250, 250, 250), (60, 90, 160), (190, 170, 220), (60, 70, 40)])
def test_a_thin_ring_is_a_mark(colour: tuple[int, int, int]) -> None:
    exhibit = known()
    cv2.ellipse(exhibit, (200, 150), (70, 50), 0, 0, 360, colour, 2, cv2.LINE_AA)
    assert class_of_largest_region(exhibit) == "annotated"


@pytest.mark.parametrize("colour", [(240, 240, 235), (70, 30, 30)])
def test_an_arrow_with_a_filled_head_is_a_mark(colour: tuple[int, int, int]) -> None:
    exhibit = known()
    cv2.line(exhibit, (110, 90), (190, 140), colour, 5, cv2.LINE_AA)
    cv2.fillPoly(exhibit, [np.array([[178, 148], [192, 126], [214, 156]])], colour, cv2.LINE_AA)
    assert class_of_largest_region(exhibit) == "annotated"


def test_a_slit_that_shows_another_matter_is_damage() -> None:
    exhibit, rng = known(), np.random.default_rng(6)
    steps = np.linspace(-1, 1, 40)
    gape = 16 * (1 - steps**2) + rng.normal(0, 1.5, (2, 40))
    middle = np.stack([200 + 70 * steps, 150 + 25 * steps], axis=1)
    outline = np.concatenate(
        [middle - [[0, 1]] * gape[0][:, None], (middle + [[0, 1]] * gape[1][:, None])[::-1]]
    )
    slit = np.zeros(exhibit.shape[:2], np.uint8)
    cv2.fillPoly(slit, [np.round(outline).astype(np.int32)], 255)
    grain = cv2.GaussianBlur(rng.normal(0, 70, slit.shape).astype(np.float32), (0, 0), 1.5)
    matter = np.array([75.0, 65.0, 60.0]) + grain[..., None]
    exhibit[slit > 0] = np.clip(matter, 0, 255).astype(np.uint8)[slit > 0]
    assert class_of_largest_region(exhibit) == "changed"


def test_a_stain_is_damage() -> None:
    exhibit = known().astype(np.float32)
    rng = np.random.default_rng(4)
    cover = cv2.GaussianBlur(rng.random((300, 400)).astype(np.float32), (0, 0), 9)
    y, x = np.mgrid[0:300, 0:400]
    blot = (np.hypot((x - 200) / 60, (y - 150) / 45) + 12 * (cover - 0.5)) < 1
    soft = cv2.GaussianBlur(blot.astype(np.float32), (0, 0), 1.5)[..., None]
    grain = cv2.GaussianBlur(rng.normal(0, 60, (300, 400)).astype(np.float32), (0, 0), 1.5)[..., None]
    exhibit = exhibit * (1 - soft) + soft * (0.4 * exhibit + np.array([35, 22, 10]) + grain)
    assert class_of_largest_region(np.clip(exhibit, 0, 255).astype(np.uint8)) == "changed"


def maps_of(changed: NDArray[np.float32], annotated: NDArray[np.float32]) -> ChangeMaps:
    return ChangeMaps(changed.astype(np.float32), annotated.astype(np.float32))


def test_a_component_that_leans_both_ways_is_split_in_two() -> None:
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


def two_pieces(apart: int) -> Regions:
    changed = np.zeros((200, 400))
    changed[100:104, 100:160] = changed[100:104, 160 + apart : 180 + apart] = 0.9
    return split_regions(maps_of(changed, np.zeros((200, 400))), np.ones((200, 400), bool))


def classes_in_one_group(regions: Regions, smaller: list[float], colour: int = 60) -> list[str]:
    """Return the kinds of a sure mark of colour 60 and of a smaller piece right of it."""
    exhibit = np.full((200, 400, 3), 60, np.uint8)
    exhibit[:, 162:] = colour
    probabilities = np.array([[0.1, 0.85, 0.05], smaller])
    return [
        CLASSES[number]
        for number in smooth_in_groups(probabilities, regions, exhibit).argmax(axis=1).tolist()
    ]


def test_an_uncertain_piece_follows_its_stroke() -> None:
    assert classes_in_one_group(two_pieces(4), [0.6, 0.35, 0.05]) == ["annotated", "annotated"]


def test_an_uncertain_piece_far_from_any_mark_is_what_it_looks_like() -> None:
    assert classes_in_one_group(two_pieces(60), [0.6, 0.35, 0.05]) == ["annotated", "changed"]


def test_damage_that_a_mark_of_another_colour_touches_stays_damage() -> None:
    assert classes_in_one_group(two_pieces(4), [0.6, 0.35, 0.05], colour=150) == ["annotated", "changed"]


def test_damage_that_is_certain_stays_damage_beside_a_mark() -> None:
    assert classes_in_one_group(two_pieces(4), [SURE + 0.05, 0.1, 0.05]) == ["annotated", "changed"]


def test_noise_beside_a_mark_stays_noise() -> None:
    assert classes_in_one_group(two_pieces(4), [0.1, 0.4, 0.5]) == ["annotated", "neither"]


def classes_of(*probabilities: list[float]) -> list[str]:
    return [CLASSES[number] for number in region_classes(np.array(probabilities).reshape(-1, 3)).tolist()]


def test_a_region_that_only_leans_towards_damage_is_not_classified_as_damage() -> None:
    assert classes_of([MIN_SURE - 0.01, 0.45, 0.06], [0.45, 0.12, 0.43]) == ["annotated", "neither"]


def test_one_sure_region_of_damage_lets_others_count_as_damage() -> None:
    assert classes_of([MIN_SURE + 0.01, 0.4, 0.09], [0.45, 0.44, 0.11]) == ["changed", "changed"]


def test_annotations_and_noise_keep_their_likeliest_class() -> None:
    assert classes_of([0.3, 0.36, 0.34], [0.3, 0.3, 0.4]) == ["annotated", "neither"]


def test_no_regions_have_no_classes() -> None:
    assert classes_of() == []


def test_no_difference_gives_no_regions() -> None:
    nothing = np.zeros((60, 120))
    maps = maps_of(nothing, nothing)
    regions = split_regions(maps, np.ones((60, 120), bool))
    aligned = Aligned(*(np.zeros((60, 120, 3), np.uint8),) * 3, np.ones((60, 120), bool), (0, 0))
    assert classify_regions(aligned, maps, regions).shape == (0, 3)


def test_every_region_has_every_feature_and_all_are_finite() -> None:
    rng = np.random.default_rng(2)
    noise = cv2.GaussianBlur(rng.random((200, 200)).astype(np.float32), (0, 0), 3)
    changed = (noise - noise.min()) / np.ptp(noise)
    maps = maps_of(changed, changed[::-1])
    regions = split_regions(maps, np.ones((200, 200), bool))
    pictures = rng.integers(0, 256, (2, 200, 200, 3)).astype(np.uint8)
    values = extract_region_features(pictures[0], pictures[1], maps, regions)
    assert values.shape == (len(regions.numbers), len(FEATURE_NAMES))
    assert np.isfinite(values).all()


def test_crops_keep_their_region_in_the_middle_and_end_where_the_frame_ends() -> None:
    changed = np.zeros((120, 160))
    changed[:30, :30] = 0.9
    regions = split_regions(maps_of(changed, np.zeros((120, 160))), np.ones((120, 160), bool))
    picture = np.full((120, 160, 3), 90, np.uint8)
    crops = crop_regions(picture, picture, regions)
    assert crops.shape == (1, CHANNELS, SIDE, SIDE)
    rows, columns = np.nonzero(crops[0, 0] > 127)
    assert abs(rows.mean() - SIDE / 2) < 1
    assert abs(columns.mean() - SIDE / 2) < 1
    assert (crops[0, 1] == 0).all()
    for first in COLOURS:
        assert (crops[0, first : first + 3] == 90).all()


def test_a_piece_is_seen_in_the_wide_view_of_its_stroke() -> None:
    changed = np.zeros((200, 400))
    changed[100:104, 100:120] = changed[100:104, 140:190] = 0.9
    regions = split_regions(maps_of(changed, np.zeros((200, 400))), np.ones((200, 400), bool))
    picture = np.full((200, 400, 3), 90, np.uint8)
    smaller = crop_regions(picture, picture, regions)[1]
    others_near, others_wide = smaller[MASKS[1]], smaller[MASKS[-1]]
    assert not others_near.any()
    assert others_wide.any()


def test_a_form_shows_a_piece_within_all_of_its_group_and_what_the_masks_miss() -> None:
    changed = np.zeros((200, 400))
    changed[100:104, 100:120] = changed[100:104, 124:190] = changed[20:40, 300:330] = 0.9
    regions = split_regions(maps_of(changed, np.zeros((200, 400))), np.ones((200, 400), bool))
    known_picture = np.full((200, 400, 3), 90, np.uint8)
    exhibit = known_picture.copy()
    exhibit[100:104, 100:190] = 60
    forms = crop_forms(exhibit, known_picture, regions)
    assert forms.shape == (3, FORM_CHANNELS, FORM_SIDE, FORM_SIDE)
    apart, longer, shorter = forms
    assert not apart[1:].any()
    np.testing.assert_array_equal(longer[0], shorter[1])
    np.testing.assert_array_equal(longer[2], shorter[2])
    gap = (longer[2] > 60) & (longer[0] == 0) & (longer[1] == 0)
    assert gap.any()


def test_every_region_is_classified_independently() -> None:
    rng = np.random.default_rng(2)
    exhibit = known()
    for x in (60, 200, 340):
        cv2.circle(exhibit, (x, 150), 30, (230, 20, 30), 4, cv2.LINE_AA)
    delivered, covered = compressed(exhibit, 85), np.ones(exhibit.shape[:2], bool)
    aligned = Aligned(delivered, known(), known(), covered, (0, 0))
    maps = predict_change(delivered, known(), covered)
    regions = split_regions(maps, covered)
    together = classify_regions(aligned, maps, regions)
    order = rng.permutation(len(regions.numbers))
    mixed = Regions(regions.labels, regions.numbers[order], regions.groups, regions.group_of[order])
    np.testing.assert_allclose(classify_regions(aligned, maps, mixed), together[order], atol=1e-5)
