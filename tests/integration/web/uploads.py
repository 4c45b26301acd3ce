"""A client of the protocol tus that can do everything wrong as well."""

import socket
import time
from base64 import b64encode

from tests.integration.web.service import Answer, picture

PATH = "/api/v1/uploads"
VERSION = {"Tus_Resumable": "1.0.0"}
PNG = picture()
VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(range(256)) * 10_000
PART = VERSION | {"Content_Type": "application/offset+octet-stream"}


def metadata(**said):
    return ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items())


def begun(client, length, order="1", headers=VERSION, **said):
    """Begin an upload; return the answer."""
    about = metadata(order=order, **said)
    return client.call("POST", PATH, Upload_Length=str(length), Upload_Metadata=about, **headers)


def address(client, length, **more):
    answer = begun(client, length, **more)
    assert answer.status == 201, answer.body
    return answer.headers["location"]


def sent(client, place, data, offset, **more):
    return client.call("PATCH", place, data, **(PART | {"Upload_Offset": str(offset)} | more))


def head(client, place, **more):
    return client.call("HEAD", place, **(VERSION | more))


def offset(client, place):
    answer = head(client, place)
    assert answer.status == 200
    return int(answer.headers["upload-offset"])


def broken_off(client, place, data, offset, said):
    """Say that more comes than does, and close the connection."""
    begin = (
        f"PATCH {place} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.key}\r\n"
        "Content-Type: application/offset+octet-stream\r\nTus-Resumable: 1.0.0\r\n"
        f"Upload-Offset: {offset}\r\nContent-Length: {said}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", client.port), timeout=60) as raw:
        raw.sendall(begin.encode() + data)


def code_of(answer: Answer):
    return answer.status, answer.code


def files(location):
    return sorted(
        path.relative_to(location.folder / "blobs").as_posix()
        for path in (location.folder / "blobs").rglob("*")
        if path.is_file()
    )


def events(client):
    return [one["type"] for one in client.get("/api/v1/ledger/events?limit=200").json()["items"]]


def until(true):
    give_up = time.monotonic() + 30
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.01)
