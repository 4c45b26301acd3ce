"""The commands of docs/how-to/api.md, as they stand there, against a server as an operator starts it."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bixie.ledger.proofs import Proof

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = (
    (ROOT / f"docs/how-to/{name}").read_text(encoding="utf-8") for name in ("api.md", "api.zh-CN.md")
)


def blocks(page):
    return re.findall(r"```sh\n(.*?)```", page, re.DOTALL)


@pytest.fixture
def environment(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples/claim.jpg", "claim.jpg")
    return dict(os.environ)


def bixie(command, environment):
    words = [one.replace("$TENANT", environment.get("TENANT", "")) for one in shlex.split(command)]
    done = subprocess.run(
        [sys.executable, "-m", *words, "--json"], env=environment, capture_output=True, check=True
    )
    return json.loads(done.stdout)


def test_both_languages_show_the_same_commands():
    assert blocks(ENGLISH) == blocks(CHINESE)


def test_the_five_calls_end_in_a_proof_that_holds(environment):
    if shutil.which("curl") is None:
        pytest.skip("curl is not there")
    tenant, key, serve = blocks(ENGLISH)[0].strip().splitlines()
    environment["TENANT"] = bixie(tenant, environment)["id"]
    environment["KEY"] = bixie(key, environment)["key"]
    command = [sys.executable, "-m", *shlex.split(serve), "--port", "0", "--lang", "en"]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        environment["URL"] = server.stdout.readline().split()[-1]
        answers = []
        for call in blocks(ENGLISH)[1:]:
            done = subprocess.run(["sh", "-c", call], env=environment, capture_output=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            answers.append(json.loads(done.stdout))
    finally:
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=60)
    assert server.returncode == 0
    order, exhibit, events, checkpoint, proof = answers
    assert order["number"] == exhibit["order"] == "4012345678901234567"
    assert [one["sequence"] for one in events["items"]] == [5]
    event, covering = Proof.from_dict(proof).check()
    assert event.subject == exhibit["id"]
    assert covering.root == checkpoint["root"]
    lines = [json.loads(line) for line in log.splitlines()]
    assert [(one["message"], one["status"]) for one in lines] == [
        ("request", status) for status in (201, 201, 200, 201, 200)
    ]
