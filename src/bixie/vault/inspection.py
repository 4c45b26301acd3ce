"""Looks into a received file, in a child process: whether it can be decoded within the limits."""

from dataclasses import replace
from typing import BinaryIO, NamedTuple

from bixie.imaging.children import CHILDREN
from bixie.imaging.decode import decode
from bixie.imaging.errors import ImagingError
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.kit.canonical_json import Json
from bixie.kit.chunks import chunks
from bixie.kit.isolation.child import Answer, Parent
from bixie.kit.isolation.errors import CutOffError
from bixie.kit.sanitise import sanitise

__all__ = ["look_into", "refusal_answer", "refusal_of", "task"]

_TASK = f"{__name__}:task"
_LONG_SIDE = 256
"""Long side in pixels for the trial decoding: large JPEGs decode much faster at a reduced size."""


class _Request(NamedTuple):
    name: str
    limits: Limits


def look_into(file: BinaryIO, name: str, limits: Limits, *, wait_seconds: float) -> ImagingError | None:
    """Return why a picture cannot be examined; None if it can.

    Parameters
    ----------
    file : binary file
        Read from its current position.
    name : str
        As its sender calls it.
    limits : Limits
    wait_seconds : float
        For a child that is free.

    Raises
    ------
    IsolationError
        A `CutOffError` if the child ended while it looked into the file.
    """
    answer = CHILDREN.run(
        _TASK,
        _Request(name, limits),
        memory_bytes=limits.memory_bytes,
        seconds=limits.seconds,
        calls={"read": lambda _: chunks(file)},
        wait_seconds=wait_seconds,
    )
    return None if answer.document is None else refusal_of(answer.document)


def task(request: _Request, parent: Parent) -> Answer:
    """Decode the file that the parent reads; runs in the child."""
    limits = replace(request.limits, memory_bytes=parent.memory_bytes)
    try:
        decode(source_from_bytes(request.name, parent.call("read")), limits, long_side=_LONG_SIDE)
    except ImagingError as error:
        return refusal_answer(error)
    return Answer(None)


def refusal_answer(error: ImagingError) -> Answer:
    """Return what a child answers about a file that cannot be decoded; lack of memory ends it instead."""
    if isinstance(error.__cause__, MemoryError):
        raise error.__cause__ from error
    return Answer({"code": error.code, "values": error.values})


def refusal_of(document: Json) -> ImagingError:
    """Return the error with our own sentence: a child that a file has taken over writes to nobody."""
    try:
        code, values = document["code"], document["values"]
        plain = {key: one if isinstance(one, int) else sanitise(str(one)) for key, one in values.items()}
        return ImagingError(code, **plain)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CutOffError("isolation.bad_answer") from error
