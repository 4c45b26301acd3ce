"""DBOS behind a small interface: it begins runs of jobs and takes up what a dead worker has left.

The only module that knows DBOS. It is told ids and numbers of runs, never what a job is about. DBOS is one
per process, and so is the worker.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from threading import Lock

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import Engine, event

from bixie.jobs.errors import WorkError
from bixie.jobs.worker_slots import beside, schema_of
from bixie.store.engine import refusals

__all__ = ["MAX_CRASHES", "JobExecutor", "run_id"]

MAX_CRASHES = 20
"""So many workers may end in the middle of one run before the job is taken for the reason."""

_VERSION = "1"
"""Fixed: with the default, a hash of the code, an update of Bixie would leave running jobs lying."""

_NAME = "bixie"
_EXECUTOR = "worker-"
_UNFINISHED = ["PENDING", "ENQUEUED", "DELAYED"]
_EXCEEDED = "MAX_RECOVERY_ATTEMPTS_EXCEEDED"
_MORE_THREADS = 2
_SUBSECONDS = (3, 42, 0)

Runner = Callable[[str, int], None]

_lock = Lock()
_runner: Runner | None = None


@DBOS.workflow(name="bixie.job", max_recovery_attempts=MAX_CRASHES)
def _job(job_id: str, run: int) -> None:
    if _runner is not None:
        _runner(job_id, run)


def run_id(job_id: str, run: int) -> str:
    """Return the id by which DBOS knows one run of a job; begun twice, it runs once."""
    return f"{job_id}.{run}"


class JobExecutor:
    """DBOS, launched for one worker.

    Parameters
    ----------
    engine : Engine
        Of the store. DBOS keeps its own tables: on SQLite in a file beside the store's, on PostgreSQL in the
        schema ``<schema of the store>_work``.
    place : int
        Number of the worker's place; what the one before it there has left is taken up at once.
    concurrency : int
        Runs at the same time.
    runner : callable
        Called with the id of a job and the number of the run, in a thread; does not raise.

    Raises
    ------
    WorkError
        ``work.busy`` when this process has a worker.
    StoreError
        When the database cannot be reached.
    """

    def __init__(self, engine: Engine, place: int, concurrency: int, runner: Runner) -> None:
        global _runner  # noqa: PLW0603 - DBOS finds its functions by name, in the module
        with _lock:
            if _runner is not None:
                raise WorkError("work.busy")
            _runner = self._carry
        self._runner = runner
        self._executor = f"{_EXECUTOR}{place}"
        self._inside: set[str] = set()
        try:
            _be_quiet()
            _teach_subseconds()
            with refusals():
                DBOS(config=_configuration(engine, self._executor, concurrency))
                DBOS.launch()
        except BaseException:
            self.close(patience=0)
            raise

    def begin(self, job_id: str, run: int) -> None:
        """Begin a run, unless it was begun before."""
        with refusals(), SetWorkflowID(run_id(job_id, run)):
            DBOS.start_workflow(_job, job_id, run)

    def unfinished(self, runs: Iterable[str]) -> Mapping[str, bool]:
        """Return what DBOS knows of runs: True while one goes on, False when it was given up for crashes.

        Those that have ended in another way, or that it has never heard of, are not in it. Neither are those
        whose thread in this process ended with the database away, which it takes to be going on; one that has
        only just been begun may look like them.
        """
        wanted = list(runs)
        if not wanted:
            return {}
        with refusals():
            found = DBOS.list_workflows(
                workflow_ids=wanted, status=[*_UNFINISHED, _EXCEEDED], load_input=False, load_output=False
            )
        here = self._inside.copy()
        strays = {
            one.workflow_id
            for one in found
            if one.status == "PENDING" and one.executor_id == self._executor and one.workflow_id not in here
        }
        return {one.workflow_id: one.status != _EXCEEDED for one in found if one.workflow_id not in strays}

    def places_with_runs(self) -> set[int]:
        """Return the places whose workers, as far as DBOS knows, are in the middle of a run."""
        with refusals():
            found = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        ids = {one.executor_id for one in found if one.executor_id}
        return {int(one.removeprefix(_EXECUTOR)) for one in ids}

    def take_up(self, place: int) -> None:
        """Let the runs of a place whose worker is dead be begun again, by whoever comes first."""
        with refusals():
            # Not public, but what DBOS itself calls at launch; public `resume_workflow` forgets the crashes.
            DBOS._recover_pending_workflows([f"{_EXECUTOR}{place}"])

    def forget(self, runs: Iterable[str]) -> None:
        """Delete what DBOS knows of runs that have ended."""
        with refusals():
            DBOS.delete_workflows(list(runs))

    def close(self, *, patience: int) -> None:
        """Begin nothing more, wait so many seconds for what goes on, and shut down."""
        global _runner  # noqa: PLW0603
        DBOS.destroy(workflow_completion_timeout_sec=patience)
        _runner = None

    def _carry(self, job_id: str, run: int) -> None:
        self._inside.add(run_id(job_id, run))
        try:
            self._runner(job_id, run)
        finally:
            self._inside.discard(run_id(job_id, run))


def _configuration(engine: Engine, executor: str, concurrency: int) -> DBOSConfig:
    chosen: DBOSConfig = {
        "name": _NAME,
        "application_version": _VERSION,
        "executor_id": executor,
        "max_executor_threads": concurrency + _MORE_THREADS,
        "enable_otlp": False,
        "log_level": "CRITICAL",
        # Only needed for messages between workflows, of which there are none.
        "use_listen_notify": False,
        "system_database_url": engine.url.render_as_string(hide_password=False),
    }
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            chosen["dbos_system_schema"] = f"{schema_of(connection)}_work"
    else:
        chosen["system_database_url"] = f"sqlite:///{beside(engine.url, '.sqlite3')}"
    return chosen


def _teach_subseconds() -> None:
    """Give an older SQLite what DBOS takes for granted from Python 3.12 on: ``unixepoch('subsec')``."""
    if sqlite3.sqlite_version_info < _SUBSECONDS and not event.contains(Engine, "connect", _with_subseconds):
        event.listen(Engine, "connect", _with_subseconds)


def _with_subseconds(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, lambda _modifier: time.time())


def _be_quiet() -> None:
    """Keep DBOS from writing to the terminal, which it does unless somebody else takes its lines."""
    log = logging.getLogger("dbos")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
        log.propagate = False
