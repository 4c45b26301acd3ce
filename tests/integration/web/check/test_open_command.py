"""``bixie open`` on a clerk's computer: the page's calls, what is refused, and what is left behind."""

import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"
HOSTILE_NAME = "<script>alert(1)</script> 照片.jpg"


@contextmanager
def opened(folder, **environment):
    """Start the command with `folder` for its temporary files; yield the process and its port."""
    command = [sys.executable, "-m", "bixie", "open", "--no-browser", "--lang", "en"]
    settings = {**os.environ, "TMPDIR": str(folder), **environment}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=settings
    )
    try:
        line = process.stdout.readline()
        assert line.startswith("ready http://127.0.0.1:")
        yield process, int(line.split(":")[2].split("/")[0])
    finally:
        process.kill()
        process.communicate()


class Page:
    """What the page's script does, without a browser."""

    def __init__(self, port):
        self.port = port

    def call(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, {"Host": f"127.0.0.1:{self.port}", **headers})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), data

    def json(self, method, path, body=None, **headers):
        if body is not None:
            body, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
        status, _, data = self.call(method, f"/check/runs{path}", body, **headers)
        return status, json.loads(data) if data else None

    def begin(self):
        status, run = self.json("POST", "")
        assert status == 201
        return run["id"]

    def give(self, run, side, name, data):
        status, _, answer = self.call("PUT", f"/check/runs/{run}/{side}?name={quote(name)}", data)
        return status, json.loads(answer)

    def finish(self, run, **asked):
        assert self.json("POST", f"/{run}", {"language": "zh", **asked})[0] == 202
        return self.wait(run)

    def wait(self, run):
        for _ in range(600):
            standing = self.json("GET", f"/{run}")[1]
            if standing["state"] in {"done", "failed"}:
                return standing
            time.sleep(0.1)
        raise AssertionError(standing)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def page(folder):
    with opened(folder, BIXIE_LIMIT_FILE_BYTES="2000000") as (_, port):
        yield Page(port)


def example(name):
    return (EXAMPLES / name).read_bytes()


def test_a_claim_is_answered_under_the_names_that_the_person_knows(page, folder):
    run = page.begin()
    for side, name, data in (
        ("claim", HOSTILE_NAME, example("claim.jpg")),
        ("claim", "same.jpg", example("honest.jpg")),
        ("claim", "same.jpg", b"no picture"),
        ("known", "shop/listing.jpg", example("listing.jpg")),
    ):
        assert page.give(run, side, name, data)[0] == 201
    standing = page.finish(run, order={"delivered_at": "2026-11-13T00:00:00+08:00"})
    assert standing["state"] == "done"
    assert standing["verdict"] == "refuted"
    assert set(standing["message"]) == {"zh", "en"}
    report = page.call("GET", f"/check/runs/{run}/report")
    assert report[1]["x-frame-options"] == "SAMEORIGIN"
    assert HOSTILE_NAME not in report[2].decode()
    archive = zipfile.ZipFile(io.BytesIO(page.call("GET", f"/check/runs/{run}/report.zip?name=r")[2]))
    document = json.loads(archive.read("report/report.json"))
    assert [one["path"] for one in document["exhibits"]] == [HOSTILE_NAME, "same.jpg", "same.jpg (2)"]
    assert [one["path"] for one in document["known"]] == ["shop/listing.jpg"]
    assert document["exhibits"][0]["findings"][0]["known"] == "shop/listing.jpg"
    saved = page.call("GET", f"/check/runs/{run}/report.html?name={quote('报告')}")
    assert saved[1]["content-disposition"].startswith("attachment;")
    left = [path.name for path in folder.rglob("*") if path.is_file()]
    assert not [name for name in left if name.startswith(("claim-", "known-"))]
    assert page.json("DELETE", f"/{run}")[0] == 204
    assert page.json("GET", f"/{run}")[0] == 404
    assert not [path for path in folder.rglob("*") if path.is_file() and ".lock" not in path.name]


def test_a_file_is_refused_with_a_sentence_and_the_others_are_examined(page):
    run = page.begin()
    assert page.give(run, "claim", "empty.jpg", b"")[1]["code"] == "imaging.empty_file"
    assert page.give(run, "claim", "large.jpg", example("honest.jpg") + bytes(2_000_001))[1]["code"] == (
        "imaging.too_many_bytes"
    )
    assert page.json("POST", f"/{run}", {})[1]["code"] == "check.no_photo"
    assert page.give(run, "claim", "honest.jpg", example("honest.jpg"))[0] == 201
    assert page.finish(run)["verdict"] == "inconclusive"
    assert page.give(run, "claim", "late.jpg", b"x")[1]["code"] == "check.already_begun"


def test_a_wrong_date_is_refused_before_anything_is_examined(page):
    run = page.begin()
    page.give(run, "claim", "honest.jpg", example("honest.jpg"))
    status, problem = page.json("POST", f"/{run}", {"order": {"delivered_at": "yesterday"}})
    assert (status, problem["code"].split(".")[0]) == (400, "order")
    assert page.finish(run)["state"] == "done"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "shop.example.com"}, 421),
        ({"Origin": "https://shop.example.com"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 201),
    ],
)
def test_a_page_of_another_site_cannot_use_it(page, headers, status):
    assert page.json("POST", "", None, **headers)[0] == status


def test_a_file_that_arrives_too_late_is_refused_and_does_not_stay(page, folder):
    run = page.begin()
    page.give(run, "claim", "honest.jpg", example("honest.jpg"))
    assert page.json("DELETE", f"/{run}")[0] == 204
    assert page.give(run, "claim", "late.jpg", example("honest.jpg"))[0] == 404
    assert not [path for path in folder.rglob("*") if path.name.startswith("claim-")]


def test_an_address_that_is_none_of_its_own_holds_nothing(page):
    for path in (
        "/check/assets/api.py",
        "/check/assets/..%2Fapi.py",
        "/api/v1/orders",
        "/check/runs/x/report",
    ):
        assert page.call("GET", path)[0] == 404
    assert page.call("GET", "/")[1]["location"] == "/check"


def folders(parent):
    return {path for path in parent.glob("bixie-check-*") if path.is_dir()}


def test_files_are_gone_when_it_ends_and_those_of_a_killed_one_at_the_next_start(tmp_path):
    (tmp_path / "bixie-check-mine").mkdir()  # nobody's lock lies beside it
    with opened(tmp_path) as (process, port):
        run = Page(port).begin()
        Page(port).give(run, "claim", "a.jpg", example("claim.jpg"))
        process.kill()
        process.wait()
    (left,) = folders(tmp_path) - {tmp_path / "bixie-check-mine"}
    with opened(tmp_path) as (process, port):
        (mine,) = folders(tmp_path) - {tmp_path / "bixie-check-mine"}
        assert mine != left
        with opened(tmp_path):  # a second one beside it leaves the first alone
            assert mine in folders(tmp_path)
        Page(port).begin()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert mine not in folders(tmp_path)
    assert tmp_path / "bixie-check-mine" in folders(tmp_path)


def test_two_tabs_are_answered_at_once(page):
    runs = [page.begin(), page.begin()]
    for run, name in zip(runs, ("claim.jpg", "honest.jpg"), strict=True):
        page.give(run, "claim", name, example(name))
        page.give(run, "known", "listing.jpg", example("listing.jpg"))
    assert page.json("POST", f"/{runs[1]}", {})[0] == 202
    assert page.finish(runs[0])["verdict"] == "refuted"
    assert page.wait(runs[1])["verdict"] == "inconclusive"


def test_stopping_in_the_middle_of_examination_and_upload_leaves_nothing(tmp_path):
    with opened(tmp_path) as (process, port):
        page = Page(port)
        run, arriving = page.begin(), page.begin()
        for number in range(20):
            page.give(run, "claim", f"{number}.jpg", example("claim.jpg"))
        page.json("POST", f"/{run}", {})
        with socket.create_connection(("127.0.0.1", port)) as upload:
            head = f"PUT /check/runs/{arriving}/claim?name=a HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            upload.sendall(f"{head}Content-Length: 1000\r\n\r\n".encode() + b"\xff\xd8")
            page.json("GET", f"/{arriving}")
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0  # before, an upload was waited for for half a minute
        assert "Traceback" not in process.stderr.read()
    assert list(tmp_path.iterdir()) == []
