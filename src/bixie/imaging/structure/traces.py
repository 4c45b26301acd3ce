"""Read processing traces from a container: how it was encoded, and whether a camera wrote metadata."""

from dataclasses import dataclass, field
from typing import Any

from bixie.imaging.structure.exposure_notes import ExposureNotes, exposure_notes
from bixie.imaging.structure.model import Structure

__all__ = ["Encoding", "FileTraces", "traces_of"]

_CAMERA_TAGS = frozenset({0x010F, 0x0110, 0x829A, 0x829D, 0x8827, 0x920A})
"""Make, Model, ExposureTime, FNumber, PhotographicSensitivity, FocalLength (Exif 3.0, tables 4 and 8)."""
_MIN_CAMERA_TAGS = 4
_LOSSLESS = frozenset({"image/png", "image/bmp"})
_SUBSAMPLING = {(1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0"}
"""By the sampling factors of luma, where those of chroma are 1 (ITU-T T.81, A.1.1)."""
_MAX_STEP = 255


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file was encoded, as far as saving another picture the same way needs it.

    Parameters
    ----------
    width, height : int
        As stored.
    tables : tuple of tuple of int
        Quantisation of luma and chroma, 64 steps each in natural order; empty for a lossless file.
    subsampling : str
        Of chroma: ``4:4:4``, ``4:2:2`` or ``4:2:0``; empty for a lossless file.
    """

    width: int
    height: int
    tables: tuple[tuple[int, ...], ...] = ()
    subsampling: str = ""


@dataclass(frozen=True, slots=True)
class FileTraces:
    """Processing traces of a file. Each is easily lost and easily forged: a sign, never proof.

    Parameters
    ----------
    mean_step : float or None
        Mean quantisation step of the first JPEG table; larger means harder compressed. None without such a
        table.
    camera : bool
        Whether the EXIF fields that a camera writes are there.
    encoding : Encoding or None
        Of a colour JPEG or a lossless file; None where saving alike is not possible.
    exposure : ExposureNotes
        Empty unless a camera wrote them: a screenshot has a time of its own.
    """

    mean_step: float | None = None
    camera: bool = False
    encoding: Encoding | None = None
    exposure: ExposureNotes = field(default_factory=ExposureNotes)


def traces_of(structure: Structure) -> FileTraces:
    """Return the traces of a walked container."""
    first = next((t for t in structure.quantisation_tables if t.image == 0 and t.identifier == 0), None)
    tags = {node.facts.get("tag") for node in structure.all_nodes()}
    camera = len(tags & _CAMERA_TAGS) >= _MIN_CAMERA_TAGS
    return FileTraces(
        mean_step=None if first is None else sum(first.values) / len(first.values),
        camera=camera,
        encoding=_encoding(structure),
        exposure=exposure_notes(structure) if camera else ExposureNotes(),
    )


def _encoding(structure: Structure) -> Encoding | None:
    if structure.width is None or structure.height is None:
        return None
    if structure.media_type in _LOSSLESS:
        return Encoding(structure.width, structure.height)
    frame = next(
        (
            node.facts
            for node in structure.all_nodes()
            if "components" in node.facts and "process" in node.facts
        ),
        None,
    )
    return None if frame is None else _jpeg_encoding(structure, frame["components"])


def _jpeg_encoding(structure: Structure, components: list[dict[str, Any]]) -> Encoding | None:
    """Return the encoding of a colour JPEG with one table for luma and one for both chroma channels."""
    if len(components) != 3 or structure.width is None or structure.height is None:
        return None
    luma, *chroma = components
    subsampling = _SUBSAMPLING.get((luma["horizontal"], luma["vertical"]))
    plain = all((one["horizontal"], one["vertical"]) == (1, 1) for one in chroma)
    if subsampling is None or not plain or chroma[0]["table"] != chroma[1]["table"]:
        return None
    first = {t.identifier: t.values for t in structure.quantisation_tables if t.image == 0}
    tables = tuple(first.get(one["table"], ()) for one in (luma, chroma[0]))
    if any(not table or max(table) > _MAX_STEP for table in tables):
        return None
    return Encoding(structure.width, structure.height, tables, subsampling)
