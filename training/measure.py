"""Measure the shipped network on calibration pairs and on pairs that others made; choose its thresholds.

Repeat: ``python -m training.measure --pool POOL/calibrate --aligned POOL/aligned_calibrate``.
"""

import argparse
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
from bench.attacks.annotation import ANNOTATION_KINDS
from bench.attacks.damage import THIN_KINDS
from bench.datasets import inpainted_triples, is_complete, read_rgb, regenerated_pairs
from numpy.typing import NDArray

from bixie.examiners.derivation.change.alignment import Aligned
from bixie.examiners.derivation.change.change_network import (
    ANNOTATED_THRESHOLD,
    CHANGED_THRESHOLD,
    ChangeMaps,
    predict_change,
)
from bixie.examiners.derivation.change.detection import detect_changes
from bixie.examiners.derivation.compare import state_of
from training.edits import load_pool
from training.pairs import draw_pair

__all__ = ["changed_mask", "f1"]

SIDE = 384
MIN_PIXELS = 40
THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8)


def f1(found: NDArray[np.bool_], truth: NDArray[np.bool_], tolerance: int = 0) -> float:
    """F1 of two masks; with a tolerance, pixels count as met within so many pixels."""
    if tolerance:
        around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * tolerance + 1,) * 2)
        wide_truth, wide_found = (cv2.dilate(m.astype(np.uint8), around) > 0 for m in (truth, found))
    else:
        wide_truth, wide_found = truth, found
    precision = np.count_nonzero(found & wide_truth) / max(1, np.count_nonzero(found))
    recall = np.count_nonzero(truth & wide_found) / max(1, np.count_nonzero(truth))
    return 2 * precision * recall / max(1e-9, precision + recall)


def changed_mask(maps: ChangeMaps, threshold: float = CHANGED_THRESHOLD) -> NDArray[np.bool_]:
    """Call a pixel changed where that is likely and no annotation lies, as examination does."""
    return (maps.changed > threshold) & ~(maps.annotated > ANNOTATED_THRESHOLD)


def _validation(pool: Path, count: int) -> None:
    rng = np.random.default_rng(11)
    items = load_pool(pool)
    scores: dict[str, dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
    false_area: dict[float, list[float]] = defaultdict(list)
    marks: dict[float, list[float]] = defaultdict(list)
    mark_f1: dict[str, list[float]] = defaultdict(list)
    for number in range(count):
        item = items[number % len(items)]
        pair = draw_pair(item, rng, side=SIDE, quick=0.0, unedited=0.25)
        maps = predict_change(pair.exhibit, pair.known, np.ones(pair.exhibit.shape[:2], bool))
        looked = pair.counts > 0
        changed, annotated = (pair.truth[..., i] > 0 for i in (0, 1))
        annotated_found = (maps.annotated > ANNOTATED_THRESHOLD) & looked
        if np.count_nonzero(annotated & looked) >= MIN_PIXELS and item["kind"] in ANNOTATION_KINDS:
            mark_f1[item["kind"]].append(f1(annotated_found, annotated & looked))
        for threshold in THRESHOLDS:
            found = changed_mask(maps, threshold) & looked
            if np.count_nonzero(changed & looked) >= MIN_PIXELS:
                tolerance = 2 if item["kind"] in THIN_KINDS else 0
                scores[item["kind"]][threshold].append(f1(found, changed & looked, tolerance))
            elif not changed.any():
                if annotated.any():
                    marks[threshold].append(float(found[annotated].mean()))
                else:
                    false_area[threshold].append(float(found.sum() / looked.sum()))
    print(f"calibration split, {count} pairs of {SIDE} px; mean F1 at thresholds {THRESHOLDS}")
    for kind in sorted(scores):
        means = "  ".join(f"{np.mean(scores[kind][t]):.3f}" for t in THRESHOLDS)
        print(f"  {kind:10s} n={len(scores[kind][THRESHOLDS[0]]):4d}  {means}")
    for threshold in THRESHOLDS:
        area = np.array(false_area[threshold])
        print(
            f"  {threshold}: unedited n={len(area)}: under 1 % of frame in {np.mean(area < 0.01):.3f}, "
            f"mean {area.mean():.5f}; annotated pixels called changed {np.mean(marks[threshold]):.4f} "
            f"(n={len(marks[threshold])})"
        )
    for kind in sorted(mark_f1):
        print(f"  annotation {kind:10s} n={len(mark_f1[kind]):4d}  F1 {np.mean(mark_f1[kind]):.3f}")


def _cases(pool: Path) -> None:
    """Say what whole cases read as, by what they show, and how well masks fit once specks are dropped."""
    states: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    scores: dict[str, list[float]] = defaultdict(list)
    for item in load_pool(pool):
        covered = item["counts"] > 0
        everywhere = np.ones(covered.shape, bool)
        aligned = Aligned(item["exhibit"], item["aligned"], item["aligned"], everywhere, (0, 0))
        found = detect_changes(aligned, item["exhibit"], everywhere, rim_disagrees=False)
        changed, annotated = (item[name] > 0 for name in ("changed", "annotated"))
        shows = "changed" if changed.any() else "annotated" if annotated.any() else "unedited"
        state = state_of(found).value
        states[shows][state] += 1
        if changed.any():
            tolerance = 2 if item["kind"] in THIN_KINDS else 0
            scores["changed"].append(f1((found.changed > 0) & covered, changed & covered, tolerance))
        elif annotated.any():
            scores["annotated"].append(f1((found.annotated > 0) & covered, annotated & covered))
    for shows, counted in sorted(states.items()):
        print(f"aligned cases, {shows}, n={sum(counted.values())}: read as {dict(counted)}")
    for shows, values in sorted(scores.items()):
        print(f"aligned cases, {shows}: mean F1 {np.mean(values):.3f}, median {np.median(values):.3f}")


def _inpainted() -> None:
    predicted = []
    for triple in inpainted_triples():
        assert triple.mask is not None
        truth = read_rgb(triple.mask)[..., 0] > 127
        exhibit, known = read_rgb(triple.after), read_rgb(triple.before)
        maps = predict_change(exhibit, known, np.ones(truth.shape, bool))
        difference = cv2.blur(cv2.absdiff(exhibit, known).max(axis=2).astype(np.float32), (5, 5))
        predicted.append((maps, truth, ~truth | (difference > 8)))
    for threshold in THRESHOLDS:
        found = [changed_mask(maps, threshold) for maps, _, _ in predicted]
        plain = [f1(mask, truth) for mask, (_, truth, _) in zip(found, predicted, strict=True)]
        seen = [
            f1(mask & look, truth & look) for mask, (_, truth, look) in zip(found, predicted, strict=True)
        ]
        print(
            f"inpainting_gan n={len(predicted)} at {threshold}: F1 {np.mean(plain):.3f}; "
            f"without masked pixels that hardly differ {np.mean(seen):.3f}"
        )


def _regenerated() -> None:
    pairs = [pair for pair in regenerated_pairs() if pair.split != "train"]
    predicted = []
    for pair in pairs:
        exhibit = read_rgb(pair.after)
        predicted.append(predict_change(exhibit, read_rgb(pair.before), np.ones(exhibit.shape[:2], bool)))
    for threshold in THRESHOLDS:
        areas = np.array([changed_mask(maps, threshold).mean() for maps in predicted])
        print(
            f"regenerated n={len(areas)} at {threshold}: under 1 % in {np.mean(areas < 0.01):.3f}, "
            f"mean {areas.mean():.5f}"
        )


def _speed() -> None:
    cv2.setNumThreads(1)
    rng = np.random.default_rng(0)
    exhibit, known = (rng.integers(0, 255, (960, 1280, 3), np.uint8) for _ in range(2))
    covered = np.ones((960, 1280), bool)
    times = []
    for _ in range(7):
        start = time.process_time()
        predict_change(exhibit, known, covered)
        times.append(time.process_time() - start)
    print(f"1280 x 960 on one core: median {np.median(times):.3f} s of processor time")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--aligned", type=Path, help="pool of training.aligned --whole")
    parser.add_argument("--count", type=int, default=480)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    _speed()
    _validation(options.pool, options.count)
    if options.aligned:
        _cases(options.aligned)
    if is_complete():
        _inpainted()
        _regenerated()


if __name__ == "__main__":
    main()
