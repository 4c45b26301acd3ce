"""The library as a program uses it: whichever import comes first, the same names mean the same things."""

import inspect
import os
import pydoc
import subprocess
import sys
from pathlib import Path

import pytest

import bixie
from bixie import examine, load_known

ROOT = Path(__file__).resolve().parents[2]
LISTING, CLAIM = (str(ROOT / "examples" / name) for name in ("listing.jpg", "claim.jpg"))


@pytest.mark.parametrize(
    "script",
    [
        "from bixie import examine; assert callable(examine)",
        "from bixie.examiners.results import Verdict\nfrom bixie import examine\nassert callable(examine)",
        "from bixie import examine\nimport bixie.examiners.order as order\nassert order.check_order({})",
        "import bixie\nassert callable(bixie.examine)\nassert bixie.Verdict and bixie.load_known",
        "import bixie\nassert set(dir(bixie)) == set(bixie.__all__)",
    ],
)
def test_names_mean_the_same_whichever_import_comes_first(script):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    subprocess.run([sys.executable, "-W", "error", "-c", script], env=environment, check=True)


def test_the_front_door_is_a_plain_function_with_a_signature_and_a_docstring_at_the_prompt():
    assert inspect.isfunction(bixie.examine)
    parameters = inspect.signature(bixie.examine).parameters
    assert list(parameters) == [
        "paths", "known", "order", "show_place", "examined_by", "limits", "workers", "keep_views", "progress",
        "clock",
    ]  # fmt: skip
    page = pydoc.render_doc(bixie.examine, renderer=pydoc.plaintext)
    assert "examine(paths: " in page
    assert "Examine the photos and videos of one claim." in page
    assert all(f"{name} : " in page for name in parameters)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = bixie.nonsense


def test_known_pictures_read_once_give_the_same_findings_every_time():
    known = load_known([LISTING])
    first, second = (examine([CLAIM], known=known).to_dict()["exhibits"][0]["findings"] for _ in range(2))
    assert first == second
    assert first[0]["code"] == "derivation.known_picture_edited"


def test_several_workers_find_what_one_finds():
    one, two = (
        examine([CLAIM, LISTING, CLAIM], known=[LISTING], workers=workers).to_dict()["exhibits"]
        for workers in (1, 3)
    )
    assert [exhibit["findings"] for exhibit in one] == [exhibit["findings"] for exhibit in two]
