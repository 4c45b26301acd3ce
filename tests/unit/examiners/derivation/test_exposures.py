"""One exposure or two from the same place: the noise of both files says, where they have any."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from tests.makers.camera_files import photo
from tests.makers.scenes import compressed

from bixie.examiners.derivation.exposures import MAX_OF_TWO_EXPOSURES, noise_agreement
from bixie.examiners.known import load_known
from bixie.imaging.structure.exposure_notes import ExposureNotes, differing
from bixie.report.examination import examine

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
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


NOTES = {0x9003: "2026:11:20 10:00:01", 0x829A: 0.01, 0x829D: 2.8, 0x8827: 200, 0x920A: 50.0}


def noted(folder, name, source, notes):
    """Save an example with the notes of a camera; return its path."""
    path = folder / f"{name}.jpg"
    with Image.open(EXAMPLES / source) as picture:
        path.write_bytes(
            photo(main={0x010F: "Canon", 0x0110: "EOS"}, exif=notes, image=picture.convert("RGB"))
        )
    return path


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({}, []),
        ({0x9003: "2026:11:20 10:00:27"}, ["moment"]),
        ({0x9291: "37"}, []),
        ({0x829A: 0.02, 0x8827: 400}, ["exposure_time", "sensitivity"]),
        ({0xA431: "0123"}, []),
        ({0x9003: "0000:00:00 00:00:00"}, []),
    ],
)
def test_what_cameras_noted_otherwise_protects_a_photo_and_nothing_else_does(tmp_path, change, differs):
    known = noted(tmp_path, "known", "listing.jpg", NOTES)
    claim = noted(tmp_path, "claim", "claim.jpg", NOTES | change)
    (exhibit,) = examine([claim], known=[known]).to_dict()["exhibits"]
    finding = next(one for one in exhibit["findings"] if one["code"] == "derivation.known_picture_edited")
    assert finding["data"]["other_notes"] == differs
    assert (exhibit["verdict"], finding["grade"]) == (
        ("suspect", "statistical") if differs else ("refuted", "conclusive")
    )
    assert ("谁都能改" in finding["limits"]["zh"]) is bool(differs)


def test_a_known_picture_of_a_fixed_camera_refutes_nothing():
    known = load_known([EXAMPLES / "listing.jpg"], fixed_camera=True)
    (exhibit,) = examine([EXAMPLES / "claim.jpg"], known=known).to_dict()["exhibits"]
    (finding,) = [one for one in exhibit["findings"] if one["examiner"] == "derivation"]
    assert (exhibit["verdict"], finding["grade"]) == ("suspect", "statistical")
    assert finding["data"]["fixed_camera"] is True
    assert "固定机位" in finding["explain"]["zh"]
    assert "固定机位" in finding["limits"]["zh"]


def test_the_time_of_a_screenshot_protects_nothing(tmp_path):
    """It has a time and no exposure: no camera wrote it."""
    known = noted(tmp_path, "known", "listing.jpg", NOTES)
    claim = noted(tmp_path, "claim", "claim.jpg", {0x9003: "2026:11:29 10:00:00"})
    (exhibit,) = examine([claim], known=[known]).to_dict()["exhibits"]
    assert exhibit["verdict"] == "refuted"


def test_the_fraction_of_a_second_counts_where_both_have_it():
    first, second = (ExposureNotes(moment=f"2026:11:20 10:00:01.{one}") for one in ("10", "43"))
    assert differing(first, second) == ("moment",)
    assert differing(first, ExposureNotes(moment="2026:11:20 10:00:01")) == ()
    assert differing(ExposureNotes(serial="1"), ExposureNotes(serial="2")) == ("serial",)
    assert differing(ExposureNotes(), second) == ()


@pytest.mark.parametrize("claim", ["frontal", "strong", "tilted", "turned"])
def test_a_buyers_own_photos_of_another_print_accuse_nobody(claim):
    """A flat print of one design, with a real crack: the listing shows another piece of it."""
    listing = FIXTURES / "flat_listing.jpg"
    (exhibit,) = examine([FIXTURES / f"flat_buyer_{claim}.jpg"], known=[listing]).to_dict()["exhibits"]
    assert exhibit["verdict"] == "inconclusive"
    assert "conclusive" not in {one["grade"] for one in exhibit["findings"]}
