"""Train the change network on pairs drawn without end from pools of edited pictures.

Repeat: ``python -m training.train --pool POOL/train --minutes 30 --to change_network.pt``.
"""

import argparse
import math
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from bixie.examiners.derivation.change.change_network import difference_planes, pixel_unshuffle
from training.aligned import crop_of
from training.edits import load_pool
from training.network import ChangeNetwork, load_checkpoint
from training.pairs import SIDE, Pair, draw_pair
from training.shipped import load_shipped, settle

__all__ = ["Reservoir", "loss_of"]

BATCH = 8
THIN_WEIGHT = 4
"""Pixels of thin structures are few; each counts as often as this."""
ANNOTATED_WEIGHT = 2
"""Of annotated pixels: taking a mark for damage is the graver error."""
ALIGNED_SHARE = 0.3
"""Of the pairs, drawn from the pools that went through examination's own alignment."""
_HARD, _OVERLAY = 0.2, 0.25
_RESERVOIR = 6000
_FIRST_PAIRS = 200
_REUSE = 4
"""A pair is used about so often, turned and mirrored each time: drawing costs as much as learning."""
_AVERAGED = 0.995


class Reservoir:
    """Pairs drawn by a thread of its own while the network learns from those already there."""

    def __init__(self, items: list[dict], seed: int) -> None:
        self._items = [item for item in items if "aligned" not in item]
        self._aligned = [item for item in items if "aligned" in item]
        self._rng = np.random.default_rng(seed)
        self._pairs: list[Pair] = []
        self.drawn = self._used = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._fill, daemon=True)
        self._thread.start()

    def _fill(self) -> None:
        while not self._stop.is_set():
            if self.drawn > _FIRST_PAIRS + self._used / _REUSE:
                time.sleep(0.02)
                continue
            pair = _weighted(self._draw())
            if len(self._pairs) < _RESERVOIR:
                self._pairs.append(pair)
            else:
                self._pairs[self.drawn % _RESERVOIR] = pair
            self.drawn += 1

    def _draw(self) -> Pair:
        if self._aligned and self._rng.random() < ALIGNED_SHARE:
            return crop_of(self._aligned[int(self._rng.integers(len(self._aligned)))], SIDE, self._rng)
        item = self._items[int(self._rng.integers(len(self._items)))]
        return draw_pair(item, self._rng, overlay=_OVERLAY, hard=_HARD)

    def wait_for(self, count: int) -> None:
        """Block until `count` pairs are there."""
        while len(self._pairs) < count:
            time.sleep(0.2)

    def batch(self, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return planes (n, 48, h/2, w/2), truth (n, 8, h/2, w/2) and weights (n, 4, h/2, w/2)."""
        self._used += BATCH
        chosen = [_turned(self._pairs[int(rng.integers(len(self._pairs)))], rng) for _ in range(BATCH)]
        planes = np.concatenate(
            [pixel_unshuffle(difference_planes(pair.exhibit, pair.known)) for pair in chosen]
        )
        truth = (
            np.concatenate([pixel_unshuffle([pair.truth[..., 0], pair.truth[..., 1]]) for pair in chosen])
            / 255
        )
        weight = np.concatenate([pixel_unshuffle([pair.counts]) for pair in chosen])
        return torch.from_numpy(planes), torch.from_numpy(truth), torch.from_numpy(weight)

    def close(self) -> None:
        """Stop drawing."""
        self._stop.set()
        self._thread.join()


def _weighted(pair: Pair) -> Pair:
    """Give the pixels of thin structures and of annotations their weight."""
    changed = pair.truth[..., 0]
    solid = cv2.morphologyEx(changed, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7)))
    counts = np.where((changed > 0) & (solid == 0), pair.counts * THIN_WEIGHT, pair.counts)
    counts = np.where(pair.truth[..., 1] > 0, pair.counts * ANNOTATED_WEIGHT, counts)
    return Pair(pair.exhibit, pair.known, pair.truth, counts.astype(np.uint8))


def _turned(pair: Pair, rng: np.random.Generator) -> Pair:
    """Turn and mirror a pair, and sometimes exchange its colours."""
    turns, mirror = int(rng.integers(4)), bool(rng.integers(2))
    channels = rng.permutation(3) if rng.random() < 0.15 else np.arange(3)

    def turned(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        out = np.rot90(picture, turns)
        return np.ascontiguousarray(out[:, ::-1] if mirror else out)

    exhibit, known = (turned(picture[..., channels]) for picture in (pair.exhibit, pair.known))
    return Pair(exhibit, known, turned(pair.truth), turned(pair.counts))


def loss_of(logits: torch.Tensor, truth: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Weighted cross entropy, plus one minus Dice for each map of each pair that has something to find."""
    total = logits.new_zeros(())
    for first in (0, 4):
        part, target = logits[:, first : first + 4], truth[:, first : first + 4]
        entropy = torch.nn.functional.binary_cross_entropy_with_logits(part, target, reduction="none")
        total = total + 4 * (entropy * weight).sum() / weight.clamp(max=1).sum()
        chance = torch.sigmoid(part) * weight
        wanted = target * weight
        overlap = (chance * target).sum(dim=(1, 2, 3))
        dice = (2 * overlap + 20) / (chance.sum(dim=(1, 2, 3)) + wanted.sum(dim=(1, 2, 3)) + 20)
        present = (wanted.sum(dim=(1, 2, 3)) > 8).float()
        total = total + (present * (1 - dice)).sum() / present.sum().clamp(min=1)
    return total


def _learn(network: ChangeNetwork, pairs: Reservoir, minutes: float, rate: float, to: Path) -> None:
    averaged = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_AVERAGED), use_buffers=True
    )
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=1e-3)
    rng = np.random.default_rng(5)
    start, recent, step = time.monotonic(), [], 0
    while (done := (time.monotonic() - start) / (60 * minutes)) < 1:
        warm = min(1.0, (step + 1) / 100)
        for group in optimiser.param_groups:
            group["lr"] = rate * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
        planes, truth, weight = pairs.batch(rng)
        planes = planes.to(memory_format=torch.channels_last)
        loss = loss_of(network(planes), truth, weight)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimiser.step()
        averaged.update_parameters(network)
        recent.append(float(loss.detach()))
        step += 1
        if step % 100 == 0:
            mean = np.mean(recent[-100:])
            print(
                f"{60 * minutes * done:5.0f} s  step {step}  drawn {pairs.drawn}  loss {mean:.4f}", flush=True
            )
        if step % 200 == 0:
            torch.save(averaged.module.state_dict(), to)
    torch.save(averaged.module.state_dict(), to)


def _begun(start: Path | None, pairs: Reservoir) -> ChangeNetwork:
    """Return a new network, or the one to go on from."""
    if start is None:
        return ChangeNetwork()
    if start.suffix == ".onnx":
        network = load_shipped(start)
        settle(network, torch.cat([pairs.batch(np.random.default_rng(8))[0] for _ in range(12)]))
        return network
    return load_checkpoint(start)


def main() -> None:
    """Train for a while and keep the averaged weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, nargs="+", required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", type=Path, help="weights to go on from; the ONNX file that ships will do")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(1)  # two wait for each other whenever anything else runs, and are slower then
    torch.manual_seed(options.seed)
    pairs = Reservoir([item for folder in options.pool for item in load_pool(folder)], options.seed)
    pairs.wait_for(_FIRST_PAIRS)
    network = _begun(options.start, pairs).to(memory_format=torch.channels_last).train()
    _learn(network, pairs, options.minutes, options.rate, options.to)
    pairs.close()


if __name__ == "__main__":
    main()
