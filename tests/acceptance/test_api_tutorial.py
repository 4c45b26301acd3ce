"""The commands of docs/how-to/api.md, as they stand there, with a server and a worker."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from tests.acceptance.pages import TOO_LONG, bixie, blocks, curl, words

from bixie.ledger.proofs import Proof
from bixie.report.document import schema

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = (
    (ROOT / f"docs/how-to/{name}").read_text(encoding="utf-8") for name in ("api.md", "api.zh-CN.md")
)


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
