import cv2
import numpy as np
import pytest
from tests.makers.scenes import compressed, photograph, warped

from bixie.examiners.derivation.link.evidence import gather_evidence
from bixie.examiners.derivation.link.logistic_model import static_scene_score
from bixie.examiners.derivation.match.agreement import measure_agreement
from bixie.examiners.derivation.match.keypoint_matching import Placement
from bixie.examiners.derivation.match.motion import estimate_motion

LISTING = photograph("listing.jpg")
HEIGHT, WIDTH = LISTING.shape[:2]


def evidence(exhibit, known, matrix):
    agreement = measure_agreement(exhibit, known, matrix)
    placement = Placement(matrix, False, np.zeros((80, 4), np.float32), 80.0)
    shapes = known.shape[:2], exhibit.shape[:2]
    return gather_evidence(placement, agreement, estimate_motion(agreement), *shapes)


def shifted(x, y):
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1.0]])


def on_a_wall(frame):
    """Return goods hung on a plain wall, as a camera sees them that stands `frame` pixels wider."""
    wall = np.full((HEIGHT + 2 * frame, WIDTH + 2 * frame, 3), 170, np.uint8)
    inner = cv2.resize(LISTING, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    top, left = frame + HEIGHT // 4, frame + WIDTH // 4
    wall[top : top + HEIGHT // 2, left : left + WIDTH // 2] = inner
    return wall


def test_a_picture_set_into_a_page_has_a_seam():
    page = np.full((HEIGHT + 200, WIDTH + 200, 3), 255, np.uint8)
    page[100:-100, 100:-100] = LISTING
    found = evidence(page, LISTING, shifted(100, 100))
    assert found.seam > 0.8
    assert found.continues < 0.2


def test_a_wider_view_of_one_wall_has_none():
    found = evidence(on_a_wall(100), on_a_wall(0), shifted(100, 100))
    assert found.continues > 0.9
    assert found.seam == 0


def test_a_frame_that_is_full_says_nothing_about_beyond():
    found = evidence(LISTING, LISTING, np.eye(3))
    assert (found.continues, found.seam) == (0, 0)


@pytest.mark.parametrize("padding", [0, 128, 255])
def test_the_wedges_of_a_slanted_picture_are_no_background(padding):
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    slanted = corners + np.array([[60, 10], [-10, 70], [-80, -10], [0, -40]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, slanted)
    exhibit = cv2.warpPerspective(LISTING, matrix, (WIDTH, HEIGHT), borderValue=(padding,) * 3)
    assert evidence(compressed(exhibit, 80), LISTING, matrix).border > 0.9


def test_an_editors_lamp_is_no_other_light():
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    lamp = 0.7 + 0.4 * np.exp(-((xs / WIDTH - 0.2) ** 2 + (ys / HEIGHT - 0.3) ** 2))
    lit = np.clip(255 * (LISTING / 255.0) ** 0.8 * lamp[..., None], 0, 255).astype(np.uint8)
    assert evidence(lit, LISTING, np.eye(3)).light_rest < 0.05


def test_another_wall_behind_the_same_goods_is_seen():
    known = on_a_wall(0)
    other = known.copy()
    other[(known == 170).all(axis=2)] = (120, 150, 90)
    assert evidence(other, known, np.eye(3)).ground > 0.15
    assert evidence(known, known, np.eye(3)).ground < 0.02


def test_a_skewed_view_has_a_low_static_scene_score():
    matrix = np.array([[1, 0.2, 0], [0, 0.8, 0], [0, 0, 1.0]])
    skewed = warped(LISTING, matrix, (WIDTH, HEIGHT))
    assert static_scene_score(evidence(skewed, LISTING, matrix)) < 0.1
    assert static_scene_score(evidence(LISTING, LISTING, np.eye(3))) > 0.4


def centred(matrix):
    there, back = shifted(WIDTH / 2, HEIGHT / 2), shifted(-WIDTH / 2, -HEIGHT / 2)
    return there @ matrix @ back


def turned_by(degrees):
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return centred(np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1.0]]))


def test_a_frame_redrawn_in_its_place_is_upright_and_coincides():
    found = evidence(compressed(LISTING, 80), LISTING, np.eye(3))
    assert found.turned < 1e-6
    assert found.frames_apart < 1e-6


def test_a_mirrored_frame_is_upright_and_coincides():
    mirror = np.array([[-1, 0, WIDTH], [0, 1, 0], [0, 0, 1.0]])
    found = evidence(np.ascontiguousarray(LISTING[:, ::-1]), LISTING, mirror)
    assert found.turned < 1e-6
    assert found.frames_apart < 1e-6


def test_a_crop_is_upright_and_does_not_coincide():
    matrix = shifted(-WIDTH // 5, 0)
    found = evidence(np.ascontiguousarray(LISTING[:, WIDTH // 5 :]), LISTING, matrix)
    assert found.turned < 1e-6
    assert found.frames_apart > 0.1


def test_a_camera_in_a_hand_turns_by_a_degree():
    matrix = turned_by(1.0)
    exhibit = cv2.warpPerspective(LISTING, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    found = evidence(exhibit, LISTING, matrix)
    assert found.turned == pytest.approx(np.radians(1.0), rel=0.05)
    assert found.skew < 1e-6


def test_sides_stretched_a_little_still_coincide():
    exhibit = cv2.resize(LISTING, (round(WIDTH * 1.04), HEIGHT))
    matrix = np.diag([exhibit.shape[1] / WIDTH, 1, 1.0])
    assert evidence(exhibit, LISTING, matrix).frames_apart < 1e-6


def test_upside_down_is_not_upright():
    matrix = turned_by(180)
    found = evidence(np.ascontiguousarray(LISTING[::-1, ::-1]), LISTING, matrix)
    assert found.turned > 0.5
    assert found.frames_apart > 0.5
