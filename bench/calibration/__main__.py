"""Collect, fit, choose thresholds, write ``calibration.json``; print what was found."""

import argparse
import json
import os
from pathlib import Path

import cv2
import numpy as np

from bench.calibration.collect import Row, collect, evidence_of
from bixie.examine.derivation.decision import describe, describe_names

RIDGE = 1.0
MARGIN_BITS = 1.0
CONCLUSIVE_MARGIN_BITS = 3.0
MOST_BITS = 20.0
COUNTS = {"train": (240, 120, 0), "calibrate": (120, 70, 1)}
TARGET = Path(__file__).resolve().parents[2] / "src/bixie/examine/derivation/calibration.json"
CACHE = Path(__file__).resolve().parents[1] / "cache"


def fit(rows: list[Row]) -> tuple[np.ndarray, float]:
    """Fit logistic weights in bits, both classes weighing the same; return them and the intercept."""
    same = [e for e in evidence_of(rows, same=True) if e is not None]
    other = [e for e in evidence_of(rows, same=False) if e is not None]
    values = np.array([describe(e) for e in (*same, *other)])
    truth = np.r_[np.ones(len(same)), np.zeros(len(other))]
    centre, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    design = np.c_[np.ones(len(values)), (values - centre) / spread]
    weight = np.where(truth == 1, 0.5 / len(same), 0.5 / len(other)) * len(truth)
    penalty = RIDGE * np.r_[1e-9, np.ones(values.shape[1])]
    beta = np.zeros(design.shape[1])
    for _ in range(60):
        probability = 1 / (1 + np.exp(-np.clip(design @ beta, -40, 40)))
        gradient = design.T @ (weight * (probability - truth)) + penalty * beta
        curvature = (design * (weight * probability * (1 - probability))[:, None]).T @ design
        beta -= np.linalg.solve(curvature + np.diag(penalty), gradient)
    slope = beta[1:] / spread / np.log(2)
    return slope, float(beta[0] / np.log(2) - slope @ centre)


def bits_of(rows: list[Row], weights: np.ndarray, intercept: float, *, same: bool) -> np.ndarray:
    """Return the bits of all rows of one truth; minus infinity where the place was not found."""
    return np.array(
        [
            -np.inf if e is None else float(describe(e) @ weights) + intercept
            for e in evidence_of(rows, same=same)
        ]
    )


def main() -> None:
    """Run the whole calibration."""
    parser = argparse.ArgumentParser(prog="python -m bench.calibration", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="print, but leave calibration.json alone")
    parser.add_argument("--only", choices=COUNTS, help="only collect this split; run both, then without")
    options = parser.parse_args()
    cv2.setNumThreads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    if options.only:
        collect(options.only, COUNTS[options.only], CACHE)
        return
    rows = {split: collect(split, counts, CACHE) for split, counts in COUNTS.items()}
    weights, intercept = fit(rows["train"])
    other = np.concatenate([bits_of(rows[s], weights, intercept, same=False) for s in COUNTS])
    held_out = bits_of(rows["calibrate"], weights, intercept, same=False)
    same = bits_of(rows["calibrate"], weights, intercept, same=True)
    link = float(np.quantile(other, 0.998))
    conclusive = max(link, float(other.max())) + CONCLUSIVE_MARGIN_BITS
    for name, value in zip(describe_names(), weights, strict=True):
        print(f"{name:32s} {value:+.3f}")
    highest = np.sort(other)[-5:].round(1)
    print(f"two photographs: {len(other)} placements, {len(held_out)} held out, highest {highest}")
    print(f"one photograph, held out: {len(same)}, lowest {np.sort(same)[:5].round(1)}")
    print(
        f"linked from {link:.2f} bits: {np.mean(same >= link):.3f}; conclusive from {conclusive:.2f}:"
        f" {np.mean(same >= conclusive):.3f}"
    )
    document = {
        "command": "python -m bench.calibration",
        "placements": {
            f"{split}/{'one' if truth else 'two'}": len(evidence_of(rows[split], same=truth))
            for split in COUNTS
            for truth in (True, False)
        },
        "weights": {n: round(float(v), 5) for n, v in zip(describe_names(), weights, strict=True)},
        "intercept": round(intercept, 5),
        "link_bits": round(link, 2),
        "conclusive_bits": round(conclusive, 2),
        "most_bits": MOST_BITS,
    }
    if not options.dry_run:
        TARGET.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
