"""What verification says: one line a check, in one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bixie.dossier.errors import PackageFaultError
from bixie.kit.canonical_json import Json
from bixie.kit.messages import Text, catalogue

__all__ = ["ORDER", "Check", "State", "Verification", "fault", "passed", "refused", "unchecked"]

ORDER = (
    *("layout", "seal", "manifest", "files", "events", "checkpoint"),
    *("key", "exhibits", "openings", "timestamps", "clock"),
)
"""Names of the checks, in the order in which every verifier prints them.

After a fault of the first five it stops: what follows would speak of something that nobody sealed.
"""


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAULT = "fault"
    UNCHECKED = "unchecked"
    """Nothing speaks against it; something needed to decide was missing."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line.

    Parameters
    ----------
    name : str
        One of `ORDER`.
    state : State
    text : Text
    where : str, optional
        The file, or the event, where it failed.
    """

    name: str
    state: State
    text: Text
    where: str | None = None

    def to_dict(self) -> dict[str, Json]:
        """Return the line as a document."""
        said = {"check": self.name, "state": str(self.state), "where": self.where}
        return {**said, **self.text.to_dict()}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found.

    Parameters
    ----------
    checks : sequence of Check
        In the order of `ORDER`, all of them.
    """

    checks: Sequence[Check]

    @property
    def ok(self) -> bool:
        """Whether no check failed. What stayed unchecked is for people to weigh."""
        return all(one.state is not State.FAULT for one in self.checks)

    def to_dict(self) -> dict[str, Json]:
        """Return the document of ``bixie package verify --json``."""
        return {
            "schema": "bixie.package-verification/1",
            "ok": self.ok,
            "checks": [one.to_dict() for one in self.checks],
        }


def passed(name: str, /, **values: object) -> Check:
    """Return the line of a check that passed."""
    return Check(name, State.OK, _text(f"ok.{name}", **values))


def fault(name: str, key: str, where: str | None = None, /, **values: object) -> Check:
    """Return the line of a check that failed; `key` is that of its sentence."""
    return Check(name, State.FAULT, _text(f"fault.{key}", **values), where)


def refused(name: str, found: PackageFaultError) -> Check:
    """Return the line of a check that ended with a refusal."""
    return Check(name, State.FAULT, found.text, found.where)


def unchecked(name: str, key: str, /, **values: object) -> Check:
    """Return the line of a check that could not be decided; `key` is that of its sentence."""
    return Check(name, State.UNCHECKED, _text(f"unchecked.{key}", **values))


def _text(key: str, /, **values: object) -> Text:
    return catalogue("bixie.dossier.verification").text(key, **values)
