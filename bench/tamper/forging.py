"""What an attacker writes who knows all formats: events with fitting hashes, a chain that holds, its tree."""

import json
from collections.abc import Callable
from typing import Any

from bench.tamper.kinds import Scene
from bixie.kit.canonical_json import encode_canonical
from bixie.ledger.merkle import Frontier, leaf_hash
from bixie.ledger.rules import Checkpoint, hash_of_body
from bixie.ledger.tree import STEP

__all__ = [
    "Body",
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


def rewritten(scene: Scene, first: int, change: Callable[[Body], Body], *, checkpoints: bool = True) -> None:
    """Change an event and rewrite everything after it, so that it holds together: as its owner could.

    Parameters
    ----------
    scene : Scene
    first : int
        The event to change.
    change : callable
        Returns the new body.
    checkpoints : bool
        Whether checkpoints are made anew; otherwise the ledger looks as if it had never had any. Events of
        the ledger itself give way to others, so that no number changes.
    """
    made = {row["size"]: json.loads(row["body"]) for row in scene.rows(_CHECKPOINTS)}
    forged: dict[int, Checkpoint] = {}
    frontier, previous = Frontier(), "0" * 64
    nodes: dict[tuple[int, int], str] = {}
    for sequence in range(1, last(scene) + 1):
        body = body_at(scene, sequence)
        if sequence == first:
            body = change(body)
        if body["type"].startswith(_LEDGERS_OWN):
            body = _own(body, forged, checkpoints=checkpoints)
        text, previous = with_changes(body, previous=previous)
        put(scene, sequence, text, previous)
        for level, position, hash_ in frontier.push(leaf_hash(bytes.fromhex(previous))):
            if level and level % STEP == 0:
                nodes[level, position] = hash_.hex()
        if checkpoints and sequence in made:
            said = made[sequence]
            forged[sequence] = Checkpoint(
                said["tenant"], sequence, frontier.root().hex(), previous, said["time"]
            )
    head_set_to(scene, last(scene))
    _put_checkpoints(scene, forged, nodes, checkpoints=checkpoints)


_CHECKPOINTS = "SELECT size, body FROM ledger_checkpoint WHERE tenant = :tenant"


def _own(body: Body, forged: dict[int, Checkpoint], *, checkpoints: bool) -> Body:
    """Return what stands for an event of the ledger itself."""
    if checkpoints and body["type"] == "ledger.checkpoint":
        size = body["data"]["size"]
        return body | {"data": {"size": size, "hash": hash_of_body(forged[size].body(), Checkpoint)}}
    # Stamps cannot be forged, so nothing may say that there was one.
    return body | {"type": "bench.happened", "data": {}}


def _put_checkpoints(
    scene: Scene, forged: dict[int, Checkpoint], nodes: dict[tuple[int, int], str], *, checkpoints: bool
) -> None:
    for row in scene.rows("SELECT size FROM ledger_stamp WHERE tenant = :tenant"):
        scene.run("DELETE FROM ledger_stamp WHERE tenant = :tenant AND size = :size", size=row["size"])
    if not checkpoints:
        scene.run("DELETE FROM ledger_checkpoint WHERE tenant = :tenant")
    for size, one in forged.items():
        scene.run(
            "UPDATE ledger_checkpoint SET root = :root, body = :body WHERE tenant = :tenant AND size = :size",
            root=one.root,
            body=one.body(),
            size=size,
        )
    for row in scene.rows("SELECT level, position FROM ledger_node WHERE tenant = :tenant"):
        level, position = row["level"], row["position"]
        at = "WHERE tenant = :tenant AND level = :level AND position = :position"
        if checkpoints:
            hash_ = nodes[level, position]
            scene.run(f"UPDATE ledger_node SET hash = :hash {at}", level=level, position=position, hash=hash_)
        else:
            scene.run(f"DELETE FROM ledger_node {at}", level=level, position=position)


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise LookupError(value)
    return value
