"""What one case puts on the table: a claim file, known files, and the truth about them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.attacks.delivery import Delivered, Encoded

__all__ = ["Case", "Material", "from_delivery", "written"]


@dataclass(frozen=True)
class Material:
    """A claim photo and what is true about it.

    Parameters
    ----------
    claim : Encoded
    known : tuple of (Path or Encoded)
        The right one first, then others of the same seller.
    truth : ndarray, shape (h, w) of the claim, uint8, or None
        Where content was changed; None where nobody drew that mask.
    annotation : ndarray or None
    thin : bool
        Lines: scored with a tolerance.
    note : str
        What happened on the way, for people.
    """

    claim: Encoded
    known: tuple[Path | Encoded, ...]
    truth: np.ndarray | None = None
    annotation: np.ndarray | None = None
    thin: bool = False
    note: str = ""


@dataclass(frozen=True)
class Case:
    """One measurement, reproducible from its name alone.

    Parameters
    ----------
    name : str
        ``row/group/.../number``; seeds everything random about it.
    row : str
        What is measured: a key of `bench.tables.ROWS`.
    group : str
        The line below the row: delivery or kind of honest photo.
    what : str
        The edit, if there is one: a kind of damage or content edit.
    build : callable
    """

    name: str
    row: str
    group: str
    what: str = ""
    build: Callable[[np.random.Generator], Material] = field(
        default=lambda rng: Material(Encoded(b"", "", 0), ())
    )


def from_delivery(delivered: Delivered, known: tuple[Path | Encoded, ...], *, thin: bool = False) -> Material:
    """Lay a delivered picture on the table; the mask of ``damage`` is the truth."""
    note = f"{'+'.join(delivered.steps)}, {delivered.encoded.suffix} q{delivered.encoded.quality}, "
    note += f"{delivered.kept:.0%} of the known frame shown"
    return Material(
        delivered.encoded, known, delivered.masks.get("damage"), delivered.masks.get("annotation"), thin, note
    )


def written(material: Material, folder: Path) -> tuple[Path, tuple[Path, ...]]:
    """Write what is not a file yet into `folder`; returns the claim's path and the known pictures' paths."""
    claim = folder / f"claim{material.claim.suffix}"
    claim.write_bytes(material.claim.data)
    known = []
    for index, one in enumerate(material.known):
        if isinstance(one, Encoded):
            path = folder / f"known_{index}{one.suffix}"
            path.write_bytes(one.data)
            known.append(path)
        else:
            known.append(one)
    return claim, tuple(known)
