"""Kinds of tampering with rows and files: exhibits, reports, orders, holds, retention rules."""

from collections.abc import Callable
from pathlib import Path

from bench.tamper.forging import appended
from bench.tamper.kinds import FILES, FORMATS, Check, Scene, by_sql, kinds

__all__ = ["KINDS"]

_OF_TENANT = "WHERE tenant = :tenant"
_EARLY = "'2020-01-01T00:00:00.000Z'"


def _first(table: str, more: str = "") -> str:
    return f"WHERE id = (SELECT min(id) FROM {table} WHERE tenant = :tenant{more})"


_CLAIM, _LISTING, _REPORT = (
    _first("exhibit", f" AND role = '{role}'") for role in ("claim", "listing", "report")
)


def _exhibit(change: str, where: str = _CLAIM) -> Callable[[Scene], None]:
    return by_sql(f"UPDATE exhibit SET {change} {where}")


def _all(table: str, change: str) -> Callable[[Scene], None]:
    return by_sql(f"UPDATE {table} SET {change} {_OF_TENANT}")


def _claims(scene: Scene) -> list[dict[str, object]]:
    query = "SELECT * FROM exhibit WHERE tenant = :tenant AND role = 'claim' ORDER BY id"
    return [dict(row) for row in scene.rows(query)]


def _exchanged(column: str) -> Callable[[Scene], None]:
    def apply(scene: Scene) -> None:
        one, other, *_ = _claims(scene)
        change = f"UPDATE exhibit SET {column} = :value WHERE id = :id"
        scene.run(change, value=other[column], id=one["id"])
        scene.run(change, value=one[column], id=other["id"])

    return apply


def _copied(table: str, **changes: str) -> Callable[[Scene], None]:
    """Return an `apply` that adds a copy of the first row of a table, with some columns changed."""

    def apply(scene: Scene) -> None:
        row = dict(scene.rows(f"SELECT * FROM {table} {_OF_TENANT} ORDER BY 1")[0]) | changes
        marks = ", ".join(f":{name}_" for name in row)
        values = {f"{name}_": value for name, value in row.items()}
        scene.run(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", **values)

    return apply


def _erased_in_silence(scene: Scene) -> None:
    scene.run(
        f"UPDATE exhibit SET state = 'erased', erased_at = {_EARLY}, name = '', order_number = id {_CLAIM}"
    )


def _path(scene: Scene, number: int) -> Path:
    return scene.file_of(str(_claims(scene)[number]["sha256"]))


def _flip(scene: Scene) -> None:
    path = _path(scene, 0)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _cut(scene: Scene) -> None:
    path = _path(scene, 0)
    path.write_bytes(path.read_bytes()[:-1])


def _emptied(scene: Scene) -> None:
    _path(scene, 0).write_bytes(b"")


_EXHIBITS = {
    "received a year earlier": _exhibit(f"received_at = {_EARLY}"),
    "a claim's photo made a listing": _exhibit("role = 'listing'"),
    "a listing made a claim's photo": _exhibit("role = 'claim'", _LISTING),
    "the hashes of two exchanged": _exchanged("sha256"),
    "the second hashes of two exchanged": _exchanged("sm3"),
    "the orders of two exchanged": _exchanged("order_number"),
    "the places of two in lists exchanged": _exchanged("sequence"),
    "its size": _exhibit("bytes = bytes + 1"),
    "its media type": _exhibit("media_type = 'image/png'"),
    "its name": _exhibit("name = 'other.jpg'"),
    "its order": _exhibit("order_number = 'A-9'"),
    "its merchant": _exhibit("party = 'party_other'"),
    "kept made refused": _exhibit("state = 'refused'"),
    "kept made quarantined": _exhibit("state = 'quarantined'"),
    "a reason for a refusal": _exhibit("refusal = '{}'"),
    "erased without an event": _erased_in_silence,
    "a mark of erasure": _exhibit(f"erased_at = {_EARLY}"),
    "removed": by_sql(f"DELETE FROM exhibit {_CLAIM}"),
    "added without an event": _copied("exhibit", id="exhibit_added", order_number="A-9"),
    "moved to another tenant": _exhibit("tenant = :other"),
}
_REPORTS = {
    "about another exhibit": _exhibit("about = 'exhibit_other'", _REPORT),
    "a report removed": by_sql(f"DELETE FROM exhibit {_REPORT}"),
    "the verdict of an examination": _all("examination", "verdict = 'supported'"),
    "the report of an examination": _all("examination", "report_id = 'exhibit_other'"),
    "the time of an examination": _all("examination", f"examined_at = {_EARLY}"),
    "an examination removed": by_sql(f"DELETE FROM examination {_first('examination')}"),
    "an examination added": _copied("examination", id="examination_added"),
}
_ORDERS = {
    "when it was placed": _all("orders", f"ordered_at = {_EARLY}"),
    "its number": _all("orders", "number = number || '9'"),
    "removed": by_sql(f"DELETE FROM orders {_first('orders')}"),
    "added": _copied("orders", id="order_added", number="A-9"),
    "a price": _all("order_item", "price = 1"),
    "a line removed": by_sql(f"DELETE FROM order_item {_OF_TENANT}"),
}
_RULES = {
    "a hold removed": by_sql(f"DELETE FROM exhibit_hold {_OF_TENANT}"),
    "a hold released in silence": _all("exhibit_hold", f"released_at = {_EARLY}"),
    "a hold on another order": _all("exhibit_hold", "order_number = 'A-9'"),
    "the reason of a hold": _all("exhibit_hold", "reason = 'x'"),
    "a hold added": _copied("exhibit_hold", id="hold_added"),
    "a retention rule shortened": _all("exhibit_retention", "days = 1"),
    "a retention rule removed": by_sql(f"DELETE FROM exhibit_retention {_OF_TENANT}"),
    "a retention rule added": _copied("exhibit_retention", role="listing"),
}
_FILES: dict[str, Callable[[Scene], None]] = {
    "a bit of a file": _flip,
    "the last byte of a file cut off": _cut,
    "emptied": _emptied,
    "removed": lambda scene: _path(scene, 0).unlink(),
    "two exchanged": lambda scene: scene.exchange(_path(scene, 0), _path(scene, 1)),
}


def _restated(role: str, column: str, value: object) -> Callable[[Scene], None]:
    """Return an `apply` that appends an event which states a row anew, and changes the row to match."""

    def apply(scene: Scene) -> None:
        key = str(scene.value(f"SELECT min(id) FROM exhibit {_OF_TENANT} AND role = '{role}'"))
        appended(scene, key, {"rows": [{"table": "exhibit", "key": key, "values": {column: value}}]})
        scene.run(f"UPDATE exhibit SET {column} = :value WHERE id = :id", value=value, id=key)

    return apply


def _deleted_with_event(scene: Scene) -> None:
    key = str(scene.value(f"SELECT min(id) FROM exhibit {_OF_TENANT}"))
    appended(scene, key, {"rows": [{"table": "exhibit", "key": key, "values": None}]})
    scene.run("DELETE FROM exhibit WHERE id = :id", id=key)


_OWN_EVENT = "an event of the intruder's own"
_RESTATED: dict[str, Callable[[Scene], None]] = {
    f"{_OWN_EVENT} restates when it was received": _restated("listing", "received_at", _EARLY.strip("'")),
    f"{_OWN_EVENT} restates its place in lists": _restated("listing", "sequence", 2),
    f"{_OWN_EVENT} restates its hash": _restated("claim", "sha256", "0" * 64),
    f"{_OWN_EVENT} restates its second hash": _restated("claim", "sm3", "0" * 64),
    f"{_OWN_EVENT} restates a claim's photo as a listing": _restated("claim", "role", "listing"),
    f"{_OWN_EVENT} deletes it": _deleted_with_event,
}

KINDS = [
    *kinds("exhibits", _EXHIBITS),
    *kinds("exhibits", _RESTATED, FORMATS),
    *kinds("reports", _REPORTS),
    *kinds("orders", _ORDERS),
    *kinds("holds and rules", _RULES),
    *kinds("files", _FILES, FILES, Check.FILES),
]
"""What is done to rows and files."""
