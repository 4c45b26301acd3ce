"""Pools of pairs as examination meets them: delivered, matched, registered and brought into one light by it.

Repeat: ``python -m training.aligned --split train --count 400 --to POOL/aligned``.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from bench.attacks.annotation import ANNOTATION_KINDS, annotate
from bench.attacks.content import CONTENT_KINDS, edit_content
from bench.attacks.damage import BLOB_KINDS, THIN_KINDS, apply_damage
from bench.attacks.delivery import DELIVERY_KINDS, Delivered, deliver
from bench.attacks.drift import drift
from bench.datasets import Picture, pictures_of, read_rgb, regenerated_pairs
from numpy.typing import NDArray
from tqdm import tqdm

from bixie.examiners.derivation.change.alignment import align
from bixie.examiners.derivation.link.evidence import core_outline, trusted_mask
from bixie.examiners.derivation.match.features import extract_features
from bixie.examiners.derivation.match.homography_refinement import refine_homography
from bixie.examiners.derivation.match.keypoint_matching import mirrored_features, propose_placements
from bixie.examiners.derivation.match.motion import estimate_motion
from training.light import compressed
from training.marks import painted_anew
from training.overlays import overlaid
from training.pairs import BELONGS, INVISIBLE_LEVELS, Pair

__all__ = ["crop_of"]

_SHARES = {"unedited": 0.25, "annotated": 0.30, "thin": 0.15, "blob": 0.10, "content": 0.05, "both": 0.15}
"""How many items show what; "both" is damage and, elsewhere or over it, annotations."""
_SHARES_TO_MEASURE = {"unedited": 0.3, "annotated": 0.45, "thin": 0.125, "blob": 0.125}
_CROP = 768
_TRUE_ENOUGH = 6.0
"""Pixels by which a found placement may miss the true one at the corners and still be taken."""
_REGENERATED = 0.15
_DRIFTED = 0.15


@cache
def _pictures(split: str) -> list[Picture]:
    return pictures_of(split=split)


def _marked(
    rgb: NDArray[np.uint8], kind: str, donor: NDArray[np.uint8], rng: np.random.Generator, varied: bool
) -> tuple[NDArray[np.uint8], dict[str, NDArray[np.uint8]], str]:
    """Edit a picture; return it, its masks and the kind of its edit."""
    nothing = np.zeros(rgb.shape[:2], np.uint8)
    masks = {"damage": nothing, "annotation": nothing.copy()}
    name = "unedited"
    family = str(rng.choice(["thin", "blob", "content"])) if kind == "both" else kind
    if family in {"thin", "blob"}:
        done = apply_damage(rgb, str(rng.choice(THIN_KINDS if family == "thin" else BLOB_KINDS)), rng)
        rgb, masks["damage"], name = done.rgb, done.mask, done.kind
    elif family == "content":
        done = edit_content(rgb, str(rng.choice(CONTENT_KINDS)), rng, donor)
        rgb, masks["damage"], name = done.rgb, done.mask, done.kind
    if kind in {"annotated", "both"}:
        for _ in range(int(rng.integers(1, 4)) if varied else 1):
            if varied and rng.random() < 0.5:
                drawn, mask = overlaid(rgb.astype(np.float32), rng)
                rgb = np.clip(drawn, 0, 255).astype(np.uint8)
                masks["annotation"] = np.maximum(masks["annotation"], mask)
            else:
                mark = annotate(rgb, str(rng.choice(ANNOTATION_KINDS)), rng)
                rgb = mark.rgb
                masks["annotation"] = np.maximum(masks["annotation"], mark.mask)
                name = mark.kind if kind == "annotated" else name
    return rgb, masks, name


def _placement(
    exhibit: NDArray[np.uint8], known: NDArray[np.uint8], true: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the placement that matching finds, or the true one where it finds none near it."""
    here = extract_features(known)
    height, width = known.shape[:2]
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    wanted = cv2.perspectiveTransform(corners, true)
    for placement in propose_placements(extract_features(exhibit), here, mirrored_features(here)):
        there = cv2.perspectiveTransform(corners, placement.homography)
        if np.abs(there - wanted).max() < _TRUE_ENOUGH:
            return placement.homography
    return true


def _item(
    delivered: Delivered, known: NDArray[np.uint8], kind: str
) -> dict[str, NDArray[np.uint8] | str] | None:
    """Register as examination does; None where too little is shown."""
    homography = _placement(delivered.rgb, known, delivered.homography)
    refined = refine_homography(delivered.rgb, known, homography)
    if refined is None:
        return None
    homography, agreement = refined
    motion = estimate_motion(agreement)
    trusted = trusted_mask(agreement, core_outline(motion.rigid), rim_disagrees=False)
    aligned = align(delivered.rgb, known, homography, agreement, motion, trusted=trusted)
    height, width = aligned.covered.shape
    left, top = aligned.origin
    part = (slice(top, top + height), slice(left, left + width))
    annotated = delivered.masks["annotation"][part] > 0
    changed = (delivered.masks["damage"][part] > 0) & ~annotated
    covered = aligned.covered & (delivered.valid[part] > 0)
    covered = cv2.erode(covered.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    visible = cv2.absdiff(aligned.exhibit, aligned.known).max(axis=2).astype(np.float32)
    unsure = changed & (cv2.GaussianBlur(visible, (0, 0), 1.0) < INVISIBLE_LEVELS)
    for mask in (changed, annotated):
        unsure |= (cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~mask
    return {
        "exhibit": aligned.exhibit,
        "aligned": np.where(aligned.covered[..., None], aligned.known, aligned.exhibit),
        "changed": changed.astype(np.uint8) * 255,
        "annotated": annotated.astype(np.uint8) * 255,
        "counts": (covered & ~unsure).astype(np.uint8),
        "kind": kind,
    }


def _draw(
    pictures: list[Picture], split: str, rng: np.random.Generator, *, varied: bool
) -> dict[str, NDArray[np.uint8] | str] | None:
    donor = pictures[int(rng.integers(len(pictures)))].read()
    regenerated = regenerated_pairs(split)
    if regenerated and rng.random() < _REGENERATED:
        pair = regenerated[int(rng.integers(len(regenerated)))]
        known, source = read_rgb(pair.before), read_rgb(pair.after)
    else:
        known = source = pictures[int(rng.integers(len(pictures)))].read()
    shares = _SHARES if varied else _SHARES_TO_MEASURE
    family = str(rng.choice(list(shares), p=list(shares.values())))
    edited, masks, kind = _marked(source, family, donor, rng, varied)
    if rng.random() < _DRIFTED:
        edited, masks = drift(edited, masks, rng)
    kinds = (
        DELIVERY_KINDS if varied else [name for name in DELIVERY_KINDS if name not in {"cutout", "overlay"}]
    )
    return _item(deliver(edited, masks, str(rng.choice(kinds)), rng, [donor]), known, kind)


def _cropped(item: dict, rng: np.random.Generator) -> dict:
    """Cut large pictures down to `_CROP`, the edit kept in view."""
    rows, columns = np.nonzero((item["changed"] > 0) | (item["annotated"] > 0))
    pick = int(rng.integers(len(rows))) if len(rows) else None
    window = []
    for size, positions in zip(item["changed"].shape, (rows, columns), strict=True):
        start = (
            positions[pick] - rng.uniform(0.2, 0.8) * _CROP if pick is not None else rng.uniform(0, 1) * size
        )
        start = int(np.clip(start, 0, max(0, size - _CROP)))
        window.append(slice(start, min(size, start + _CROP)))
    return {
        name: value if isinstance(value, str) else np.ascontiguousarray(value[tuple(window)])
        for name, value in item.items()
    }


def crop_of(item: dict, side: int, rng: np.random.Generator) -> Pair:
    """Cut one training patch out of an aligned item, edits in view three times of four.

    Parameters
    ----------
    item : dict
        ``exhibit``, ``aligned`` (h, w, 3); ``changed``, ``annotated`` (h, w), 0 or 255; ``counts`` 0 or 1.
    side : int
        Height and width of the patch; smaller items are mirrored outwards, where the loss does not look.
    """
    names = ("exhibit", "aligned", "changed", "annotated", "counts")
    height, width = item["changed"].shape
    below, right = max(0, side - height), max(0, side - width)
    parts = []
    for name in names:
        border = cv2.BORDER_CONSTANT if name == "counts" else cv2.BORDER_REFLECT_101
        parts.append(cv2.copyMakeBorder(item[name], 0, below, 0, right, border))
    rows, columns = np.nonzero(np.maximum(parts[2], parts[3])[::4, ::4])
    pick = int(rng.integers(len(rows))) if len(rows) and rng.random() < 0.75 else None
    window = []
    for size, positions in zip(parts[2].shape, (rows, columns), strict=True):
        start = rng.uniform(0, size) if pick is None else 4 * positions[pick] - rng.uniform(0.1, 0.9) * side
        start = int(np.clip(start, 0, size - side))
        window.append(slice(start, start + side))
    exhibit, known, changed, annotated, counts = (np.ascontiguousarray(p[tuple(window)]) for p in parts)
    return _more_on(Pair(exhibit, known, np.stack([changed, annotated], axis=2), counts), rng)


def _more_on(pair: Pair, rng: np.random.Generator) -> Pair:
    """Lay a quick edit or an annotation over some: there are few aligned items, and each has but one edit."""
    choice = rng.random()
    if choice > 0.45:
        return pair
    before = pair.exhibit.astype(np.float32)
    truth, counts = pair.truth.copy(), pair.counts.copy()
    if choice < 0.22:
        after, alpha = painted_anew(before, rng)
        truth[alpha > BELONGS] = (255, 0)
        faint = np.abs(after - before).max(axis=2) < INVISIBLE_LEVELS
        counts[(alpha > 0.03) & faint] = 0
    else:
        after, mask = overlaid(before, rng)
        truth[mask > 0] = (0, 255)
    return Pair(compressed(after.astype(np.uint8), rng, low=65), pair.known, truth, counts)


def _written(number: int, *, split: str, whole: bool, to: Path) -> None:
    """Draw one item, the same in every process, and write it where enough of it is shown."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng([number, 31 + whole])
    item = _draw(_pictures(split), split, rng, varied=not whole)
    if item is not None:
        np.savez(to / f"{number:04d}.npz", **(item if whole else _cropped(item, rng)))


def main() -> None:
    """Write the pool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="train")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--whole", action="store_true", help="bench's own marks, whole frames: to measure")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=1, help="processes")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    written = partial(_written, split=options.split, whole=options.whole, to=options.to)
    with ProcessPoolExecutor(options.workers, get_context("spawn")) as processes:
        list(tqdm(processes.map(written, range(options.count)), total=options.count, unit="item"))


if __name__ == "__main__":
    main()
