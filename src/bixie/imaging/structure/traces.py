"""Read processing traces from a container: compression strength, and whether a camera wrote metadata."""

from dataclasses import dataclass

from bixie.imaging.structure.model import Structure

__all__ = ["FileTraces", "traces_of"]

_CAMERA_TAGS = frozenset({0x010F, 0x0110, 0x829A, 0x829D, 0x8827, 0x920A})
"""Make, Model, ExposureTime, FNumber, PhotographicSensitivity, FocalLength (Exif 3.0, tables 4 and 8)."""
_MIN_CAMERA_TAGS = 4


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
    """

    mean_step: float | None = None
    camera: bool = False


def traces_of(structure: Structure) -> FileTraces:
    """Return the traces of a walked container."""
    first = next((t for t in structure.quantisation_tables if t.image == 0 and t.identifier == 0), None)
    tags = {node.facts.get("tag") for node in structure.all_nodes()}
    return FileTraces(
        mean_step=None if first is None else sum(first.values) / len(first.values),
        camera=len(tags & _CAMERA_TAGS) >= _MIN_CAMERA_TAGS,
    )
