"""Take up training again from the network that ships: its ONNX file back into layers that can learn."""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from training.network import ChangeNetwork

__all__ = ["load_shipped", "settle"]


def load_shipped(path: Path) -> ChangeNetwork:
    """Return the network of an exported file; what normalisation did is folded into its convolutions.

    Parameters
    ----------
    path : Path
        As `training.network.save_onnx` wrote it.
    """
    stored = {
        tensor.name.removeprefix("body."): torch.from_numpy(numpy_helper.to_array(tensor).copy())
        for tensor in onnx.load(path).graph.initializer
    }
    network = ChangeNetwork().eval()
    state = network.state_dict()
    for name, tensor in stored.items():
        folded_bias = name.removesuffix("0.bias") + "1.bias"
        state[name if name in state else folded_bias] = tensor
    first, bias = stored["stem.0.0.weight"], stored["stem.0.0.bias"]
    state["stem.0.0.weight"] = first / network.scale
    state["stem.0.1.bias"] = bias + (first * network.offset).sum(dim=(1, 2, 3))
    network.load_state_dict(state)
    return network


@torch.no_grad()
def settle(network: ChangeNetwork, planes: torch.Tensor) -> None:
    """Give normalisation the statistics of some planes, and keep what the network answers.

    Parameters
    ----------
    network : ChangeNetwork
        Changed in place.
    planes : Tensor, shape (n, 48, h/2, w/2)
        As training will show it.
    """

    def restate(layer: nn.BatchNorm2d, inputs: tuple[torch.Tensor]) -> None:
        mean, variance = inputs[0].mean(dim=(0, 2, 3)), inputs[0].var(dim=(0, 2, 3))
        slope = layer.weight / torch.sqrt(layer.running_var + layer.eps)
        layer.bias += (mean - layer.running_mean) * slope
        layer.weight.copy_(slope * torch.sqrt(variance + layer.eps))
        layer.running_mean.copy_(mean)
        layer.running_var.copy_(variance)

    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    hooks = [module.register_forward_pre_hook(restate) for module in norms]
    network.eval()(planes)
    for hook in hooks:
        hook.remove()
