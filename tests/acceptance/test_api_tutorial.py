"""The commands of docs/how-to/api.md, as they stand there, with a server and a worker."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from bixie.ledger.proofs import Proof
from bixie.report.document import schema

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = (
    (ROOT / f"docs/how-to/{name}").read_text(encoding="utf-8") for name in ("api.md", "api.zh-CN.md")
)
TOO_LONG = 120


def blocks(page, language="sh"):
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


@pytest.fixture
def environment(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    for name in ("listing.jpg", "claim.jpg"):
        shutil.copy(ROOT / "examples" / name, name)
    return dict(os.environ)


def words(command, environment):
    """Return what the shell would start, by this Python."""
    given = [one.replace("$TENANT", environment.get("TENANT", "")) for one in shlex.split(command)]
    return [sys.executable, "-m", *given]


def bixie(command, environment):
    command = [*words(command, environment), "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    return json.loads(done.stdout)


def curl(call, environment):
    done = subprocess.run(["sh", "-c", call], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def start():
    """Return a function that starts a program; each is told to stop at the end, and must end well."""
    started = []

    def begin(command, environment):
        piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, env=environment, **piped))
        return started[-1]

    yield begin
    for process in started:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=TOO_LONG)
        assert process.returncode == 0, log


def test_both_languages_show_the_same_commands_and_programs():
    for language in ("sh", "python", "json"):
        assert blocks(ENGLISH, language) == blocks(CHINESE, language)


def test_the_five_calls_end_in_a_proof_of_the_report(environment, start):
    if shutil.which("curl") is None:
        pytest.skip("curl is not there")
    prepared, services, *calls = (block.strip() for block in blocks(ENGLISH))
    (tenant, key), (serve, worker) = prepared.splitlines(), services.splitlines()
    environment["TENANT"] = bixie(tenant, environment)["id"]
    environment["KEY"] = bixie(key, environment)["key"]
    server = start([*words(serve, environment), "--port", "0", "--lang", "en"], environment)
    environment["URL"] = server.stdout.readline().split()[-1]
    setting, worker = worker.split(maxsplit=1)
    start(words(worker, environment), environment | dict([setting.split("=")]))

    order = curl(calls[0], environment)
    with socket.create_server(("127.0.0.1", 0)) as free:
        environment["PORT"] = str(free.getsockname()[1])
    environment["HOOK"] = f"http://127.0.0.1:{environment['PORT']}/"
    environment["SECRET"] = curl(calls[1], environment)["secret"]
    (program,) = blocks(ENGLISH, "python")
    receiver = start([sys.executable, "-c", program], environment)
    exhibit = curl(calls[2], environment)
    told = json.loads(receiver.stdout.readline())
    receiver.wait(TOO_LONG)

    assert order["exhibits"][0]["order"] == exhibit["order"] == order["number"]
    assert told["type"] == "exhibit.examined"
    assert (told["data"]["exhibit"], told["data"]["verdict"]) == (exhibit["id"], "refuted")
    environment["REPORT"] = told["data"]["report"]
    report = curl(calls[3], environment)
    jsonschema.validate(report, schema())
    assert report["exhibits"][0]["sha256"] == exhibit["sha256"]
    page = subprocess.run(["sh", "-c", calls[4]], env=environment, capture_output=True, check=False)
    assert page.returncode == 0, page.stderr
    saved = Path("report.html").read_text(encoding="utf-8")
    assert saved.startswith("<!DOCTYPE html>")
    assert "claim.jpg" in saved
    environment["SEQUENCE"] = str(told["data"]["sequence"])
    event, _ = Proof.from_dict(curl(calls[5], environment)).check()
    assert (event.subject, event.data["examination"]) == (exhibit["id"], environment["REPORT"])
