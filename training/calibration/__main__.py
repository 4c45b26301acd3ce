"""Collect, fit, choose thresholds, write ``calibration.json``; print what was found."""

import argparse
import json
import os
from pathlib import Path

import cv2
import numpy as np

from bixie.examiners.derivation.link.evidence import Evidence
from bixie.examiners.derivation.link.linking import MIN_PHOTOGRAPHED
from bixie.examiners.derivation.link.logistic_model import model_terms, static_scene_score, term_names
from training.calibration.collect import Row, collect

RIDGE = 1.0
MIN_LINK_BITS = 1.5
FALSE_LINKS = 0.005
FALSE_LINKS_FRONTAL = 0.05
"""Of one print before plain grounds from straight before: rarer, and no geometry tells it from a cut-out."""
FRONTAL_WEIGHT = 0.3
"""How much such a pair counts in the fit beside any other: the worst case is not the usual one."""
CONCLUSIVE_MARGIN_BITS = 1.0
CONCLUSIVE_MARGIN_SCENE = 0.1
MAX_BITS = 20.0
_OTHERS = {"package": 104, "frontal": 104, "product": 200, "app": 60}
COUNTS = {
    "train": {"delivered": 380, "varied": 150, **_OTHERS},
    "calibrate": {"delivered": 240, "varied": 120, **_OTHERS},
}
"""Pairs of each kind of `collect`."""
TARGET = Path(__file__).resolve().parents[2] / "src/bixie/examiners/derivation/calibration.json"
CACHE = Path(__file__).resolve().parents[1] / "cache"


def fit(rows: list[Row]) -> tuple[np.ndarray, float]:
    """Fit logistic weights in bits, both classes weighing the same; return them and the intercept.

    Every term speaks for one photograph, so no weight may fall below zero: a term that the fit would turn
    round is left out and the rest fitted again. What is no photograph is never weighed, nor fitted on.
    """
    placed = [row for row in rows if _is_photographed(row) and not _is_moved_copy(row)]
    values = np.array([model_terms(Evidence(**row["evidence"])) for row in placed])
    truth = np.array([bool(row["same"]) for row in placed], float)
    balance = np.where(truth == 1, 0.5 / truth.sum(), 0.5 / (1 - truth).sum()) * len(truth)
    balance *= [FRONTAL_WEIGHT if str(row["kind"]).startswith("frontal") else 1.0 for row in placed]
    kept = np.ones(values.shape[1], bool)
    while True:
        slope, intercept = _logistic(values[:, kept], truth, balance)
        if (slope >= 0).all():
            break
        kept[np.flatnonzero(kept)[slope.argmin()]] = False
    weights = np.zeros(values.shape[1])
    weights[kept] = slope
    return weights, intercept


def _logistic(values: np.ndarray, truth: np.ndarray, balance: np.ndarray) -> tuple[np.ndarray, float]:
    centre, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    design = np.c_[np.ones(len(values)), (values - centre) / spread]
    penalty = RIDGE * np.r_[1e-9, np.ones(values.shape[1])]
    beta = np.zeros(design.shape[1])
    for _ in range(60):
        probability = 1 / (1 + np.exp(-np.clip(design @ beta, -40, 40)))
        gradient = design.T @ (balance * (probability - truth)) + penalty * beta
        curvature = (design * (balance * probability * (1 - probability))[:, None]).T @ design
        beta -= np.linalg.solve(curvature + np.diag(penalty), gradient)
    slope = beta[1:] / spread / np.log(2)
    return slope, float(beta[0] / np.log(2) - slope @ centre)


def _is_photographed(row: Row) -> bool:
    values = row["evidence"]
    return isinstance(values, dict) and values["photographed"] >= MIN_PHOTOGRAPHED


def _is_moved_copy(row: Row) -> bool:
    """Tell another placement of one photograph: what it lays over each other is no second photograph."""
    return not row["same"] and str(row["kind"]).startswith(("delivered/", "regenerated/", "varied/"))


def bits_of(rows: list[Row], weights: np.ndarray, intercept: float, *, same: bool) -> dict[str, float]:
    """Return the bits of every pair of one truth by its name; minus infinity where nothing was placed."""
    best: dict[str, float] = {}
    for row in rows:
        if row["same"] == same and not _is_moved_copy(row):
            values = row["evidence"]
            bits = -np.inf
            if isinstance(values, dict) and values["photographed"] >= MIN_PHOTOGRAPHED:
                bits = float(model_terms(Evidence(**values)) @ weights) + intercept
            name = str(row["name"])
            best[name] = max(best.get(name, -np.inf), bits)
    return best


def scenes_of(rows: list[Row], *, same: bool) -> np.ndarray:
    """Return `static_scene_score` of every placement of one truth."""
    kept = [row["evidence"] for row in rows if row["same"] == same and not _is_moved_copy(row)]
    return np.array([static_scene_score(Evidence(**values)) for values in kept if isinstance(values, dict)])


def _threshold(other: dict[str, float]) -> float:
    """Return the bits from which hardly any two photographs are linked."""
    frontal = [bits for name, bits in other.items() if "/frontal/" in name]
    rest = [bits for name, bits in other.items() if "/frontal/" not in name]
    return max(
        MIN_LINK_BITS,
        float(np.quantile(rest, 1 - FALSE_LINKS, method="higher")),
        float(np.quantile(frontal, 1 - FALSE_LINKS_FRONTAL, method="higher")),
    )


def _document(
    rows: dict[str, list[Row]], weights: np.ndarray, intercept: float, levels: dict[str, float]
) -> dict[str, object]:
    return {
        "command": "python -m training.calibration",
        "pairs": {
            f"{split}/{'one' if truth else 'two'} photograph(s)": len(
                bits_of(rows[split], weights, intercept, same=truth)
            )
            for split in COUNTS
            for truth in (True, False)
        },
        "weights": {n: round(float(v), 5) for n, v in zip(term_names(), weights, strict=True)},
        "intercept": round(intercept, 5),
        **{name: round(value, 2) for name, value in levels.items()},
        "most_bits": MAX_BITS,
    }


def main() -> None:
    """Run the whole calibration."""
    parser = argparse.ArgumentParser(prog="python -m training.calibration", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="print, but leave calibration.json alone")
    parser.add_argument("--only", choices=COUNTS, help="only collect this split; run both, then without")
    options = parser.parse_args()
    cv2.setNumThreads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    if options.only:
        collect(options.only, COUNTS[options.only], CACHE)
        return
    rows = {split: collect(split, counts, CACHE) for split, counts in COUNTS.items()}
    weights, intercept = fit(rows["train"])
    honest: dict[str, float] = {}
    for split in COUNTS:
        honest |= bits_of(rows[split], weights, intercept, same=False)
    other = np.array(list(honest.values()))
    same = np.array(list(bits_of(rows["calibrate"], weights, intercept, same=True).values()))
    link = _threshold(honest)
    conclusive = max(link, float(other.max())) + CONCLUSIVE_MARGIN_BITS
    scenes = np.concatenate([scenes_of(rows[split], same=False) for split in COUNTS])
    scene = float(scenes.max()) + CONCLUSIVE_MARGIN_SCENE
    for name, value in zip(term_names(), weights, strict=True):
        print(f"{name:20s} {value:+.3f}")
    print(f"two photographs: {len(other)} pairs, highest {np.sort(other)[-6:].round(1)} bits")
    print(f"one photograph, held out: {len(same)} pairs, lowest {np.sort(same)[:6].round(1)} bits")
    print(f"linked from {link:.2f} bits: {np.mean(same >= link):.3f} of them")
    print(f"conclusive from {conclusive:.2f} bits: {np.mean(same >= conclusive):.3f} of them")
    shown = scenes_of(rows["calibrate"], same=True)
    print(f"or from {scene:.2f} of the whole scene: {np.mean(shown >= scene):.3f} of the placements")
    if not options.dry_run:
        levels = {"link_bits": link, "conclusive_bits": conclusive, "conclusive_scene": scene}
        document = _document(rows, weights, intercept, levels)
        TARGET.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
