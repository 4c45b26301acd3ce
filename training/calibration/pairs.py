"""Pairs to fit on: one photograph delivered twice, and two photographs of one thing."""

import zlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, islice

import cv2
import numpy as np
from bench.attacks.annotation import ANNOTATION_KINDS, annotate
from bench.attacks.content import CONTENT_KINDS, edit_content
from bench.attacks.damage import DAMAGE_KINDS, apply_damage
from bench.attacks.delivery import DELIVERY_KINDS, deliver, encode_lossy
from bench.attacks.honest import PACKAGE_KINDS, rephotograph
from bench.attacks.parcel import Parcel, pack
from bench.attacks.scene import PACKAGES, photograph
from bench.datasets import EditedPair, Picture, another, pictures_of, read_rgb, regenerated_pairs

from training.calibration.variety import VARIETIES, recomposed, refitted, reposed, rewritten

__all__ = [
    "Pair",
    "app_pairs",
    "delivered_pairs",
    "frontal_pairs",
    "package_pairs",
    "product_pairs",
    "recomposed_pairs",
    "redrawn_pairs",
    "varied_pairs",
]

MAX_SIDE = 1280
HARD_DELIVERIES = ("crop_quarter", "cutout", "cutout", "cutout", "combo", "combo")
PLAIN_DELIVERIES = ("same", "crop", "scale", "rotate", "light", "chat", "perspective", "screenshot")
REGENERATED_SHARE = 0.2
REWRITTEN_SHARE = 0.5
WHOLE_SHARE = 0.5
"""Of the redrawn ones, how many are sent as the editor wrote them: nobody slants or frames every picture."""
HEAVY_SHARE = 0.12
REPAINTED_SHARE = 0.2
"""The same of frames that were redrawn as a whole: who has a frame redrawn often asks for much."""
_HONEST_VARIETIES = ("slanted", "framed", "relit")
TURNS = {"train": 1, "calibrate": 2}
"""How often each two shots of one product are delivered, beside as they are."""


@dataclass(frozen=True)
class Pair:
    """An exhibit, a known picture, and the truth.

    Parameters
    ----------
    name : str
        Everything random about the pair is drawn from it.
    kind : str
        For example ``delivered/crop`` or ``product/grocery``.
    exhibit, known : ndarray, shape (h, w, 3), uint8
    homography : ndarray or None
        Known pixels to exhibit pixels; None for two photographs, and where no one homography holds.
    """

    name: str
    kind: str
    exhibit: np.ndarray
    known: np.ndarray
    homography: np.ndarray | None


def delivered_pairs(split: str, count: int) -> Iterator[Pair]:
    """Yield one photograph delivered twice, edited, annotated or as it is."""
    pictures = pictures_of(split=split)
    regenerated = regenerated_pairs(split)
    for number in range(count):
        name = f"{split}/delivered/{number}"
        rng = _generator(name)
        if regenerated and rng.random() < REGENERATED_SHARE:
            pair = regenerated[int(rng.integers(len(regenerated)))]
            known, shown, prefix = read_rgb(pair.before), read_rgb(pair.after), "regenerated"
        else:
            known = shown = _any(pictures, rng)
            prefix = "delivered"
        kind = str(rng.choice((*DELIVERY_KINDS, *HARD_DELIVERIES)))
        others = [_any(pictures, rng), _any(pictures, rng)]
        if rng.random() < HEAVY_SHARE:
            shown, kind, prefix = _repainted(shown, others[0], rng), "same", f"{prefix}/repainted"
        sent = deliver(_edited(shown, others[0], rng), {}, kind, rng, others)
        exhibit, to_exhibit = _examined(sent.rgb)
        listed, to_listed = _listed(known, rng)
        homography = to_exhibit @ sent.homography @ np.linalg.inv(to_listed)
        yield Pair(name, f"{prefix}/{kind}", exhibit, listed, homography)


def varied_pairs(split: str, count: int) -> Iterator[Pair]:
    """Yield one photograph delivered in the ways of `variety`; in part regenerated or rewritten before."""
    pictures = pictures_of(split=split)
    regenerated = regenerated_pairs(split)
    for number in range(count):
        name = f"{split}/varied/{number}"
        rng = _generator(name)
        known, shown = _known_and_shown(pictures, regenerated, number, rng)
        steps = [] if shown is known else ["regenerated"]
        parcel = pack(_edited(shown, _any(pictures, rng), rng), {})
        if rng.random() < REWRITTEN_SHARE:
            steps.append("rewritten")
            parcel = VARIETIES["rewritten"](parcel, rng)
        if steps and rng.random() < WHOLE_SHARE:
            parcel, taken = VARIETIES["refitted"](parcel, rng), ["refitted"]
        else:
            parcel, taken = _varied(parcel, rng)
        exhibit, to_exhibit = _examined(_compressed(parcel.rgb, rng, 40))
        listed, to_listed = _listed(known, rng)
        homography = to_exhibit @ parcel.homography @ np.linalg.inv(to_listed)
        yield Pair(name, "varied/" + "+".join([*steps, *taken]), exhibit, listed, homography)


def redrawn_pairs(split: str, count: int) -> Iterator[Pair]:
    """Yield photographs whose frame an editor drew anew, each thing moved by itself; no homography holds."""
    for number in range(count):
        name = f"{split}/redrawn/{number}"
        yield _redrawn(split, name, number, _generator(name), recompose=False)


def recomposed_pairs(split: str, count: int) -> Iterator[Pair]:
    """Yield the same, then cut to another frame or set into a page."""
    for number in range(count):
        name = f"{split}/recomposed/{number}"
        yield _redrawn(split, name, number, _generator(name), recompose=True)


def _redrawn(split: str, name: str, number: int, rng: np.random.Generator, *, recompose: bool) -> Pair:
    pictures = pictures_of(split=split)
    known, shown = _known_and_shown(pictures, regenerated_pairs(split), number, rng)
    shown = _edited(shown, _any(pictures, rng), rng)
    if rng.random() < REPAINTED_SHARE:
        shown = _repainted(shown, _any(pictures, rng), rng)
    parcel = refitted(rewritten(pack(reposed(shown, rng), {}), rng), rng)
    parcel = recomposed(parcel, rng) if recompose else parcel
    kind = "recomposed" if recompose else "redrawn"
    return Pair(name, kind, _examined(_compressed(parcel.rgb, rng, 40))[0], _listed(known, rng)[0], None)


def _varied(parcel: Parcel, rng: np.random.Generator) -> tuple[Parcel, list[str]]:
    """Take one or two of the deliveries that an honest photo, too, may go through."""
    names = [name for name in VARIETIES if name in _HONEST_VARIETIES]
    taken = sorted(rng.choice(names, size=int(rng.integers(1, 3)), replace=False).tolist(), reverse=True)
    for name in taken:
        parcel = VARIETIES[name](parcel, rng)
    return parcel, taken


def product_pairs(split: str, count: int) -> Iterator[Pair]:
    """Yield two shots of one grocery product, as found and delivered, `count` pairs at most."""
    yield from islice(_products(split), count)


def _products(split: str) -> Iterator[Pair]:
    products: dict[str, list[Picture]] = defaultdict(list)
    for picture in pictures_of(["grocery"], split):
        products[picture.identity].append(picture)
    for shots in products.values():
        for first, second in combinations(shots, 2):
            exhibit, known = first.read(), second.read()
            name = f"{first.name}~{second.name}"
            yield Pair(name, "product/as found", exhibit, known, None)
            for turn in range(TURNS[split]):
                rng = _generator(f"{name}/{turn}")
                if turn % 2:
                    exhibit, known = known, exhibit
                    parcel, taken = _varied(pack(exhibit, {}), rng)
                    sent, kind = _compressed(parcel.rgb, rng, 40), "+".join(taken)
                else:
                    kind = str(rng.choice(PLAIN_DELIVERIES))
                    sent = deliver(exhibit, {}, kind, rng).rgb
                yield Pair(f"{name}/{turn}", f"product/{kind}", _examined(sent)[0], known, None)


def package_pairs(split: str, count: int) -> Iterator[Pair]:
    """Yield rendered packages with one print, photographed twice."""
    pictures = pictures_of(split=split)
    for number in range(count):
        name = f"{split}/package/{number}"
        rng = _generator(name)
        kind = PACKAGE_KINDS[number % len(PACKAGE_KINDS)]
        others = [_any(pictures, rng) for _ in range(3)]
        twice = rephotograph(_any(pictures, rng), kind, rng, others)
        if number % 3 == 0:
            sent = _compressed(_varied(pack(twice.claim, {}), rng)[0].rgb, rng, 40)
        else:
            sent = deliver(twice.claim, {}, str(rng.choice(PLAIN_DELIVERIES)), rng, others).rgb
        yield Pair(name, f"package/{kind}", _examined(sent)[0], twice.known, None)


def frontal_pairs(split: str, count: int) -> Iterator[Pair]:
    """Yield packages taken twice from straight before, on plain or like grounds: the hardest to tell."""
    pictures = pictures_of(split=split)
    for number in range(count):
        name = f"{split}/frontal/{number}"
        rng = _generator(name)
        kind = ("flat", "carton", "flat", "pouch")[number % 4]
        package = replace(PACKAGES[kind](_any(pictures, rng), rng), yaw=0.15, pitch=(-0.12, 0.2))
        ground = _any(pictures, rng) if number % 3 == 0 else None
        shots = []
        for _ in range(2):
            width, height = (int(side) for side in rng.uniform(480, 860, 2))
            shot = photograph(package, rng, ground, (width, height), fill=rng.uniform(0.6, 1.0))
            shots.append(_compressed(shot, rng, 60))
        yield Pair(name, f"frontal/{kind}", shots[0], shots[1], None)


def app_pairs(split: str, count: int) -> Iterator[Pair]:
    """Yield screenshots of one app around two photographs: what lies over each other is the app."""
    pictures = pictures_of(split=split)
    for number in range(count):
        name = f"{split}/app/{number}"
        rng = _generator(name)
        seed = int(rng.integers(0, 2**31))
        first = pictures[int(rng.integers(len(pictures)))]
        second = another(pictures, first, rng)
        shots = [
            _examined(deliver(shown.read(), {}, "screenshot", np.random.default_rng(seed)).rgb)[0]
            for shown in (first, second)
        ]
        yield Pair(name, "app/screenshot", shots[0], shots[1], None)


def _generator(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))


def _any(pictures: list[Picture], rng: np.random.Generator) -> np.ndarray:
    return _examined(pictures[int(rng.integers(len(pictures)))].read())[0]


def _known_and_shown(
    pictures: list[Picture], regenerated: list[EditedPair], number: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return a photograph twice; every third time a regenerated frame stands for the second."""
    known = shown = _any(pictures, rng)
    if regenerated and number % 3 == 0:
        pair = regenerated[int(rng.integers(len(regenerated)))]
        known, shown = read_rgb(pair.before), read_rgb(pair.after)
    return known, shown


def _edited(rgb: np.ndarray, donor: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    draw = rng.random()
    if draw < 0.5:
        return apply_damage(rgb, str(rng.choice(DAMAGE_KINDS)), rng).rgb
    if draw < 0.65:
        return edit_content(rgb, str(rng.choice(CONTENT_KINDS)), rng, donor).rgb
    if draw < 0.8:
        return annotate(rgb, str(rng.choice(ANNOTATION_KINDS)), rng).rgb
    return rgb


def _repainted(rgb: np.ndarray, donor: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Replace a third to two thirds of the frame by other content, as a generous inpainting brush does."""
    height, width = rgb.shape[:2]
    brush = np.zeros((height, width), np.uint8)
    wanted = rng.uniform(0.3, 0.65)
    while (brush > 0).mean() < wanted:
        points = (rng.random((5, 2)) * [width, height]).astype(np.int32)
        thickness = int(rng.uniform(0.08, 0.25) * max(height, width))
        cv2.polylines(brush, [points], False, 255, thickness)
    moved = np.roll(rgb, (height // 5, width // 4), axis=(0, 1))
    other = moved if rng.random() < 0.6 else cv2.resize(donor, (width, height), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(brush, (0, 0), 2.0)[..., None] / 255.0
    return np.asarray(rgb * (1 - soft) + other * soft, np.uint8)


def _examined(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the picture at the examining size, and the matrix that brings it there."""
    factor = min(1.0, MAX_SIDE / max(rgb.shape))
    return _resized(rgb, factor)


def _listed(rgb: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the known picture as a listing holds it: its own size, its own compression."""
    factor = float(rng.uniform(0.5, 1.8)) if rng.random() < 0.3 else 1.0
    factor = max(factor, 200 / min(rgb.shape[:2]))
    resized, matrix = _resized(rgb, min(factor, MAX_SIDE / max(rgb.shape)))
    return _compressed(resized, rng, 60), matrix


def _compressed(rgb: np.ndarray, rng: np.random.Generator, lowest: int) -> np.ndarray:
    data = np.frombuffer(encode_lossy(rgb, rng, lowest, 95).data, np.uint8)
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[:, :, ::-1])


def _resized(rgb: np.ndarray, factor: float) -> tuple[np.ndarray, np.ndarray]:
    if factor == 1.0:
        return rgb, np.eye(3)
    height, width = rgb.shape[:2]
    size = (max(16, round(width * factor)), max(16, round(height * factor)))
    resized = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC)
    return resized, np.diag([size[0] / width, size[1] / height, 1.0])
