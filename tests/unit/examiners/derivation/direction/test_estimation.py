import inspect
import re

import cv2
import numpy as np
import pytest
from tests.makers.scenes import compressed, photograph

from bixie.examiners.derivation.change.alignment import align
from bixie.examiners.derivation.direction import estimation
from bixie.examiners.derivation.direction.estimation import compare_file_traces, estimate_direction
from bixie.examiners.derivation.link.evidence import core_outline, gather_evidence, trusted_mask
from bixie.examiners.derivation.match.agreement import measure_agreement
from bixie.examiners.derivation.match.keypoint_matching import Placement
from bixie.examiners.derivation.match.motion import estimate_motion
from bixie.examiners.derivation.presentation import PRESENTATION
from bixie.imaging.structure.traces import FileTraces

WHOLE = photograph("listing.jpg")
HEIGHT, WIDTH = WHOLE.shape[:2]
TOP, LEFT = HEIGHT // 5, WIDTH // 6
PART = np.ascontiguousarray(WHOLE[TOP : HEIGHT - TOP, LEFT : WIDTH - LEFT])
PART_IN_WHOLE = np.array([[1, 0, LEFT], [0, 1, TOP], [0, 0, 1.0]])


def read(exhibit, known, homography):
    agreement = measure_agreement(exhibit, known, homography)
    placement = Placement(homography, False, np.zeros((100, 4), np.float32), 100.0)
    motion = estimate_motion(agreement)
    evidence = gather_evidence(placement, agreement, motion, known.shape[:2], exhibit.shape[:2])
    trusted = trusted_mask(agreement, core_outline(motion.rigid), rim_disagrees=evidence.rim_disagrees)
    pair = align(exhibit, known, homography, agreement, motion, trusted=trusted)
    return estimate_direction(exhibit, pair, homography, evidence, known.shape[:2])


def test_a_crop_of_the_known_picture_is_the_younger_one():
    reading = read(compressed(PART, 70), WHOLE, np.linalg.inv(PART_IN_WHOLE))
    assert reading.signs["known_shows_more"] > 0
    assert reading.bits > 0
    assert not reading.contradicts


def test_an_exhibit_that_shows_more_of_the_scene_contradicts_the_caller():
    reading = read(WHOLE, compressed(PART, 70), PART_IN_WHOLE)
    assert reading.signs["exhibit_shows_more"] < 0
    assert reading.contradicts


def test_a_screenshots_frame_is_not_more_of_the_scene():
    frame = np.full((HEIGHT + 300, WIDTH + 60, 3), 250, np.uint8)
    frame[150 : 150 + HEIGHT, 30 : 30 + WIDTH] = WHOLE
    reading = read(frame, WHOLE, np.array([[1, 0, 30], [0, 1, 150], [0, 0, 1.0]]))
    assert "exhibit_shows_more" not in reading.signs
    assert not reading.contradicts


def test_a_crop_set_into_a_dark_frame_and_enlarged_is_not_more_of_the_scene():
    """As on a telephone's screen: the known frame reaches under the bars above and below."""
    crop, zoom = compressed(PART, 70), 2.5
    shown = cv2.resize(crop, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC)
    bar = TOP * zoom * 2
    frame = np.zeros((round(shown.shape[0] + 2 * bar), shown.shape[1], 3), np.uint8)
    frame[round(bar) : round(bar) + shown.shape[0]] = shown
    onto = np.array([[zoom, 0, -LEFT * zoom], [0, zoom, round(bar) - TOP * zoom], [0, 0, 1.0]])
    reading = read(frame, WHOLE, onto)
    assert "exhibit_shows_more" not in reading.signs
    assert "exhibit_has_finer_grid" not in reading.signs
    assert not reading.contradicts


@pytest.mark.parametrize("exhibit_is_soft", [True, False])
def test_the_softer_picture_is_the_younger_one(exhibit_is_soft):
    soft = cv2.GaussianBlur(WHOLE, (0, 0), 2.0)
    exhibit, known = (soft, WHOLE) if exhibit_is_soft else (WHOLE, soft)
    reading = read(exhibit, known, np.eye(3))
    assert (reading.bits > 0) == exhibit_is_soft


def test_a_mere_copy_has_no_direction():
    assert read(WHOLE, WHOLE, np.eye(3)).bits == 0


def test_camera_fields_and_gentle_compression_stand_on_the_older_side():
    camera, sent = FileTraces(mean_step=3.0, camera=True), FileTraces(mean_step=20.0)
    assert compare_file_traces(sent, camera).bits > 0
    assert compare_file_traces(camera, sent).bits < 0
    assert compare_file_traces(sent, sent).bits == 0
    assert compare_file_traces(FileTraces(), FileTraces()).signs == {}


def test_every_sign_against_the_caller_has_a_sentence():
    source = inspect.getsource(estimation)
    against = re.findall(r'"(\w+)"\](?:=| = )-|"(\w+)": -', source)
    signs = {one or other for one, other in against}
    assert len(signs) == 6
    assert [sign for sign in signs if f"derivation.sign.{sign}" not in PRESENTATION.words.sentences] == []
