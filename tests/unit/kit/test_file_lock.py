"""A lock that one process holds and that a dead one loses."""

import subprocess
import sys

from bixie.kit.file_lock import FileLock

HOLD = "import sys, time; from pathlib import Path; from bixie.kit.file_lock import FileLock; "
HOLD += "print(FileLock.try_acquire(Path(sys.argv[1])) is not None, flush=True); time.sleep(60)"


def test_a_lock_is_held_by_one_until_it_is_released(tmp_path):
    first = FileLock.try_acquire(tmp_path / "lock")
    assert FileLock.try_acquire(tmp_path / "lock") is None
    first.release()
    FileLock.try_acquire(tmp_path / "lock").release()


def test_a_killed_process_loses_its_lock(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "True\n"
    assert FileLock.try_acquire(tmp_path / "lock") is None
    holder.kill()
    holder.communicate()
    FileLock.try_acquire(tmp_path / "lock").release()


def test_where_nothing_can_be_written_there_is_no_lock(tmp_path):
    assert FileLock.try_acquire(tmp_path / "missing" / "lock") is None
