"""Limits of a file, checked before it is read, decoded or walked.

The environment sets them: ``BIXIE_LIMIT_PIXELS=50000000`` sets `Limits.pixels` (docs/reference/limits.md).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from bixie.kit.settings import positive

__all__ = ["Limits"]

_PREFIX = "BIXIE_LIMIT_"
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file, checked before the work they bound.

    Parameters
    ----------
    file_bytes : int
        Largest picture file, in bytes.
    video_bytes : int
        Largest video file, in bytes.
    pixels : int
        Largest picture, in pixels (width times height), read from the header before decoding: phones take
        photos of 200 million, as JPEG. What other formats may have, `memory_bytes` bounds.
    side : int
        Longest side of a picture, in pixels.
    scans : int
        Most scans (passes over the whole picture) of a JPEG; each takes time, and real files have about ten.
    frames : int
        Most frames of a video that are decoded to find the ones worth looking at.
    video_seconds : int
        Most seconds of work on one video before what was found so far is used.
    metadata_bytes : int
        Largest single metadata block (EXIF, XMP, ICC profile) that is parsed, in bytes.
    depth : int
        Deepest nesting of containers that is followed.
    nodes : int
        Most nodes (segments, chunks, boxes, directories, entries) of one file that are listed.
    folder_files : int
        Most files of one folder, its subfolders included, that are looked at.
    memory_bytes : int
        Memory that one file may take while it is decoded and examined. A picture that would take more by its
        header is refused; a child process is held to it.
    seconds : int
        Most seconds that a child process may work on one file.
    examiner_seconds : int
        Most seconds that an examiner of another package may work on one picture or file.
    """

    file_bytes: int = 64 * _MIB
    video_bytes: int = 512 * _MIB
    pixels: int = 210_000_000
    side: int = 30_000
    scans: int = 32
    frames: int = 500
    video_seconds: int = 60
    metadata_bytes: int = 16 * _MIB
    depth: int = 32
    nodes: int = 20_000
    folder_files: int = 10_000
    memory_bytes: int = 1536 * _MIB
    seconds: int = 60
    examiner_seconds: int = 15

    @property
    def max_file_bytes(self) -> int:
        """Bytes that a file may have before anything is known of its type."""
        return max(self.file_bytes, self.video_bytes)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Limits":
        """Return the limits of the environment, with defaults for the rest.

        Parameters
        ----------
        environment : mapping of str to str, optional
            ``os.environ`` when not given.

        Raises
        ------
        SettingError
            ``setting.not_a_number`` when a value is not a whole number greater than zero.
        """
        variables = os.environ if environment is None else environment
        names = {f"{_PREFIX}{field.name.upper()}": field.name for field in fields(cls)}
        return cls(**{names[name]: positive(name, variables[name]) for name in names if name in variables})
