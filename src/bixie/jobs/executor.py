"""DBOS behind a small interface: it runs jobs in threads and knows durably which process runs which.

The only module that knows DBOS. It gets ids and numbers of runs, never what a job is about. DBOS is one per
process, and so is the worker.
"""

import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import NamedTuple

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import Engine, event

from bixie.jobs.errors import WorkError
from bixie.jobs.queue import Run
from bixie.jobs.worker_slots import beside, schema_of
from bixie.store.engine import refusals

__all__ = ["JobExecutor", "Owner"]

_VERSION = "1"
"""Fixed: the default is a hash of the code, which would separate the runs of two versions of Bixie."""

_NAME = "bixie"
_SPARE_THREADS = 2
_SUBSECONDS = (3, 42, 0)

Runner = Callable[[str, int], None]

_lock = Lock()
_runner: Runner | None = None


@DBOS.workflow(name="bixie.job")
def _job(job_id: str, run: int) -> None:
    if _runner is not None:
        _runner(job_id, run)


class Owner(NamedTuple):
    """The process that runs a job.

    Parameters
    ----------
    slot : int
        Number of its worker slot.
    is_this_process : bool
    """

    slot: int
    is_this_process: bool


class JobExecutor:
    """DBOS, launched for one worker.

    Parameters
    ----------
    engine : Engine
        Of the store. DBOS keeps its own tables: on SQLite in a file beside the store's, on PostgreSQL in the
        schema ``<schema of the store>_work``.
    slot : int
        Number of the worker's slot.
    concurrency : int
        Jobs at the same time.
    runner : callable
        Called with the id of a job and the number of the run, in a thread; does not raise.

    Raises
    ------
    WorkError
        ``work.busy`` when this process has a worker.
    StoreError
        When the database cannot be reached.
    """

    def __init__(self, engine: Engine, slot: int, concurrency: int, runner: Runner) -> None:
        global _runner  # noqa: PLW0603 - DBOS finds its functions by name, in the module
        with _lock:
            if _runner is not None:
                raise WorkError("work.busy")
            _runner = runner
        # A new name for each process: DBOS resumes by itself what an executor of the same name left, which
        # `bixie.jobs.queue.requeue_lost` does from the table of jobs.
        self._id = f"{slot}.{secrets.token_hex(8)}"
        try:
            _silence_log()
            _add_subseconds()
            with refusals():
                DBOS(config=_configuration(engine, self._id, concurrency))
                DBOS.launch()
        except BaseException:
            self.close(timeout=0)
            raise

    def start(self, run: Run) -> None:
        """Start a run in a thread; one that was started before is not started again."""
        with refusals(), SetWorkflowID(run.id):
            DBOS.start_workflow(_job, run.job_id, run.number)

    def owners(self, run_ids: Iterable[str]) -> Mapping[str, Owner]:
        """Return which processes are in the middle of which of these runs, or were when they died."""
        wanted = list(run_ids)
        if not wanted:
            return {}
        with refusals():
            found = DBOS.list_workflows(
                workflow_ids=wanted, status="PENDING", load_input=False, load_output=False
            )
        return {one.workflow_id: self._owner(str(one.executor_id)) for one in found}

    def forget(self, run_ids: Iterable[str]) -> None:
        """Delete what DBOS knows of runs that have ended."""
        with refusals():
            DBOS.delete_workflows(list(run_ids))

    def close(self, *, timeout: int) -> None:
        """Start nothing more, wait up to `timeout` seconds for what is under way, and shut down."""
        global _runner  # noqa: PLW0603
        DBOS.destroy(workflow_completion_timeout_sec=timeout)
        _runner = None

    def _owner(self, executor: str) -> Owner:
        # Workers of earlier versions were called "worker-1".
        return Owner(int(executor.removeprefix("worker-").partition(".")[0]), executor == self._id)


def _configuration(engine: Engine, executor: str, concurrency: int) -> DBOSConfig:
    config: DBOSConfig = {
        "name": _NAME,
        "application_version": _VERSION,
        "executor_id": executor,
        "max_executor_threads": concurrency + _SPARE_THREADS,
        "enable_otlp": False,
        "log_level": "CRITICAL",
        # Only needed for messages between workflows; there are none.
        "use_listen_notify": False,
        "system_database_url": engine.url.render_as_string(hide_password=False),
    }
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            config["dbos_system_schema"] = f"{schema_of(connection)}_work"
    else:
        config["system_database_url"] = f"sqlite:///{beside(engine.url, '.sqlite3')}"
    return config


def _add_subseconds() -> None:
    """Add to an older SQLite what DBOS needs of a newer one: ``unixepoch('subsec')``."""
    if sqlite3.sqlite_version_info < _SUBSECONDS and not event.contains(Engine, "connect", _with_subseconds):
        event.listen(Engine, "connect", _with_subseconds)


def _with_subseconds(connection: object, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.create_function("unixepoch", 1, lambda _modifier: time.time())


def _silence_log() -> None:
    """Keep DBOS from writing to the terminal, which it does unless its logger has a handler."""
    log = logging.getLogger("dbos")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
        log.propagate = False
