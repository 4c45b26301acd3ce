"""A PostgreSQL of one's own, on loopback, for as long as a block runs: for measuring and for the tests."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

__all__ = ["away", "running", "why_not"]

_ACCOUNT = "postgres"
_DEBIAN = Path("/usr/lib/postgresql")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_wal_size=128MB")
_MEMORY = Path("/dev/shm")
_NEEDED_BYTES = 1024**3
"""More than the tests need. A database is hundreds of files, copied in memory in a tenth of the time."""


def why_not() -> str | None:
    """Return why no PostgreSQL can be started here, None if one can."""
    if _programs() is None:
        return "no initdb and pg_ctl were found (on Debian: apt-get install postgresql-15)"
    if os.geteuid() == 0:
        try:
            pwd.getpwnam(_ACCOUNT)
        except KeyError:
            return f"initdb refuses root, and there is no account {_ACCOUNT}"
    return None


@contextmanager
def running(*, durable: bool) -> Iterator[str]:
    """Start a server with an empty database; stop it and take it away when the block ends.

    Parameters
    ----------
    durable : bool
        Whether commits wait for the disk, as they do where it counts.

    Yields
    ------
    str
        The database's address.
    """
    programs = _programs()
    if programs is None:
        raise RuntimeError(why_not())
    folder = Path(tempfile.mkdtemp(prefix="bixie-postgresql-", dir=None if durable else _in_memory()))
    password, port = secrets.token_urlsafe(16), _free_port()
    data, control = folder / "data", programs / "pg_ctl"
    try:
        (folder / "password").write_text(password, encoding="utf-8")
        if os.geteuid() == 0:
            for path in (folder, folder / "password"):
                shutil.chown(path, _ACCOUNT)
        setup = ("-U", "bixie", "-E", "UTF8", "--no-locale", "--no-sync", "-A", "scram-sha-256")
        _call(programs / "initdb", "-D", data, *setup, f"--pwfile={folder / 'password'}")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
        options += "".join(f" -c {setting}" for setting in (() if durable else _FAST))
        _call(control, "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
        try:
            yield f"postgresql://bixie:{password}@127.0.0.1:{port}/postgres"
        finally:
            _call(control, "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def away(url: str) -> Iterator[None]:
    """Have a server of `running` gone, as if its machine had lost power, while the block lasts."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    programs = _programs()
    if programs is None or row is None:
        raise RuntimeError(why_not())
    control = programs / "pg_ctl"
    _call(control, "-D", row[0], "-w", "-m", "immediate", "stop")
    try:
        yield
    finally:
        _call(control, "-D", row[0], "-w", "restart")  # with the options that it was started with


def _programs() -> Path | None:
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    folders += sorted(_DEBIAN.glob("*/bin"), reverse=True)
    return next((one for one in folders if (one / "initdb").exists() and (one / "pg_ctl").exists()), None)


def _in_memory() -> Path | None:
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _NEEDED_BYTES
    return _MEMORY if roomy and os.access(_MEMORY, os.W_OK) else None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _call(*command: str | Path) -> None:
    account = _ACCOUNT if os.geteuid() == 0 else None
    # pg_ctl's child keeps what it inherits: a pipe would never end.
    with tempfile.TemporaryFile() as log:
        done = subprocess.run(
            [str(part) for part in command],
            user=account,
            cwd="/",  # that account may not enter the caller's folder
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
        if done.returncode:
            log.seek(0)
            raise RuntimeError(log.read().decode(errors="replace"))
