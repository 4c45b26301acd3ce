"""The commands of docs/how-to/large-files.md, as they stand there, against a real server."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.integration.web.service import Client, new_tenant, serving

from bixie.assembly.stores import ready_store
from bixie.imaging.limits import Limits
from bixie.store.blobs import DiskBlobs
from bixie.store.settings import Location
from bixie.web.services import Services

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, CHINESE = (
    (ROOT / f"docs/how-to/{name}").read_text(encoding="utf-8")
    for name in ("large-files.md", "large-files.zh-CN.md")
)
VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(range(256)) * 10_000


def blocks(page):
    return re.findall(r"```sh\n(.*?)```", page, re.DOTALL)


def run(script, folder, environment):
    done = subprocess.run(["sh", "-c", script], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.decode()


def test_both_languages_show_the_same_commands():
    assert len(blocks(ENGLISH)) == 6
    assert blocks(ENGLISH) == blocks(CHINESE)


def test_a_video_is_sent_in_two_pieces_and_becomes_an_exhibit(tmp_path):
    if shutil.which("curl") is None:
        pytest.skip("curl is not there")
    (tmp_path / "packing.mp4").write_bytes(VIDEO)
    location = Location.find(str(tmp_path / "data"), environment={})
    store = ready_store(location)
    key = new_tenant(store)[1]
    with serving(Services(store, DiskBlobs(location.folder / "blobs"), Limits())) as port:
        environment = dict(os.environ) | {"URL": f"http://127.0.0.1:{port}", "KEY": key}
        command, *calls = blocks(ENGLISH)
        command = command.replace("bixie", f"{sys.executable} -m bixie", 1)
        assert "4012345678901234567" in run(command, tmp_path, environment)
        done = run("set -e\n" + "\necho\n".join(calls), tmp_path, environment)
        begun, told = (json.loads(line) for line in done.splitlines() if line.strip())
        exhibit = Client(port, key).get(f"/api/v1/exhibits/{told['exhibit']}").json()
    store.close()
    assert (begun["offset"], told["offset"]) == (0, len(VIDEO))
    assert (exhibit["name"], exhibit["order"]) == ("packing.mp4", "4012345678901234567")
    assert exhibit["sha256"] == hashlib.sha256(VIDEO).hexdigest()
