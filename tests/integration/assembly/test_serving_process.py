"""A server as a process: few file descriptors, and the end that it comes to."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager

import pytest
from tests.integration.web.service import Client

from bixie.assembly.server import listen

SMALL = """
import sys, time
import anyio.to_thread
from bixie.assembly.connection_limits import ConnectionLimits
from bixie.assembly.server import build_server, listen
from bixie.web import logs

async def application(scope, receive, send):
    if scope["path"] == "/hang":
        print("called", flush=True)
        await anyio.to_thread.run_sync(time.sleep, 1000)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})

logs.configure(sys.stderr)
limits = ConnectionLimits(count=5000, header_seconds=1)
with listen("127.0.0.1", "0") as listener:
    print(listener.getsockname()[1], flush=True)
    server = build_server(application, shutdown_seconds=1, limits=limits, exit_seconds=2)
    server.run(sockets=[listener])
"""
"""A server without a ceiling of connections, one path of which hangs in a thread."""


@contextmanager
def running(*words, open_files):
    """Start a server with so few file descriptors; yield the process and its port."""
    limited = ["sh", "-c", f'ulimit -n {open_files}; exec "$@"', "sh", sys.executable, *words]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen(limited, **pipes)
    try:
        yield process, int(process.stdout.readline().rsplit(":", 1)[-1])
    finally:
        process.kill()
        process.communicate()


def connected(port, sent=b""):
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    client.sendall(sent)
    return closing(client)


def warnings_of(process):
    """Stop a server; return its exit status and what it logged apart from requests."""
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=60)
    lines = [json.loads(line) for line in errors.splitlines()]
    return process.returncode, [line["message"] for line in lines if line["level"] != "info"]


def test_idle_clients_do_not_stop_a_service_with_few_descriptors(tmp_path):
    serve = ("-m", "bixie", "serve", "--port", "0", "--data", str(tmp_path), "--lang", "en")
    with running(*serve, open_files=256) as (process, port), ExitStack() as held:
        for _ in range(300):
            held.enter_context(connected(port))
        assert [Client(port).get(path).status for path in ("/healthz", "/readyz")] == [200, 200]
        assert warnings_of(process) == (0, ["too_many_connections"])


def test_a_full_table_of_files_is_one_line_and_over_when_clients_time_out():
    with running("-c", SMALL, open_files=40) as (process, port), ExitStack() as held:
        for _ in range(100):
            held.enter_context(connected(port))
        statuses = []
        while 200 not in statuses and len(statuses) < 600:
            try:
                statuses.append(Client(port).get("/").status)
            except OSError:  # dropped
                time.sleep(0.05)
                statuses.append(0)
        assert statuses[-1] == 200
        assert warnings_of(process) == (0, ["connections_dropped"])


def test_a_server_ends_when_it_is_told_to_although_a_thread_hangs():
    head = b"GET /hang HTTP/1.1\r\nHost: x\r\n"
    with running("-c", SMALL, open_files=256) as (process, port):
        with connected(port), connected(port, head), connected(port, head + b"\r\n"):
            assert process.stdout.readline() == "called\n"
            status, warnings = warnings_of(process)
        assert (status, warnings[-1]) == (1, "stopped while something hung")


def test_a_listener_drops_connections_for_which_no_descriptor_is_left():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with listen("127.0.0.1", "0") as listener, ExitStack() as held:
        dropped, kept = (held.enter_context(connected(listener.getsockname()[1])) for _ in range(2))
        free = os.dup(0)
        os.close(free)  # the lowest free number: with it as limit none is left
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
        try:
            with pytest.raises(BlockingIOError):
                listener.accept()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert dropped.recv(1) == b""
        accepted, _ = listener.accept()
        with accepted:
            accepted.sendall(b"here")
            assert kept.recv(4) == b"here"
