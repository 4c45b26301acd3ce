"""What the newest examination of one file found, read from its report."""

import json
from typing import Any

from bixie.access.call import Call
from bixie.examinations import repository as examinations
from bixie.examinations.reading import read_part
from bixie.vault.errors import ErasedError

__all__ = ["examined_file"]


def examined_file(call: Call, exhibit_id: str) -> dict[str, Any] | None:
    """Return verdict, findings and their limits; None until there is a report. The ledger records the access.

    Parameters
    ----------
    call : Call
        That works inside the case.
    exhibit_id : str
    """
    with call.reading() as session:
        made = examinations.latest(session, exhibit_id)
    if made is None:
        return None
    try:
        part = read_part(call.store, call.principal, call.blobs, made, clock=call.clock)
    except ErasedError:
        return None
    one = next(each for each in json.loads(part.data)["exhibits"] if each["id"] == exhibit_id)
    findings = [
        {key: each[key] for key in ("code", "grade", "limits")} | {"text": each["explain"]}
        for each in one["findings"]
    ]
    return {"report": made.id, "verdict": one["verdict"], "findings": findings}
