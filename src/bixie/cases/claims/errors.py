"""Errors of claims and their options.

::

    BixieError
    ├── ClaimError              what a claim or an answer says is refused; nothing was written
    │   ├── FaultyClaimError    several fields have faults, each named
    │   └── NoSuchPictureError  no role has this example picture
    └── OptionsError            invalid options; names file and line
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bixie.kit.errors import BixieError
from bixie.kit.messages import catalogue
from bixie.kit.validation import Fault, dotted

__all__ = ["ClaimError", "ClaimProblem", "FaultyClaimError", "NoSuchPictureError", "OptionsError"]

_PACKAGE = "bixie.cases.claims"


class ClaimError(BixieError):
    """What a claim or an answer says is refused."""

    package = _PACKAGE
    status = 422


class NoSuchPictureError(ClaimError):
    """No role has this example picture."""

    status = 404


class OptionsError(BixieError):
    """The options are invalid; ``values`` has ``file`` and ``line``."""

    package = _PACKAGE
    status = 500


@dataclass(frozen=True, slots=True)
class ClaimProblem:
    """What is wrong with one field.

    Parameters
    ----------
    field : str
        ``items[0].count``
    code, en, zh : str
    """

    field: str
    code: str
    en: str
    zh: str

    @classmethod
    def of(cls, fault: Fault) -> "ClaimProblem":
        """Return a fault with its sentences."""
        text = catalogue(_PACKAGE).text(fault.code, **fault.values)
        return cls(dotted(fault.location), fault.code, text.en, text.zh)

    def to_dict(self) -> dict[str, str]:
        """Return ``{"field", "code", "en", "zh"}``."""
        return {"field": self.field, "code": self.code, "en": self.en, "zh": self.zh}


class FaultyClaimError(ClaimError):
    """A claim has faults, and nothing was written.

    Parameters
    ----------
    faults : sequence of Fault
        At least one, in the order of the form.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.problems = tuple(map(ClaimProblem.of, faults))
        super().__init__("claims.faulty", count=len(self.problems))

    def members(self) -> dict[str, Any]:
        """Return ``fields``, each with its place, code and sentences."""
        return {"fields": [one.to_dict() for one in self.problems]}
