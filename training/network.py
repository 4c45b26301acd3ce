"""The change network as torch sees it, and its way into the ONNX file that ships.

Repeat the export: ``python -m training.network --weights CHECKPOINT --to change_network.onnx``.
"""

import argparse
import copy
import io
import warnings
from pathlib import Path

import torch
from torch import nn

__all__ = [
    "INPUT_PLANES",
    "ChangeNetwork",
    "load_checkpoint",
    "multiplications_per_pixel",
    "save_onnx",
]

INPUT_PLANES = 12
WIDTHS = (24, 32, 48, 64, 64)
"""Channels at 1/2, 1/4, 1/8, 1/16 and 1/32 of the size."""


class _Layer(nn.Sequential):
    """Convolution, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, size: int = 3, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
        )


class ChangeNetwork(nn.Module):
    """A thin U-Net on pixels folded two by two: every convolution runs at half size or below.

    Input: shape (n, 48, h/2, w/2), grey levels. Output: (n, 8, h/2, w/2), logits; four corners `changed`,
    then four corners `annotated`.
    """

    def __init__(self, widths: tuple[int, ...] = WIDTHS) -> None:
        super().__init__()
        offset, scale = torch.zeros(4 * INPUT_PLANES), torch.full((4 * INPUT_PLANES,), 1 / 16)
        offset[:24], scale[:24] = 128.0, 1 / 64
        self.register_buffer("offset", offset[None, :, None, None])
        self.register_buffer("scale", scale[None, :, None, None])
        first, *deeper = widths
        self.stem = nn.Sequential(_Layer(4 * INPUT_PLANES, first, 1), _Layer(first, first))
        self.down = nn.ModuleList(
            nn.Sequential(_Layer(above, below, 3, 2), _Layer(below, below))
            for above, below in zip(widths[:-1], deeper, strict=True)
        )
        self.lateral = nn.ModuleList(
            nn.Conv2d(below, above, 1) for above, below in zip(widths[:-1], deeper, strict=True)
        )
        self.up = nn.ModuleList(_Layer(width, width) for width in widths[:-1])
        self.head = nn.Conv2d(first, 8, 1)

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        """Return logits for planes in grey levels."""
        return self.compare((planes - self.offset) * self.scale)

    def compare(self, scaled: torch.Tensor) -> torch.Tensor:
        """Return logits for planes already scaled."""
        skips = [self.stem(scaled)]
        for stage in self.down:
            skips.append(stage(skips[-1]))
        result = skips.pop()
        for lateral, layer in zip(reversed(self.lateral), reversed(self.up), strict=True):
            result = nn.functional.interpolate(lateral(result), scale_factor=2.0, mode="nearest")
            result = layer(result + skips.pop())
        return self.head(result)


class _Shipped(nn.Module):
    """The network with its input scaling folded into the first convolution, giving probabilities."""

    def __init__(self, network: ChangeNetwork) -> None:
        super().__init__()
        self.body = copy.deepcopy(network).eval()
        for module in self.body.modules():
            if isinstance(module, _Layer):
                module[0] = nn.utils.fuse_conv_bn_eval(module[0], module[1])
                module[1] = nn.Identity()
        first = self.body.stem[0][0]
        with torch.no_grad():
            first.bias -= (first.weight * self.body.offset * self.body.scale).sum(dim=(1, 2, 3))
            first.weight *= self.body.scale

    def forward(self, planes: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.body.compare(planes))


def save_onnx(network: ChangeNetwork, path: Path) -> None:
    """Write the file that ships, for any height and width that are multiples of 64."""
    memory = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Shipped(network),
            (torch.zeros(1, 4 * INPUT_PLANES, 64, 64),),
            memory,
            dynamo=False,
            opset_version=17,
            input_names=["planes"],
            output_names=["maps"],
            dynamic_axes={"planes": {2: "height", 3: "width"}, "maps": {2: "height", 3: "width"}},
        )
    path.write_bytes(memory.getvalue())


def load_checkpoint(path: Path) -> ChangeNetwork:
    """Read a network that `training.train` wrote."""
    network = ChangeNetwork()
    network.load_state_dict(torch.load(path, weights_only=True))
    return network.eval()


def multiplications_per_pixel(network: ChangeNetwork) -> float:
    """Count multiply-accumulates of one pass per pixel of the picture."""
    total = 0

    def count(module: nn.Module, _inputs: object, output: torch.Tensor) -> None:
        nonlocal total
        total += module.weight.numel() * output.shape[2] * output.shape[3]

    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, nn.Conv2d)]
    with torch.no_grad():
        network.eval()(torch.zeros(1, 4 * INPUT_PLANES, 64, 64))
    for hook in hooks:
        hook.remove()
    return total / 128**2


def main() -> None:
    """Export a checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    network = load_checkpoint(options.weights)
    save_onnx(network, options.to)
    print(
        f"{multiplications_per_pixel(network):.0f} multiply-accumulates per pixel, "
        f"{options.to.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
