"""The part ``backup``: backups and restores killed at random, run again, and compared with the store."""

import argparse
import io
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import func, select, text

from bench.load.uploading import open_shop, small_jpeg
from bench.load.work import on_each_database
from bench.markdown import Table
from bench.run_file import write_run
from bixie.access.tenancy import reading_every_tenant, writing
from bixie.assembly.stores import existing_store, files_named
from bixie.imaging.limits import Limits
from bixie.ledger.verification import verify
from bixie.orders.schemas import OrderIn
from bixie.orders.service import import_orders
from bixie.store.backups.manifest import read_manifest
from bixie.store.backups.rows import tables_in
from bixie.store.blobs import DiskBlobs
from bixie.store.engine import connect
from bixie.store.errors import StoreError
from bixie.store.settings import Location
from bixie.store.unit_of_work import Store
from bixie.vault.models import Role
from bixie.vault.service import Upload, keep_bytes, receive, stage

__all__ = ["BackupKills", "add_arguments", "backup", "backup_kills", "tables"]

_ROOT = Path(__file__).parents[2]
_SEED = 20261130
_KILLS, _FILES, _ORDERS = 50, 300, 3000
_BETWEEN = 5
"""Kills of one backup or restore before it is run to its end."""
_LAUNCH = (
    "import sys, bixie.assembly.stores, bixie.store.backups.restoring, bixie.store.backups.writing;"
    "from bixie.cli.main import main; print('ready', flush=True); sys.exit(main(sys.argv[1:]))"
)
"""Says when Python has loaded what it needs, which takes as long as the work and leaves nothing half."""
_OPENS_FOR_NOBODY = {"store.half_restored", "store.not_there"}


@dataclass(slots=True)
class BackupKills:
    """What kills have done to backups and restores.

    Parameters
    ----------
    backup_kills, restore_kills : int
        Processes killed before their end.
    backups, restores : int
        Run to their end after kills.
    resumed : int
        Files that backups took over from killed ones.
    refused : int
        Backups and restores that could not be run to their end after kills.
    half : int
        Kills after which a store opened, or a backup had its name, without being whole.
    lost : int
        Rows and files that finished backups and restores have less or more than the store.
    events : int
        Of the ledger, verified after each finished restore.
    """

    backup_kills: int = 0
    restore_kills: int = 0
    backups: int = 0
    restores: int = 0
    resumed: int = 0
    refused: int = 0
    half: int = 0
    lost: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class _Content:
    rows: int
    files: int


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``backup``."""
    parser.add_argument("--kills", type=int, default=_KILLS, metavar="COUNT", help="of each")
    parser.add_argument("--files", type=int, default=_FILES, metavar="COUNT", help="in the store")
    parser.add_argument("--orders", type=int, default=_ORDERS, metavar="COUNT", help="in the store")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--json", type=Path, metavar="FILE", dest="backup_json")


def backup(options: argparse.Namespace) -> int:
    """Measure and print; 1 when something was refused, half or lost, 2 when nothing could be measured."""
    random.seed(_SEED)
    found = on_each_database(options.database, partial(_measure, options))
    if not found:
        return 2
    print("\n" + tables(found)[0].text())
    write_run(options.backup_json, "backup", {"numbers": found})
    return 1 if any(one["refused"] or one["half"] or one["lost"] for one in found.values()) else 0


def tables(found: dict[str, dict[str, float]]) -> list[Table]:
    """Return the table of a run, a column for each database."""
    rows = {
        "backups killed before their end": "backup_kills",
        "backups finished after kills": "backups",
        "files taken over from killed backups": "resumed",
        "restores killed before their end": "restore_kills",
        "restores finished after kills": "restores",
        "backups and restores that could not be run again": "refused",
        "kills after which something half opened as if whole": "half",
        "rows and files missing or too many in what was finished": "lost",
        "events of the ledger, verified in every restored store": "events",
    }
    lines = [[words, *(format(one[key], ",.0f") for one in found.values())] for words, key in rows.items()]
    return [Table("", ["what", *found], lines)]


def _measure(options: argparse.Namespace, store: Store, location: Location) -> dict[str, float]:
    return asdict(backup_kills(store, location, options.kills, options.files, options.orders))


def backup_kills(store: Store, location: Location, kills: int, files: int, orders: int) -> BackupKills:
    """Fill a store, and kill so many backups and so many restores of it."""
    _fill(store, DiskBlobs(location.folder / "blobs"), files, orders)
    folder = location.folder / "backups"
    folder.mkdir()
    # The first backup adds the row in which a store notes its backups: count afterwards.
    _seconds_at_work("backup", folder / "first", location)
    expected = _content(store, location)
    found = BackupKills()
    whole = _kill_backups(location, folder, kills, expected, found)
    _kill_restores(location, folder, whole, kills, expected, found)
    return found


def _fill(store: Store, blobs: DiskBlobs, files: int, orders: int) -> None:
    principal, _ = open_shop(store)
    with writing(store, principal) as session:
        import_orders(session, [OrderIn(number=str(number)) for number in range(orders)])
    for number in range(files):
        upload = Upload(io.BytesIO(small_jpeg(number)), "photo.jpg", str(number), Role.LISTING)
        with stage(blobs, upload, Limits()) as staged:
            keep_bytes(blobs, principal.tenant, staged)
            with writing(store, principal) as session:
                receive(session, blobs, staged)


def _content(store: Store, location: Location) -> _Content:
    """Count rows, and the files that rows name and whose bytes are right."""
    blobs = DiskBlobs(location.folder / "blobs")
    with store.snapshot() as connection:
        counts = [select(func.count()).select_from(table) for table in tables_in(connection)]
        rows = sum(connection.execute(count).scalar_one() for count in counts)
        named = files_named(connection)
    for space, sha256 in named:
        blobs.open(space, sha256).close()
    return _Content(rows, len(named))


def _kill_backups(
    location: Location, folder: Path, kills: int, expected: _Content, found: BackupKills
) -> Path:
    """Return the folder of a whole backup."""
    whole = folder / "whole"
    seconds = _seconds_at_work("backup", whole, location)
    while found.backup_kills < kills:
        target = folder / f"after-{found.backup_kills}-kills"
        for _ in range(min(_BETWEEN, kills - found.backup_kills)):
            found.backup_kills += _killed("backup", target, location, seconds)
            if target.exists():
                break  # it had come to its end
        else:
            found.backups += 1
            done = _finish("backup", target, location)
            found.refused += done is None
            found.resumed += (done or {}).get("resumed", 0)
        if target.exists():
            whole = target
            made, _ = read_manifest(target)
            found.lost += abs(made.rows - expected.rows) + abs(made.files - expected.files)
    return whole


def _kill_restores(
    location: Location, folder: Path, whole: Path, kills: int, expected: _Content, found: BackupKills
) -> None:
    with _empty_place(location, folder / "timed", "timed") as place:
        seconds = _seconds_at_work("restore", whole, place)
    number = 0
    while found.restore_kills < kills:
        number += 1
        name = f"restored_{number}"
        with _empty_place(location, folder / name, name) as place:
            for _ in range(min(_BETWEEN, kills - found.restore_kills)):
                found.restore_kills += _killed("restore", whole, place, seconds)
                if _looked_at(place, expected, found):
                    break  # it had come to its end
            else:
                found.restores += 1
                found.refused += _finish("restore", whole, place) is None
                found.half += not _looked_at(place, expected, found)


def _looked_at(place: Location, expected: _Content, found: BackupKills) -> bool:
    """Return whether a store opens; one that does must be whole."""
    try:
        store = existing_store(place)
    except StoreError as error:
        if error.code not in _OPENS_FOR_NOBODY:
            raise
        return False
    try:
        there = _content(store, place)
        found.lost += abs(there.rows - expected.rows) + abs(there.files - expected.files)
        found.half += there != expected
        with reading_every_tenant(store) as session:
            found.events += verify(session).events
    finally:
        store.close()
    return True


def _words(command: str, folder: Path, location: Location) -> Sequence[str]:
    url = location.url.render_as_string(hide_password=False)
    where = ["--data", str(location.folder), "--url", url, "--json"]
    return [command, str(folder), *where]


def _seconds_at_work(command: str, folder: Path, location: Location) -> float:
    """Run a backup or restore to its end; return how long it worked."""
    with _started(command, folder, location) as process:
        begin = time.perf_counter()
        process.wait()
        return time.perf_counter() - begin


def _killed(command: str, folder: Path, location: Location, seconds: float) -> bool:
    """Kill a backup or restore while it works; return whether it had not ended by itself."""
    with _started(command, folder, location) as process:
        time.sleep(random.uniform(0, seconds))
        process.kill()
        return process.wait() != 0


@contextmanager
def _started(command: str, folder: Path, location: Location) -> "Iterator[subprocess.Popen[bytes]]":
    """Start a backup or restore; yield the process as it begins to work."""
    words = [sys.executable, "-c", _LAUNCH, *_words(command, folder, location)]
    with subprocess.Popen(words, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process


def _finish(command: str, folder: Path, location: Location) -> dict[str, int] | None:
    """Run a backup or restore to its end; return what it says, None if it refuses."""
    words = [sys.executable, "-m", "bixie", *_words(command, folder, location)]
    done = subprocess.run(words, cwd=_ROOT, capture_output=True, check=False)
    if done.returncode:
        print(done.stderr.decode(errors="replace"), file=sys.stderr)
        return None
    found: dict[str, int] = json.loads(done.stdout)
    return found


@contextmanager
def _empty_place(location: Location, folder: Path, schema: str) -> Iterator[Location]:
    """Yield where an empty store is, on the same database as another."""
    if location.url.get_backend_name() == "sqlite":
        yield Location.find(str(folder), environment={})
        return
    engine = connect(location.url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    url = location.url.set(query={"options": f"-csearch_path={schema}"})
    yield Location(folder, url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()
