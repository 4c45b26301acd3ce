"""One examination asked for on the page: whose it is, its files, and how far it has come."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from bixie.kit.messages import Text
from bixie.web.check.examining import Given

__all__ = ["Progress", "Run", "RunDroppedError", "Side", "State", "Visitor"]


class RunDroppedError(Exception):
    """Ends the examination of a run that was dropped."""


class Side(StrEnum):
    """Whose file it is."""

    CLAIM = "claim"
    KNOWN = "known"


class State(StrEnum):
    """How far a run has come."""

    COLLECTING = "collecting"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who uses the page.

    Parameters
    ----------
    tenant, person : str
        Ids. Empty on a machine of one's own.
    """

    tenant: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """Files done and in total."""

    done: int = 0
    total: int = 0


@dataclass(slots=True, eq=False)
class Run:
    """One examination and its files.

    Parameters
    ----------
    id : str
        Cannot be guessed.
    visitor : Visitor
        Nobody else can see the run.
    folder : Path
    files : dict of Side to list of Given
    sizes : dict of Path to int
        Bytes of each file that is there, and those announced of each that is arriving.
    state : State
    known, claim : Progress
        How many files of each side have been looked at.
    verdict : str or None
    message : Text or None
        What to write to the buyer, once it is done.
    touched : float
        When it was last asked about, by the monotonic clock.
    dropped : bool
        Nobody waits for it any more: its examination ends at the next file.
    """

    id: str
    visitor: Visitor
    folder: Path
    files: dict[Side, list[Given]] = field(default_factory=lambda: {Side.CLAIM: [], Side.KNOWN: []})
    sizes: dict[Path, int] = field(default_factory=dict)
    state: State = State.COLLECTING
    known: Progress = Progress()
    claim: Progress = Progress()
    verdict: str | None = None
    message: Text | None = None
    touched: float = 0.0
    dropped: bool = False

    @property
    def report(self) -> Path:
        """The report folder, there once the run is done."""
        return self.folder / "report"

    @property
    def is_under_examination(self) -> bool:
        """Whether its files are in use, or are next."""
        return self.state in {State.WAITING, State.RUNNING}

    def on_known(self, done: int, total: int) -> None:
        """Note how many known pictures have been looked at.

        Raises
        ------
        RunDroppedError
            If nobody waits for the run.
        """
        self.known = Progress(done, total)
        self._check_wanted()

    def on_claim(self, done: int, total: int) -> None:
        """Note how many of the claim's files have been examined.

        Raises
        ------
        RunDroppedError
            If nobody waits for the run.
        """
        self.claim = Progress(done, total)
        self._check_wanted()

    def _check_wanted(self) -> None:
        if self.dropped:
            raise RunDroppedError
