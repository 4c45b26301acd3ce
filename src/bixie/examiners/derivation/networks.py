"""Load the networks that ship with the examiner, once per thread: OpenCV networks are not thread-safe."""

import threading
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["load_network"]

_local = threading.local()


def load_network(name: str) -> cv2.dnn.Net:
    """Return this thread's instance of a network.

    Parameters
    ----------
    name : str
        File beside this module, for example ``change_network.onnx``.
    """
    nets: dict[str, cv2.dnn.Net] = _local.__dict__
    if name not in nets:
        nets[name] = cv2.dnn.readNetFromONNX(_model(name))
    return nets[name]


@cache
def _model(name: str) -> NDArray[np.uint8]:
    return np.frombuffer(files(__package__).joinpath(name).read_bytes(), np.uint8)
