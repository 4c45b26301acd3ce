from dataclasses import replace

from bixie.examiners.derivation.link.evidence import Evidence
from bixie.examiners.derivation.link.logistic_model import calibration, same_photograph_bits

NOTHING = dict.fromkeys(Evidence.__slots__, 0)
RELIT = Evidence(**(NOTHING | {"rigid": 0.5, "light_rest": 0.3, "enlargement": 1.0}))
IN_A_HAND = {"turned": 0.05, "frames_apart": 0.1}


def test_a_scene_that_stays_upright_and_in_its_place_speaks_for_one_photograph():
    redrawn = replace(RELIT, scene_border=0.9)
    assert same_photograph_bits(redrawn) > same_photograph_bits(replace(redrawn, **IN_A_HAND)) + 2


def test_a_place_says_nothing_where_the_background_is_another():
    assert same_photograph_bits(RELIT) == same_photograph_bits(replace(RELIT, **IN_A_HAND))


def test_every_term_carries_weight():
    assert (calibration().weights > 0).all()
