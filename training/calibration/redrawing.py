"""How many redrawn frames are found, and how many pairs of two photographs pass for one.

Repeat: ``python -m training.calibration.redrawing``. It judges the levels of
`bixie.examiners.derivation.link.redrawing` by an editor of its own that moves each thing by itself, with
pictures of the calibration split. It counts pairs of two photographs as people take them and the same pairs
cut until the goods lie upon the goods, which is harder than what anybody sends; the bits of such a link come
from the second count.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator

import cv2
import numpy as np
from bench.scoring import clopper_pearson
from tqdm import tqdm

from bixie.examiners.derivation.link.logistic_model import calibration, same_photograph_bits
from bixie.examiners.derivation.link.redrawing import find_redrawn_frame
from training.calibration.collect import proposed, weighed
from training.calibration.pairs import (
    Pair,
    app_pairs,
    frontal_pairs,
    package_pairs,
    product_pairs,
    recomposed_pairs,
    redrawn_pairs,
)
from training.calibration.templates import template_pairs

__all__ = ["laid_upon"]

Pairs = Callable[[str, int], Iterator[Pair]]

MIN_SIDE = 150
"""Pixels of what is left after cutting, below which there is nothing to compare."""


def laid_upon(pair: Pair, homography: np.ndarray) -> Pair | None:
    """Cut both photographs to what both show, so that their frames coincide; None where little is left."""
    height, width = pair.known.shape[:2]
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(0, width, 41), np.linspace(0, height, 41)))
    places = np.stack([x, y], axis=1)
    there = cv2.perspectiveTransform(places[None], homography)[0]
    shown = places[((there >= 0) & (there < pair.exhibit.shape[1::-1])).all(axis=1)]
    if len(shown) < 0.15 * len(places):
        return None
    (left, top), (right, bottom) = np.quantile(shown, [0.05, 0.95], axis=0).astype(int)
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)
    quad = cv2.perspectiveTransform(corners[None], homography)[0]
    low = np.maximum(quad.min(axis=0), 0).astype(int)
    high = np.minimum(quad.max(axis=0), pair.exhibit.shape[1::-1]).astype(int)
    upright = quad[1, 0] > quad[0, 0] and quad[3, 1] > quad[0, 1]
    if not upright or min(*(high - low), right - left, bottom - top) < MIN_SIDE:
        return None
    exhibit, known = pair.exhibit[low[1] : high[1], low[0] : high[0]], pair.known[top:bottom, left:right]
    return Pair(pair.name, "laid upon", np.ascontiguousarray(exhibit), np.ascontiguousarray(known), None)


def _laid(pairs: Pairs) -> Pairs:
    """Return the same pairs, each cut until its frames coincide."""

    def cut(split: str, count: int) -> Iterator[Pair]:
        for pair in pairs(split, count):
            for placement in proposed(pair)[:1]:
                laid = laid_upon(pair, placement.homography)
                if laid is not None:
                    yield laid

    return cut


def _answer(pair: Pair) -> str:
    """Return whether a pair is linked by what agrees in place, only as a redrawn frame, or not at all."""
    if any(same_photograph_bits(evidence) >= calibration().link_bits for *_, evidence in weighed(pair)):
        return "linked"
    redrawn = any(find_redrawn_frame(pair.exhibit, pair.known, placement) for placement in proposed(pair))
    return "redrawn" if redrawn else "not linked"


ONE: tuple[tuple[str, Pairs], ...] = (
    ("one photograph, redrawn", redrawn_pairs),
    ("one photograph, redrawn, then cut or set into a page", recomposed_pairs),
)
TWO: tuple[tuple[str, Pairs], ...] = (
    ("two of one product", product_pairs),
    ("two of one print", package_pairs),
    ("two of one print, from before", frontal_pairs),
    ("two in one app", app_pairs),
    ("two in one template", template_pairs),
    ("two of one product, laid upon each other", _laid(product_pairs)),
    ("two of one print, laid upon each other", _laid(package_pairs)),
    ("two of one print from before, laid upon each other", _laid(frontal_pairs)),
)


def main() -> None:
    """Print a line for each kind, and the bits that follow."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="calibrate")
    parser.add_argument("--count", type=int, default=120, help="pairs of each kind, at most")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    found, false = ([_counted(*kind, options.split, options.count) for kind in kinds] for kinds in (ONE, TWO))
    fewest, most = min(found, key=_rate), max(false, key=_rate)
    bits = np.log2(clopper_pearson(*fewest)[0] / clopper_pearson(*most)[1])
    print(f"bits, the worse kind of one photograph against the worst of two, each at its bound: {bits:.2f}")


def _rate(counts: tuple[int, int]) -> float:
    return counts[0] / max(1, counts[1])


def _counted(what: str, pairs: Pairs, split: str, count: int) -> tuple[int, int]:
    """Print what pairs of one kind get; return how many are linked as redrawn only, and of how many."""
    counts = Counter(_answer(pair) for pair in tqdm(pairs(split, count), desc=what, unit="pair", leave=False))
    print(
        f"{what}: {counts.total()} pairs, {counts['linked']} linked, {counts['redrawn']} more as redrawn",
        flush=True,
    )
    return counts["redrawn"], counts.total()


if __name__ == "__main__":
    main()
