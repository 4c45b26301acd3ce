"""One exposure or two from the same place: the noise of both files says, where they have any."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.makers.scenes import compressed

from bixie.examiners.derivation.exposures import MAX_OF_TWO_EXPOSURES, noise_agreement
from bixie.report.examination import examine

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "derivation"
WHOLE = np.ones((480, 640), bool)


def scene():
    """Return soft forms and a texture, the same in every exposure."""
    random = np.random.default_rng(7)
    forms = cv2.resize(random.uniform(70, 180, (6, 8, 3)).astype(np.float32), (640, 480))
    texture = cv2.resize(random.normal(0, 6, (120, 160)).astype(np.float32), (640, 480))
    texture[:, 320:] = 0
    return forms + texture[..., None]


def exposed(seed, sigma=2.5):
    noise = np.random.default_rng(seed).normal(0, sigma, (480, 640, 3))
    return (scene() + noise).clip(0, 255).astype(np.uint8)


def grained(picture, sigma):
    noise = np.random.default_rng(99).normal(0, sigma, picture.shape)
    return (picture + noise).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize(("sigma", "quality"), [(2.5, 95), (4, 85), (6, 60)])
def test_two_exposures_have_noises_of_their_own(sigma, quality):
    first, second = (compressed(exposed(seed, sigma), quality) for seed in (1, 2))
    agreement = noise_agreement(first, second, WHOLE)
    assert agreement is not None
    assert abs(agreement) < MAX_OF_TWO_EXPOSURES / 2


@pytest.mark.parametrize("sigma", [1.5, 2.5, 4, 6])
@pytest.mark.parametrize("quality", [95, 85, 75, 60])
def test_a_copy_keeps_the_noise_of_its_exposure(sigma, quality):
    agreement = noise_agreement(compressed(exposed(1, sigma), quality), exposed(1, sigma), WHOLE)
    assert agreement is None or agreement > MAX_OF_TWO_EXPOSURES


def test_whoever_adds_grain_takes_no_noise_away():
    agreement = noise_agreement(grained(exposed(1), 2.5), exposed(1), WHOLE)
    assert agreement is not None
    assert agreement > 2 * MAX_OF_TWO_EXPOSURES


def test_pictures_without_noise_cannot_be_asked():
    smooth = cv2.GaussianBlur(exposed(1), (0, 0), 4)
    assert noise_agreement(smooth, exposed(2), WHOLE) is None


def test_places_that_differ_are_not_asked():
    usable = WHOLE.copy()
    usable[:, 40:] = False
    assert noise_agreement(exposed(1), exposed(2), usable) is None


@pytest.mark.parametrize(("claim", "known"), [("1", "2"), ("2", "1")])
def test_two_shots_from_almost_one_place_are_not_refuted(claim, known):
    claim, known = (FIXTURES / f"two_shots_bird_{one}.jpg" for one in (claim, known))
    (exhibit,) = examine([claim], known=[known]).to_dict()["exhibits"]
    assert exhibit["verdict"] != "refuted"
    (finding,) = exhibit["findings"]
    assert finding["grade"] != "conclusive"
    assert "两次曝光" in finding["limits"]["zh"]
