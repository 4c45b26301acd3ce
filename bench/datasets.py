"""The pictures that attacks are made from, and which of them may be tuned on.

They come from ``../shared/data`` (or ``$BIXIE_SHARED/data``), else from ``bench/samples``.
The split hangs on the identity of what a picture shows: everything made from one photograph, all photographs
of one product and all of one scene stay together, on every machine.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

__all__ = [
    "SOURCES",
    "SPLITS",
    "EditedPair",
    "Picture",
    "another",
    "camera_originals",
    "data_folder",
    "editor_pairs",
    "headphone_views",
    "identity_of",
    "inpainted_triples",
    "is_complete",
    "pictures_of",
    "read_rgb",
    "regenerated_pairs",
    "split_of",
]

SOURCES = ("camera_1024", "clothing", "grocery")
SPLITS = ("train", "calibrate", "test")
_TRAIN_SHARE, _CALIBRATE_SHARE = 0.60, 0.15
_HERE = Path(__file__).resolve().parent
_SAMPLES = _HERE / "samples"


@dataclass(frozen=True)
class Picture:
    """A photograph.

    Parameters
    ----------
    name : str
        Folder and file name: ``clothing/clo_0007.jpg``.
    path : Path
    source : str
        One of `SOURCES`.
    identity : str
        What it shows; equal identities never part.
    split : str
        One of `SPLITS`.
    """

    name: str
    path: Path
    source: str
    identity: str
    split: str

    def read(self) -> np.ndarray:
        """Return the pixels as RGB, shape (h, w, 3), uint8."""
        return read_rgb(self.path)


@dataclass(frozen=True)
class EditedPair:
    """A picture before and after somebody's editor.

    Parameters
    ----------
    name : str
    before, after : Path
    mask : Path or None
        True mask, 255 = changed, where one exists.
    keeps : str
        ``yes``, ``partly`` or ``no``: whether the scene is kept.
    split : str
    """

    name: str
    before: Path
    after: Path
    mask: Path | None
    keeps: str
    split: str


def data_folder() -> Path:
    """Return the folder that holds ``real`` and ``edit_pairs``, or the committed samples.

    An empty ``$BIXIE_SHARED`` asks for the samples.
    """
    shared = os.environ.get("BIXIE_SHARED", str(_HERE.parent.parent / "shared"))
    folder = Path(shared) / "data"
    return folder if shared and (folder / "real").is_dir() else _SAMPLES


def is_complete() -> bool:
    """Say whether the full material is at hand, not just the samples."""
    return data_folder() != _SAMPLES


def read_rgb(path: Path) -> np.ndarray:
    """Read a picture as RGB, shape (h, w, 3), uint8."""
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"not a picture: {path.name}")
    return np.ascontiguousarray(picture[..., ::-1])


@cache
def _facts(name: str) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((_HERE / "data" / name).read_text(encoding="utf-8"))
    return loaded


def identity_of(name: str) -> str:
    """Return what ``source/file.jpg`` shows: the product of a grocery shot, the scene, else the file."""
    source, _, file = name.partition("/")
    for scene in _scenes():
        if name in scene:
            return scene[0].removesuffix(".jpg")
    product = re.fullmatch(r"gro_\d+_(.+)\.jpg", file)
    return f"{source}/{product.group(1) if product else file.removesuffix('.jpg')}"


def _scenes() -> list[list[str]]:
    scenes = _facts("scenes.json")["same_scene"]
    assert isinstance(scenes, list)
    return scenes


def _share(identity: str) -> float:
    return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8]) / 2**64


def split_of(name: str) -> str:
    """Say whether ``source/file.jpg`` is for ``train``, ``calibrate`` or ``test``.

    A scene of several files takes the earliest split that any of its files would have alone, so that
    nothing of it is tested that a rule by file names would have trained on.
    """
    scene = next((scene for scene in _scenes() if name in scene), [name])
    position = min(_share(_product(member)) for member in scene)
    if position < _TRAIN_SHARE:
        return "train"
    return "calibrate" if position < _TRAIN_SHARE + _CALIBRATE_SHARE else "test"


def _product(name: str) -> str:
    source, _, file = name.partition("/")
    product = re.fullmatch(r"gro_\d+_(.+)\.jpg", file)
    return f"{source}/{product.group(1) if product else file.removesuffix('.jpg')}"


def pictures_of(sources: Iterable[str] = SOURCES, split: str | None = None) -> list[Picture]:
    """List the photographs of some sources, of one split or of all, in a fixed order.

    Pictures on which nothing can be seen (``blank`` in ``data/scenes.json``) are left out.
    """
    blank = _facts("scenes.json")["blank"]
    assert isinstance(blank, list)
    found = []
    for source in sources:
        folder = data_folder() / ("real" if is_complete() else "") / source
        for path in sorted(folder.glob("*.jpg")):
            name = f"{source}/{path.name}"
            if name not in blank and (split is None or split_of(name) == split):
                found.append(Picture(name, path, source, identity_of(name), split_of(name)))
    return found


def camera_originals() -> list[Path]:
    """List the photographs that still have the bytes and the metadata their cameras wrote."""
    folder = data_folder() / ("real" if is_complete() else "") / "camera_originals"
    return sorted(folder.glob("*.jpg"))


def another(pictures: Sequence[Picture], picture: Picture, rng: np.random.Generator) -> Picture:
    """Draw a picture of something else."""
    others = [other for other in pictures if other.identity != picture.identity]
    return others[int(rng.integers(len(others)))]


def regenerated_pairs(split: str | None = None) -> list[EditedPair]:
    """List the pairs whose whole frame went through a generator's encoder and decoder."""
    folder = data_folder() / "edit_pairs" / "regenerated"
    sources = _facts("regenerated_sources.json")["sources"]
    assert isinstance(sources, dict)
    pairs = []
    for after in sorted(folder.glob("*_after_noise*.jpg")):
        number = after.name[:2]
        own = split_of(sources[number])
        if split is None or own == split:
            before = folder / f"{number}_before.jpg"
            pairs.append(EditedPair(f"regenerated/{number}", before, after, None, "yes", own))
    return pairs


def editor_pairs(keeps: str | None = "yes") -> list[EditedPair]:
    """List the pairs of a real editor that rewrote the whole frame; all of them are for testing."""
    folder = data_folder() / "edit_pairs" / "nano_banana"
    judged = _facts("editor_pairs.json")["pairs"]
    assert isinstance(judged, dict)
    pairs = []
    for number, word in sorted(judged.items()):
        before, after = (folder / f"{number}_{side}.jpg" for side in ("before", "after"))
        if before.exists() and (keeps is None or word["keeps"] == keeps):
            pairs.append(EditedPair(f"editor/{number}", before, after, None, word["keeps"], "test"))
    return pairs


def inpainted_triples() -> list[EditedPair]:
    """List the pairs with true masks that a small network filled and that were spliced back; for testing."""
    folder = data_folder() / "edit_pairs" / "inpainting_gan"
    triples = []
    for mask in sorted(folder.glob("*_mask.png")):
        stem = mask.name.removesuffix("_mask.png")
        before, after = (folder / f"{stem}_{side}.jpg" for side in ("before", "after"))
        triples.append(EditedPair(f"inpainted/{stem}", before, after, mask, "yes", "test"))
    return triples


def headphone_views() -> list[Path]:
    """List the photographs of one pair of headphones from all sides."""
    return sorted((data_folder() / "real" / "multiview_headphones").glob("*.jpg"))
