"""The commands of docs/how-to/deploy.md, in their order: one machine, PostgreSQL, S3, three workers."""

import json
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = (
    (ROOT / f"docs/how-to/{name}").read_text(encoding="utf-8") for name in ("deploy.md", "deploy.zh-CN.md")
)
TOO_LONG = 120


def blocks(page, language="sh"):
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


class Operator:
    """Types the page's lines into a shell of its own.

    Parameters
    ----------
    folder : Path
        Stands for ``/srv``.
    elsewhere : dict of str to str
        What the page names, and what stands for it here.
    """

    def __init__(self, folder, elsewhere):
        self.folder = folder
        self.elsewhere = elsewhere | {"/srv": str(folder)}
        self.environment = {name: one for name, one in os.environ.items() if not name.startswith("BIXIE_")}
        self.environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{self.environment['PATH']}"
        self.running = []

    def type(self, line):
        for there, here in self.elsewhere.items():
            line = line.replace(there, here)
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            self.environment[name] = value
        elif line.startswith("# Stop"):
            self.stop()
        elif line.startswith(("bixie serve", "bixie worker")):
            self.start(line)
        elif not line.startswith("pip install"):
            return self.run(line)
        return ""

    def run(self, line):
        here = {"cwd": self.folder, "env": self.environment}
        done = subprocess.run(["sh", "-c", line], **here, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        if line.startswith("bixie tenant add"):
            self.environment["TENANT"] = re.search(r"tenant_\w{26}", done.stdout).group()
        if line.startswith("bixie key add"):
            self.environment["KEY"] = done.stdout.split()[-1]
        return done.stdout

    def start(self, line):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        words = shlex.split(line.replace("8000", str(port)))
        here = {"cwd": self.folder, "env": self.environment}
        with (self.folder / f"{len(self.running)}.log").open("w") as log:
            self.running.append(subprocess.Popen(words, **here, stdout=log, stderr=log))
        if "serve" in words:
            self.environment["URL"] = f"http://127.0.0.1:{port}"
            self.until(lambda: socket.create_connection(("127.0.0.1", port), timeout=10).close() is None)

    def until(self, true):
        give_up = time.monotonic() + TOO_LONG
        while True:
            try:
                if true():
                    return
            except (OSError, AssertionError):
                pass
            assert time.monotonic() < give_up, [log.read_text() for log in self.folder.glob("*.log")]
            time.sleep(0.1)

    def stop(self):
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(TOO_LONG) for process in self.running] == [0] * len(self.running)
        self.running = []

    def reports(self):
        asked = 'curl -sS --fail-with-body "$URL/api/v1/reports" -H "Authorization: Bearer $KEY"'
        return json.loads(self.run(asked))["items"]


@pytest.fixture
def operator(tmp_path, postgresql_server, s3):
    server = postgresql_server
    for name in ("claim.jpg", "honest.jpg"):
        shutil.copy(ROOT / "examples" / name, tmp_path)
    database = f"deploy_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
    there = {
        "postgresql://bixie:the-password@db.example.com/bixie": server.rpartition("/")[0] + f"/{database}",
        "shop-evidence": s3.bucket(),
        "https://s3.example.com": s3.url,
        "the-key": os.environ["AWS_ACCESS_KEY_ID"],
        "the-secret": os.environ["AWS_SECRET_ACCESS_KEY"],
    }
    one = Operator(tmp_path, there)
    yield one
    for process in one.running:
        process.kill()
        process.wait()


def test_both_languages_show_the_same_commands():
    for language in ("sh", "sql", "ini"):
        assert blocks(ENGLISH, language) == blocks(CHINESE, language)


def test_an_operator_gets_from_one_machine_to_three_workers(operator):
    if shutil.which("curl") is None:
        pytest.skip("curl is not there")
    alone, look, people, backup, tried, moved, workers, together = blocks(ENGLISH)
    for line in (alone + look).splitlines():
        operator.type(line)
    operator.until(lambda: len(operator.reports()) == 1)
    for line in (people + backup + tried + moved).splitlines():
        operator.type(line)
    for line in workers.splitlines():
        operator.type(line)
    assert len(operator.running) == 4
    said = [operator.type(line) for line in together.splitlines()]
    assert json.loads(said[1])["state"] == "kept"
    operator.until(lambda: len(operator.reports()) == 2)
    assert operator.run("bixie work list --json").count('"id"') == 0
    operator.stop()
    verified = operator.run('bixie ledger verify --url "$BIXIE_DATABASE_URL" --json')
    assert json.loads(verified)["ok"]
