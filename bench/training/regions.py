"""Fit the model that says what a region of difference is, and write it where the examiner reads it.

Repeat: ``python -m bench.training.regions --pool POOL/aligned --check POOL/aligned_calibrate``.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from bench.training.edits import load_pool
from bench.training.light import compressed
from bench.training.marks import painted_anew
from bench.training.overlays import overlaid
from bench.training.pairs import INVISIBLE_LEVELS
from bixie.examine.derivation.change_network import predict_change
from bixie.examine.derivation.region_numbers import FEATURES, describe_regions
from bixie.examine.derivation.regions import KINDS
from bixie.examine.derivation.splitting import split_regions

__all__ = ["examples_of"]

HIDDEN = 24
EPOCHS = 400
DECAY = 3e-3
MARKS_WEIGHT = 2.0
"""Of marks: taking a circle for damage accuses, taking damage for a circle only overlooks."""
CLEAR = 0.5
"""A region is an example of what this share of its pixels is; the others teach nothing."""
TARGET = Path(__file__).resolve().parents[2] / "src/bixie/examine/derivation/regions.json"

Examples = tuple[NDArray[np.float64], NDArray[np.intp]]


def examples_of(item: dict) -> Examples:
    """Return the numbers of an item's regions and what each of them is.

    Parameters
    ----------
    item : dict
        As `bench.training.aligned` writes it.
    """
    counted = item["counts"] > 0
    maps = predict_change(item["exhibit"], item["aligned"], np.ones(counted.shape, bool))
    regions = split_regions(maps, cv2.dilate(item["counts"], np.ones((5, 5), np.uint8)) > 0)
    truth = np.where(item["annotated"] > 0, 1, np.where(item["changed"] > 0, 0, 2))
    size = len(np.bincount(regions.labels.ravel()))
    votes = np.stack(
        [np.bincount(regions.labels[counted & (truth == kind)], minlength=size) for kind in range(3)], axis=1
    )[regions.numbers]
    total = np.bincount(regions.labels.ravel())[regions.numbers]
    kind = votes.argmax(axis=1)
    clear = votes.max(axis=1) >= CLEAR * total
    if not clear.any():
        return np.zeros((0, len(FEATURES))), np.zeros(0, np.intp)
    values = describe_regions(item["exhibit"], item["aligned"], maps, regions)
    return values[clear], kind[clear]


def _varied(item: dict, rng: np.random.Generator) -> dict:
    """Lay one more quick edit or mark over an item."""
    before = item["exhibit"].astype(np.float32)
    changed, annotated, counts = (item[name].copy() for name in ("changed", "annotated", "counts"))
    if rng.random() < 0.5:
        after, alpha = painted_anew(before, rng)
        seen = np.abs(after - before).max(axis=2) >= INVISIBLE_LEVELS
        changed[alpha > 0.12], annotated[alpha > 0.5] = 255, 0
        counts[(alpha > 0.03) & ~seen] = 0
    else:
        after, mask = overlaid(before, rng)
        annotated[mask > 0], changed[mask > 0] = 255, 0
    exhibit = compressed(after.astype(np.uint8), rng, low=60)
    return item | {"exhibit": exhibit, "changed": changed, "annotated": annotated, "counts": counts}


def _variants(pool: Path, again: int) -> Iterator[dict]:
    for number, item in enumerate(load_pool(pool)):
        yield item
        for turn in range(again):
            yield _varied(item, np.random.default_rng([number, turn, 17]))


def collect(pool: Path, again: int) -> Examples:
    """Return the examples of a pool, each item also `again` times with one edit more."""
    found = [examples_of(item) for item in _variants(pool, again)]
    return np.concatenate([values for values, _ in found]), np.concatenate([kinds for _, kinds in found])


def fit(values: NDArray[np.float64], kinds: NDArray[np.intp]) -> dict[str, list]:
    """Fit two small layers; both other kinds weigh the same, marks `MARKS_WEIGHT` times as much."""
    torch.manual_seed(3)
    centre, spread = values.mean(axis=0), values.std(axis=0) + 1e-6
    inputs = torch.tensor(np.clip((values - centre) / spread, -4, 4), dtype=torch.float32)
    wanted = torch.tensor(kinds)
    share = torch.bincount(wanted, minlength=len(KINDS)).clamp(min=1)
    weight = len(wanted) / (3.0 * share) * torch.tensor([1.0, MARKS_WEIGHT, 1.0])
    loss = torch.nn.CrossEntropyLoss(weight=weight, label_smoothing=0.03)
    model = torch.nn.Sequential(
        torch.nn.Linear(len(FEATURES), HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, len(KINDS))
    )
    optimiser = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, EPOCHS)
    generator = torch.Generator().manual_seed(5)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(inputs), generator=generator).split(512):
            optimiser.zero_grad()
            loss(model(inputs[rows]), wanted[rows]).backward()
            optimiser.step()
        schedule.step()
    weights = [layer.detach().numpy().T for layer in model.parameters()]
    names = ("first", "first_bias", "second", "second_bias")
    rounded = {name: np.round(weight, 4).tolist() for name, weight in zip(names, weights, strict=True)}
    return {"centre": np.round(centre, 5).tolist(), "spread": np.round(spread, 5).tolist(), **rounded}


def _answers(model: dict[str, list], values: NDArray[np.float64]) -> NDArray[np.intp]:
    layers = {name: np.array(layer) for name, layer in model.items()}
    scaled = np.clip((values - layers["centre"]) / layers["spread"], -4, 4)
    hidden = np.maximum(scaled @ layers["first"] + layers["first_bias"], 0)
    return np.asarray((hidden @ layers["second"] + layers["second_bias"]).argmax(axis=1))


def _table(title: str, wanted: NDArray[np.intp], answered: NDArray[np.intp]) -> None:
    print(f"{title}: {len(wanted)} regions; rows are the truth, columns the answer: {', '.join(KINDS)}")
    for kind, name in enumerate(KINDS):
        print(
            f"  {name:10s}", *(f"{((wanted == kind) & (answered == other)).sum():6d}" for other in range(3))
        )


def main() -> None:
    """Collect, fit, check on pictures of another split, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--check", type=Path, required=True, help="a pool of the calibration split")
    parser.add_argument("--again", type=int, default=2)
    parser.add_argument("--to", type=Path, default=TARGET)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    values, kinds = collect(options.pool, options.again)
    model = fit(values, kinds)
    _table("fitted on", kinds, _answers(model, values))
    check_values, check_kinds = collect(options.check, 1)
    _table("checked on", check_kinds, _answers(model, check_values))
    about = {"command": "python -m bench.training.regions", "regions": len(kinds), "features": list(FEATURES)}
    options.to.write_text(json.dumps({**about, **model}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
