"""The example of `make run`, run from the wheel: the tear is found, the honest photo is left alone."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = "examples/claim.jpg examples/honest.jpg --known examples/listing.jpg --report"
TEAR = (190, 188)
"""A point (x, y) in the middle of the tear, on the claim photo: see ``examples/make_example.py``."""


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """Return a folder outside of the sources, with the examples in it."""
    here = tmp_path_factory.mktemp("example")
    shutil.copytree(ROOT / "examples", here / "examples")
    return here


@pytest.fixture(scope="module")
def bixie(installed, here):
    """Return a function that runs the program out of the wheel."""

    def run(*words):
        environment = {**os.environ, "PYTHONPATH": str(installed)}
        command = [sys.executable, "-P", "-m", "bixie", *words]
        return subprocess.run(command, cwd=here, env=environment, check=True, capture_output=True).stdout

    return run


@pytest.fixture(scope="module")
def folder(bixie, here):
    bixie("examine", *COMMAND.split(), "report")
    return here / "report"


@pytest.fixture(scope="module")
def exhibits(folder):
    document = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {exhibit["path"]: exhibit for exhibit in document["exhibits"]}


def test_the_program_is_the_one_of_the_wheel_and_misses_nothing(bixie, installed):
    document = json.loads(bixie("doctor", "--json"))
    assert document["error"] is None
    assert None not in document["packages"].values()
    assert Path(document["installed_in"]) == installed / "bixie"


def test_make_run_examines_just_this_claim():
    assert f"bixie examine {COMMAND} " in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_claim_photo_is_recognised_as_the_edited_listing_photo(exhibits):
    claim = exhibits["examples/claim.jpg"]
    assert claim["verdict"] == "refuted"
    assert [(finding["code"], finding["known"]) for finding in claim["findings"]] == [
        ("derivation.known_picture_edited", "examples/listing.jpg")
    ]


def test_the_mask_outlines_the_tear_and_little_else(exhibits, folder):
    claim = exhibits["examples/claim.jpg"]
    encoded = np.frombuffer((folder / claim["findings"][0]["mask"]).read_bytes(), np.uint8)
    changed = cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE) == 255
    assert changed.shape == (claim["height"], claim["width"])
    assert changed[TEAR[1], TEAR[0]]
    assert changed.mean() < 0.02


def test_the_honest_photo_of_other_shoes_on_the_same_floor_is_not_linked(exhibits):
    honest = exhibits["examples/honest.jpg"]
    assert honest["verdict"] == "inconclusive"
    assert {finding["code"] for finding in honest["findings"]} <= {"derivation.same_product_seen"}
    assert honest["warnings"] == []


def test_the_page_opens_without_anything_beside_it(folder):
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'src="http' not in page
    assert 'href="http' not in page
    assert "<script src" not in page
