"""How many pairs of photos in one template are told from one photograph, and how many photographs are not.

Repeat: ``python -m training.calibration.templates``. It judges the levels of
`bixie.examiners.derivation.link.template` by templates of its own, with pictures of the calibration split.
"""

import argparse
from collections.abc import Iterator
from itertools import chain

import cv2
import numpy as np
from bench.attacks.delivery import deliver
from bench.attacks.lettering import CHINESE, chinese
from bench.datasets import pictures_of
from numpy.typing import NDArray
from tqdm import tqdm

from bixie.examiners.derivation.link.logistic_model import calibration, same_photograph_bits
from bixie.examiners.derivation.link.template import matches_template_only
from training.calibration.collect import weighed
from training.calibration.pairs import Pair, delivered_pairs, varied_pairs

__all__ = ["template_pairs"]

DELIVERIES = ("same", "chat", "light", "crop", "scale", "screenshot")

Image = NDArray[np.uint8]


def _in_template(photo: Image, banner: Image, depths: tuple[float, float], *, upright: bool) -> Image:
    """Set a photo between two strips of a banner, above and below it or at its sides."""
    if not upright:
        turned = (np.ascontiguousarray(np.rot90(picture)) for picture in (photo, banner))
        return np.ascontiguousarray(np.rot90(_in_template(*turned, depths, upright=True), -1))
    height, width = photo.shape[:2]
    first, last = round(depths[0] * height), height - round(depths[1] * height)
    framed = cv2.resize(banner, (width, height), interpolation=cv2.INTER_AREA)
    framed[first:last] = cv2.resize(photo, (width, last - first), interpolation=cv2.INTER_AREA)
    return framed


def _banner(artwork: Image, rng: np.random.Generator) -> Image:
    """Return what a template shows: another photo, paler, with a word on it as often as not."""
    ground = rng.uniform(0, 255, 3)
    banner = artwork + rng.uniform(0, 0.6) * (ground - artwork)
    if rng.random() < 0.5:
        cover = chinese(str(rng.choice(CHINESE)), max(12, len(banner) // 14), 0.1)[: len(banner)]
        cover = cover[:, : banner.shape[1]]
        part = banner[: cover.shape[0], : cover.shape[1]]
        part += cover[..., None] * (255 - ground - part)
    return np.clip(banner, 0, 255).astype(np.uint8)


def template_pairs(split: str, count: int) -> Iterator[Pair]:
    """Yield pairs of different photos, both in one template.

    Parameters
    ----------
    split : str
    count : int
    """
    pictures = pictures_of(split=split)
    for number in range(count):
        rng = np.random.default_rng([number, 43])
        first, second, third = (pictures[int(i)].read() for i in rng.choice(len(pictures), 3, replace=False))
        second = cv2.resize(second, first.shape[1::-1], interpolation=cv2.INTER_AREA)
        banner = _banner(third, rng)
        depths = float(rng.uniform(0.08, 0.3)), float(rng.uniform(0, 0.2))
        upright = bool(rng.random() < 0.8)
        known, claim = (_in_template(photo, banner, depths, upright=upright) for photo in (first, second))
        delivery = str(rng.choice(DELIVERIES))
        exhibit = deliver(claim, {}, delivery, rng).rgb
        yield Pair(f"{split}/template/{number}", f"template/{delivery}", exhibit, known, None)


def _told(pair: Pair) -> list[bool]:
    """Return for each placement that would be linked whether it is taken for a template."""
    return [
        matches_template_only(agreement)
        for _, agreement, evidence in weighed(pair)
        if same_photograph_bits(evidence) >= calibration().link_bits
    ]


def main() -> None:
    """Print both counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="calibrate")
    parser.add_argument("--count", type=int, default=120, help="pairs of each of three kinds")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    same = (delivered_pairs, varied_pairs)
    for what, pairs in (
        ("two photos in one template", template_pairs(options.split, options.count)),
        ("one photograph", chain.from_iterable(kind(options.split, options.count) for kind in same)),
    ):
        told = list(chain.from_iterable(_told(pair) for pair in tqdm(pairs, desc=what, unit="pair")))
        print(f"{what}: {len(told)} placements enough to link, {sum(told)} taken for a template")


if __name__ == "__main__":
    main()
