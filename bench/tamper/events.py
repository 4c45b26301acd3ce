"""Kinds of tampering with events, the head, and personal data."""

from collections.abc import Callable
from functools import partial

from bench.tamper.forging import body_at, head_set_to, last, put, replaced, with_changes
from bench.tamper.kinds import FORMATS, Scene, by_sql, kinds

__all__ = ["KINDS"]

_AT = "WHERE tenant = :tenant AND sequence = {}"
_EARLY = 4
_COPY = (
    "INSERT INTO ledger_event (tenant, sequence, type, subject, hash, body) SELECT {0}, {1}, type, subject, "
    "hash, body FROM ledger_event WHERE tenant = :tenant AND sequence = {2}"
)


def _changed(column: str, value: str, sequence: int = _EARLY) -> str:
    return f"UPDATE ledger_event SET {column} = {value} {_AT.format(sequence)}"


def _swap(scene: Scene) -> None:
    one, other = body_at(scene, _EARLY), body_at(scene, _EARLY + 1)
    put(scene, _EARLY, *with_changes(other, sequence=_EARLY, previous=one["previous"]))
    put(scene, _EARLY + 1, *with_changes(one, sequence=_EARLY + 1, previous=other["previous"]))


def _move_up(scene: Scene) -> None:
    scene.run(f"DELETE FROM ledger_event {_AT.format(_EARLY)}")
    for sequence in range(_EARLY + 1, last(scene) + 1):
        scene.run(f"UPDATE ledger_event SET sequence = {sequence - 1} {_AT.format(sequence)}")


def _remove_last(scene: Scene) -> None:
    scene.run(f"DELETE FROM ledger_event {_AT.format(last(scene))}")


def _add_at_end(scene: Scene) -> None:
    sequence = last(scene)
    text, hash_ = with_changes(
        body_at(scene, sequence), sequence=sequence + 1, previous=replaced(scene, sequence)
    )
    scene.run(_COPY.format("tenant", sequence + 1, sequence))
    put(scene, sequence + 1, text, hash_)


def _copy_behind(scene: Scene) -> None:
    scene.run(_COPY.format("tenant", last(scene) + 1, last(scene)))
    head_set_to(scene, last(scene))


def _replace(scene: Scene, sequence: int | None = None) -> None:
    replaced(scene, sequence or last(scene), actor="person_other")


def _back_dated(scene: Scene) -> None:
    replaced(scene, _EARLY, time="2020-01-01T00:00:00.000Z")


_FIRST_PERSONAL = (
    "WHERE tenant = :tenant AND sequence = (SELECT min(sequence) FROM ledger_personal WHERE tenant = :tenant)"
)
_MORE_PERSONAL = (
    "INSERT INTO ledger_personal (tenant, sequence, name, salt, value) VALUES (:tenant, 2, 'more', '', '1')"
)

_EVENTS = {
    "a letter of a body": by_sql(_changed("body", "replace(body, 'program', 'prograM')")),
    "a body emptied": by_sql(_changed("body", "''")),
    "the hash beside a body": by_sql(_changed("hash", f"'{'0' * 64}'")),
    "the type beside a body": by_sql(_changed("type", "'bench.other'")),
    "the subject beside a body": by_sql(_changed("subject", "'thing_other'")),
    "the first event removed": by_sql(f"DELETE FROM ledger_event {_AT.format(1)}"),
    "one in the middle removed": by_sql(f"DELETE FROM ledger_event {_AT.format(_EARLY)}"),
    "one removed, the others moved up": _move_up,
    "the last event removed": _remove_last,
    "all events of a tenant removed": by_sql("DELETE FROM ledger_event WHERE tenant = :tenant"),
    "an event copied to another tenant": by_sql(_COPY.format(":other", 99, _EARLY)),
    "an event copied behind the last, the head moved": _copy_behind,
    "an event added before the first": by_sql(_COPY.format("tenant", 0, 1)),
}
_WITH_HASHES: dict[str, Callable[[Scene], None]] = {
    "who did it, with a fitting hash": partial(_replace, sequence=_EARLY),
    "when it was done, with a fitting hash": _back_dated,
    "who did the last one, with a fitting hash": _replace,
    "two events exchanged, with fitting hashes": _swap,
    "an event added behind the last, with a fitting hash": _add_at_end,
}
_HEAD = {
    "removed": by_sql("DELETE FROM ledger_head WHERE tenant = :tenant"),
    "one event fewer": by_sql("UPDATE ledger_head SET size = size - 1 WHERE tenant = :tenant"),
    "its hash": by_sql(f"UPDATE ledger_head SET hash = '{'0' * 64}' WHERE tenant = :tenant"),
}
_PERSONAL = {
    "a value": by_sql(f"UPDATE ledger_personal SET value = '\"x\"' {_FIRST_PERSONAL}"),
    "a salt": by_sql(f"UPDATE ledger_personal SET salt = '00' {_FIRST_PERSONAL}"),
    "removed without a word": by_sql(f"DELETE FROM ledger_personal {_FIRST_PERSONAL}"),
    "added to an event": by_sql(_MORE_PERSONAL),
}

KINDS = [
    *kinds("events", _EVENTS),
    *kinds("events", _WITH_HASHES, FORMATS),
    *kinds("head", _HEAD),
    *kinds("personal data", _PERSONAL),
]
"""What is done to events, the head and personal data."""
