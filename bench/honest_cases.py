"""Honest photos: everything that must not be linked, the hard kinds among them."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from bench.attacks.damage import DAMAGE_KINDS, apply_damage
from bench.attacks.delivery import Encoded, deliver, encode_lossy
from bench.attacks.held_out.template import Template
from bench.attacks.honest import PACKAGE_KINDS, rephotograph
from bench.datasets import Picture, camera_originals, headphone_views, read_rgb
from bench.material import Case, Material, from_delivery

__all__ = ["HONEST_ROWS", "honest_cases", "honest_files"]

HONEST_ROWS = ("honest", "honest_file")
"""Rows of which every link and every accusation is false."""
_MAX_KNOWN = 8
"""Known pictures that a file is compared with, as many as a listing has."""

# How honest people send photos; half of them as they are.
_DELIVERIES = ("same", "same", "same", "same", "chat", "chat", "crop", "light", "scale", "screenshot")

Pair = tuple[str, Path, Path]
"""Name, known picture, claim photo."""


def _sent(known: Path | Encoded, rgb: np.ndarray, rng: np.random.Generator) -> Material:
    delivered = deliver(rgb, {}, str(rng.choice(_DELIVERIES)), rng)
    return from_delivery(delivered, (known,))


def _photo(known: Path, claim: Path, rng: np.random.Generator) -> Material:
    return _sent(known, read_rgb(claim), rng)


def _damaged_photo(known: Path, claim: Path, rng: np.random.Generator) -> Material:
    """Make the buyer's unit a damaged one: the damage is painted, the photograph stays another one."""
    return _sent(known, apply_damage(read_rgb(claim), str(rng.choice(DAMAGE_KINDS)), rng).rgb, rng)


def _rendered(artwork: Picture, kind: str, others: Sequence[Picture], rng: np.random.Generator) -> Material:
    chosen = [others[int(i)].read() for i in rng.choice(len(others), 2, replace=False)]
    taken = rephotograph(artwork.read(), kind, rng, chosen)
    return _sent(encode_lossy(taken.known, rng, 75, 95), taken.claim, rng)


def _same_app(known: Picture, claim: Picture, rng: np.random.Generator) -> Material:
    """Two different photos, both screenshots of the same app: what agrees is the app."""
    seed = int(rng.integers(0, 2**31))
    pair = [
        deliver(picture.read(), {}, "screenshot", np.random.default_rng(seed)) for picture in (known, claim)
    ]
    return from_delivery(pair[1], (pair[0].encoded,))


def _same_template(known: Picture, claim: Picture, artwork: Picture, rng: np.random.Generator) -> Material:
    """Two different photos in one shop's banner template: what agrees is the shop's."""
    seller = known.read()
    buyer = cv2.resize(claim.read(), seller.shape[1::-1], interpolation=cv2.INTER_AREA)
    template, strips = Template.drawn(rng), artwork.read()
    published = encode_lossy(template.around(seller, strips), rng, 75, 95)
    return _sent(published, template.around(buyer, strips), rng)


def _collage_of_others(known: Picture, first: Picture, second: Picture, rng: np.random.Generator) -> Material:
    delivered = deliver(first.read(), {}, "collage", rng, [second.read()])
    return from_delivery(delivered, (known.path,))


def _shuffled(pairs: Sequence[Pair], salt: str) -> list[Pair]:
    return sorted(pairs, key=lambda pair: hashlib.sha256(f"{salt}/{pair[0]}".encode()).digest())


def _pair(known: Picture, claim: Picture) -> Pair:
    return f"{known.path.stem}~{claim.path.stem}", known.path, claim.path


def _same_product(pictures: Sequence[Picture]) -> list[Pair]:
    shots = [picture for picture in pictures if picture.source == "grocery"]
    pairs = [pair for pair in combinations(shots, 2) if pair[0].identity == pair[1].identity]
    return [_pair(*one) for pair in pairs for one in (pair, pair[::-1])]


def _same_brand(pictures: Sequence[Picture]) -> list[Pair]:
    shots = [picture for picture in pictures if picture.source == "grocery"]
    pairs = [
        pair
        for pair in combinations(shots, 2)
        if pair[0].identity != pair[1].identity and _brand(pair[0]) == _brand(pair[1])
    ]
    return [_pair(*pair) for pair in pairs]


def _brand(picture: Picture) -> str:
    return picture.identity.partition("/")[2].partition("_")[0]


def _different(pictures: Sequence[Picture], first: str, second: str) -> list[Pair]:
    left = [picture for picture in pictures if picture.source == first]
    right = [picture for picture in pictures if picture.source == second]
    return [_pair(a, b) for a in left for b in right if a.identity != b.identity]


def _headphones() -> list[Pair]:
    return [(f"{a.stem}~{b.stem}", a, b) for a, b in combinations(headphone_views(), 2)]


def _real(pictures: Sequence[Picture]) -> Iterator[tuple[str, list[Pair], Callable[..., Material], float]]:
    """Kinds of real pairs: name, pairs, how the claim is made, share of the plan's count."""
    product = _same_product(pictures)
    yield "same_product", product, _photo, 1.0
    yield "same_product_damaged", product, _damaged_photo, 1.0
    yield "same_brand", _same_brand(pictures), _photo, 0.5
    yield "same_object", _headphones(), _photo, 0.5
    yield "same_kind", _different(pictures, "clothing", "clothing"), _photo, 1.0
    yield "camera", _different(pictures, "camera_1024", "camera_1024"), _photo, 0.6
    yield "unrelated", _different(pictures, "clothing", "camera_1024"), _photo, 0.4


def honest_cases(pictures: Sequence[Picture], count: int, *, held_out: bool = True) -> list[Case]:
    """List honest cases, `count` of each kind at most; `held_out` adds what nothing is calibrated on."""
    cases = []
    for kind, pairs, build, share in _real(pictures):
        for name, known, claim in _shuffled(pairs, kind)[: max(1, round(count * share))]:
            cases.append(Case(f"honest/{kind}/{name}", "honest", kind, "", partial(build, known, claim)))
    order = sorted(pictures, key=lambda picture: hashlib.sha256(f"print/{picture.name}".encode()).digest())
    for index in range(count):
        artwork, kind = order[index % len(order)], PACKAGE_KINDS[index % len(PACKAGE_KINDS)]
        others = [picture for picture in order if picture.identity != artwork.identity]
        name = f"honest/rendered_{kind}/{artwork.path.stem}/{index}"
        cases.append(Case(name, "honest", f"rendered_{kind}", "", partial(_rendered, artwork, kind, others)))
    for index in range(max(2, count // 4)):
        seller, buyer, third = (order[(index * 3 + k) % len(order)] for k in range(3))
        if len({seller.identity, buyer.identity, third.identity}) < 3:
            continue
        stem = f"{seller.path.stem}~{buyer.path.stem}/{index}"
        cases.append(
            Case(f"honest/same_app/{stem}", "honest", "same_app", "", partial(_same_app, seller, buyer))
        )
        build_collage = partial(_collage_of_others, seller, buyer, third)
        cases.append(Case(f"honest/collage/{stem}", "honest", "collage_of_others", "", build_collage))
        if not held_out:
            continue
        build_template = partial(_same_template, seller, buyer, third)
        cases.append(Case(f"honest/same_template/{stem}", "honest", "same_template", "", build_template))
    return cases


def _as_it_is(claim: Path, others: tuple[Path, ...], _: np.random.Generator) -> Material:
    data = claim.read_bytes()
    return Material(Encoded(data, claim.suffix, 0), others, note="the file as it is")


def honest_files(pictures: Sequence[Picture], count: int) -> list[Case]:
    """List photographs with their own bytes and metadata, each beside photographs by others.

    The known pictures are other photographs: first those of the same product or scene, then those of the
    same source. Some of `camera_1024` show what a file of `camera_originals` shows, so those are compared
    with the other sources.
    """
    order = sorted(pictures, key=lambda picture: hashlib.sha256(f"file/{picture.name}".encode()).digest())
    claims = [(one.source, one.path, _closest(one, order)) for one in order[:count]]
    shops = [one.path for one in order if one.source != "camera_1024"][:_MAX_KNOWN]
    claims += [("camera_originals", path, tuple(shops)) for path in camera_originals()[:count]]
    return [
        Case(f"file/{source}/{path.stem}", "honest_file", source, "", partial(_as_it_is, path, known))
        for source, path, known in claims
    ]


def _closest(picture: Picture, order: Sequence[Picture]) -> tuple[Path, ...]:
    others = sorted(
        (one for one in order if one != picture),
        key=lambda one: (one.identity != picture.identity, one.source != picture.source),
    )
    return tuple(one.path for one in others[:_MAX_KNOWN])
