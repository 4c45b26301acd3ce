"""Reads what witnesses were told: files, folders, web addresses; a line that is none is named by its number.

Whoever wrote the lines may mean harm: they are limited in length, number and bytes, and each is parsed alone.
"""

import errno
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from sys import intern
from typing import BinaryIO

from bixie.kit.reasons import plain_reason
from bixie.ledger.errors import BrokenLedger, WitnessError
from bixie.ledger.witnesses.statements import Statement

__all__ = ["MAX_LINE_BYTES", "Source", "Witnessed", "read_source"]

MAX_LINE_BYTES = 1 << 20
"""A receipt holds an event, whose body has at most 64 KiB, twice escaped."""
MAX_LINES = 5_000_000
_MAX_FETCHED_BYTES = 256 << 20
_SECONDS = 30
_MAX_TORN = 16
_BEGINNING = b'{"checkpoint":"{'
_SUFFIXES = {".jsonl", ".json"}

Source = Callable[[str], Iterator[tuple[str, Iterable[bytes]]]]
"""Returns the documents at an address: a name and the lines of each."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What a witness says about a tenant's ledger.

    Parameters
    ----------
    source : str
        Where it was read.
    line : int
        From 1.
    tenant : str
    size : int
    head : str
        Hash of the last of these events.
    body_hash : str
        SHA-256 of the checkpoint's body.
    signer : str or None
        Id of the key whose signature holds.
    signed : bool
        Whether there is a signature, one that holds or not.
    """

    source: str
    line: int
    tenant: str
    size: int
    head: str
    body_hash: str
    signer: str | None
    signed: bool


def _unnoticed(_source: str, _line: int) -> None:
    pass


def read_source(
    address: str, more: Mapping[str, Source] | None = None, on_torn: Callable[[str, int], None] = _unnoticed
) -> Iterator[Witnessed]:
    """Yield what is said at a path or address.

    Parameters
    ----------
    address : str
        A file of JSON lines or a receipt, a folder of them, ``http://`` or ``https://``.
    more : mapping of str to Source
        For further schemes, such as ``s3``.
    on_torn : callable
        Called with source and number of each line that was cut off while it was written: a later one repeats
        it, or it is the last.

    Raises
    ------
    WitnessError
        ``ledger.witness_unreachable``.
    BrokenLedger
        ``ledger.witness_unreadable`` for a line that is nothing Bixie wrote.
    """
    scheme = address.partition("://")[0] if "://" in address else ""
    sources = {"http": _fetched, "https": _fetched, "": _files, **(more or {})}
    if scheme not in sources:
        raise WitnessError("ledger.witness_unreachable", witness=address, reason=scheme)
    try:
        for name, lines in sources[scheme](address):
            yield from _witnessed(name, lines, on_torn)
    except (OSError, HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise WitnessError(
            "ledger.witness_unreachable", witness=address, reason=plain_reason(error)
        ) from error


def _witnessed(name: str, lines: Iterable[bytes], on_torn: Callable[[str, int], None]) -> Iterator[Witnessed]:
    torn: list[tuple[int, bytes]] = []
    number = 0
    for number, line in enumerate(lines, 1):
        if number > MAX_LINES or len(line) > MAX_LINE_BYTES:
            raise _unreadable(name, number)
        repeated = [one for one in torn if line.startswith(one[1])]
        for one in repeated:
            torn.remove(one)
            on_torn(name, one[0])
        if not line.strip():
            continue
        try:
            statement = Statement.read(line)
        except ValueError:
            # A power failure or a full disk cuts a line off; it is written again, whole, as a later one.
            if len(torn) == _MAX_TORN:
                raise _unreadable(name, torn[0][0]) from None
            torn.append((number, line.rstrip(b"\n")))
            continue
        said = statement.checkpoint
        yield Witnessed(
            source=name,
            line=number,
            tenant=intern(said.tenant),
            size=said.size,
            head=said.head,
            body_hash=statement.body_hash,
            signer=statement.signer,
            signed=statement.signature is not None,
        )
    if torn and torn[-1][0] == number and _is_beginning(torn[-1][1]):  # it is not written again yet
        on_torn(name, torn.pop()[0])
    if torn:
        raise _unreadable(name, torn[0][0])


def _is_beginning(line: bytes) -> bool:
    """Return whether a line is the first part of a statement, which no whole document is."""
    if not (line.startswith(_BEGINNING) or _BEGINNING.startswith(line)):
        return False
    try:
        json.loads(line)
    except ValueError:
        return True
    except RecursionError:
        return False
    return False


def _unreadable(name: str, line: int) -> BrokenLedger:
    return BrokenLedger("ledger.witness_unreadable", tenant="", sequence=0, source=name, line=line)


def _files(address: str) -> Iterator[tuple[str, Iterable[bytes]]]:
    path = Path(address)
    files = sorted(one for one in path.iterdir() if one.suffix in _SUFFIXES) if path.is_dir() else [path]
    for file in files:
        if file.exists() and not file.is_file():  # a pipe would be waited for, a device never ends
            raise OSError(errno.EISDIR, str(file))
        with file.open("rb") as stream:
            yield str(file), lines_of(stream)


def _fetched(address: str) -> Iterator[tuple[str, Iterable[bytes]]]:
    with closing(urllib.request.urlopen(address, timeout=_SECONDS)) as stream:
        yield address, lines_of(stream, _MAX_FETCHED_BYTES)


def lines_of(stream: BinaryIO, limit: int | None = None) -> Iterator[bytes]:
    """Yield lines, none much longer than allowed; a document over several lines is one of them."""
    first = stream.readline(MAX_LINE_BYTES + 1)
    if first.strip() == b"{":
        yield first + stream.read(MAX_LINE_BYTES)
        return
    read = len(first)
    if first:
        yield first
    for line in iter(lambda: stream.readline(MAX_LINE_BYTES + 1), b""):
        read += len(line)
        if limit is not None and read > limit:
            raise OSError("too long")
        yield line
