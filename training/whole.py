"""What whole pictures read as, painter by painter: marked copies, which are whole, and damaged ones.

Repeat: ``python -m training.whole --pool POOL/aligned_calibrate``; with ``--tools``, one by one, what
the apps' tools and stickers are read as.
"""

import argparse
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from bench.attacks.annotation import ANNOTATION_KINDS, annotate
from bench.attacks.damage import DAMAGE_KINDS, apply_damage
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned
from bixie.examiners.derivation.change.detection import Change, detect_changes
from bixie.examiners.derivation.compare import State, state_of
from training import app_stickers, app_tools
from training.apps import stamped
from training.brushes import brushed
from training.edits import load_pool
from training.injuries import injured
from training.light import compressed
from training.markup import marked_up
from training.measure import f1
from training.pairs import BELONGS, INVISIBLE_LEVELS
from training.pens import inked
from training.repaints import repainted
from training.wounds import wounded

__all__ = ["MARKS", "WOUNDS"]

Image = NDArray[np.float32]
Cover = NDArray[np.float32]
Marker = Callable[[Image, np.random.Generator], Image]
Damager = Callable[[Image, Image, np.random.Generator], tuple[Image, Cover]]

VARIANTS = 3


def _annotated(picture: Image, rng: np.random.Generator) -> Image:
    return annotate(picture.astype(np.uint8), str(rng.choice(ANNOTATION_KINDS)), rng).rgb.astype(np.float32)


def _damaged(picture: Image, _: Image, rng: np.random.Generator) -> tuple[Image, Cover]:
    damage = apply_damage(picture.astype(np.uint8), str(rng.choice(DAMAGE_KINDS)), rng)
    return damage.rgb.astype(np.float32), damage.mask / np.float32(255)


MARKS: dict[str, Marker] = {
    "annotation": _annotated,
    "pens": inked,
    "markup": lambda picture, rng: marked_up(picture, rng)[0],
    "brushes": lambda picture, rng: brushed(picture, rng)[0],
    "apps": lambda picture, rng: stamped(picture, rng)[0],
}
"""All but the apps are what the networks learn from, on other photographs."""
WOUNDS: dict[str, Damager] = {
    "damage": _damaged,
    "wounds": wounded,
    "injuries": injured,
    "repaints": repainted,
}
"""Of the repaints, too, nothing learns."""


def _read(exhibit: NDArray[np.uint8], known: NDArray[np.uint8]) -> Change:
    everywhere = np.ones(exhibit.shape[:2], bool)
    aligned = Aligned(exhibit, known, known, everywhere, (0, 0))
    return detect_changes(aligned, exhibit, everywhere, rim_disagrees=False)


@cache
def _whole_items(pool: Path) -> list[dict]:
    return [i for i in load_pool(pool) if not i["changed"].any() and not i["annotated"].any()]


def _painted(place: tuple[int, int], *, name: str, pool: Path) -> tuple[bool, float | None]:
    """Lay a painter's work over an item; return whether it reads as damaged, and F1 where damage is seen."""
    cv2.setNumThreads(1)
    items, (number, turn) = _whole_items(pool), place
    rng = np.random.default_rng([number, turn, 99])
    item, donor = items[number], items[(number + 1) % len(items)]["exhibit"].astype(np.float32)
    before = item["exhibit"].astype(np.float32)
    picture, seen = before, np.zeros(before.shape[:2], bool)
    if name in MARKS:
        for _ in range(int(rng.integers(1, 3))):
            picture = MARKS[name](picture, rng)
    else:
        picture, cover = WOUNDS[name](before, donor, rng)
        seen = (cover > BELONGS) & (np.abs(picture - before).max(axis=2) >= INVISIBLE_LEVELS)
    exhibit = compressed(np.clip(picture, 0, 255).astype(np.uint8), rng, low=50)
    change = _read(exhibit, item["aligned"])
    score = f1(change.changed > 0, seen) if seen.any() else None
    return state_of(change) is State.EDITED, score


def _tools(items: list[dict]) -> None:
    """Print what one mark of each of the apps' tools and stickers, on each item, reads as."""
    for module in (app_tools, app_stickers):
        for name in module.__all__:
            damaged = 0
            for number, item in enumerate(items):
                rng = np.random.default_rng([number, 7])
                canvas = item["exhibit"].astype(np.float32)
                getattr(module, name)(canvas, rng)
                exhibit = compressed(np.clip(canvas, 0, 255).astype(np.uint8), rng, low=50)
                damaged += state_of(_read(exhibit, item["aligned"])) is State.EDITED
            print(f"{name:10s} {damaged} of {len(items)} read as damaged", flush=True)


def main() -> None:
    """Print a line for each painter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, required=True, help="of training.aligned --whole")
    parser.add_argument("--tools", action="store_true", help="the apps' tools one by one instead")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    items = _whole_items(options.pool)
    if options.tools:
        _tools(items)
        return
    places = [(number, turn) for number in range(len(items)) for turn in range(VARIANTS)]
    with ProcessPoolExecutor(options.workers, get_context("spawn")) as processes:
        for name in (*MARKS, *WOUNDS):
            painted = partial(_painted, name=name, pool=options.pool)
            found = list(processes.map(painted, places, chunksize=VARIANTS))
            line = f"{name:10s} {sum(damaged for damaged, _ in found)} of {len(found)} read as damaged"
            scores = [score for _, score in found if score is not None]
            if name in WOUNDS:
                line += f", F1 mean {np.mean(scores):.3f}, median {np.median(scores):.3f}"
            print(line, flush=True)


if __name__ == "__main__":
    main()
