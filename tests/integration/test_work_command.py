"""``bixie work`` and ``bixie worker`` as a person and a program call them."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy.orm import Session

from bixie.assembly.stores import metadata
from bixie.cli import worker as worker_command
from bixie.cli.main import main
from bixie.jobs import repository
from bixie.jobs.errors import WorkError
from bixie.jobs.service import enqueue, give_up
from bixie.store.engine import connect
from bixie.store.errors import StoreError
from bixie.store.migration import migrate, revision_of
from bixie.store.settings import Location

TENANT = "tenant_own"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def options(location):
    """The options that name the store."""
    if location.url.get_backend_name() == "sqlite":
        return ["--data", str(location.folder)]
    return ["--url", location.url.render_as_string(hide_password=False)]


@pytest.fixture
def jobs(store):
    """One that waits and one that was given up."""
    with store.writing(Session) as session:
        waiting, dead = (enqueue(session, "test.tell", {}, tenant=TENANT) for _ in range(2))
        give_up(dead, ZeroDivisionError(), lambda: dead.created_at)
    return waiting, dead


def listed(capsys, *options):
    assert main(["work", "list", *options, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "bixie.jobs/1"
    return [one["id"] for one in document["jobs"]]


def test_what_waits_and_what_was_given_up_is_listed(jobs, options, capsys):
    waiting, dead = jobs
    assert listed(capsys, *options) == [waiting.id, dead.id]
    assert listed(capsys, *options, "--dead") == [dead.id]
    assert main(["work", "list", *options, "--lang", "zh"]) == 0
    printed = capsys.readouterr().out
    assert "等待中" in printed
    assert "未预料到的错误" in printed


def test_without_jobs_it_says_so(store, options, capsys):
    assert main(["work", "list", *options]) == 0
    assert main(["work", "list", "--dead", *options]) == 0
    assert capsys.readouterr().out == "Nothing is left to do.\nNo job was given up.\n"


def test_a_job_that_was_given_up_runs_again(jobs, store, options, capsys):
    waiting, dead = jobs
    assert main(["work", "retry", dead.id, *options]) == 0
    assert dead.id in capsys.readouterr().out
    assert listed(capsys, *options, "--dead") == []
    with store.reading(Session) as session:
        assert repository.by_id(session, dead.id).state == "waiting"
    assert main(["work", "retry", waiting.id, *options]) == 2
    assert WorkError("work.not_dead", job=waiting.id).text.en in capsys.readouterr().err


def test_a_retried_job_is_printed_as_a_document(jobs, options, capsys):
    assert main(["work", "retry", jobs[1].id, *options, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["state"], document["failures"], document["error"]) == ("waiting", 0, None)


def test_where_no_store_is_none_is_made(tmp_path, capsys):
    for command in (["list"], ["retry", "job_1"]):
        assert main(["work", *command, "--data", str(tmp_path / "nowhere")]) == 2
    assert list(tmp_path.iterdir()) == []
    assert "no store" in capsys.readouterr().err


def test_a_store_of_an_earlier_version_is_said_to_need_an_upgrade_and_left_as_it_is(tmp_path, capsys):
    old = Location.find(str(tmp_path), environment={})
    engine = connect(old.url)
    migrate(engine, metadata(), to="0012")
    for command in ("work", "tenant", "key"):
        assert main([command, "list", "--data", str(tmp_path)]) == 2
        assert capsys.readouterr().err == f"bixie: {StoreError('store.older').text.en}\n"
    with engine.connect() as connection:
        assert revision_of(connection) == "0012"
    engine.dispose()


def test_times_are_those_of_this_machine_for_people_and_utc_for_programs(jobs, options, capsys, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert main(["work", "list", "--dead", *options]) == 0
    finally:
        monkeypatch.undo()
        time.tzset()
    assert re.search(r"given up \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+08:00", capsys.readouterr().out)
    main(["work", "list", "--dead", *options, "--json"])
    assert json.loads(capsys.readouterr().out)["jobs"][0]["ended_at"].endswith("Z")


@pytest.mark.parametrize("number", ["0", "65", "two", "-1", "²"])
def test_a_concurrency_that_cannot_be_is_refused(number, tmp_path, capsys):
    assert main(["worker", "--data", str(tmp_path), f"--concurrency={number}"]) == 2
    assert "from 1 to 64" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_signal_in_the_middle_of_a_line_stops_the_worker_all_the_same(monkeypatch):
    """Printing cannot be entered twice by one thread, and the signal comes whenever it likes."""
    stopped, said = threading.Event(), io.StringIO()
    printing = threading.Lock()

    class Stream:
        def write(self, text):
            assert printing.acquire(timeout=20), "entered twice"
            if text == "begins":
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(0.2)
            said.write(text)
            printing.release()

        def flush(self):
            pass

    monkeypatch.setattr(sys, "stderr", Stream())
    with worker_command._stop_on_signal(lambda: worker_command._stop(stopped.set, "en")):
        sys.stderr.write("begins")
        assert stopped.wait(20)
    assert said.getvalue().startswith("begins")
    assert "stops" in said.getvalue()


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
@pytest.mark.parametrize("told_by", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_stops_when_it_is_told_and_prints_nothing_of_others(store, options, told_by, location):
    command = [sys.executable, "-m", "bixie", "worker", *options, "--concurrency", "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr.readline() == "The worker runs.\n"
    process.send_signal(told_by)
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert out == ""
    assert errors.splitlines() == [
        "The worker stops as soon as what it has begun is done.",
        "The worker has stopped.",
    ]
