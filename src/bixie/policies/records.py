"""Records of decisions: pack, facts, evaluation and outcome as canonical JSON, so that each can be replayed.

A record that is evaluated again with its pack gives the same bytes, on any machine and in any year.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bixie.kit.canonical_json import CanonicalError, Json, decode_canonical, encode_canonical
from bixie.kit.reasons import plain_reason
from bixie.kit.sanitise import sanitise
from bixie.policies.errors import PolicyError
from bixie.policies.evaluation import Evaluation, evaluate
from bixie.policies.facts import Facts
from bixie.policies.pack import Pack
from bixie.policies.values import Group

__all__ = [
    "Difference",
    "PackKey",
    "Record",
    "Replay",
    "parse_record",
    "read_record",
    "record_of",
    "records_in",
    "replay",
]

_SCHEMA = "bixie.decision/1"
MAX_RECORD_BYTES = 1024 * 1024
_MAX_DIFFERENCES = 50


class PackKey(Group):
    """One version of a pack, by what it is."""

    id: Annotated[str, Field(strict=True)]
    version: Annotated[int, Field(strict=True)]
    sha256: Annotated[str, Field(strict=True, pattern="^[0-9a-f]{64}$")]

    @classmethod
    def of(cls, pack: Pack) -> "PackKey":
        """Return the key of a pack."""
        return cls(id=pack.id, version=pack.version, sha256=pack.sha256)


class _Open(BaseModel):
    """A part of a record that may have gained keys since."""

    model_config = ConfigDict(extra="allow", strict=True)


class _Rule(_Open):
    id: str


class _Evaluation(_Open):
    rules: list[_Rule]
    permitted: bool
    person_required: bool
    second_review_required: bool


class _Outcome(_Open):
    kind: str


class _Document(Group):
    schema_: Literal["bixie.decision/1"] = Field(alias="schema")
    pack: PackKey
    facts: Facts
    evaluation: _Evaluation
    outcome: _Outcome


@dataclass(frozen=True)
class Record:
    """A decision as it is kept.

    Parameters
    ----------
    data : bytes
        Canonical JSON.
    pack : PackKey
    facts : Facts
    """

    data: bytes
    pack: PackKey
    facts: Facts

    @cached_property
    def document(self) -> dict[str, Json]:
        """The record in JSON types."""
        document: dict[str, Json] = decode_canonical(self.data)
        return document

    @property
    def evaluation(self) -> dict[str, Json]:
        """What the pack said then."""
        evaluation: dict[str, Json] = self.document["evaluation"]
        return evaluation

    @property
    def outcome(self) -> dict[str, Json]:
        """What was decided."""
        outcome: dict[str, Json] = self.document["outcome"]
        return outcome

    @property
    def sha256(self) -> str:
        """The SHA-256 of `data`, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


class Difference(NamedTuple):
    """One place in which a replayed record differs.

    Parameters
    ----------
    path : str
    recorded, replayed : str
        Canonical JSON, shortened; empty where there is nothing.
    """

    path: str
    recorded: str
    replayed: str


class Replay(NamedTuple):
    """What came of a replay.

    Parameters
    ----------
    is_identical : bool
        The bytes are the same.
    differences : tuple of Difference
        The first ones, none if identical.
    """

    is_identical: bool
    differences: tuple[Difference, ...]


def record_of(pack: Pack, facts: Facts, evaluation: Evaluation, outcome: Mapping[str, Json]) -> Record:
    """Return the record of a decision.

    Parameters
    ----------
    pack : Pack
    facts : Facts
    evaluation : Evaluation
        Of these facts by this pack.
    outcome : mapping
        What was decided, in JSON types; its ``kind`` among them.

    Raises
    ------
    CanonicalError
        For an outcome that has no canonical form, such as one with fractions.
    """
    document = {
        "schema": _SCHEMA,
        "pack": PackKey.of(pack).model_dump(),
        "facts": facts.as_dict(),
        "evaluation": evaluation.as_dict(),
        "outcome": dict(outcome),
    }
    return Record(encode_canonical(document), PackKey.of(pack), facts)


def read_record(path: str | Path) -> Record:
    """Read a record from a file. A line break at its end is allowed.

    Raises
    ------
    PolicyError
        ``policy.record_unreadable``, or what `parse_record` raises.
    """
    file = Path(path)
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_RECORD_BYTES + 2)
    except (OSError, ValueError) as error:
        raise PolicyError("policy.record_unreadable", file=file.name, reason=plain_reason(error)) from error
    return parse_record(data.removesuffix(b"\n"), file.name)


def records_in(path: Path, refused: Callable[[PolicyError], object]) -> Iterator[Record]:
    """Yield the records of a file, one a line.

    Parameters
    ----------
    path : path
    refused : callable
        Called with what is wrong with a line that is no record.

    Raises
    ------
    PolicyError
        ``policy.record_unreadable``.
    """
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(MAX_RECORD_BYTES + 2):
                number += 1
                try:
                    yield parse_record(line.removesuffix(b"\n"), f"{path.name}:{number}")
                except PolicyError as error:
                    refused(error)
    except (OSError, ValueError) as error:
        raise PolicyError("policy.record_unreadable", file=path.name, reason=plain_reason(error)) from error


def parse_record(data: bytes, name: str) -> Record:
    """Return the record that `data` holds.

    Parameters
    ----------
    data : bytes
        Canonical JSON; another spelling is not the record that was kept.
    name : str
        What errors call it.

    Raises
    ------
    PolicyError
        ``policy.record_too_large``, ``policy.record_not_canonical`` or ``policy.not_a_record``.
    """
    if len(data) > MAX_RECORD_BYTES:
        raise PolicyError("policy.record_too_large", file=name, limit=MAX_RECORD_BYTES)
    try:
        document = _Document.model_validate(decode_canonical(data))
    except CanonicalError as error:
        raise PolicyError("policy.record_not_canonical", file=name, reason=error.text) from error
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise PolicyError("policy.not_a_record", file=name, at=sanitise(place) or ".") from error
    return Record(data, document.pack, document.facts)


def replay(record: Record, packs: Iterable[Pack]) -> Replay:
    """Evaluate the facts of a record again with its pack, and compare the bytes.

    Parameters
    ----------
    record : Record
    packs : iterable of Pack
        Among which that of the record is looked for, by id, version and hash.

    Raises
    ------
    PolicyError
        ``policy.pack_missing``.
    """
    pack = next((one for one in packs if PackKey.of(one) == record.pack), None)
    if pack is None:
        raise PolicyError("policy.pack_missing", **record.pack.model_dump())
    again = record_of(pack, record.facts, evaluate(pack, record.facts), record.outcome)
    if again.data == record.data:
        return Replay(True, ())
    found = list(_differences("", record.document, again.document))
    return Replay(False, tuple(found[:_MAX_DIFFERENCES]))


_NOTHING = object()


def _differences(path: str, recorded: object, replayed: object) -> Iterator[Difference]:
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        for key in sorted({*recorded, *replayed}):
            inner = f"{path}.{key}".removeprefix(".")
            yield from _differences(inner, recorded.get(key, _NOTHING), replayed.get(key, _NOTHING))
    elif isinstance(recorded, list) and isinstance(replayed, list):
        for index, (one, other) in enumerate(zip_longest(recorded, replayed, fillvalue=_NOTHING)):
            yield from _differences(f"{path}[{index}]", one, other)
    elif recorded != replayed or type(recorded) is not type(replayed):
        yield Difference(path, _shown(recorded), _shown(replayed))


def _shown(value: object) -> str:
    return "" if value is _NOTHING else sanitise(encode_canonical(value).decode())
