import numpy as np
from tests.unit.examiners.derivation.scenes import compressed, photograph, stained

from bixie.examiners.derivation.decision import calibration, describe, describe_names
from bixie.examiners.derivation.dense import measure_agreement
from bixie.examiners.derivation.evidence import Evidence
from bixie.examiners.derivation.features import extract_features
from bixie.examiners.derivation.linking import Relation, link
from bixie.examiners.protocol import Known
from bixie.imaging.decode import Picture

LISTING = photograph("listing.jpg")


def known(rgb):
    return Known("known.jpg", "0" * 64, Picture(rgb, rgb.shape[1], rgb.shape[0], ()))


def linked(exhibit, known_picture):
    return link(exhibit, extract_features(exhibit), known_picture)


def test_an_edited_crop_is_the_same_photograph():
    edited, _ = stained(LISTING)
    height, width = LISTING.shape[:2]
    found = linked(compressed(edited[height // 10 :, : -width // 8], 60), known(LISTING))
    assert found is not None
    assert found.relation is Relation.SAME_PHOTOGRAPH


def test_another_photograph_is_not_the_same_photograph():
    found = linked(photograph("honest.jpg"), known(LISTING))
    assert found is None or found.relation is Relation.SAME_PRODUCT


def test_a_known_picture_is_analysed_once():
    listing = known(LISTING)
    linked(LISTING, listing)
    kept = listing.derived["derivation.features"]
    linked(LISTING, listing)
    assert listing.derived["derivation.features"] is kept


def test_pictures_that_hardly_overlap_are_not_compared():
    aside = np.array([[1, 0, LISTING.shape[1] - 5.0], [0, 1, 0], [0, 0, 1]])
    assert measure_agreement(LISTING, LISTING, aside) is None


def test_calibration_has_a_weight_for_every_number():
    assert len(calibration().weights) == len(describe_names())
    assert calibration().link_bits < calibration().conclusive_bits <= calibration().most_bits


def test_numbers_that_have_no_bound_of_their_own_are_cut_off():
    boundless = {
        "votes",
        "inliers",
        "skew",
        "light_rest",
        "ground",
        "slide_20",
        "slide_median",
        "slide_80",
        "core_slide_80",
        "enlargement",
    }
    plain = dict.fromkeys(Evidence.__slots__, 1.0)
    wild = {name: 1e12 if name in boundless else value for name, value in plain.items()}
    assert np.abs(describe(Evidence(**wild))).max() < 100
