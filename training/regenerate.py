"""Pools in which the whole frame was regenerated: every pixel rewritten by a neural decoder, content kept.

Repeat: ``python -m training.regenerate --count 21 --to POOL/regenerated``.
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from bench.datasets import data_folder, pictures_of, read_rgb, regenerated_pairs
from numpy.typing import NDArray
from torch import nn

from training.edits import draw_edit

__all__ = ["Regenerator"]

CROP = 320


class _Block(nn.Module):
    def __init__(self, pooled: bool) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(64, 64, 3, padding=1),
        )
        self.pool = None
        if pooled:
            self.pool = nn.Sequential(
                nn.Conv2d(64, 256, 1, bias=False),
                nn.GroupNorm(4, 256),
                nn.ReLU(),
                nn.Conv2d(256, 64, 1, bias=False),
            )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.pool is not None:
            x = x + self.pool(x)
        return torch.relu(self.conv(x) + x)


class _Clamp(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 3 * torch.tanh(x / 3)


def _blocks(count: int, *, pooled: bool = False) -> list[nn.Module]:
    return [_Block(pooled) for _ in range(count)]


def _halved() -> nn.Module:
    return nn.Conv2d(64, 64, 3, stride=2, padding=1, bias=False)


def _doubled() -> list[nn.Module]:
    return [nn.Upsample(scale_factor=2), nn.Conv2d(64, 64, 3, padding=1, bias=False)]


class Regenerator:
    """The small autoencoder TAEF2 (architecture: README of the weights), float32 on the processor."""

    def __init__(self, folder: Path) -> None:
        self._encoder = nn.Sequential(
            nn.Conv2d(3, 64, 3, padding=1),
            *_blocks(1),
            _halved(),
            *_blocks(3),
            _halved(),
            *_blocks(3),
            _halved(),
            *_blocks(3, pooled=True),
            nn.Conv2d(64, 32, 3, padding=1),
        )
        self._decoder = nn.Sequential(
            _Clamp(),
            nn.Conv2d(32, 64, 3, padding=1),
            nn.ReLU(),
            *_blocks(3, pooled=True),
            *_doubled(),
            *_blocks(3),
            *_doubled(),
            *_blocks(3),
            *_doubled(),
            *_blocks(1),
            nn.Conv2d(64, 3, 3, padding=1),
        )
        for network, name in ((self._encoder, "taef2_encoder.pth"), (self._decoder, "taef2_decoder.pth")):
            state = torch.load(folder / name, weights_only=True)
            network.load_state_dict({key: value.float() for key, value in state.items()})

    @torch.no_grad()
    def __call__(self, rgb: NDArray[np.uint8], noise: float, seed: int) -> NDArray[np.uint8]:
        """Pass a picture (sides multiples of 8) through, with Gaussian noise on the latent."""
        tensor = torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))[None].float() / 255
        latent = self._encoder(tensor)
        latent = latent + noise * torch.randn(latent.shape, generator=torch.Generator().manual_seed(seed))
        out = self._decoder(latent)[0].clamp(0, 1).numpy().transpose(1, 2, 0)
        return np.ascontiguousarray((out * 255).round().astype(np.uint8))


def main() -> None:
    """Write the pool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=21)
    parser.add_argument("--rounds", type=int, default=4, help="edits of each ready pair")
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    torch.set_num_threads(2)
    pairs = regenerated_pairs("train")
    for number, pair in enumerate(pairs):
        known, plain = read_rgb(pair.before), read_rgb(pair.after)
        for turn in range(options.rounds):
            rng = np.random.default_rng([turn, number, 9])
            item = draw_edit(plain, known, rng) | {"known": known, "plain": plain}
            np.savez(options.to / f"ready_{number:03d}_{turn}.npz", **item)
    print(f"{len(pairs)} ready pairs from the training split", flush=True)
    regenerator = Regenerator(data_folder() / "generator")
    pictures = pictures_of(split="train")
    start = time.monotonic()
    for number in range(options.count):
        rng = np.random.default_rng([number, 13])
        item = _regenerated(pictures[int(rng.integers(len(pictures)))].read(), regenerator, rng)
        np.savez(options.to / f"own_{number:03d}.npz", **item)
    print(f"{options.count} regenerated crops, {time.monotonic() - start:.0f} s", flush=True)


def _regenerated(rgb: NDArray[np.uint8], regenerator: Regenerator, rng: np.random.Generator) -> dict:
    """Edit a crop, then rewrite all of it."""
    height, width = rgb.shape[:2]
    top, left = (int(rng.integers(max(1, size - CROP + 1))) for size in (height, width))
    crop = rgb[top : top + CROP, left : left + CROP]
    crop = np.ascontiguousarray(crop[: crop.shape[0] // 8 * 8, : crop.shape[1] // 8 * 8])
    item = draw_edit(crop, rgb, rng)
    noise = float(rng.choice([0.0, rng.uniform(0.03, 0.25)]))
    return item | {"edited": regenerator(item["edited"], noise, int(rng.integers(2**31)))}


if __name__ == "__main__":
    main()
