"""From pairs to numbers: every placement of every pair, reduced to its evidence."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from bixie.examiners.derivation.link.evidence import Evidence, gather_evidence
from bixie.examiners.derivation.match.agreement import Agreement
from bixie.examiners.derivation.match.features import extract_features
from bixie.examiners.derivation.match.homography_refinement import refine_homography
from bixie.examiners.derivation.match.keypoint_matching import (
    Placement,
    mirrored_features,
    propose_placements,
)
from bixie.examiners.derivation.match.motion import estimate_motion
from training.calibration.pairs import (
    Pair,
    app_pairs,
    delivered_pairs,
    frontal_pairs,
    package_pairs,
    product_pairs,
    varied_pairs,
)

__all__ = ["Row", "collect", "proposed", "weighed"]

PLACEMENTS = 2
RIGHT_PLACE = 0.03
"""A placement is the right one if it errs by less than this share of the exhibit's long side."""

Row = dict[str, object]


_KINDS: tuple[tuple[str, Callable[[str, int], Iterator[Pair]]], ...] = (
    ("delivered", delivered_pairs),
    ("varied", varied_pairs),
    ("package", package_pairs),
    ("frontal", frontal_pairs),
    ("product", product_pairs),
    ("app", app_pairs),
)


def collect(split: str, counts: dict[str, int], folder: Path) -> list[Row]:
    """Return the rows of a split; what was computed before is read from `folder`.

    Parameters
    ----------
    split : str
    counts : dict of str to int
        Pairs of each kind.
    """
    path = folder / f"calibration-{split}.jsonl"
    done = _read(path)
    complete = path.with_suffix(".complete")
    if complete.exists() and complete.read_text(encoding="utf-8") == json.dumps(counts):
        return done
    names = {row["name"] for row in done}
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as out:
        for pair in tqdm(_pairs(split, counts), desc=split, unit="pair", total=sum(counts.values())):
            if pair.name in names:
                continue
            for row in _rows(pair):
                out.write(json.dumps(row) + "\n")
                done.append(row)
            out.flush()
    complete.write_text(json.dumps(counts), encoding="utf-8")
    return done


def _pairs(split: str, counts: dict[str, int]) -> Iterator[Pair]:
    """Yield the pairs of all kinds in turn, so that a collection that was stopped holds some of each."""
    sources = [pairs(split, counts[kind]) for kind, pairs in _KINDS]
    return chain.from_iterable(_in_turn(sources))


def _in_turn(sources: list[Iterator[Pair]]) -> Iterator[list[Pair]]:
    while sources:
        row = [(source, next(source, None)) for source in sources]
        sources = [source for source, pair in row if pair is not None]
        yield [pair for _, pair in row if pair is not None]


def _read(path: Path) -> list[Row]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def proposed(pair: Pair) -> list[Placement]:
    """Return the placements that examination would look at, the likeliest first."""
    known = extract_features(pair.known)
    placements = propose_placements(extract_features(pair.exhibit), known, mirrored_features(known))
    return sorted(placements, key=lambda p: -p.votes)[:PLACEMENTS]


def weighed(pair: Pair) -> Iterator[tuple[Placement, Agreement, Evidence]]:
    """Yield those placements, refined, with their evidence."""
    for placement in proposed(pair):
        refined = refine_homography(pair.exhibit, pair.known, placement.homography)
        if refined is not None:
            moved, agreement = replace(placement, homography=refined[0]), refined[1]
            shapes = pair.known.shape[:2], pair.exhibit.shape[:2]
            yield moved, agreement, gather_evidence(moved, agreement, estimate_motion(agreement), *shapes)


def _rows(pair: Pair) -> Iterator[Row]:
    found = [(_is_right(pair, placement.homography), evidence) for placement, _, evidence in weighed(pair)]
    for right, evidence in found:
        yield {"name": pair.name, "kind": pair.kind, "same": right, "evidence": asdict(evidence)}
    if not any(right for right, _ in found):
        missed = pair.homography is not None
        yield {"name": pair.name, "kind": pair.kind, "same": missed, "evidence": None}


def _is_right(pair: Pair, homography: np.ndarray) -> bool:
    if pair.homography is None:
        return False
    height, width = pair.known.shape[:2]
    x, y = np.meshgrid(np.linspace(0.1, 0.9, 5) * width, np.linspace(0.1, 0.9, 5) * height)
    points = np.stack([x.ravel(), y.ravel()], axis=1)[None]
    truth = cv2.perspectiveTransform(points, pair.homography)[0]
    apart = np.linalg.norm(cv2.perspectiveTransform(points, homography)[0] - truth, axis=1)
    rows, columns = pair.exhibit.shape[:2]
    inside = ((truth >= 0) & (truth < [columns, rows])).all(axis=1)
    return bool(inside.any() and np.median(apart[inside]) < RIGHT_PLACE * max(rows, columns))
