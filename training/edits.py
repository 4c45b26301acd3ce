"""Make the pool of edited pictures that training pairs are drawn from, before any delivery.

Repeat: ``python -m training.edits --split train --rounds 5 --to POOL``.
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np
from bench.attacks.annotation import ANNOTATION_KINDS, annotate
from bench.attacks.content import CONTENT_KINDS, edit_content
from bench.attacks.damage import BLOB_KINDS, THIN_KINDS, apply_damage
from bench.datasets import pictures_of
from numpy.typing import NDArray

__all__ = ["CROP", "draw_edit", "load_item", "load_pool"]

CROP = 640
_SHARES = {"thin": 0.30, "blob": 0.30, "content": 0.20, "annotation": 0.20}


def draw_edit(
    rgb: NDArray[np.uint8], donor: NDArray[np.uint8], rng: np.random.Generator
) -> dict[str, NDArray[np.uint8] | str]:
    """Edit a picture once or twice.

    Returns
    -------
    dict
        ``known`` and ``edited`` (h, w, 3), ``changed`` and ``annotated`` (h, w) 0 or 255, ``kind``.
    """
    family = str(rng.choice(list(_SHARES), p=list(_SHARES.values())))
    changed = np.zeros(rgb.shape[:2], np.uint8)
    annotated = changed.copy()
    edited, kind = rgb, "annotation"
    if family != "annotation":
        for _ in range(1 + int(rng.random() < 0.3)):
            done = _one_change(edited, donor, family, rng)
            edited, changed, kind = done.rgb, np.maximum(changed, done.mask), done.kind
    if family == "annotation" or rng.random() < 0.25:
        mark = annotate(edited, str(rng.choice(ANNOTATION_KINDS)), rng)
        edited, annotated = mark.rgb, mark.mask
        kind = kind if family != "annotation" else mark.kind
        changed = np.where(annotated > 0, 0, changed).astype(np.uint8)
    return {"known": rgb, "edited": edited, "changed": changed, "annotated": annotated, "kind": kind}


def _one_change(rgb, donor, family, rng):  # noqa: ANN001, ANN202  the two kinds share their result type
    if family == "content":
        return edit_content(rgb, str(rng.choice(CONTENT_KINDS)), rng, donor)
    return apply_damage(rgb, str(rng.choice(THIN_KINDS if family == "thin" else BLOB_KINDS)), rng)


def _cropped(item: dict, rng: np.random.Generator) -> dict:
    """Cut large pictures down to `CROP`, the edit kept in view."""
    height, width = item["known"].shape[:2]
    rows, columns = np.nonzero(np.maximum(item["changed"], item["annotated"]))
    pick = int(rng.integers(len(rows))) if len(rows) else None
    window = []
    for size, positions in ((height, rows), (width, columns)):
        start = int(positions[pick] - rng.uniform(0.2, 0.8) * CROP) if pick is not None else 0
        start = int(np.clip(start, 0, max(0, size - CROP)))
        window.append(slice(start, min(size, start + CROP)))
    return {
        name: value if isinstance(value, str) else np.ascontiguousarray(value[tuple(window)])
        for name, value in item.items()
    }


def load_pool(folder: Path) -> list[dict]:
    """Read every item of a pool into memory."""
    return [load_item(path) for path in sorted(folder.glob("*.npz"))]


def load_item(path: Path) -> dict:
    """Read one item of a pool."""
    with np.load(path) as stored:
        return {name: stored[name] for name in stored.files} | {"kind": str(stored["kind"])}


def main() -> None:
    """Write the pool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="train")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="number of the first round")
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    pictures = pictures_of(split=options.split)
    start = time.monotonic()
    for turn in range(options.first, options.first + options.rounds):
        for number, picture in enumerate(pictures):
            rng = np.random.default_rng([turn, number, 7])
            rgb = picture.read()
            donor = pictures[int(rng.integers(len(pictures)))].read()
            item = _cropped(draw_edit(rgb, donor, rng), rng)
            np.savez(options.to / f"{turn:02d}_{number:04d}.npz", **item)
        print(f"round {turn}: {len(pictures)} pictures, {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
