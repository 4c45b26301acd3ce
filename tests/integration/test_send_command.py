"""``bixie vault send`` to a real server, over lines that break."""

import hashlib
import json
import os
import socket
import threading

import pytest
from tests.integration.web.service import Client, new_tenant, picture, serving
from tests.integration.web.uploads import VIDEO, address, sent

from bixie.assembly.stores import ready_store
from bixie.cli.main import main
from bixie.client import upload
from bixie.imaging.limits import Limits
from bixie.store.blobs import DiskBlobs
from bixie.store.settings import Location
from bixie.web.services import Services


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    for name in list(os.environ):
        if name.startswith("BIXIE_") and name != "BIXIE_REQUIRE_POSTGRESQL":
            monkeypatch.delenv(name)
    monkeypatch.setattr(upload, "_PIECE_BYTES", 600_000)
    monkeypatch.setattr(upload, "_MAX_BACKOFF_SECONDS", 0.01)


@pytest.fixture
def service(tmp_path, monkeypatch):
    location = Location.find(str(tmp_path / "data"), environment={})
    store = ready_store(location)
    key = new_tenant(store)[1]
    monkeypatch.setenv("BIXIE_KEY", key)
    with serving(Services(store, DiskBlobs(location.folder / "blobs"), Limits())) as port:
        yield Client(port, key)
    store.close()


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "打包.mp4"
    path.write_bytes(VIDEO)
    return str(path)


def run(capfdbinary, file, port, *more):
    words = ["vault", "send", file, "--order", "7", "--to", f"http://127.0.0.1:{port}"]
    status = main([*words, *more, "--lang", "en"])
    printed = capfdbinary.readouterr()
    return status, printed.out.decode(), printed.err.decode()


class Line:
    """A line to a port that breaks after so many bytes, then after `later` bytes, a number of times."""

    def __init__(self, port, bytes_until, breaks, later=None):
        self._to, self._after, self.breaks_left = port, bytes_until, breaks
        self._later = bytes_until if later is None else later
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._to = None
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._thread.join()
        self._listener.close()

    def _run(self):
        while True:
            near, _ = self._listener.accept()
            with near:
                if self._to is None:
                    return
                with socket.create_connection(("127.0.0.1", self._to)) as far:
                    back = threading.Thread(target=self._pass, args=(far, near))
                    back.start()
                    self._forth(near, far)
                    back.join()

    def _forth(self, near, far):
        passed = 0
        while data := _received(near):
            far.sendall(data)
            passed += len(data)
            if passed > self._after and self.breaks_left:
                self.breaks_left -= 1
                self._after = self._later
                near.shutdown(socket.SHUT_RDWR)
                break
        far.shutdown(socket.SHUT_WR)

    def _pass(self, source, target):
        while data := _received(source):
            try:
                target.sendall(data)
            except OSError:
                return


def _received(source):
    try:
        return source.recv(65536)
    except OSError:
        return b""


def test_a_file_is_sent_in_pieces_and_what_it_became_is_printed(service, video, capfdbinary):
    status, out, err = run(capfdbinary, video, service.port, "--json", "--role", "listing")
    document = json.loads(out)
    assert (status, document["error"]) == (0, None)
    assert document["exhibit"]["sha256"] == hashlib.sha256(VIDEO).hexdigest()
    assert (document["exhibit"]["order"], document["exhibit"]["name"]) == ("7", "打包.mp4")
    assert "sending" in err
    said = run(capfdbinary, video, service.port)[1]
    assert "打包.mp4" in said
    assert f"store   http://127.0.0.1:{service.port}\n  role    packing\n" in said


def test_breaks_of_the_line_are_waited_out(service, video, capfdbinary):
    with Line(service.port, 300_000, breaks=3) as line:
        status, out, _ = run(capfdbinary, video, line.port, "--json")
        assert line.breaks_left == 0
    assert status == 0
    assert json.loads(out)["exhibit"]["sha256"] == hashlib.sha256(VIDEO).hexdigest()


def test_what_was_given_up_is_gone_on_with(service, video, capfdbinary):
    with Line(service.port, 300_000, breaks=1000, later=0) as line:
        status, out, err = run(capfdbinary, video, line.port, "--json")
    place = json.loads(out)["upload"]
    assert status == 1
    assert f"--resume {place}" in err
    assert service.get(place).json()["offset"] > 0
    status, out, _ = run(capfdbinary, video, service.port, "--json", "--resume", place)
    assert status == 0
    assert json.loads(out)["exhibit"]["sha256"] == hashlib.sha256(VIDEO).hexdigest()


def test_a_service_that_is_not_there_is_given_up(video, capfdbinary, monkeypatch):
    monkeypatch.setenv("BIXIE_KEY", "x")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    status, out, err = run(capfdbinary, video, port)
    assert (status, out) == (1, "")
    assert "--resume" not in err


def test_another_file_does_not_go_on_with_an_upload(service, video, capfdbinary, tmp_path):
    place = address(service, 100)
    assert sent(service, place, VIDEO[:50], 0).status == 204
    status, _, err = run(capfdbinary, video, service.port, "--resume", place)
    assert status == 2
    assert "100 bytes" in err


def test_another_file_of_the_same_size_is_noticed_at_the_end(service, video, capfdbinary):
    place = address(service, len(VIDEO))
    sent(service, place, VIDEO[:500_000] + bytes(500_000), 0)
    status, out, err = run(capfdbinary, video, service.port, "--resume", place)
    assert (status, out) == (2, "")
    assert "kept something else" in err


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [(b"<html>" * 100, 3, "imaging|picture"), (b"", 3, "empty"), (picture()[:60], 3, "exhibit")],
)
def test_a_file_that_the_service_refuses_is_said_so(service, capfdbinary, tmp_path, data, status, said):
    path = tmp_path / "a.png"
    path.write_bytes(data)
    found, out, err = run(capfdbinary, str(path), service.port)
    assert found == status
    assert any(word in out + err for word in said.split("|"))


def test_wrong_usage_is_said_before_anything_is_sent(service, video, capfdbinary, monkeypatch):
    for place in ("http://shop.example.com", "ftp://localhost", "nonsense", "http://127.0.0.1:x"):
        assert main(["vault", "send", video, "--order", "7", "--to", place, "--lang", "en"]) == 2
        assert "TLS" in capfdbinary.readouterr().err.decode()
    assert run(capfdbinary, video + "x", service.port)[0] == 3
    monkeypatch.setenv("BIXIE_KEY", "wrong")
    assert run(capfdbinary, video, service.port)[0] == 2
    monkeypatch.delenv("BIXIE_KEY")
    assert "BIXIE_KEY" in run(capfdbinary, video, service.port)[2]
