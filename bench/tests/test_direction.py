import io
from dataclasses import asdict

import numpy as np
from bench.attacks.damage import apply_damage
from bench.attacks.delivery import encode
from bench.datasets import pictures_of
from bench.direction import Reading, read_pair, tables
from bench.material import Case, Material
from PIL import Image

from bixie.examiners.derivation.direction.estimation import CONTRADICTION_BITS


def test_a_photo_edited_and_saved_in_place_is_read_right_both_ways(monkeypatch):
    monkeypatch.setenv("BIXIE_SHARED", "")

    def build(rng: np.random.Generator) -> Material:
        picture = pictures_of(split="test")[0].read()[::2, ::2]
        older = encode(picture, ".jpg", 92)
        stained = apply_damage(np.asarray(Image.open(io.BytesIO(older.data))), "stain", rng)
        return Material(encode(stained.rgb, ".jpg", 70), (older,))

    reading = read_pair(Case("found.local/same/stain/0", "found.local", "same", "stain", build))
    assert reading.bits is not None
    assert reading.bits > 0
    assert reading.swapped_bits is not None
    assert reading.swapped_bits <= CONTRADICTION_BITS


def test_the_table_counts_what_each_level_lets_pass_and_stops():
    pairs = [(8.0, -8.0), (0.5, -0.5), (-4.0, None), (None, None)]
    readings = [Reading(str(n), "found.local", "same", *pair) for n, pair in enumerate(pairs)]
    levels, rows = tables({"readings": [asdict(one) for one in readings]})
    shipped = next(line for line in levels.lines if "shipped" in line[0])
    assert shipped[1].startswith("1/2")
    assert shipped[2].startswith("1/3")
    strictest = levels.lines[0]
    assert strictest[2].startswith("0/3")
    assert rows.lines[0][0] == "edited here, same"
