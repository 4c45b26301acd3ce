"""Examinations asked for on the page: files arrive one by one, and one claim is examined at a time."""

import logging
import secrets
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from bixie.examiners.order import Order, check_order
from bixie.imaging.limits import Limits
from bixie.kit.messages import Language
from bixie.kit.naming import unique_name
from bixie.kit.sanitise import sanitise
from bixie.report.finished import FinishedReport
from bixie.report.saving import save_parts
from bixie.web.check.errors import CheckError
from bixie.web.check.examining import Given, examine_given
from bixie.web.check.run import Run, RunDroppedError, Side, State, Visitor
from bixie.web.check.workspace import Workspace

__all__ = ["MAX_FILES", "Runs"]

_log = logging.getLogger(__name__)

MAX_FILES = 500
"""Files of one run, both sides together."""
_MAX_RUNS = 8
"""Runs of one person, one a tab. Beginning one more drops the one that was asked about least recently."""
_MAX_TENANT_RUNS = 64
_MAX_TENANT_BYTES = 8 * 1024**3
_IDLE_SECONDS = 30 * 60.0
"""A run that nobody asks about for so long is dropped: its tab was closed. An open page asks every minute."""
_SWEEP_SECONDS = 60.0
_MAX_NAME = 200
_ID_BYTES = 16


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
        self._closed = Event()
        # One claim at a time: it uses every core, and two would only slow each other down.
        self._examiner = ThreadPoolExecutor(1, thread_name_prefix="check")
        Thread(target=self._sweep, name="check-sweep", daemon=True).start()

    def begin(self, visitor: Visitor) -> Run:
        """Return a new run without files.

        Raises
        ------
        CheckError
            ``check.busy`` while as many runs as may be kept are being examined.
        """
        with self._lock:
            while len(self._of(visitor)) >= _MAX_RUNS or len(self._of_tenant(visitor)) >= _MAX_TENANT_RUNS:
                self._drop_one(visitor)
            run = Run(secrets.token_urlsafe(_ID_BYTES), visitor, Path(), touched=self._clock())
            run.folder = self._workspace.path / run.id
            run.folder.mkdir()
            self._runs[run.id] = run
            return run

    def find(self, run_id: str, visitor: Visitor) -> Run:
        """Return a run of the visitor.

        Raises
        ------
        CheckError
            ``check.no_such_run``, for a run of somebody else too.
        """
        with self._lock:
            run = self._runs.get(run_id)
            if run is None or run.visitor != visitor:
                raise CheckError("check.no_such_run", 404)
            run.touched = self._clock()
            return run

    def touch(self, run: Run) -> None:
        """Note that a run is in use."""
        run.touched = self._clock()

    def new_file(self, run: Run, side: Side, name: str, announced: int) -> Given:
        """Return where the next file of a run belongs. It counts once `add` is told that it is there.

        Parameters
        ----------
        run : Run
        side : Side
        name : str
        announced : int
            Bytes that are coming.

        Raises
        ------
        CheckError
            ``check.too_many_files``, ``check.too_many_bytes``, ``check.already_begun`` or
            ``check.no_such_run``.
        """
        path = run.folder / f"{side}-{secrets.token_hex(_ID_BYTES)}"
        with self._lock:
            self._check_open(run)
            kept = sum(sum(one.sizes.values()) for one in self._of_tenant(run.visitor))
            if kept + announced > _MAX_TENANT_BYTES:
                raise CheckError("check.too_many_bytes", 409, limit=_MAX_TENANT_BYTES // 1024**3)
            run.sizes[path] = announced
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
            self.discard(run, given)
            raise

    def discard(self, run: Run, given: Given) -> None:
        """Remove a file that did not arrive whole or was refused."""
        run.sizes.pop(given.path, None)
        given.path.unlink(missing_ok=True)

    def _add(self, run: Run, side: Side, given: Given) -> Given:
        with self._lock:
            self._check_open(run)
            taken = {one.name for one in run.files[side]}
            named = replace(given, name=unique_name(given.name, taken))
            run.files[side].append(named)
            return named

    def start(self, run: Run, facts: dict[str, Any], language: Language) -> None:
        """Examine what has arrived, in the background.

        Parameters
        ----------
        run : Run
        facts : dict
            The order document; empty when nothing is known of the order.
        language : {"zh", "en"}
            Of the report.

        Raises
        ------
        CheckError
            ``check.no_photo`` or ``check.already_begun``.
        UsageError
            If `facts` are not what the order document must be.
        """
        with self._lock:
            if run.state is not State.COLLECTING:
                raise CheckError("check.already_begun", 409)
            if not run.files[Side.CLAIM]:
                raise CheckError("check.no_photo")
            order = check_order(facts) if facts else None
            run.state = State.WAITING
        self._examiner.submit(self._examine, run, order, language)

    def drop(self, run_id: str, visitor: Visitor) -> None:
        """Forget a run and remove its files; an examination under way ends at its next file."""
        with self._lock:
            run = self._runs.get(run_id)
            if run is not None and run.visitor == visitor:
                self._forget(run)

    def drop_idle(self) -> None:
        """Drop the runs that nobody has asked about for long."""
        with self._lock:
            now = self._clock()
            for run in [one for one in self._runs.values() if now - one.touched > _IDLE_SECONDS]:
                self._forget(run)

    def close(self) -> None:
        """Begin nothing more and remove every file; an examination under way ends without its report."""
        with self._lock:
            self._closed.set()
            for run in list(self._runs.values()):
                self._forget(run)
        self._examiner.shutdown(wait=False, cancel_futures=True)
        self._workspace.close()

    def _examine(self, run: Run, order: Order | None, language: Language) -> None:
        try:
            if not run.dropped:
                run.state = State.RUNNING
                report, run.message = examine_given(
                    run.files[Side.CLAIM],
                    run.files[Side.KNOWN],
                    order,
                    language=language,
                    limits=self.limits,
                    on_known=run.on_known,
                    on_claim=run.on_claim,
                )
                self._keep(run, report)
        except RunDroppedError:
            pass  # nobody waits for it
        except Exception:  # a defect of ours, or a full disk: the page says so, and other runs go on
            _log.exception("an examination failed")
            run.state = State.FAILED
        finally:
            self._remove_files(run)

    def _keep(self, run: Run, report: FinishedReport) -> None:
        with self._lock:  # held while it is written, so that dropping removes it
            if run.dropped:
                return
            save_parts(report.parts(), run.report)
        run.verdict = report.verdict
        run.state = State.DONE

    def _remove_files(self, run: Run) -> None:
        for one in (one for side in run.files.values() for one in side):
            one.path.unlink(missing_ok=True)
        run.sizes.clear()
        if run.dropped:
            shutil.rmtree(run.folder, ignore_errors=True)

    def _check_open(self, run: Run) -> None:
        if run.dropped:
            raise CheckError("check.no_such_run", 404)
        if run.state is not State.COLLECTING:
            raise CheckError("check.already_begun", 409)
        if sum(map(len, run.files.values())) >= MAX_FILES:
            raise CheckError("check.too_many_files", 409, limit=MAX_FILES)

    def _sweep(self) -> None:
        while not self._closed.wait(_SWEEP_SECONDS):
            self.drop_idle()

    def _of(self, visitor: Visitor) -> list[Run]:
        return [run for run in self._runs.values() if run.visitor == visitor]

    def _of_tenant(self, visitor: Visitor) -> list[Run]:
        return [run for run in self._runs.values() if run.visitor.tenant == visitor.tenant]

    def _drop_one(self, visitor: Visitor) -> None:
        idle = [run for run in self._of(visitor) if not run.is_under_examination]
        if not idle:
            raise CheckError("check.busy", 409)
        self._forget(min(idle, key=lambda run: run.touched))

    def _forget(self, run: Run) -> None:
        del self._runs[run.id]
        run.dropped = True
        if run.state is not State.RUNNING:  # whose files are in use
            shutil.rmtree(run.folder, ignore_errors=True)
