"""The bytes and hashes of events, commitments and checkpoints. Pure: same input, same bytes.

An event never contains personal data. It contains a commitment to each value: SHA-256 over a random salt and
the value. Salt and value prove that they belong together; once the salt is erased, the value cannot be found
by trying.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bixie.kit.canonical_json import CanonicalError, Json, decode_canonical, encode_canonical

__all__ = [
    "ADOPTED_EVENT",
    "CHECKPOINT_EVENT",
    "CONTINUED_EVENT",
    "ERASED_EVENT",
    "GENESIS",
    "KEY_EVENT",
    "MAX_BODY_BYTES",
    "OWN_EVENTS",
    "RECORDED_EVENT",
    "SALT_BYTES",
    "STAMPED_EVENT",
    "Checkpoint",
    "Event",
    "checkpoint_from_body",
    "commitment",
    "event_from_body",
    "hash_of_body",
    "key_message",
    "signed_message",
]

GENESIS = "0" * 64
"""Hash of the previous event in the first event of every tenant."""

MAX_BODY_BYTES = 64 * 1024
"""Of an event's body; files belong in the vault."""
SALT_BYTES = 32
CHECKPOINT_EVENT = "ledger.checkpoint"
"""Type of the event that follows a checkpoint and names it, so that the chain covers checkpoints too."""
ERASED_EVENT = "ledger.erased"
"""Type of the event that says which personal data of an earlier event were erased."""

STAMPED_EVENT = "ledger.stamped"
"""Type of the event that says which authority has stamped a checkpoint, so that no stamp can be removed."""
KEY_EVENT = "ledger.key"
"""Type of the event that names the key that signs from then on."""
OWN_EVENTS = (CHECKPOINT_EVENT, STAMPED_EVENT)
"""Types of events about checkpoints: they alone call for no new one."""
CONTINUED_EVENT = "ledger.rows_continued"
"""Type of the event with what the event before it had no room for."""
ADOPTED_EVENT = "ledger.rows_adopted"
"""Type of the event that states a row from before its table was recorded, as the row stands then."""
RECORDED_EVENT = "ledger.table_recorded"
"""Type of the event after which no row of a table is without a statement; the subject is the table."""

_EVENT_FORMAT = "bixie.event/1"
_CHECKPOINT_FORMAT = "bixie.checkpoint/1"
# Hashed bytes begin with their type, so one type can never pass as another.
_EVENT_PREFIX = b"bixie.ledger.event/1\n"
_CHECKPOINT_PREFIX = b"bixie.ledger.checkpoint/1\n"
_COMMITMENT_PREFIX = b"bixie.ledger.commitment/1\n"
_SIGNATURE_PREFIX = b"bixie.ledger.signature/1\n"
_KEY_PREFIX = b"bixie.ledger.key/1\n"
_EVENT_TYPES = {
    "tenant": str, "sequence": int, "previous": str, "type": str, "subject": str, "actor": str, "time": str,
    "data": dict, "personal": dict, "format": str,
}  # fmt: skip
_CHECKPOINT_TYPES = {"tenant": str, "size": int, "root": str, "head": str, "time": str, "format": str}


@dataclass(frozen=True, slots=True)
class Event:
    """One event, as in its body.

    Parameters
    ----------
    tenant : str
    sequence : int
        From 1, without a gap.
    previous : str
        Hash of the event before it, `GENESIS` for the first.
    type : str
        ``exhibit.kept``: the room's thing and what happened to it.
    subject : str
        Id of the thing.
    actor : str
        Id of the person, key or program that did it.
    time : str
        As `bixie.kit.timestamps.format_timestamp` writes it.
    data : dict
        What else is to be known; no personal data.
    personal : dict of str to str
        Commitment for each name.
    """

    tenant: str
    sequence: int
    previous: str
    type: str
    subject: str
    actor: str
    time: str
    data: Mapping[str, Json] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> str:
        """Return the canonical text that is stored and hashed.

        Raises
        ------
        CanonicalError
            When `data` cannot be written exactly.
        """
        values = {name: getattr(self, name) for name in _EVENT_TYPES if name != "format"}
        values["data"], values["personal"] = dict(self.data), dict(self.personal)
        return encode_canonical({"format": _EVENT_FORMAT, **values}).decode()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a tenant's ledger at one size.

    Parameters
    ----------
    tenant : str
    size : int
        Number of events.
    root : str
        Of the Merkle tree over the hashes of these events.
    head : str
        Hash of the last of them.
    time : str
        When it was made.
    """

    tenant: str
    size: int
    root: str
    head: str
    time: str

    def body(self) -> str:
        """Return the canonical text that is stored, hashed and time-stamped."""
        values = {name: getattr(self, name) for name in _CHECKPOINT_TYPES if name != "format"}
        return encode_canonical({"format": _CHECKPOINT_FORMAT, **values}).decode()


def hash_of_body(body: str, kind: type[Event] | type[Checkpoint] = Event) -> str:
    """Return the hash of a body, 64 hexadecimal digits.

    Parameters
    ----------
    body : str
        Text that cannot be UTF-8 is hashed by the bytes it was read from.
    kind : type
        `Event` or `Checkpoint`.
    """
    prefix = _EVENT_PREFIX if kind is Event else _CHECKPOINT_PREFIX
    return hashlib.sha256(prefix + body.encode("utf-8", "surrogateescape")).hexdigest()


def commitment(salt: bytes, value: Json) -> str:
    """Return the commitment to a value: it binds to the value and reveals nothing without the salt."""
    return hashlib.sha256(_COMMITMENT_PREFIX + salt + encode_canonical(value)).hexdigest()


def signed_message(body: str) -> bytes:
    """Return the bytes that are signed for a checkpoint's body."""
    return _SIGNATURE_PREFIX + body.encode("utf-8", "surrogateescape")


def key_message(tenant: str, key: str, public: str, former: str | None) -> bytes:
    """Return the bytes that the new and the former key sign when one follows the other.

    Parameters
    ----------
    tenant : str
    key, former : str
        Ids of the new key and of the one before it; None for the first.
    public : str
        The new public key, in base 64.
    """
    said: dict[str, Json] = {"former": former, "key": key, "public": public, "tenant": tenant}
    return _KEY_PREFIX + encode_canonical(said)


def event_from_body(body: str) -> Event:
    """Return the event that a body holds.

    Raises
    ------
    CanonicalError
        When it is not the canonical body of an event.
    """
    return Event(**_read(body, _EVENT_FORMAT, _EVENT_TYPES))


def checkpoint_from_body(body: str) -> Checkpoint:
    """Return the checkpoint that a body holds.

    Raises
    ------
    CanonicalError
        When it is not the canonical body of a checkpoint.
    """
    return Checkpoint(**_read(body, _CHECKPOINT_FORMAT, _CHECKPOINT_TYPES))


def _read(body: str, form: str, types: Mapping[str, type]) -> dict[str, Any]:
    values = decode_canonical(body)
    if type(values) is not dict or values.keys() != types.keys() or values["format"] != form:
        raise CanonicalError("json.other_format", format=form)
    if any(type(values[name]) is not wanted for name, wanted in types.items()):
        raise CanonicalError("json.other_format", format=form)
    del values["format"]
    return values
