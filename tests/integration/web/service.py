"""A real server in a thread, and a client that shows everything that came back."""

import http.client
import io
import json
import logging
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

import uvicorn
from PIL import Image

from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.identity.rules import TenantKind
from bixie.identity.service import add_key, add_tenant, founder
from bixie.web.app import create_app
from bixie.web.check.runs import Runs


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str] = field(default_factory=list)

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        assert self.headers["content-type"] == "application/problem+json"
        assert self.json()["status"] == self.status
        return self.json()["code"]


class Client:
    """Calls with one key."""

    def __init__(self, port, key=None):
        self.port, self.key = port, key

    def call(self, method, path, body=None, json=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            sent.setdefault("Authorization", f"Bearer {self.key}")
        if json is not None:
            body, sent["Content-Type"] = dumped(json), "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            cookies = response.headers.get_all("Set-Cookie") or []
            return Answer(response.status, found, response.read(), cookies)
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.call("GET", path, **headers)

    def post(self, path, json=None, **headers):
        return self.call("POST", path, json=json, **headers)

    def upload(self, path, file, name="photo.png", kind="image/png", fields=(), **headers):
        content_type, body = form(file, name, kind, dict(fields))
        return self.call("POST", path, body, Content_Type=content_type, **headers)

    def exhibit(self, file, order="1", **more):
        return self.upload("/api/v1/exhibits", file, fields={"order": order}, **more)


def dumped(value):
    return json.dumps(value).encode()


def form(file, name, kind, fields, field_name="file"):
    boundary = "0123456789boundary"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field_name}"; filename="{quote(name)}"\r\n'
    )
    parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + file + b"\r\n")
    return f"multipart/form-data; boundary={boundary}", b"".join(parts) + f"--{boundary}--\r\n".encode()


def picture(colour=(1, 2, 3), kind="PNG"):
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, kind)
    return data.getvalue()


@contextmanager
def serving(parts, demo=None):
    """Start a server; yield its port. `demo`: what the page of the demo opens."""
    runs = Runs(parts.limits)
    config = uvicorn.Config(
        create_app(parts, runs, demo),
        port=0,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        runs.close()


def new_tenant(store, name="店铺"):
    """Make a tenant; return its id and the text of an admin's key."""
    with writing(store, founder()) as session:
        tenant, party = add_tenant(session, name, TenantKind.MERCHANT)
    return tenant.tenant, new_key(store, tenant.tenant), party


def new_key(store, tenant, role=Role.ADMIN, party=None):
    with writing(store, Principal(tenant, "program_test", Role.PROGRAM)) as session:
        return add_key(session, role, label="test", party=party).text


class Lines(logging.Handler):
    """Keeps what is noted, as it would be written."""

    def __init__(self, formatter):
        super().__init__()
        self.setFormatter(formatter)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))
