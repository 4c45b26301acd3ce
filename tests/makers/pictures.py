"""Small files for the tests, drawn here."""

import struct

import cv2
import numpy as np


def scene(seed=1, height=96, width=128):
    """Return a smooth random picture, RGB: no two seeds look alike."""
    noise = np.random.default_rng(seed).integers(0, 255, (6, 8, 3)).astype(np.uint8)
    return cv2.resize(noise, (width, height), interpolation=cv2.INTER_CUBIC)


def write_jpeg(path, seed=1, height=96, width=128):
    """Write a picture and return its path as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    done, data = cv2.imencode(".jpg", scene(seed, height, width))
    assert done
    path.write_bytes(data.tobytes())
    return str(path)


def write_video_head(path):
    """Write what is recognised as a video and holds nothing more."""
    path.write_bytes(struct.pack(">I", 16) + b"ftypisom" + bytes(4) + struct.pack(">I", 8) + b"mdat")
    return str(path)
