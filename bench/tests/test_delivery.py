from pathlib import Path

import cv2
import numpy as np
import pytest
from bench.attacks.annotation import ANNOTATION_KINDS, annotate
from bench.attacks.damage import apply_damage
from bench.attacks.delivery import DELIVERY_KINDS, deliver
from bench.attacks.drift import drift
from bench.attacks.geometry import MIN_SIDE
from bench.attacks.parcel import settle
from bench.datasets import read_rgb

SAMPLES = Path(__file__).parents[1] / "samples"
PHOTO = SAMPLES / "camera_1024" / "cam_027.jpg"
OTHER = SAMPLES / "grocery" / "gro_0209_Bravo_Apple_Juice.jpg"
EXACT = (
    "same",
    "crop",
    "crop_quarter",
    "scale",
    "rotate",
    "mirror",
    "perspective",
    "screenshot",
    "collage",
    "cutout",
)


def delivered(kind, seed=7):
    rgb = read_rgb(PHOTO)
    damaged = apply_damage(rgb, "stain", np.random.default_rng(seed))
    done = deliver(
        damaged.rgb, {"damage": damaged.mask}, kind, np.random.default_rng(seed), [read_rgb(OTHER)]
    )
    return damaged, done


@pytest.mark.parametrize("kind", EXACT)
def test_the_homography_carries_the_known_picture_onto_the_delivered_one(kind):
    damaged, done = delivered(kind)
    carried = cv2.warpPerspective(damaged.rgb, done.homography, done.rgb.shape[1::-1], flags=cv2.INTER_AREA)
    inside = cv2.erode(done.valid, np.ones((9, 9), np.uint8)) > 0
    error = np.abs(
        cv2.GaussianBlur(carried, (0, 0), 2).astype(int) - cv2.GaussianBlur(done.rgb, (0, 0), 2)
    ).mean(axis=2)
    assert np.median(error[inside]) < 6


@pytest.mark.parametrize("kind", EXACT)
def test_the_mask_travels_with_the_picture(kind):
    damaged, done = delivered(kind)
    carried = cv2.warpPerspective(damaged.mask, done.homography, done.rgb.shape[1::-1]) > 127
    truth = done.masks["damage"] > 0
    both, either = (carried & truth & (done.valid > 0)).sum(), ((carried & (done.valid > 0)) | truth).sum()
    assert both / max(either, 1) > 0.75


@pytest.mark.parametrize("kind", DELIVERY_KINDS)
def test_masks_and_pixels_have_one_shape_and_the_bytes_decode_to_the_pixels(kind):
    _, done = delivered(kind)
    assert all(mask.shape == done.rgb.shape[:2] for mask in (*done.masks.values(), done.valid))
    decoded = cv2.imdecode(np.frombuffer(done.encoded.data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded.shape == done.rgb.shape
    assert np.abs(decoded[..., ::-1].astype(int) - done.rgb).mean() < 2


@pytest.mark.parametrize("kind", [kind for kind in DELIVERY_KINDS if kind not in {"crop_quarter", "cutout"}])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_delivery_keeps_what_the_contract_promises_to_find(kind, seed):
    _, done = delivered(kind, seed)
    assert done.kept >= 0.4
    assert min(done.rgb.shape[:2]) >= MIN_SIDE


@pytest.mark.parametrize("seed", range(4))
def test_a_quarter_crop_leaves_a_quarter(seed):
    assert 0.23 < delivered("crop_quarter", seed)[1].kept < 0.3


@pytest.mark.parametrize("seed", range(4))
def test_a_cut_out_product_fills_a_quarter_of_the_frame_or_more(seed):
    assert delivered("cutout", seed)[1].filled >= 0.25


@pytest.mark.parametrize("kind", DELIVERY_KINDS)
def test_the_same_seed_delivers_the_same_bytes(kind):
    assert delivered(kind)[1].encoded.data == delivered(kind)[1].encoded.data


def test_marks_drawn_on_the_way_are_annotations_and_no_damage():
    _, done = delivered("overlay")
    assert done.masks["annotation"].any()
    assert not (done.masks["annotation"] & done.masks["damage"]).any()


def test_no_delivery_writes_metadata():
    for kind in DELIVERY_KINDS:
        data = delivered(kind)[1].encoded.data
        assert b"Exif" not in data
        assert b"<x:xmpmeta" not in data


def test_a_hairline_survives_reduction_in_the_mask():
    line = np.zeros((200, 200), np.float32)
    line[:, 100] = 1.0
    reduced = cv2.resize(line, (60, 60), interpolation=cv2.INTER_AREA)
    assert settle(reduced).any(axis=1).all()


def test_the_edge_of_a_blob_stays_where_it_is_when_settled():
    blob = np.zeros((100, 100), np.float32)
    blob[30:70, 30:70] = 1.0
    soft = cv2.GaussianBlur(blob, (0, 0), 1.5)
    assert abs(int((settle(soft) > 0).sum()) - 1600) < 120


@pytest.mark.parametrize("kind", ANNOTATION_KINDS)
def test_an_annotation_changes_its_mask_only(kind):
    before = read_rgb(PHOTO)
    marked = annotate(before, kind, np.random.default_rng(2))
    changed = np.abs(marked.rgb.astype(int) - before).max(axis=2)
    assert (changed[marked.mask == 0] <= 8).all()
    assert 0.0004 < (marked.mask > 0).mean() < 0.5


def test_drift_moves_the_mask_with_the_pixels():
    rgb = read_rgb(PHOTO)
    mask = np.zeros(rgb.shape[:2], np.uint8)
    mask[100:200, 100:200] = 255
    marked = rgb.copy()
    marked[mask > 0] = (255, 0, 255)
    moved, masks = drift(marked, {"damage": mask}, np.random.default_rng(1))
    magenta = (moved[..., 0] > 180) & (moved[..., 1] < 80) & (moved[..., 2] > 180)
    assert (magenta == (masks["damage"] > 0)).mean() > 0.98
    assert not np.array_equal(masks["damage"], mask)
