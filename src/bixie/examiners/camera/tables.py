"""Recognise who compressed a JPEG by its quantisation tables and chroma sampling.

References
----------
ITU-T T.81, tables K.1 and K.2: the example tables; the scaling by quality 1 to 100 is that of the Independent
JPEG Group's library (``jpeg_quality_scaling`` and ``jpeg_add_quant_table``).
"""

import hashlib
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from bixie.imaging.structure.model import Structure
from bixie.kit.errors import SettingError

__all__ = ["SETTING", "Compression", "compression_of", "fingerprint", "ijg_tables", "sampling_of"]

SETTING = "BIXIE_TABLE_FAMILIES"
_MAX_BYTES = 4 * 1024 * 1024

_LUMINANCE = (
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
)  # fmt: skip
_CHROMINANCE = (
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99, *(99,) * 32,
)  # fmt: skip

Tables = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Compression:
    """How a JPEG was compressed.

    Parameters
    ----------
    family : {"ijg", "listed", "unknown"}
    quality : int or None
        1 to 100, of the IJG family.
    seen : tuple of str
        Who wrote the listed files with these tables.
    sampling : str or None
        As in ``4:2:0``; ``grey`` for one component.
    fingerprint : str
        Of the tables.
    """

    family: str
    quality: int | None
    seen: tuple[str, ...]
    sampling: str | None
    fingerprint: str


def compression_of(structure: Structure) -> Compression | None:
    """Return how the main picture was compressed; None where the file is no JPEG or has no tables."""
    first = {t.identifier: t.values for t in structure.quantisation_tables if t.image == 0}
    if not first:
        return None
    tables = tuple(first[identifier] for identifier in sorted(first))
    mark = fingerprint(tables)
    quality = _ijg().get(tables)
    seen = _families(os.environ.get(SETTING, "")).get(mark, ())
    family = "ijg" if quality else "listed" if seen else "unknown"
    return Compression(family, quality, seen, sampling_of(structure), mark)


def fingerprint(tables: Tables) -> str:
    """Return 16 hexadecimal digits of the SHA-256 over the tables in natural order, as decimal text."""
    text = ";".join(",".join(map(str, table)) for table in tables)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sampling_of(structure: Structure) -> str | None:
    """Return the chroma sampling of the main picture."""
    frames = (
        node
        for node in (structure.nodes[0].children if structure.nodes else ())
        if node.kind.startswith("SOF")
    )
    components: list[dict[str, int]] = next((node.facts.get("components", []) for node in frames), [])
    if len(components) == 1:
        return "grey"
    factors = [(one["horizontal"], one["vertical"]) for one in components[:3]]
    names = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (1, 2): "4:4:0", (4, 1): "4:1:1"}
    if len(factors) == 3 and factors[1:] == [(1, 1), (1, 1)]:
        return names.get(factors[0], "{}x{}".format(*factors[0]))
    return "-".join(f"{h}x{v}" for h, v in factors) or None


def ijg_tables(quality: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the luminance and the chrominance table that the IJG library makes of `quality`, 1 to 100."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    luminance, chrominance = (
        tuple(min(max((step * scale + 50) // 100, 1), 255) for step in base)
        for base in (_LUMINANCE, _CHROMINANCE)
    )
    return luminance, chrominance


@cache
def _ijg() -> dict[Tables, int]:
    known: dict[Tables, int] = {}
    for quality in range(1, 101):
        both = ijg_tables(quality)
        known.setdefault(both, quality)
        known.setdefault(both[:1], quality)
    return known


@cache
def _families(path: str) -> dict[str, tuple[str, ...]]:
    """Return the writers by fingerprint: those shipped, and those of the file that the environment names."""
    shipped = (
        resources.files("bixie.examiners.camera").joinpath("table_families.toml").read_text(encoding="utf-8")
    )
    found = _parsed(shipped)
    if not path:
        return found
    try:
        with Path(path).open("rb") as file:
            more = _parsed(file.read(_MAX_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TableFamiliesError("camera.table_families", name=SETTING, path=path) from error
    return {mark: (*found.get(mark, ()), *more.get(mark, ())) for mark in found.keys() | more.keys()}


def _parsed(text: str) -> dict[str, tuple[str, ...]]:
    families = tomllib.loads(text)["families"]
    return {str(one["fingerprint"]): tuple(str(name)[:60] for name in one["seen"][:8]) for one in families}


class TableFamiliesError(SettingError):
    """The file that ``BIXIE_TABLE_FAMILIES`` names holds no families."""

    package = "bixie.examiners.camera"
