"""Events to append, and what they state of rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bixie.access.sequence import Sequenced
from bixie.access.tenancy import TenantSession
from bixie.kit.canonical_json import Json, encode_canonical
from bixie.ledger.recorded import Recorded, Statement, recorded_models, state
from bixie.ledger.rules import CONTINUED_EVENT
from bixie.ledger.statements import commitment_name

__all__ = ["NewEvent", "with_statements"]

_STATEMENT_BYTES = 32 * 1024
"""Statements in one event: half of what an event may have."""
_COMMITMENT_BYTES = 100
"""With its name."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to append.

    Parameters
    ----------
    type : str
        ``exhibit.kept``.
    subject : str
        Id of the thing it happened to.
    data : dict
        What else is to be known, as canonical JSON can write it; never personal data.
    personal : dict
        Personal data by name: the event holds a commitment to each, the value can be erased.
    rows : sequence of Recorded or Sequenced
        Rows that were added, changed or deleted: the event states them, personal columns under their names. A
        new one gets the event's number, by which lists are ordered.
    whole : bool
        State the rows whole, changed or not.
    """

    type: str
    subject: str
    data: Mapping[str, Json] = field(default_factory=dict)
    personal: Mapping[str, Json] = field(default_factory=dict)
    rows: Sequence[Recorded | Sequenced] = ()
    whole: bool = False


def with_statements(session: TenantSession, new: NewEvent, sequence: int) -> list[NewEvent]:
    """Return an event with what it states of rows, and the events that continue it where it has no room."""
    data = dict(new.data)
    if sequence == 1:
        data["recorded"] = sorted(recorded_models())
    for row in new.rows:
        if isinstance(row, Sequenced):
            row.sequence = row.sequence or sequence
    recorded = (row for row in new.rows if isinstance(row, Recorded))
    found = (state(session, row, sequence, whole=new.whole) for row in recorded)
    first, *others = _shared_out([one for one in found if one is not None])
    made = [replace(new, data=data | _rows(first), personal={**new.personal, **_committed(first)})]
    return made + [NewEvent(CONTINUED_EVENT, new.subject, _rows(some), _committed(some)) for some in others]


def _shared_out(statements: Sequence[Statement]) -> list[list[Statement]]:
    """Return statements in groups that events have room for; the first may be empty."""
    groups: list[list[Statement]] = [[]]
    room = _STATEMENT_BYTES
    for one in statements:
        size = len(encode_canonical(one.to_dict())) + _COMMITMENT_BYTES * len(one.personal)
        if size > room and groups[-1]:
            groups.append([])
            room = _STATEMENT_BYTES
        groups[-1].append(one)
        room -= size
    return groups


def _rows(statements: Sequence[Statement]) -> dict[str, Json]:
    return {"rows": [one.to_dict() for one in statements]} if statements else {}


def _committed(statements: Sequence[Statement]) -> dict[str, Json]:
    return {
        commitment_name(name, position): value
        for position, one in enumerate(statements)
        for name, value in one.personal.items()
    }
