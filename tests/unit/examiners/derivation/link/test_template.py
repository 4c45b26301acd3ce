"""Two photos in one template are not one photo."""

import cv2
import numpy as np
from tests.makers.scenes import compressed, photograph

from bixie.examiners.derivation.link.template import matches_template_only
from bixie.examiners.derivation.match.agreement import measure_agreement

LISTING = photograph("listing.jpg")
OTHER = photograph("honest.jpg")
HEIGHT, WIDTH = LISTING.shape[:2]


def in_a_template(photo, upright=True):
    """Return a photo between two strips of a third picture, as a shop frames all of its listings."""
    banner = cv2.resize(LISTING[::-1, ::-1], (WIDTH, HEIGHT))
    frame = banner.copy()
    top, bottom = HEIGHT // 5, HEIGHT - HEIGHT // 8
    frame[top:bottom] = cv2.resize(photo, (WIDTH, bottom - top), interpolation=cv2.INTER_AREA)
    return compressed(frame if upright else np.ascontiguousarray(np.rot90(frame)), 85)


def alone(exhibit, known):
    agreement = measure_agreement(exhibit, known, np.eye(3))
    assert agreement is not None
    return matches_template_only(agreement)


def test_another_photo_in_the_same_template_is_told():
    assert alone(in_a_template(OTHER), in_a_template(LISTING))


def test_a_template_along_the_sides_is_told_too():
    assert alone(in_a_template(OTHER, upright=False), in_a_template(LISTING, upright=False))


def test_the_same_photo_in_its_template_is_the_same_photo():
    assert not alone(in_a_template(LISTING), in_a_template(LISTING))


def test_a_thing_exchanged_is_no_template():
    exhibit = LISTING.copy()
    top, left = HEIGHT // 5, WIDTH // 5
    patch = cv2.resize(OTHER, (WIDTH - 2 * left, HEIGHT - 2 * top), interpolation=cv2.INTER_AREA)
    exhibit[top : HEIGHT - top, left : WIDTH - left] = patch
    assert not alone(compressed(exhibit, 85), LISTING)


def test_the_goods_before_another_background_are_no_template():
    exhibit = cv2.resize(OTHER, (WIDTH, HEIGHT))
    rows, columns = slice(HEIGHT // 4, HEIGHT), slice(WIDTH // 4, 3 * WIDTH // 4)
    exhibit[rows, columns] = LISTING[rows, columns]
    assert not alone(compressed(exhibit, 85), LISTING)
