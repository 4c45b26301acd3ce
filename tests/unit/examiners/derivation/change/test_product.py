"""A product before another background: what of a difference lies on the goods."""

import cv2
import numpy as np
from numpy.typing import NDArray

from bixie.examiners.derivation.change.product import Product, find_product
from bixie.examiners.derivation.link.evidence import rim_mask

SHAPE = (240, 320)
Mask = NDArray[np.bool_]


def drawn(*outlines: list[tuple[int, int]]) -> Mask:
    canvas = np.zeros(SHAPE, np.uint8)
    cv2.fillPoly(canvas, [np.array(outline, np.int32) for outline in outlines], 1)
    return canvas > 0


PRODUCT = drawn([(70, 50), (250, 50), (250, 200), (70, 200)])


def known() -> NDArray[np.uint8]:
    """Return a red product on a blue table, with a little grain."""
    grain = np.random.default_rng(1).normal(0, 4, (*SHAPE, 3))
    colours = np.where(PRODUCT[..., None], (190, 40, 40), (50, 70, 160))
    return np.clip(colours + grain, 0, 255).astype(np.uint8)


def found(differs: Mask, still: Mask = PRODUCT) -> Product | None:
    look = np.ones(SHAPE, bool)
    return find_product(known(), differs, look, rim_mask(look), still & ~differs)


def test_an_unchanged_background_is_no_cut_out() -> None:
    hole = drawn([(150, 100), (180, 100), (180, 130), (150, 130)])
    assert found(hole) is None


def test_a_hole_in_the_product_is_inside_and_the_other_background_is_not() -> None:
    hole = drawn([(150, 100), (180, 100), (180, 130), (150, 130)])
    product = found(~PRODUCT | hole)
    assert product is not None
    assert product.inside[hole].all()
    assert product.inside[~PRODUCT].mean() < 0.02


def test_a_bay_that_the_known_picture_shows_as_product_is_inside() -> None:
    bay = drawn([(215, 90), (252, 90), (252, 130), (215, 130)]) & PRODUCT
    product = found(~PRODUCT | bay)
    assert product is not None
    assert product.inside[bay].mean() > 0.8


def test_a_notch_that_was_background_before_stays_background() -> None:
    notch = drawn([(140, 20), (180, 20), (180, 62), (140, 62)]) & ~PRODUCT
    product = found(~PRODUCT)
    assert product is not None
    assert product.inside[notch].mean() < 0.1


def test_a_crack_that_runs_to_the_edge_is_inside() -> None:
    crack = cv2.line(np.zeros(SHAPE, np.uint8), (160, 120), (260, 90), 1, 2) > 0
    product = found(~PRODUCT | crack)
    assert product is not None
    assert product.inside[crack & PRODUCT].mean() > 0.9


def test_islands_of_the_old_texture_mean_that_the_background_was_not_exchanged() -> None:
    islands = drawn([(0, 0), (60, 0), (60, 40), (0, 40)], [(260, 200), (319, 200), (319, 239), (260, 239)])
    left = PRODUCT | islands
    assert found(~left, still=left) is None


def test_nothing_in_common_is_no_product() -> None:
    assert found(np.ones(SHAPE, bool)) is None
