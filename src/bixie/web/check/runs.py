"""Examinations asked for on the page: files arrive one by one, and one claim is examined at a time."""

import logging
import secrets
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from threading import Lock

from bixie.examiners.order import Order, check_order
from bixie.imaging.limits import Limits
from bixie.kit.messages import Language, Text
from bixie.kit.sanitise import sanitise
from bixie.report.examination import Report
from bixie.web.check.errors import CheckError
from bixie.web.check.examining import Given, examine_given
from bixie.web.check.workspace import Workspace

__all__ = ["MAX_FILES", "Progress", "Run", "Runs", "Side", "State"]

_log = logging.getLogger(__name__)

MAX_FILES = 500
"""Files of one run, both sides together."""
_MAX_RUNS = 8
"""Runs kept at a time, one a tab. Beginning one more drops the one that was asked about least recently."""
_IDLE_SECONDS = 30 * 60.0
"""A run that nobody asks about for so long is dropped: its tab was closed."""
_MAX_NAME = 200
_ID_BYTES = 16


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
class Progress:
    """Files done and in total."""

    done: int = 0
    total: int = 0


@dataclass(slots=True)
class Run:
    """One examination and its files.

    Parameters
    ----------
    id : str
        Cannot be guessed: it is what lets a caller see the run.
    folder : Path
    files : dict of Side to list of Given
    state : State
    known, claim : Progress
        How many files of each side have been looked at.
    verdict : str or None
    message : Text or None
        What to write to the buyer, once it is done.
    touched : float
        When it was last asked about, by the monotonic clock.
    """

    id: str
    folder: Path
    files: dict[Side, list[Given]] = field(default_factory=lambda: {Side.CLAIM: [], Side.KNOWN: []})
    state: State = State.COLLECTING
    known: Progress = Progress()
    claim: Progress = Progress()
    verdict: str | None = None
    message: Text | None = None
    touched: float = 0.0

    def on_known(self, done: int, total: int) -> None:
        """Note how many known pictures have been looked at."""
        self.known = Progress(done, total)

    def on_claim(self, done: int, total: int) -> None:
        """Note how many of the claim's files have been examined."""
        self.claim = Progress(done, total)

    @property
    def report(self) -> Path:
        """The report folder, there once the run is done."""
        return self.folder / "report"


class Runs:
    """The runs of one process.

    Parameters
    ----------
    limits : Limits
    workspace : Workspace, optional
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self,
        limits: Limits,
        workspace: Workspace | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._workspace = workspace or Workspace()
        self._clock = clock
        self._lock = Lock()
        self._runs: dict[str, Run] = {}
        self._closed = False
        # One claim at a time: it uses every core, and two would only slow each other down.
        self._examiner = ThreadPoolExecutor(1, thread_name_prefix="check")

    def begin(self) -> Run:
        """Return a new run without files.

        Raises
        ------
        CheckError
            ``check.busy`` while as many runs as may be kept are being examined.
        """
        with self._lock:
            self._drop_idle()
            while len(self._runs) >= _MAX_RUNS:
                self._drop_one()
            run = Run(secrets.token_urlsafe(_ID_BYTES), Path(), touched=self._clock())
            run.folder = self._workspace.path / run.id
            run.folder.mkdir()
            self._runs[run.id] = run
            return run

    def find(self, run_id: str) -> Run:
        """Return a run.

        Raises
        ------
        CheckError
            ``check.no_such_run``.
        """
        with self._lock:
            run = self._runs.get(run_id)
            if run is None:
                raise CheckError("check.no_such_run", 404)
            run.touched = self._clock()
            return run

    def new_file(self, run: Run, side: Side, name: str) -> Given:
        """Return where the next file of a run belongs. It counts once `add` is told that it is there.

        Raises
        ------
        CheckError
            ``check.too_many_files``, ``check.already_begun`` or ``check.no_such_run``.
        """
        with self._lock:
            self._check_open(run)
        path = run.folder / f"{side}-{secrets.token_hex(_ID_BYTES)}"
        return Given(sanitise(name, _MAX_NAME) or "file", path)

    def add(self, run: Run, side: Side, given: Given) -> Given:
        """Count a file that has arrived; a name that is taken gets a number. Nothing of a refused one stays.

        Raises
        ------
        CheckError
            As for `new_file`: others may have arrived meanwhile.
        """
        try:
            return self._add(run, side, given)
        except CheckError:
            given.path.unlink(missing_ok=True)
            raise

    def _add(self, run: Run, side: Side, given: Given) -> Given:
        with self._lock:
            self._check_open(run)
            taken = {one.name for one in run.files[side]}
            name, number = given.name, 1
            while name in taken:
                number += 1
                name = f"{given.name} ({number})"
            named = replace(given, name=name)
            run.files[side].append(named)
            return named

    def start(self, run: Run, delivered_at: str | None, language: Language) -> None:
        """Examine what has arrived, in the background.

        Raises
        ------
        CheckError
            ``check.no_photo`` or ``check.already_begun``.
        UsageError
            If `delivered_at` is no time with a zone.
        """
        with self._lock:
            if run.state is not State.COLLECTING:
                raise CheckError("check.already_begun", 409)
            if not run.files[Side.CLAIM]:
                raise CheckError("check.no_photo")
            order = check_order({"delivered_at": delivered_at}) if delivered_at else None
            run.state = State.WAITING
        self._examiner.submit(self._examine, run, order, language)

    def drop(self, run_id: str) -> None:
        """Forget a run and remove its files; one that is being examined is removed when that ends."""
        with self._lock:
            run = self._runs.pop(run_id, None)
        if run is not None and run.state not in {State.WAITING, State.RUNNING}:
            shutil.rmtree(run.folder, ignore_errors=True)

    def close(self) -> None:
        """Begin nothing more and remove every file; an examination under way ends without its report."""
        with self._lock:
            self._closed = True
            self._runs.clear()
        self._examiner.shutdown(wait=False, cancel_futures=True)
        self._workspace.close()

    def _examine(self, run: Run, order: Order | None, language: Language) -> None:
        try:
            if run.id in self._runs:
                run.state = State.RUNNING
                report = examine_given(
                    run.files[Side.CLAIM],
                    run.files[Side.KNOWN],
                    order,
                    limits=self.limits,
                    on_known=run.on_known,
                    on_claim=run.on_claim,
                )
                self._keep(run, report, language)
        except Exception:  # a defect of ours, or a full disk: the page says so, and other runs go on
            _log.exception("an examination failed")
            run.state = State.FAILED
        finally:
            for one in (one for side in run.files.values() for one in side):
                one.path.unlink(missing_ok=True)
            if run.id not in self._runs:
                shutil.rmtree(run.folder, ignore_errors=True)

    def _keep(self, run: Run, report: Report, language: Language) -> None:
        with self._lock:  # held while it is written, so that closing removes it
            if self._closed:
                return
            report.save(run.report, language=language)
        run.verdict, run.message = report.claim.verdict.value, report.message_for_buyer()
        run.state = State.DONE

    def _check_open(self, run: Run) -> None:
        if run.id not in self._runs:
            raise CheckError("check.no_such_run", 404)
        if run.state is not State.COLLECTING:
            raise CheckError("check.already_begun", 409)
        if sum(map(len, run.files.values())) >= MAX_FILES:
            raise CheckError("check.too_many_files", 409, limit=MAX_FILES)

    def _drop_idle(self) -> None:
        now = self._clock()
        for run in list(self._runs.values()):
            if now - run.touched > _IDLE_SECONDS and run.state not in {State.WAITING, State.RUNNING}:
                self._forget(run)

    def _drop_one(self) -> None:
        idle = [run for run in self._runs.values() if run.state not in {State.WAITING, State.RUNNING}]
        if not idle:
            raise CheckError("check.busy", 409)
        self._forget(min(idle, key=lambda run: run.touched))

    def _forget(self, run: Run) -> None:
        del self._runs[run.id]
        shutil.rmtree(run.folder, ignore_errors=True)
