"""Fit the network that says by looks and form what a region is, and write it where the examiner reads it.

It is asked together with one that an earlier state of this file fitted, which did not look at forms. Repeat:
``python -m training.regions --pool POOL/aligned --check POOL/aligned_calibrate``.
"""

import argparse
import io
import warnings
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from bixie.examiners.derivation.change.regions.classification import CLASSES, ensemble_probabilities
from bixie.examiners.derivation.change.regions.crops import (
    CHANNELS,
    COLOURS,
    FORM_CHANNELS,
    FORM_SIDE,
    MASKS,
    SIDE,
    VIEWS,
)
from bixie.examiners.derivation.change.regions.features import FEATURE_NAMES
from training.region_examples import Examples, collect

__all__ = ["RegionNetwork"]

CYCLES = (18, 12)
"""Epochs of each cycle: at its end the rate has fallen to nothing, and the next begins where it ended."""
DRAWN = 0.5
"""Regions drawn in an epoch, as a share of all."""
BATCH = 128
DECAY = 1e-2
DROPPED = 0.2
"""Share of what the last layers see that is hidden in each step."""
MARKS_WEIGHT = 1.5
"""Of marks: taking a circle for damage accuses, taking damage for a circle only overlooks."""
TURNED_APART = 4
"""Services of a batch, each turned and coloured in its own way."""
CHECKED_AGAIN = 2
NEAR_WIDTHS, AROUND_WIDTHS, FORM_WIDTHS = (32, 64, 96, 128), (16, 32, 48, 64), (16, 24, 48, 64, 96)
"""Of the tower that looks near, of the one that looks at both views of what is around, and of the form's."""
FORM_ALONE = 0.3
"""Weight of what the form's tower says by itself: it must tell marks that the colours tell too."""
AREA_WEIGHED = (0.5, 1.5)
"""How often a region is drawn for its size, at least and most; with 150 pixels 1: specks seldom decide."""
_MASKS = torch.tensor(MASKS)
TARGET = Path(__file__).resolve().parents[2] / "src/bixie/examiners/derivation/region_form_network.onnx"


def _layer(inputs: int, outputs: int, side: int, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, side, stride, side // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


def _tower(inputs: int, widths: tuple[int, ...]) -> nn.Sequential:
    """Two layers at each size, halved each time, and a last one that sees the whole form."""
    layers, before = [_layer(inputs, widths[0], 5, 2), _layer(widths[0], widths[0], 3)], widths[0]
    for width in widths[1:-1]:
        layers += [_layer(before, width, 3, 2), _layer(width, width, 3)]
        before = width
    return nn.Sequential(*layers, _layer(before, widths[-1], 3, 2))


def _pooled(view: torch.Tensor) -> torch.Tensor:
    return torch.cat([view.mean(dim=(2, 3)), view.amax(dim=(2, 3))], dim=1)


class RegionNetwork(nn.Module):
    """Looks at a region near by, at what is around it and at its form, and weighs that with its numbers.

    Parameters
    ----------
    centre, spread : ndarray, shape (features,)
        Of the numbers in the examples.
    """

    def __init__(self, centre: NDArray[np.float64], spread: NDArray[np.float64]) -> None:
        super().__init__()
        self.register_buffer("centre", torch.tensor(centre, dtype=torch.float32))
        self.register_buffer("spread", torch.tensor(spread, dtype=torch.float32))
        near, *contexts = (view.stop - view.start for view in VIEWS)
        self.near = _tower(near, NEAR_WIDTHS)
        self.around = _tower(contexts[0], AROUND_WIDTHS)
        self.form = _tower(FORM_CHANNELS, FORM_WIDTHS)
        seen = NEAR_WIDTHS[-1] + len(contexts) * AROUND_WIDTHS[-1] + FORM_WIDTHS[-1]
        self.weigh = nn.Sequential(
            nn.Dropout(DROPPED),
            nn.Linear(2 * seen + len(FEATURE_NAMES), 64),
            nn.ReLU(),
            nn.Dropout(DROPPED),
            nn.Linear(64, len(CLASSES)),
        )
        self.by_form = nn.Linear(2 * FORM_WIDTHS[-1], len(CLASSES))

    def forward(
        self, crops: torch.Tensor, forms: torch.Tensor, numbers: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits, shape (n, kinds), of everything and of the form alone; pictures are 0..255."""
        near, *contexts = ((crops / 128 - 1)[:, view] for view in VIEWS)
        form = _pooled(self.form(forms / 128 - 1))
        views = [self.near(near), *(self.around(context) for context in contexts)]
        scaled = ((numbers - self.centre) / self.spread).clamp(-4, 4)
        seen = torch.cat([*map(_pooled, views), form, scaled], dim=1)
        return self.weigh(seen), self.by_form(form)


class _Shipped(nn.Module):
    """The network as it ships: probabilities instead of logits."""

    def __init__(self, network: RegionNetwork) -> None:
        super().__init__()
        self.body = network.eval()

    def forward(self, crops: torch.Tensor, forms: torch.Tensor, numbers: torch.Tensor) -> torch.Tensor:
        return torch.softmax(self.body(crops, forms, numbers)[0], dim=1)


def _turned(
    crops: torch.Tensor, forms: torch.Tensor, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Turn and mirror a batch, exchange the colours of both pictures alike, change their light a little."""
    draw = torch.rand(4, generator=generator)
    if draw[0] < 0.5:
        crops, forms = crops.flip(3), forms.flip(3)
    crops, forms = (torch.rot90(part, int(4 * draw[1]), dims=(2, 3)) for part in (crops, forms))
    if draw[2] < 0.4:
        order = torch.randperm(3, generator=generator)
        exchanged = torch.arange(CHANNELS)
        for first in COLOURS:
            exchanged[first : first + 3] = first + order
        crops = crops[:, exchanged]
    masks = crops[:, _MASKS]
    if draw[3] < 0.15:
        crops = 255 - crops
    gain = 0.8 + 0.4 * torch.rand(len(crops), 1, 1, 1, generator=generator)
    crops = (crops * gain).clamp(0, 255)
    crops[:, _MASKS] = masks
    return crops, forms


def _batch(
    examples: Examples, rows: torch.Tensor, generator: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return crops and forms of some examples, parts of them turned and coloured each in its own way."""
    both = (torch.tensor(part[rows.numpy()]).float() for part in (examples.crops, examples.forms))
    chunks = zip(*(part.chunk(TURNED_APART) for part in both), strict=True)
    turned = zip(*(_turned(crops, forms, generator) for crops, forms in chunks), strict=True)
    crops, forms = (torch.cat(part).to(memory_format=torch.channels_last) for part in turned)
    return crops, forms


def fit(examples: Examples) -> RegionNetwork:
    """Fit the network, cycle by cycle."""
    torch.manual_seed(3)
    generator = torch.Generator().manual_seed(5)
    network = RegionNetwork(examples.numbers.mean(axis=0), examples.numbers.std(axis=0) + 1e-6)
    network = network.to(memory_format=torch.channels_last)
    for epochs in CYCLES:
        _cycle(network, examples, epochs, generator)
    return network.eval()


def _cycle(network: RegionNetwork, examples: Examples, epochs: int, generator: torch.Generator) -> None:
    """Learn for some epochs; both other kinds weigh the same, marks `MARKS_WEIGHT` times as much."""
    numbers = torch.tensor(examples.numbers, dtype=torch.float32)
    wanted = torch.tensor(examples.kinds)
    share = torch.bincount(wanted, minlength=len(CLASSES)).clamp(min=1)
    weight = len(wanted) / (3.0 * share) * torch.tensor([1.0, MARKS_WEIGHT, 1.0])
    loss = nn.CrossEntropyLoss(weight=weight, label_smoothing=0.02)
    sized = torch.clamp(numbers[:, FEATURE_NAMES.index("area")] / 5, *AREA_WEIGHED)
    optimiser = torch.optim.AdamW(network.parameters(), lr=2e-3, weight_decay=DECAY)
    drawn = round(DRAWN * len(wanted))
    steps = epochs * -(-drawn // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=3e-3, total_steps=steps)
    for epoch in range(epochs):
        total = 0.0
        for rows in torch.multinomial(sized, drawn, replacement=True, generator=generator).split(BATCH):
            crops, forms = _batch(examples, rows, generator)
            noise = 0.1 * network.spread * torch.randn(len(rows), len(FEATURE_NAMES), generator=generator)
            optimiser.zero_grad()
            with torch.autocast("cpu", torch.bfloat16):
                said, by_form = network(crops, forms, numbers[rows] + noise)
                answer = loss(said, wanted[rows]) + FORM_ALONE * loss(by_form, wanted[rows])
            answer.backward()
            optimiser.step()
            schedule.step()
            total += float(answer.detach()) * len(rows)
        print(f"epoch {epoch + 1} of {epochs}: loss {total / drawn:.3f}", flush=True)


def save_onnx(network: RegionNetwork, path: Path) -> None:
    """Write the file that ships, for any number of regions."""
    memory = io.BytesIO()
    crops, forms = torch.zeros(2, CHANNELS, SIDE, SIDE), torch.zeros(2, FORM_CHANNELS, FORM_SIDE, FORM_SIDE)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Shipped(network).eval(),
            (crops, forms, torch.zeros(2, len(FEATURE_NAMES))),
            memory,
            dynamo=False,
            opset_version=17,
            input_names=["crops", "forms", "numbers"],
            output_names=["kinds"],
            dynamic_axes={name: {0: "n"} for name in ("crops", "forms", "numbers", "kinds")},
        )
    path.write_bytes(memory.getvalue())


def _answers(examples: Examples) -> NDArray[np.intp]:
    """Ask the networks that ship as examination asks them."""
    parts = []
    for start in range(0, len(examples.kinds), 150):
        seen = {name: getattr(examples, name)[start : start + 150] for name in ("crops", "forms", "numbers")}
        parts.append(ensemble_probabilities(seen).argmax(axis=1))
    return np.concatenate(parts)


def _table(title: str, wanted: NDArray[np.intp], answered: NDArray[np.intp]) -> None:
    print(f"{title}: {len(wanted)} regions; rows are the truth, columns the answer: {', '.join(CLASSES)}")
    for kind, name in enumerate(CLASSES):
        print(
            f"  {name:10s}", *(f"{((wanted == kind) & (answered == other)).sum():6d}" for other in range(3))
        )


def main() -> None:
    """Collect, fit and write; then check on pictures of another split. Without a pool only the last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pool", type=Path, help="fit on this; without it what ships is checked")
    parser.add_argument("--check", type=Path, required=True, help="a pool of the calibration split")
    parser.add_argument("--again", type=int, default=9, help="variants of each item, besides itself")
    parser.add_argument("--workers", type=int, default=1, help="processes that cut regions, threads that fit")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    torch.set_num_threads(options.workers)
    if options.pool:
        save_onnx(fit(collect(options.pool, options.again, options.workers)), TARGET)
    check = collect(options.check, CHECKED_AGAIN, options.workers)
    _table("checked on", check.kinds, _answers(check))


if __name__ == "__main__":
    main()
