from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from bixie.examiners.derivation.change.change_network import (
    ANNOTATED_THRESHOLD,
    CHANGED_THRESHOLD,
    ChangeMaps,
    difference_planes,
    pixel_unshuffle,
    predict_change,
)


def goods(height: int = 256, width: int = 320, seed: int = 3) -> np.ndarray:
    """A made-up product on a table: smooth shades, a textured body, a printed label, camera grain."""
    rng = np.random.default_rng(seed)
    shade = cv2.resize(
        rng.uniform(90, 200, (4, 5, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    cloth = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 2.5) * 40
    body = cv2.ellipse(
        np.zeros((height, width), np.uint8),
        (width // 2, height // 2),
        (width // 3, height // 3),
        0,
        0,
        360,
        255,
        -1,
    )
    picture = (
        shade + cloth[..., None] * (body[..., None] > 0) + np.where(body[..., None] > 0, (-30, 10, 25), 0)
    )
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    cv2.putText(
        picture,
        "TEA 250 g",
        (width // 4, height // 2),
        cv2.FONT_HERSHEY_SIMPLEX,
        0.9,
        (240, 235, 220),
        2,
        cv2.LINE_AA,
    )
    return np.clip(picture + rng.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


def delivered(picture: np.ndarray, quality: int = 80) -> np.ndarray:
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def compared(exhibit: np.ndarray, known: np.ndarray) -> ChangeMaps:
    return predict_change(exhibit, known, np.ones(exhibit.shape[:2], bool))


def overlap(found: np.ndarray, truth: np.ndarray) -> float:
    return 2 * np.count_nonzero(found & truth) / max(1, np.count_nonzero(found) + np.count_nonzero(truth))


def test_a_recompressed_copy_shows_nothing_changed() -> None:
    maps = compared(delivered(goods(), 50), goods())
    assert (maps.changed > CHANGED_THRESHOLD).mean() < 0.01
    assert (maps.annotated > ANNOTATED_THRESHOLD).mean() < 0.01


def test_a_copy_half_a_pixel_off_and_softer_shows_nothing_changed() -> None:
    shifted = cv2.warpAffine(
        goods(), np.array([[1, 0, 0.5], [0, 1, 0.4]]), (320, 256), borderMode=cv2.BORDER_REPLICATE
    )
    maps = compared(delivered(shifted), goods())
    assert (maps.changed > CHANGED_THRESHOLD).mean() < 0.01


def test_a_dark_stain_is_outlined_where_it_is() -> None:
    truth = cv2.ellipse(np.zeros((256, 320), np.uint8), (200, 150), (30, 22), 20, 0, 360, 255, -1) > 0
    edited = goods()
    edited[truth] = (edited[truth] * np.array([0.45, 0.35, 0.25])).astype(np.uint8)
    maps = compared(delivered(edited), goods())
    assert overlap(maps.changed > CHANGED_THRESHOLD, truth) > 0.8


def test_a_thin_crack_is_found_along_its_length() -> None:
    path = np.array([[70, 60], [110, 95], [140, 100], [180, 150], [230, 170]], np.int32)
    line = cv2.polylines(np.zeros((256, 320), np.uint8), [path], False, 255, 2, cv2.LINE_AA) > 100
    edited = goods()
    edited[line] = (30, 25, 22)
    found = compared(delivered(edited), goods()).changed > CHANGED_THRESHOLD
    near = cv2.dilate(found.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    assert (near & line).sum() > 0.8 * line.sum()
    assert found.sum() < 4 * line.sum()


def test_a_missing_thing_is_a_change_too() -> None:
    with_thing = goods()
    truth = cv2.circle(np.zeros((256, 320), np.uint8), (90, 190), 24, 255, -1) > 0
    with_thing[truth] = (20, 60, 190)
    maps = compared(delivered(goods()), with_thing)
    assert overlap(maps.changed > CHANGED_THRESHOLD, truth) > 0.8


def test_a_red_circle_is_an_annotation_and_no_change() -> None:
    marked = cv2.ellipse(goods(), (160, 120), (70, 50), 0, 0, 360, (255, 45, 40), 5, cv2.LINE_AA)
    truth = np.abs(marked.astype(int) - goods()).max(axis=2) > 8
    maps = compared(delivered(marked), goods())
    assert overlap(maps.annotated > ANNOTATED_THRESHOLD, truth) > 0.7
    changed = (maps.changed > CHANGED_THRESHOLD) & ~(maps.annotated > ANNOTATED_THRESHOLD)
    assert (changed & truth).sum() < 0.02 * truth.sum()


def test_outside_the_known_picture_nothing_is_said() -> None:
    covered = np.ones((256, 320), bool)
    covered[:, 200:] = False
    known = goods()
    known[:, 200:] = 0
    maps = predict_change(goods(), known, covered)
    assert not maps.changed[~covered].any()
    assert not maps.annotated[~covered].any()
    assert (maps.changed > CHANGED_THRESHOLD).mean() < 0.01


@pytest.mark.parametrize("shape", [(1, 1), (63, 65), (130, 257)])
def test_maps_have_the_shape_of_the_exhibit_and_are_probabilities(shape: tuple[int, int]) -> None:
    picture = goods()[: shape[0], : shape[1]]
    maps = compared(picture, picture)
    for image in (maps.changed, maps.annotated):
        assert image.shape == shape
        assert image.dtype == np.float32
        assert image.min() >= 0
        assert image.max() <= 1


def test_threads_give_the_same_maps_as_one_after_the_other() -> None:
    pairs = [(delivered(goods(seed=s)), goods(seed=s + s % 2)) for s in range(4)]
    alone = [compared(*pair) for pair in pairs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda pair: compared(*pair), pairs))
    for first, second in zip(alone, together, strict=True):
        np.testing.assert_array_equal(first.changed, second.changed)
        np.testing.assert_array_equal(first.annotated, second.annotated)


def test_pictures_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes differ"):
        predict_change(goods(), goods()[:, :-1], np.ones((256, 320), bool))


def test_a_picture_without_pixels_is_refused() -> None:
    empty = np.zeros((0, 5, 3), np.uint8)
    with pytest.raises(ValueError, match="cannot compare"):
        predict_change(empty, empty, np.zeros((0, 5), bool))


def test_a_shift_of_one_pixel_stays_inside_the_range_of_the_neighbourhood() -> None:
    planes = difference_planes(np.roll(goods(), 1, axis=1), goods())
    for plane in planes[6:]:
        assert not np.asarray(plane)[2:-2, 2:-2].any()


def test_pixel_unshuffle_keeps_every_pixel_in_its_corner() -> None:
    plane = np.arange(24, dtype=np.int16).reshape(4, 6)
    result = pixel_unshuffle([plane])
    assert result.shape == (1, 4, 2, 3)
    np.testing.assert_array_equal(result[0, :, 0, 0], [0, 1, 6, 7])
    np.testing.assert_array_equal(result[0, 3], plane[1::2, 1::2])
