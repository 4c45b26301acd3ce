"""Errors of the policies room.

::

    BixieError
    └── UsageError
        └── PolicyError       one fault of a pack or a record; `values` has ``file`` and ``line`` where known
            └── PackError     a pack is refused: all its faults
"""

from collections.abc import Sequence
from typing import Any

from bixie.kit.errors import UsageError

__all__ = ["PackError", "PolicyError"]


class PolicyError(UsageError):
    """A policy pack, facts or a record are wrong; a fault of a pack has ``file`` and ``line`` in `values`."""

    package = "bixie.policies"
    status = 422

    @property
    def line(self) -> int:
        """Line of the file, from 1; 0 where it is not known."""
        line = self.values.get("line")
        return line if isinstance(line, int) else 0

    def to_fault(self) -> dict[str, Any]:
        """Return the fault as documents and services list it: code, place, sentence in both languages."""
        place = {name: self.values[name] for name in ("file", "line", "at") if name in self.values}
        return self.to_dict() | place


class PackError(PolicyError):
    """A pack is refused.

    Parameters
    ----------
    file : str
    faults : sequence of PolicyError
        Everything that is wrong with it, at least one, in the order of the file.
    """

    def __init__(self, file: str, faults: Sequence[PolicyError]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__("policy.refused", file=file, line=first.line, count=len(faults), first=first.text)

    def members(self) -> dict[str, Any]:
        """Return the faults for the problem document."""
        return {"faults": [fault.to_fault() for fault in self.faults]}
