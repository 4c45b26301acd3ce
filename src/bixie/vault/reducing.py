"""Decodes a picture and reduces it, in a child process: imports nothing that only the parent needs."""

from dataclasses import replace
from typing import NamedTuple

from bixie.examiners.views import view
from bixie.imaging.decode import decode
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.kit.isolation.child import Answer, Parent
from bixie.vault.inspection import refusal_answer

__all__ = ["NAME", "TASK", "Request", "task"]

TASK = f"{__name__}:task"
NAME = "reduced.jpg"
"""Of the answer's file."""


class Request(NamedTuple):
    """What to make.

    Parameters
    ----------
    name : str
        Of the file.
    long_side : int
        Pixels, at most.
    limits : Limits
    """

    name: str
    long_side: int
    limits: Limits


def task(request: Request, parent: Parent) -> Answer:
    """Decode and reduce the file that the parent reads."""
    limits = replace(request.limits, memory_bytes=parent.memory_bytes)
    try:
        source = source_from_bytes(request.name, parent.call("read"))
        picture = decode(source, limits, long_side=request.long_side)
    except ImagingError as error:
        return refusal_answer(error)
    return Answer(None, {NAME: view(picture.rgb, request.long_side).jpeg})
