"""A client of the service's uploads: sends a file in pieces, waits out breaks, goes on where it stands."""

import http.client
import json
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urljoin, urlsplit

from bixie.kit.errors import UsageError
from bixie.kit.messages import Text
from bixie.kit.progress import Progress

__all__ = ["NotFinishedError", "RefusedError", "Service", "send"]

_PIECE = 8 << 20
"""What one request holds: proxies in front of a service bound it."""
_CHUNK = 64 << 10
_KIB = 1024
_SECONDS = 60
_TRIES = 8
"""In a row without a byte that arrived; with the waits between them about two minutes."""
_MAX_WAIT = 30.0
_OVERTAKEN = frozenset({HTTPStatus.CONFLICT, HTTPStatus.LOCKED})
_PATH = "/api/v1/uploads"
_Result = TypeVar("_Result")


class NotFinishedError(Exception):
    """The line or the service is away for too long; what has arrived is safe."""


class RefusedError(Exception):
    """The service refuses.

    Parameters
    ----------
    status : int
    code : str
    text : Text
    """

    def __init__(self, status: int, code: str, text: Text) -> None:
        self.status = status
        self.code = code
        self.text = text
        super().__init__(code)


class Service:
    """A service somewhere.

    Parameters
    ----------
    address : str
        As ``bixie serve`` says it; a path in front of ``/api`` may belong to it.
    key : str

    Raises
    ------
    UsageError
        ``usage.not_a_service`` for no such address, and for one without TLS on another machine: the key would
        be readable on the way.
    """

    def __init__(self, address: str, key: str) -> None:
        parts = _parts(address)
        secure = parts.scheme == "https"
        self._connection = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._host, self._port = str(parts.hostname), parts.port
        self._base = parts.path.rstrip("/")
        self._key = key

    def begin(self, length: int, said: dict[str, str]) -> str:
        """Begin an upload; return where its bytes go."""
        about = ",".join(f"{name} {_base64(value)}" for name, value in said.items())
        headers = {"Upload-Length": str(length), "Upload-Metadata": about}
        # Should the answer get lost, the same again is the same upload.
        headers["Idempotency-Key"] = secrets.token_urlsafe()
        path = f"{self._base}{_PATH}"
        found, _ = _again(lambda: self._call("POST", path, headers))
        place = urlsplit(urljoin(path, found.get("location", "")))
        return place.path if place.path.startswith(self._base) else f"{self._base}{place.path}"

    def standing(self, place: str) -> tuple[int, int, str | None]:
        """Return how much has arrived of how much, and the exhibit that it has become."""
        # Not HEAD, whose refusals come without a reason.
        told = json.loads(self._call("GET", place, {})[1])
        return int(told["offset"]), int(told["length"]), told["exhibit"]

    def add(self, place: str, offset: int, size: int, chunks: Iterator[bytes]) -> int:
        """Send a piece; return how much has arrived."""
        headers = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(size),
        }
        found, _ = self._call("PATCH", place, headers, chunks)
        return int(found["upload-offset"])

    def exhibit(self, exhibit_id: str) -> Any:
        """Return the document of an exhibit."""
        path = f"{self._base}/api/v1/exhibits/{exhibit_id}"
        return json.loads(_again(lambda: self._call("GET", path, {}))[1])

    def _call(
        self, method: str, path: str, headers: dict[str, str], body: Iterator[bytes] | None = None
    ) -> tuple[dict[str, str], bytes]:
        connection = self._connection(self._host, self._port, timeout=_SECONDS)
        sent = {"Authorization": f"Bearer {self._key}", "Tus-Resumable": "1.0.0", **headers}
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        overtaken = method == "PATCH" and answer.status in _OVERTAKEN
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or overtaken:
            raise OSError(f"{answer.status} {answer.reason}")
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise _refusal(answer.status, data)
        return {name.lower(): value for name, value in answer.getheaders()}, data


def send(service: Service, place: str, file: BinaryIO, size: int, progress: Progress) -> str:
    """Send what has not arrived yet; return the id of the exhibit.

    Parameters
    ----------
    service : Service
    place : str
        From `Service.begin`.
    file : binary file
        Regular.
    size : int
        Of the file, in bytes.
    progress : Progress
        Told in KiB.

    Raises
    ------
    NotFinishedError
        It can be gone on with.
    RefusedError
        As the service says.
    UsageError
        ``usage.another_file``: the upload is of a file of another size.
    """

    def on() -> tuple[int, str | None]:
        offset, length, exhibit = service.standing(place)
        if length != size:
            raise UsageError("usage.another_file", bytes=length)
        if offset < size or exhibit is None:
            piece = min(_PIECE, size - offset)
            file.seek(offset)
            offset = service.add(place, offset, piece, _told(file, offset, piece, size, progress))
        return offset, exhibit

    reached, exhibit = _again(on)
    while exhibit is None:
        reached, exhibit = _again(on)
        progress(reached // _KIB, size // _KIB)
    return exhibit


def _told(file: BinaryIO, offset: int, piece: int, size: int, progress: Progress) -> Iterator[bytes]:
    end = offset + piece
    while offset < end:
        chunk = file.read(min(_CHUNK, end - offset))
        if not chunk:
            raise UsageError("usage.another_file", bytes=size)  # it has become shorter meanwhile
        yield chunk
        offset += len(chunk)
        progress(offset // _KIB, size // _KIB)


def _base64(text: str) -> str:
    # What a terminal hands over need not be text.
    return b64encode(text.encode(errors="replace")).decode()


def _again(call: Callable[[], _Result]) -> _Result:
    """Try until it works, each wait twice as long as the one before."""
    for failures in range(_TRIES):
        try:
            return call()
        except (OSError, http.client.HTTPException, KeyError, ValueError) as error:
            last = error
            if failures < _TRIES - 1:
                time.sleep(min(_MAX_WAIT, 2.0**failures))
    raise NotFinishedError(str(last) or type(last).__name__) from last


def _refusal(status: int, data: bytes) -> RefusedError:
    try:
        told = json.loads(data)
        return RefusedError(status, str(told["code"]), Text(en=str(told["en"]), zh=str(told["zh"])))
    except (ValueError, KeyError, TypeError):  # an answer without a body, or of somebody in between
        return RefusedError(status, f"http.{status}", Text(en=f"HTTP {status}", zh=f"HTTP {status}"))


def _parts(address: str) -> Any:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        near = host == "localhost" or (parts.scheme == "http" and ip_address(host).is_loopback)
        good = bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and near))
        _ = parts.port
    except ValueError:
        good = False
    if not good:
        raise UsageError("usage.not_a_service")
    return parts
