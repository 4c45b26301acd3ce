"""``bixie serve`` as an operator runs it, ``bixie openapi`` as a program calls it."""

import http.client
import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import obstore
import pytest
from tests.integration.object_store import names
from tests.integration.web.service import Client, new_tenant, picture
from tests.makers.costly_files import costly_files
from tests.services import postgresql

from bixie.assembly.server import listen
from bixie.assembly.service import TRUSTED_PROXIES
from bixie.assembly.stores import ready_store
from bixie.cli.main import main
from bixie.store.settings import Location


@contextmanager
def serving(*arguments, within=()):
    """Start the command, with some words before it; yield the process and its port."""
    command = [*within, sys.executable, "-m", "bixie", "serve", "--port", "0", "--lang", "en", *arguments]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        assert "Bixie listens at http://127.0.0.1:" in line
        yield server, int(line.rsplit(":", 1)[1])
    finally:
        server.kill()
        server.communicate()


def listening(port):
    """Return whether anybody is still let in."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=30).close()
    except OSError:
        return False
    return True


def place_of(location):
    """The options that name a store."""
    return [
        "--data",
        str(location.folder),
        "--url",
        location.url.render_as_string(hide_password=False),
    ]


@pytest.fixture
def place(location):
    """The options that name a store on each database."""
    return place_of(location)


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_files_that_announce_many_pixels_end_no_server_with_little_memory(store, location):
    key, place = new_tenant(store)[1], place_of(location)
    within = ("sh", "-c", 'ulimit -v 1200000; exec "$@"', "sh")
    with serving(*place, within=within) as (server, port):
        client = Client(port, key)
        for name in ("webp", "png", "png_alpha", "avif"):
            answer = client.exhibit(costly_files()[name])
            assert (answer.status, answer.json()["state"]) == (201, "refused"), name
            assert client.get("/healthz").status == 200
        assert client.exhibit(picture()).json()["state"] == "kept"
        assert server.poll() is None


def test_it_serves_on_loopback_and_ends_with_what_it_was_answering(store, location, place):
    key = new_tenant(store)[1]
    with serving(*place) as (server, port):
        client = Client(port, key)
        assert client.get("/readyz").status == 200
        assert client.exhibit(picture()).status == 201
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.putrequest("POST", "/api/v1/orders")
        body = json.dumps({"number": "7"}).encode()
        for name, value in (
            ("Authorization", f"Bearer {key}"),
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
        ):
            connection.putheader(name, value)
        connection.endheaders(body[:5])
        while "requests_in_progress 2.0" not in client.get("/metrics").body.decode():
            pass
        server.send_signal(signal.SIGTERM)
        while listening(port):
            pass
        connection.send(body[5:])
        response = connection.getresponse()
        assert (response.status, json.loads(response.read())["number"]) == (201, "7")
        connection.close()
        assert server.wait(timeout=60) == 0


@pytest.mark.usefixtures("postgresql_server")
def test_it_ends_cleanly_while_the_database_is_away(tmp_path):
    # A server of its own: the others' must not go away.
    with postgresql.running(durable=False) as url:
        location = Location.find(str(tmp_path), url, environment={})
        store = ready_store(location)
        key = new_tenant(store)[1]
        store.close()
        with serving(*place_of(location)) as (server, port):
            client = Client(port, key)
            assert client.exhibit(picture()).status == 201
            with postgresql.away(url):
                answer = client.get("/readyz")
                assert (answer.status, answer.code) == (503, "store.unreachable")
                server.send_signal(signal.SIGTERM)
                assert server.wait(timeout=60) == 0


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
def test_uploads_lie_in_the_bucket_that_the_setting_names(store, location, place, bucket, s3, monkeypatch):
    monkeypatch.setenv("BIXIE_BLOBS_URL", f"s3://{bucket.name}/{bucket.prefix}")
    tenant, key, _ = new_tenant(store)
    with serving(*place) as (_, port):
        client = Client(port, key)
        assert client.get("/readyz").status == 200
        exhibit = client.exhibit(picture()).json()
        content = client.get(f"/api/v1/exhibits/{exhibit['id']}/content")
    sha256 = exhibit["sha256"]
    name = f"{bucket.prefix}/{tenant}/{sha256[:2]}/{sha256}"
    assert content.body == picture()
    assert names(s3.inside(bucket.name)) == [name]
    assert bytes(obstore.get(s3.inside(bucket.name), name).bytes()) == picture()
    assert [path for path in (location.folder / "blobs").rglob("*") if path.is_file()] == []


def test_a_bucket_that_is_none_is_said_before_anything_is_made(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("BIXIE_BLOBS_URL", "gs://bucket/x")
    assert main(["serve", "--port", "0", "--data", str(tmp_path / "data"), "--lang", "en"]) == 2
    assert "BIXIE_BLOBS_URL" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_an_empty_store_is_said_to_be_new_and_set_up_by_a_link_that_is_printed(place, location):
    with serving(*place) as (server, port):
        assert server.stdout.readline() == f"A new store was made in {location.place}\n"
        link = server.stdout.readline().split()[-1]
        assert link.startswith(f"http://127.0.0.1:{port}/setup?token=")
        assert Client(port).get(link.removeprefix(f"http://127.0.0.1:{port}")).status == 200


@pytest.mark.parametrize("location", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("trusted", "elsewhere"), [("127.0.0.1", 401), ("", 429), ("10.0.0.0/8", 429)])
def test_only_a_trusted_proxy_says_where_a_call_comes_from(store, place, monkeypatch, trusted, elsewhere):
    new_tenant(store)
    monkeypatch.setenv(TRUSTED_PROXIES, trusted)

    def attempt(source):
        form, kind = b"login=nobody&password=wrong", "application/x-www-form-urlencoded"
        return Client(port).call("POST", "/login", form, Content_Type=kind, X_Forwarded_For=source).status

    with serving(*place) as (_, port):
        assert 429 in [attempt("192.0.2.1") for _ in range(8)]
        assert attempt("192.0.2.2") == elsewhere


def test_proxies_that_are_none_are_said_before_anything_is_made(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(TRUSTED_PROXIES, "127.0.0.1, proxy.example")
    assert main(["serve", "--port", "0", "--data", str(tmp_path / "data"), "--lang", "en"]) == 2
    assert "takes IP addresses and networks" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_port_that_is_taken_is_said(tmp_path, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--port", port, "--data", str(tmp_path / "data"), "--lang", "en"]) == 2
    assert f"Cannot listen at 127.0.0.1, port {port}" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_no_part_of_an_answer_waits_for_the_one_before_it_to_be_acknowledged():
    with (
        listen("127.0.0.1", "0") as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize("port", ["x", "-1", "65536", ""])
def test_a_port_that_is_none_is_wrong_usage(tmp_path, capsys, port):
    assert main(["serve", f"--port={port}", "--data", str(tmp_path / "data"), "--lang", "zh"]) == 2
    assert "端口号" in capsys.readouterr().err


def test_the_document_is_printed(capfdbinary):
    assert main(["openapi"]) == 0
    document = json.loads(capfdbinary.readouterr().out)
    assert document["openapi"].startswith("3.1")
    posts = [path for path, methods in document["paths"].items() if "post" in methods]
    for path in posts:
        names = [one["name"] for one in document["paths"][path]["post"].get("parameters", [])]
        assert "Idempotency-Key" in names
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["responses"]["default"]["content"].keys() == {"application/problem+json"}


def test_the_library_and_the_help_load_no_web():
    code = (
        "import sys, bixie, bixie.cli.main; bixie.cli.main.build_parser('en'); "
        "print([one for one in ('fastapi', 'uvicorn', 'pydantic', 'sqlalchemy') if one in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
