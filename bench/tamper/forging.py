"""What an attacker writes who knows all formats: events with fitting hashes, a chain that holds, its tree."""

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from bench.tamper.kinds import Scene
from bixie.kit.canonical_json import encode_canonical
from bixie.ledger.merkle import Frontier, leaf_hash
from bixie.ledger.rules import GENESIS, Checkpoint, hash_of_body, key_message, signed_message
from bixie.ledger.signing import Signer
from bixie.ledger.tree import STEP

__all__ = [
    "Body",
    "Forgery",
    "appended",
    "body_at",
    "head_set_to",
    "last",
    "last_covered",
    "put",
    "replaced",
    "rewritten",
    "with_changes",
]

Body = dict[str, Any]
"""The members of an event's body."""

_LEDGERS_OWN = "ledger."
_AT = "WHERE tenant = :tenant AND sequence = :sequence"


def last(scene: Scene) -> int:
    """Return the sequence of the tenant's last event."""
    return _number(scene.value("SELECT max(sequence) FROM ledger_event WHERE tenant = :tenant"))


def last_covered(scene: Scene) -> int:
    """Return the size of the tenant's last checkpoint."""
    return _number(scene.value("SELECT max(size) FROM ledger_checkpoint WHERE tenant = :tenant"))


def body_at(scene: Scene, sequence: int) -> Body:
    """Return an event's body."""
    body: Body = json.loads(str(scene.value(f"SELECT body FROM ledger_event {_AT}", sequence=sequence)))
    return body


def with_changes(body: Body, **changes: Any) -> tuple[str, str]:
    """Return the canonical body with changes, and its hash."""
    text = encode_canonical(body | changes).decode()
    return text, hash_of_body(text)


def put(scene: Scene, sequence: int, text: str, hash_: str) -> None:
    """Put a body in the place of an event's, with the columns that repeat it."""
    body = json.loads(text)
    scene.run(
        f"UPDATE ledger_event SET body = :body, hash = :hash, type = :type, subject = :subject {_AT}",
        body=text,
        hash=hash_,
        sequence=sequence,
        **{name: body[name] for name in ("type", "subject")},
    )


def replaced(scene: Scene, sequence: int, **changes: Any) -> str:
    """Change an event together with its hash; return the hash."""
    text, hash_ = with_changes(body_at(scene, sequence), **changes)
    put(scene, sequence, text, hash_)
    return hash_


def head_set_to(scene: Scene, size: int) -> None:
    """Set the head back to an event that is there."""
    scene.run(
        "UPDATE ledger_head SET size = :size, hash = (SELECT hash FROM ledger_event WHERE tenant = :tenant "
        "AND sequence = :size) WHERE tenant = :tenant",
        size=size,
    )


def appended(scene: Scene, subject: str, data: Body) -> None:
    """Append an event with a right hash of the one before it, and move the head: the chain holds."""
    sequence = last(scene) + 1
    before = body_at(scene, sequence - 1)
    text, hash_ = with_changes(
        before | {"personal": {}},
        sequence=sequence,
        previous=hash_of_body(encode_canonical(before).decode()),
        type="bench.happened",
        subject=subject,
        data=data,
    )
    scene.run(
        "INSERT INTO ledger_event (tenant, sequence, type, subject, hash, body) "
        "VALUES (:tenant, :sequence, 'bench.happened', :subject, :hash, :body)",
        sequence=sequence,
        subject=subject,
        hash=hash_,
        body=text,
    )
    head_set_to(scene, sequence)


class Forgery(StrEnum):
    """What becomes of the ledger's own events, rows and signatures when a history is rewritten."""

    CHECKPOINTS_LEFT = "left as they were"
    SIGNATURES_LEFT = "checkpoints made anew, signatures left"
    UNSIGNED = "checkpoints made anew, no trace of a key"
    NONE = "no trace of checkpoints and keys"
    SIGNED = "checkpoints made anew and signed"


def rewritten(
    scene: Scene,
    change: Callable[[Body], Body],
    forgery: Forgery,
    signer: Signer | None = None,
    *,
    first: int = 3,
) -> None:
    """Change an event and rewrite everything after it, so that the chain holds together again.

    No event moves to another number: events of the ledger itself that must vanish give way to others. Stamps
    vanish, because nobody but the authority can make one.

    Parameters
    ----------
    scene : Scene
    change : callable
        Returns the new body of the event.
    forgery : Forgery
    signer : Signer, optional
        Signs the new checkpoints; an event names it as the first key.
    first : int
        The event to change.
    """
    history = _History(scene, forgery, signer)
    for sequence in range(1, last(scene) + 1):
        body = body_at(scene, sequence)
        history.put(sequence, change(body) if sequence == first else body)
    head_set_to(scene, last(scene))
    history.put_checkpoints()


class _History:
    """The new chain, and the checkpoints and hashes that fit it."""

    def __init__(self, scene: Scene, forgery: Forgery, signer: Signer | None) -> None:
        self._scene = scene
        self._forgery = forgery
        self._signer = signer
        checkpoints = "SELECT size, body FROM ledger_checkpoint WHERE tenant = :tenant"
        self._said = {row["size"]: json.loads(row["body"]) for row in scene.rows(checkpoints)}
        self._made: dict[int, Checkpoint] = {}
        self._nodes: dict[tuple[int, int], str] = {}
        self._frontier, self._previous = Frontier(), GENESIS

    def put(self, sequence: int, body: Body) -> None:
        """Put an event behind those that were put before."""
        if body["type"].startswith(_LEDGERS_OWN) and self._forgery != Forgery.CHECKPOINTS_LEFT:
            body = self._own(body)
        text, self._previous = with_changes(body, previous=self._previous)
        put(self._scene, sequence, text, self._previous)
        for level, position, hash_ in self._frontier.push(leaf_hash(bytes.fromhex(self._previous))):
            if level and level % STEP == 0:
                self._nodes[level, position] = hash_.hex()
        if sequence in self._said:
            time, root = self._said[sequence]["time"], self._frontier.root().hex()
            self._made[sequence] = Checkpoint(self._scene.tenant, sequence, root, self._previous, time)

    def _own(self, body: Body) -> Body:
        """Return what stands for an event of the ledger itself."""
        filler = body | {"type": "bench.happened", "data": {}}
        keyless = self._forgery in (Forgery.UNSIGNED, Forgery.NONE)
        if body["type"] == "ledger.key":
            return filler if keyless else self._key(body)
        if body["type"] != "ledger.checkpoint" or self._forgery == Forgery.NONE:
            return filler
        size = body["data"]["size"]
        data = {"size": size, "hash": hash_of_body(self._made[size].body(), Checkpoint)}
        if not keyless:
            data["signer"] = self._signer.public.id if self._signer else body["data"]["signer"]
        return body | {"data": data}

    def _key(self, body: Body) -> Body:
        if self._signer is None:
            return body
        key, public = self._signer.public.id, self._signer.public.text
        said = key_message(self._scene.tenant, key, public, None)
        data = {"key": key, "public": public, "former": None, "former_signature": None}
        return body | {"data": {**data, "signature": self._signer.sign(said)}}

    def put_checkpoints(self) -> None:
        """Put the checkpoints, the hashes of the tree and the signatures that fit the new chain."""
        scene = self._scene
        if self._forgery == Forgery.CHECKPOINTS_LEFT:
            return
        gone = ["ledger_stamp"]
        if self._forgery in (Forgery.UNSIGNED, Forgery.NONE):
            gone.append("ledger_signature")
        if self._forgery == Forgery.NONE:
            gone += ["ledger_checkpoint", "ledger_node"]
        for table in gone:
            scene.run(f"DELETE FROM {table} WHERE tenant = :tenant")
        if self._forgery != Forgery.NONE:
            self._update()

    def _update(self) -> None:
        of = "WHERE tenant = :tenant AND size = :size"
        for size, one in self._made.items():
            changed = {"root": one.root, "body": one.body(), "size": size}
            self._scene.run(f"UPDATE ledger_checkpoint SET root = :root, body = :body {of}", **changed)
            if self._signer is not None:
                signed = {
                    "key": self._signer.public.id,
                    "signature": self._signer.sign(signed_message(one.body())),
                }
                self._scene.run(
                    f"UPDATE ledger_signature SET signer = :key, signature = :signature {of}",
                    size=size,
                    **signed,
                )
        for row in self._scene.rows("SELECT level, position FROM ledger_node WHERE tenant = :tenant"):
            self._scene.run(
                "UPDATE ledger_node SET hash = :hash WHERE tenant = :tenant AND level = :level "
                "AND position = :position",
                hash=self._nodes[row["level"], row["position"]],
                **row,
            )


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise LookupError(value)
    return value
