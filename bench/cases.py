"""The plan: every case of a run, by name. Same material, same plan, on every machine."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from bench.attacks.annotation import ANNOTATION_KINDS, annotate
from bench.attacks.content import CONTENT_KINDS, edit_content
from bench.attacks.damage import DAMAGE_KINDS, THIN_KINDS, apply_damage
from bench.attacks.delivery import DELIVERY_KINDS, deliver
from bench.attacks.drift import drift
from bench.datasets import (
    EditedPair,
    Picture,
    another,
    editor_pairs,
    inpainted_triples,
    pictures_of,
    read_rgb,
    regenerated_pairs,
)
from bench.held_out_cases import marked_cases, wounded_cases
from bench.honest_cases import honest_cases, honest_files
from bench.material import Case, Material, from_delivery

__all__ = ["Plan", "all_cases", "find_case", "seeded"]

LOCAL_DELIVERIES = tuple(kind for kind in DELIVERY_KINDS if kind not in {"crop_quarter", "cutout"})
_AFTER_REGENERATION = ("same", "chat", "crop", "light", "scale", "rotate", "screenshot", "combo")
_COPIES = (
    "same",
    "chat",
    "crop",
    "light",
    "scale",
    "rotate",
    "mirror",
    "perspective",
    "screenshot",
    "collage",
)
# Damage is what buyers fake; other edits keep the examiner honest about the rest.
_EDITS = (*DAMAGE_KINDS, *DAMAGE_KINDS, *CONTENT_KINDS)


@dataclass(frozen=True)
class Plan:
    """How many cases of each row.

    Parameters
    ----------
    local : int
        Cases for each of the deliveries of local edits.
    severe : int
        Cases each of the quarter crop and the cut-out.
    copies, annotations : int
    regenerated : int
        Deliveries of each regenerated pair.
    honest : int
        Pairs of each honest kind, at most.
    held_out, held_out_annotations : int
        Damage and marks by the held-out painter; of the test split only.
    files : int
        Honest photographs that are examined with their own bytes, at most.
    """

    local: int
    severe: int
    copies: int
    annotations: int
    regenerated: int
    honest: int
    held_out: int
    held_out_annotations: int
    files: int

    @classmethod
    def quick(cls) -> "Plan":
        """Small enough for every change."""
        return cls(
            local=3,
            severe=5,
            copies=12,
            annotations=10,
            regenerated=2,
            honest=10,
            held_out=4,
            held_out_annotations=4,
            files=30,
        )

    @classmethod
    def full(cls) -> "Plan":
        """Large enough for the bounds to mean something."""
        return cls(
            local=28,
            severe=60,
            copies=100,
            annotations=70,
            regenerated=8,
            honest=140,
            held_out=80,
            held_out_annotations=75,
            files=200,
        )


def seeded(name: str) -> np.random.Generator:
    """Return the random generator of a case."""
    return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))


def _dealt(pictures: Sequence[Picture], count: int, salt: str) -> list[Picture]:
    """Deal `count` pictures, every one once before any twice, in an order of its own for each row."""
    order = sorted(pictures, key=lambda picture: hashlib.sha256(f"{salt}/{picture.name}".encode()).digest())
    return [order[index % len(order)] for index in range(count)]


def _edited(
    pictures: Sequence[Picture], picture: Picture, edit: str, delivery: str, rng: np.random.Generator
) -> Material:
    rgb = picture.read()
    other = another(pictures, picture, rng).read()
    done = apply_damage(rgb, edit, rng) if edit in DAMAGE_KINDS else edit_content(rgb, edit, rng, other)
    delivered = deliver(done.rgb, {"damage": done.mask}, delivery, rng, [other])
    return from_delivery(delivered, (picture.path,), thin=edit in THIN_KINDS)


def _copied(
    pictures: Sequence[Picture], picture: Picture, delivery: str, rng: np.random.Generator
) -> Material:
    rgb = picture.read()
    nothing = np.zeros(rgb.shape[:2], np.uint8)
    delivered = deliver(rgb, {"damage": nothing}, delivery, rng, [another(pictures, picture, rng).read()])
    return from_delivery(delivered, (picture.path,))


def _annotated(picture: Picture, kind: str, delivery: str, rng: np.random.Generator) -> Material:
    marked = annotate(picture.read(), kind, rng)
    nothing = np.zeros(marked.mask.shape, np.uint8)
    delivered = deliver(marked.rgb, {"damage": nothing, "annotation": marked.mask}, delivery, rng)
    return from_delivery(delivered, (picture.path,))


def _regenerated(pair: EditedPair, edit: str, delivery: str, rng: np.random.Generator) -> Material:
    """Deliver what a decoder rewrote, damaged where `edit` says so, drifted in half of the cases."""
    rgb = read_rgb(pair.after)
    masks = {"damage": np.zeros(rgb.shape[:2], np.uint8)}
    if edit:
        done = apply_damage(rgb, edit, rng)
        rgb, masks = done.rgb, {"damage": done.mask}
    if rng.random() < 0.5:
        rgb, masks = drift(rgb, masks, rng)
    return from_delivery(deliver(rgb, masks, delivery, rng), (pair.before,), thin=edit in THIN_KINDS)


def _by_editor(pair: EditedPair, delivery: str, rng: np.random.Generator) -> Material:
    rgb = read_rgb(pair.after)
    masks = {} if pair.mask is None else {"damage": _mask_like(rgb, pair)}
    delivered = deliver(rgb, masks, delivery, rng)
    return from_delivery(delivered, (pair.before,))


def _mask_like(rgb: np.ndarray, pair: EditedPair) -> np.ndarray:
    assert pair.mask is not None
    mask = read_rgb(pair.mask)[..., 0]
    assert mask.shape == rgb.shape[:2], pair.name
    return (mask > 127).astype(np.uint8) * 255


def _short(picture: Picture) -> str:
    return picture.path.stem


def _local(pictures: Sequence[Picture], plan: Plan) -> Iterator[Case]:
    for row, deliveries, count in (
        ("found.local", LOCAL_DELIVERIES, plan.local),
        ("found.quarter", ("crop_quarter",), plan.severe),
        ("found.cutout", ("cutout",), plan.severe),
    ):
        for delivery in deliveries:
            for index, picture in enumerate(_dealt(pictures, count, delivery)):
                edit = _EDITS[(index + len(delivery)) % len(_EDITS)]
                name = f"{row}/{delivery}/{edit}/{_short(picture)}/{index}"
                yield Case(name, row, delivery, edit, partial(_edited, pictures, picture, edit, delivery))


def _copies(pictures: Sequence[Picture], plan: Plan) -> Iterator[Case]:
    for index, picture in enumerate(_dealt(pictures, plan.copies, "copies")):
        delivery = _COPIES[index % len(_COPIES)]
        name = f"copy/{delivery}/{_short(picture)}/{index}"
        yield Case(name, "copy", delivery, "", partial(_copied, pictures, picture, delivery))
    for index, picture in enumerate(_dealt(pictures, plan.annotations, "annotations")):
        kind = ANNOTATION_KINDS[index % len(ANNOTATION_KINDS)]
        delivery = ("same", "chat", "light", "scale", "crop", "rotate")[index // len(ANNOTATION_KINDS) % 6]
        name = f"annotation/{kind}/{delivery}/{_short(picture)}/{index}"
        yield Case(name, "annotation", kind, "", partial(_annotated, picture, kind, delivery))


def _rewritten(plan: Plan) -> Iterator[Case]:
    for first, pair in enumerate(regenerated_pairs("test")):
        for second, delivery in enumerate(_AFTER_REGENERATION[: plan.regenerated]):
            edit = (*DAMAGE_KINDS, "", "")[(first + second) % (len(DAMAGE_KINDS) + 2)]
            name = f"found.regenerated/{delivery}/{edit or 'unedited'}/{pair.name.replace('/', '_')}"
            build = partial(_regenerated, pair, edit, delivery)
            yield Case(name, "found.regenerated", delivery, edit, build)
    for keeps, row in (("yes", "found.editor"), ("partly", "found.editor_partly")):
        for pair in editor_pairs(keeps):
            for delivery in ("same", "chat"):
                name = f"{row}/{delivery}/{pair.name.replace('/', '_')}"
                yield Case(name, row, delivery, "editor", partial(_by_editor, pair, delivery))
    for pair in inpainted_triples():
        for delivery in ("same", "light"):
            name = f"found.inpainted/{delivery}/{pair.name.replace('/', '_')}"
            yield Case(name, "found.inpainted", delivery, "inpainted", partial(_by_editor, pair, delivery))


def _held_out(pictures: Sequence[Picture], plan: Plan, split: str) -> Iterator[Case]:
    """List the rows of the held-out painter. A split that is learned from holds none of them."""
    if split != "test":
        return
    yield from wounded_cases(pictures, _dealt(pictures, plan.held_out, "other_hand"))
    yield from marked_cases(_dealt(pictures, plan.held_out_annotations, "other_hand_annotations"))


def all_cases(plan: Plan, split: str = "test") -> list[Case]:
    """List the cases of a run; honest photos first, because false accusations come first."""
    pictures = pictures_of(split=split)
    if not pictures:  # the samples hold no more than the test split
        return []
    return [
        *honest_cases(pictures, plan.honest, held_out=split == "test"),
        *honest_files(pictures, plan.files),
        *_local(pictures, plan),
        *_copies(pictures, plan),
        *_rewritten(plan),
        *_held_out(pictures, plan, split),
    ]


def find_case(name: str) -> Case:
    """Return the case of that name from the full or the quick plan."""
    for plan in (Plan.full(), Plan.quick()):
        for split in ("test", "calibrate", "train"):
            for case in all_cases(plan, split):
                if case.name == name:
                    return case
    raise KeyError(name)
