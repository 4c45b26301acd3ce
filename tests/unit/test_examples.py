"""The example claim: its pictures are there, small, and made as their page says."""

import runpy
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PICTURES = ("listing.jpg", "claim.jpg", "honest.jpg")


def pixels(path):
    return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR).astype(np.float32)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_example_is_small_and_its_origin_is_told(name):
    assert (EXAMPLES / name).stat().st_size < 300_000
    assert f"| `{name}` |" in (EXAMPLES / "PROVENANCE.md").read_text(encoding="utf-8")


def test_the_script_still_makes_the_claim_photo_from_the_listing(tmp_path):
    for name in ("make_example.py", "listing.jpg"):
        shutil.copy(EXAMPLES / name, tmp_path)
    runpy.run_path(str(tmp_path / "make_example.py"), run_name="__main__")
    difference = np.abs(pixels(tmp_path / "claim.jpg") - pixels(EXAMPLES / "claim.jpg"))
    assert difference.mean() < 0.5  # grey levels: JPEG encoders of two platforms may round differently
