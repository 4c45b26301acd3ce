"""The pictures of the demo: small, each with its origin, and made as their page says."""

from pathlib import Path

import cv2
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[4]
PICTURES = ROOT / "src/bixie/assembly/demo/pictures"
NAMES = sorted(path.name for path in PICTURES.glob("*.jpg"))
MAX_BYTES, MAX_ALL_BYTES, MAX_SIDE = 80_000, 1_500_000, 1024


def test_all_pictures_together_are_small():
    assert len(NAMES) >= 20
    assert sum((PICTURES / name).stat().st_size for name in NAMES) <= MAX_ALL_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_small_and_its_origin_is_told(name):
    data = (PICTURES / name).read_bytes()
    assert len(data) <= MAX_BYTES
    assert max(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR).shape) <= MAX_SIDE
    assert f"| `{name}` |" in (PICTURES / "PROVENANCE.md").read_text(encoding="utf-8")


def test_the_page_names_no_picture_that_is_not_there():
    page = (PICTURES / "PROVENANCE.md").read_text(encoding="utf-8")
    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert sorted(rows) == NAMES
