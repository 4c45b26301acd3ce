"""Kinds of tampering with checkpoints, stamps, the tree, and a ledger's tail."""

from bench.tamper.forging import Body, head_set_to, last_covered, rewritten
from bench.tamper.kinds import FORMATS, Scene, by_sql, kinds

__all__ = ["KINDS"]

_FIRST = "size = (SELECT min(size) FROM ledger_checkpoint WHERE tenant = :tenant)"
_OF = "WHERE tenant = :tenant AND"


def _cut(scene: Scene, size: int) -> None:
    for table in ("ledger_event", "ledger_personal"):
        scene.run(f"DELETE FROM {table} WHERE tenant = :tenant AND sequence > {size}")
    head_set_to(scene, size)


def _cut_head_only(scene: Scene) -> None:
    _cut(scene, last_covered(scene) - 1)


def _other_actor(body: Body) -> Body:
    return body | {"actor": "person_other"}


def _rewrite_after(scene: Scene) -> None:
    """Rewrite an early event and every hash after it; checkpoints are left."""
    rows = scene.rows("SELECT size, root, body FROM ledger_checkpoint WHERE tenant = :tenant")
    rewritten(scene, 3, _other_actor)
    for row in rows:
        scene.run(
            "UPDATE ledger_checkpoint SET root = :root, body = :body WHERE tenant = :tenant AND size = :size",
            **dict(row),
        )


_MORE_THAN_THERE_IS = (
    "INSERT INTO ledger_checkpoint (tenant, size, root, body) "
    f"SELECT tenant, 5000, root, body FROM ledger_checkpoint {_OF} {_FIRST}"
)
_CHECKPOINTS = {
    "a root": by_sql(f"UPDATE ledger_checkpoint SET root = '{'0' * 64}' {_OF} {_FIRST}"),
    "its time": by_sql(f"UPDATE ledger_checkpoint SET body = replace(body, '2026', '2025') {_OF} {_FIRST}"),
    "emptied": by_sql(f"UPDATE ledger_checkpoint SET body = '' {_OF} {_FIRST}"),
    "removed": by_sql(f"DELETE FROM ledger_checkpoint {_OF} {_FIRST}"),
    "all removed": by_sql("DELETE FROM ledger_checkpoint WHERE tenant = :tenant"),
    "one over more than there is": by_sql(_MORE_THAN_THERE_IS),
}

KINDS = [
    *kinds("checkpoints", _CHECKPOINTS),
    *kinds("checkpoints", {"history rewritten, checkpoints left": _rewrite_after}, FORMATS),
    *kinds("tail", {"cut before the last checkpoint, the head set back": _cut_head_only}),
]
"""What is done to checkpoints, stamps, the tree and the tail."""
