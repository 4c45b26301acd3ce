"""Kinds of tampering with checkpoints, signatures, stamps, the tree, a ledger's tail, and witnesses."""

import json
import shutil
from contextlib import suppress
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import inspect, text

from bench.tamper.forging import Body, Forgery, head_set_to, last_covered, rewritten
from bench.tamper.kinds import FORMATS, KEY, MACHINE, WITNESS_FILE, Check, Kind, Scene, by_sql, kinds
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.ledger.errors import NoKeyError
from bixie.ledger.last_signed import memory_beside
from bixie.ledger.service import NewEvent, append, change_key, checkpoint
from bixie.ledger.signing import SIGNING, KeyFile, Signer
from bixie.store.engine import connect
from bixie.store.unit_of_work import Store

__all__ = ["KINDS"]

_OF = "WHERE tenant = :tenant AND"
_FIRST = "size = (SELECT min(size) FROM ledger_checkpoint WHERE tenant = :tenant)"
_LAST = "size = (SELECT max(size) FROM ledger_checkpoint WHERE tenant = :tenant)"
_FIRST_STAMP = "size = (SELECT min(size) FROM ledger_stamp WHERE tenant = :tenant)"
_LAST_STAMP = "size = (SELECT max(size) FROM ledger_stamp WHERE tenant = :tenant)"
_TABLES = ("ledger_checkpoint", "ledger_signature", "ledger_stamp")


def _delete_after(scene: Scene, size: int, *, checkpoints: bool) -> None:
    """Cut off what follows an event, with the personal data, and with the checkpoints that go further."""
    for table in ("ledger_event", "ledger_personal"):
        scene.run(f"DELETE FROM {table} WHERE tenant = :tenant AND sequence > {size}")
    if checkpoints:
        for table in _TABLES:
            scene.run(f"DELETE FROM {table} WHERE tenant = :tenant AND size > {size}")
        scene.run("DELETE FROM ledger_node WHERE tenant = :tenant")  # of the first tile, which is cut
    head_set_to(scene, size)


def _cut_before_last(scene: Scene) -> None:
    _delete_after(scene, last_covered(scene) - 1, checkpoints=False)


def _cut_to_former_checkpoint(scene: Scene) -> None:
    """Cut to what follows the checkpoint before the last: its event, and that of its stamp."""
    query = f"SELECT max(size) FROM ledger_checkpoint {_OF} NOT {_LAST}"
    _delete_after(scene, int(str(scene.value(query))) + 2, checkpoints=True)


def _cut_to_nothing(scene: Scene) -> None:
    """Remove every row that names the tenant, as if there had never been one."""
    inspector = inspect(scene.connection)
    for table in inspector.get_table_names():
        if any(column["name"] == "tenant" for column in inspector.get_columns(table)):
            scene.connection.execute(
                text(f"DELETE FROM {table} WHERE tenant = :tenant"), {"tenant": scene.tenant}
            )


def _cut_before_any_checkpoint(scene: Scene) -> None:
    """Cut to before the first checkpoint, and the event that names the key."""
    query = "SELECT min(sequence) FROM ledger_event WHERE tenant = :tenant AND type = 'ledger.key'"
    _delete_after(scene, int(str(scene.value(query))) - 1, checkpoints=True)


def _fork(scene: Scene) -> None:
    """Cut the tail and have the service go on, on a machine that has signed nothing yet."""
    _cut_to_former_checkpoint(scene)
    shutil.rmtree(memory_beside(scene.key).folder)
    _go_on(scene)


def _go_on(scene: Scene) -> None:
    """Have the service itself go on, so that a checkpoint with a true signature follows."""
    scene.connection.commit()
    store = Store(connect(scene.location.url), {SIGNING: KeyFile(scene.key)})
    try:
        with writing(store, Principal(scene.tenant, "program_bench", Role.PROGRAM)) as session:
            append(session, [NewEvent("bench.happened", f"thing_{n}") for n in range(400)])
            checkpoint(session)
    finally:
        store.close()


def _rewrite_and_have_it_signed(scene: Scene) -> None:
    """Rewrite without any trace of a key, and wait for the service to sign it: it must refuse."""
    _rewrite(Forgery.UNSIGNED, scene)
    with suppress(NoKeyError):
        _go_on(scene)


def _name_own_key(scene: Scene) -> None:
    """Append an event that names a key of one's own, as if the true one were lost."""
    scene.connection.commit()
    store = Store(connect(scene.location.url))
    try:
        with writing(store, Principal(scene.tenant, "program_bench", Role.PROGRAM)) as session:
            change_key(session, Signer(Ed25519PrivateKey.generate()), None, lost=True)
    finally:
        store.close()


def _other_actor(body: Body) -> Body:
    return body | {"actor": "person_other"}


def _rewrite(forgery: Forgery, scene: Scene) -> None:
    rewritten(scene, _other_actor, forgery)


def _rewrite_with_own_key(scene: Scene) -> None:
    rewritten(scene, _other_actor, Forgery.SIGNED, Signer(Ed25519PrivateKey.generate()))


def _rewrite_with_stolen_key(scene: Scene) -> None:
    rewritten(scene, _other_actor, Forgery.SIGNED, KeyFile(scene.key).signer())


def _sign_anew(scene: Scene) -> None:
    """Sign a checkpoint with a key of one's own, whose id stands beside it."""
    signer = Signer(Ed25519PrivateKey.generate())
    body = str(scene.value(f"SELECT body FROM ledger_checkpoint {_OF} {_FIRST}"))
    scene.run(
        f"UPDATE ledger_signature SET signer = :key, signature = :signature {_OF} {_FIRST}",
        key=signer.public.id,
        signature=signer.sign(body.encode()),
    )


def _damage_stamp(scene: Scene) -> None:
    rows = scene.rows(f"SELECT response FROM ledger_stamp {_OF} {_FIRST_STAMP}")
    response = bytearray(rows[0]["response"])
    response[-10] ^= 1
    scene.run(f"UPDATE ledger_stamp SET response = :response {_OF} {_FIRST_STAMP}", response=bytes(response))


def _change_witness(scene: Scene) -> None:
    """Change what the witness was told, so that a rewritten ledger would fit: the signature does not."""
    lines = scene.witness.read_text(encoding="utf-8").splitlines()
    statement = json.loads(lines[0])
    statement["checkpoint"] = statement["checkpoint"].replace('"time":"2', '"time":"1')
    scene.witness.write_text("\n".join([json.dumps(statement), *lines[1:]]) + "\n", encoding="utf-8")


def _write_nonsense(scene: Scene) -> None:
    scene.witness.write_text("nothing\n" + scene.witness.read_text(encoding="utf-8"), encoding="utf-8")


_MORE_THAN_THERE_IS = (
    "INSERT INTO ledger_checkpoint (tenant, size, root, body) "
    f"SELECT tenant, 5000, root, body FROM ledger_checkpoint {_OF} {_FIRST}"
)
_CHECKPOINTS = {
    "a root": by_sql(f"UPDATE ledger_checkpoint SET root = '{'0' * 64}' {_OF} {_FIRST}"),
    "its time": by_sql(f"UPDATE ledger_checkpoint SET body = replace(body, '2026', '2025') {_OF} {_FIRST}"),
    "emptied": by_sql(f"UPDATE ledger_checkpoint SET body = '' {_OF} {_FIRST}"),
    "removed": by_sql(f"DELETE FROM ledger_checkpoint {_OF} {_FIRST}"),
    "the last removed": by_sql(f"DELETE FROM ledger_checkpoint {_OF} {_LAST}"),
    "all removed": by_sql("DELETE FROM ledger_checkpoint WHERE tenant = :tenant"),
    "one over more than there is": by_sql(_MORE_THAN_THERE_IS),
}
_SIGNATURES = {
    "removed": by_sql(f"DELETE FROM ledger_signature {_OF} {_FIRST}"),
    "all removed": by_sql("DELETE FROM ledger_signature WHERE tenant = :tenant"),
    "the id of the key": by_sql(f"UPDATE ledger_signature SET signer = 'other' {_OF} {_FIRST}"),
    "that of another checkpoint": by_sql(
        "UPDATE ledger_signature SET signature = (SELECT signature FROM ledger_signature "
        f"{_OF} {_LAST}) {_OF} {_FIRST}"
    ),
    "the table removed": lambda scene: scene.drop("ledger_signature"),
}
_STAMPS = {
    "removed": by_sql(f"DELETE FROM ledger_stamp {_OF} {_FIRST_STAMP}"),
    "the last removed": by_sql(f"DELETE FROM ledger_stamp {_OF} {_LAST_STAMP}"),
    "damaged": _damage_stamp,
    "attributed to another authority": by_sql(
        f"UPDATE ledger_stamp SET authority = 'x' {_OF} {_FIRST_STAMP}"
    ),
    "moved to another checkpoint": by_sql(
        f"DELETE FROM ledger_stamp {_OF} {_LAST_STAMP}",
        "UPDATE ledger_stamp SET size = (SELECT max(size) FROM ledger_checkpoint WHERE tenant = :tenant) "
        f"{_OF} {_FIRST_STAMP}",
    ),
    "added, without an event": by_sql(
        "INSERT INTO ledger_stamp (tenant, size, authority, response) "
        f"SELECT tenant, size, 'x', response FROM ledger_stamp {_OF} {_FIRST_STAMP}"
    ),
}
_TREE = {
    "a stored hash": by_sql(f"UPDATE ledger_node SET hash = '{'0' * 64}' WHERE tenant = :tenant"),
    "a stored hash removed": by_sql("DELETE FROM ledger_node WHERE tenant = :tenant"),
}
_REWRITTEN = {
    "from an early event on; checkpoints left": partial(_rewrite, Forgery.CHECKPOINTS_LEFT),
    "checkpoints made anew, stamps removed": partial(_rewrite, Forgery.SIGNATURES_LEFT),
}
_REWRITTEN_WITHOUT_KEY = {
    "checkpoints made anew, stamps, signatures and key removed": partial(_rewrite, Forgery.UNSIGNED),
    "checkpoints, stamps, signatures and key removed": partial(_rewrite, Forgery.NONE),
}

KINDS: list[Kind] = [
    *kinds("checkpoints", _CHECKPOINTS),
    *kinds("signatures", _SIGNATURES),
    *kinds("signatures", {"by another key": _sign_anew}, KEY),
    *kinds("stamps", _STAMPS),
    *kinds("tree", _TREE),
    *kinds("tail", {"cut before the last checkpoint, the head set back": _cut_before_last}),
    *kinds(
        "tail",
        {"cut before the first checkpoint and the key": _cut_before_any_checkpoint},
        found_by=Check.KEY,
    ),
    *kinds("tail", {"cut behind an earlier checkpoint": _cut_to_former_checkpoint}, found_by=Check.WITNESS),
    *kinds("tail", {"nothing left of a tenant, rows included": _cut_to_nothing}, found_by=Check.WITNESS),
    *kinds("tail", {"cut, and the service goes on from there": _fork}, found_by=Check.WITNESS),
    *kinds("history rewritten", _REWRITTEN, FORMATS),
    *kinds("history rewritten", _REWRITTEN_WITHOUT_KEY, FORMATS, Check.KEY),
    *kinds("history rewritten", {"signed with another key": _rewrite_with_own_key}, KEY, Check.KEY),
    *kinds(
        "history rewritten",
        {"all traces of the key removed, and the service asked to sign": _rewrite_and_have_it_signed},
        FORMATS,
        Check.KEY,
    ),
    *kinds("signatures", {"a key of one's own named behind the last": _name_own_key}, KEY, Check.KEY),
    *kinds(
        "history rewritten", {"signed with the true key": _rewrite_with_stolen_key}, MACHINE, Check.WITNESS
    ),
    *kinds("witness", {"what it was told": _change_witness}, WITNESS_FILE, Check.WITNESS),
    *kinds("witness", {"a line of nonsense": _write_nonsense}, WITNESS_FILE, Check.WITNESS),
]
"""What is done to checkpoints, signatures, stamps, the tree, the tail, and to what a witness has."""
