import numpy as np
from tests.makers.scenes import compressed, photograph, stained

from bixie.examiners.derivation.link.evidence import Evidence
from bixie.examiners.derivation.link.linking import Relation, link_pair
from bixie.examiners.derivation.link.logistic_model import calibration, model_terms, term_names
from bixie.examiners.derivation.match.agreement import measure_agreement
from bixie.examiners.derivation.match.features import extract_features
from bixie.examiners.protocol import Known
from bixie.imaging.decode import Picture

LISTING = photograph("listing.jpg")


def known(rgb):
    return Known("known.jpg", "0" * 64, Picture(rgb, rgb.shape[1], rgb.shape[0], ()))


def linked(exhibit, known_picture):
    return link_pair(exhibit, extract_features(exhibit), known_picture)


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


def test_calibration_has_a_weight_for_every_term():
    assert len(calibration().weights) == len(term_names())
    assert calibration().link_bits < calibration().conclusive_bits <= calibration().max_bits


def test_terms_are_bounded_for_any_evidence():
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
    assert np.abs(model_terms(Evidence(**wild))).max() < 100
