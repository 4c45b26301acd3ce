"""What a derivation examiner must beat: a perceptual hash, and feature matching with a robust homography.

Both are used as their makers and tutorials advise, with one fixed threshold each.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from bench.datasets import read_rgb
from bench.subject import Answer
from bixie.imaging.hashing import hamming, perceptual_hash

__all__ = ["PerceptualHash", "PlainSift"]


@lru_cache(maxsize=6)
def _hash(path: Path) -> int:
    return perceptual_hash(read_rgb(path))


class PerceptualHash:
    """pHash of the claim in its eight turned and mirrored variants; found at 10 of 64 bits or fewer."""

    name = "phash"
    threshold = 10

    def answer(self, claim: Path, known: Sequence[Path]) -> Answer:
        """Compare hashes."""
        rgb = read_rgb(claim)
        variants = [np.rot90(side, turns) for side in (rgb, rgb[:, ::-1]) for turns in range(4)]
        hashes = [perceptual_hash(np.ascontiguousarray(variant)) for variant in variants]
        found = [path for path in known if min(hamming(own, _hash(path)) for own in hashes) <= self.threshold]
        return Answer(known=tuple(found))


def _features(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rgb = read_rgb(path)
    factor = min(1.0, PlainSift.long_side / max(rgb.shape[:2]))
    if factor < 1.0:
        rgb = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    points, descriptors = cv2.SIFT.create(nfeatures=PlainSift.count).detectAndCompute(grey, None)
    if descriptors is None:
        descriptors = np.zeros((0, 128), np.float32)
    return rgb, np.array([point.pt for point in points], np.float32).reshape(-1, 2), descriptors


_known_features = lru_cache(maxsize=6)(_features)


class PlainSift:
    """SIFT, Lowe's ratio, USAC_MAGSAC homography; found at 20 inliers or more.

    Its mask is the difference to the registered known picture above a fixed threshold, opened.
    """

    name = "sift"
    count = 1500
    long_side = 800
    ratio = 0.75
    inliers = 20
    difference = 30

    def answer(self, claim: Path, known: Sequence[Path]) -> Answer:
        """Match against every known picture."""
        exhibit = _features(claim)
        found: list[tuple[int, Path, np.ndarray]] = []
        for path in known:
            matrix, agreeing = self._fit(exhibit, _known_features(path))
            if matrix is not None and agreeing >= self.inliers:
                found.append((agreeing, path, matrix))
        if not found:
            return Answer()
        best = max(found, key=lambda one: one[0])
        mask = self._difference(exhibit[0], _known_features(best[1])[0], best[2])
        size = read_rgb(claim).shape[1::-1]
        whole = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST)
        return Answer(known=tuple(one[1] for one in found), edited=bool(whole.any()), mask=whole)

    def _fit(
        self,
        exhibit: tuple[np.ndarray, np.ndarray, np.ndarray],
        known: tuple[np.ndarray, np.ndarray, np.ndarray],
    ) -> tuple[np.ndarray | None, int]:
        if len(exhibit[2]) < 4 or len(known[2]) < 2:
            return None, 0
        pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(exhibit[2], known[2], k=2)
        good = [
            pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < self.ratio * pair[1].distance
        ]
        if len(good) < 4:
            return None, 0
        here = exhibit[1][[match.queryIdx for match in good]]
        there = known[1][[match.trainIdx for match in good]]
        matrix, agreeing = cv2.findHomography(
            there, here, cv2.USAC_MAGSAC, 3.0, maxIters=5000, confidence=0.999
        )
        return matrix, 0 if matrix is None else int(agreeing.sum())

    def _difference(self, exhibit: np.ndarray, known: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        size = exhibit.shape[1::-1]
        registered = cv2.warpPerspective(known, matrix, size)
        inside = cv2.warpPerspective(np.full(known.shape[:2], 255, np.uint8), matrix, size)
        changed = (np.abs(exhibit.astype(np.int16) - registered).max(axis=2) > self.difference) & (
            inside > 250
        )
        return np.asarray(
            cv2.morphologyEx(changed.astype(np.uint8) * 255, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        )
