"""Rows by the held-out painter: damage and marks that nothing was ever trained or calibrated on.

The rows are called ``other_hand``: a case is seeded by its name, so the name stays.
"""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from bench.attacks.damage import THIN_KINDS
from bench.attacks.delivery import deliver
from bench.attacks.held_out.marks import MARK_KINDS, mark
from bench.attacks.held_out.wounds import WOUND_KINDS, wound
from bench.datasets import Picture, another
from bench.material import Case, Material, from_delivery

__all__ = ["marked_cases", "wounded_cases"]

_WOUND_DELIVERIES = ("same", "chat", "light", "screenshot", "rotate")
_MARK_DELIVERIES = ("same", "chat", "light", "scale", "crop", "rotate")


def _wounded(
    pictures: Sequence[Picture], picture: Picture, kind: str, delivery: str, rng: np.random.Generator
) -> Material:
    done = wound(picture.read(), kind, rng, another(pictures, picture, rng).read())
    delivered = deliver(done.rgb, {"damage": done.mask}, delivery, rng)
    return from_delivery(delivered, (picture.path,), thin=done.kind in THIN_KINDS)


def _marked(picture: Picture, kind: str, delivery: str, rng: np.random.Generator) -> Material:
    marked = mark(picture.read(), kind, rng)
    nothing = np.zeros(marked.mask.shape, np.uint8)
    delivered = deliver(marked.rgb, {"damage": nothing, "annotation": marked.mask}, delivery, rng)
    return from_delivery(delivered, (picture.path,))


def wounded_cases(pictures: Sequence[Picture], dealt: Sequence[Picture]) -> Iterator[Case]:
    """Damage each dealt picture; 16 looks and 5 deliveries in turn, so that 80 cases meet each pair once."""
    for index, picture in enumerate(dealt):
        look = WOUND_KINDS[index % len(WOUND_KINDS)]
        delivery = _WOUND_DELIVERIES[index % len(_WOUND_DELIVERIES)]
        name = f"found.other_hand/{look}/{delivery}/{picture.path.stem}/{index}"
        build = partial(_wounded, pictures, picture, look, delivery)
        yield Case(name, "found.other_hand", look, look.partition("_")[0], build)


def marked_cases(dealt: Sequence[Picture]) -> Iterator[Case]:
    """Mark each dealt picture; the deliveries move on by one with every round of the 15 kinds."""
    for index, picture in enumerate(dealt):
        turn, number = divmod(index, len(MARK_KINDS))
        kind, delivery = MARK_KINDS[number], _MARK_DELIVERIES[(turn + number) % len(_MARK_DELIVERIES)]
        name = f"annotation.other_hand/{kind}/{delivery}/{picture.path.stem}/{index}"
        yield Case(name, "annotation.other_hand", kind, "", partial(_marked, picture, kind, delivery))
