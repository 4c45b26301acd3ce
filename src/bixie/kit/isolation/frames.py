"""Messages on the pipes between a process and its children: a length of 8 bytes, then the content."""

from typing import BinaryIO

__all__ = ["ClosedError", "read_frame", "write_frame"]

_LENGTH_BYTES = 8


class ClosedError(Exception):
    """The other side has closed its end of the pipe."""


def write_frame(pipe: BinaryIO, content: bytes | memoryview) -> None:
    """Write one message.

    Raises
    ------
    ClosedError
        If nobody reads it.
    """
    try:
        pipe.write(len(content).to_bytes(_LENGTH_BYTES, "big"))
        pipe.write(content)
        pipe.flush()
    except OSError as error:
        raise ClosedError from error


def read_frame(pipe: BinaryIO, max_bytes: int) -> bytes:
    """Read one message of at most `max_bytes`.

    Raises
    ------
    ClosedError
        At the end of the pipe.
    ValueError
        If the message is longer; the pipe cannot be used any more.
    """
    length = int.from_bytes(_read(pipe, _LENGTH_BYTES), "big")
    if length > max_bytes:
        raise ValueError(length)
    return _read(pipe, length)


def _read(pipe: BinaryIO, size: int) -> bytes:
    try:
        content = pipe.read(size)
    except OSError as error:
        raise ClosedError from error
    if len(content) < size:
        raise ClosedError
    return content
