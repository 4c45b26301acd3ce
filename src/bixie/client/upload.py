"""Uploads a file to a Bixie service in pieces, over HTTP; retries after breaks and resumes."""

import http.client
import json
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, BinaryIO, TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit

from bixie.kit.errors import UsageError
from bixie.kit.messages import Text
from bixie.kit.progress import Progress

__all__ = ["UploadClient", "UploadIncompleteError", "UploadRefusedError", "UploadStatus"]

_PIECE_BYTES = 8 << 20
"""Of one request: proxies in front of a service limit its body."""
_CHUNK_BYTES = 64 << 10
_KIB = 1024
_TIMEOUT_SECONDS = 60
_MAX_ATTEMPTS = 8
"""In a row without a byte that arrived; with the backoff between them about two minutes."""
_MAX_BACKOFF_SECONDS = 30.0
_OVERTAKEN = frozenset({HTTPStatus.CONFLICT, HTTPStatus.LOCKED})
"""Answers to a piece when another request of the same upload was faster: ask for the offset again."""
_UPLOADS = "/api/v1/uploads"
_Result = TypeVar("_Result")


class UploadIncompleteError(Exception):
    """The service cannot be reached for too long; what has arrived is safe and the upload can be resumed."""


class UploadRefusedError(Exception):
    """The service refuses.

    Parameters
    ----------
    status : int
        Of HTTP.
    code : str
        Stable: ``vault.no_such_upload``.
    text : Text
    """

    def __init__(self, status: int, code: str, text: Text) -> None:
        self.status = status
        self.code = code
        self.text = text
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class UploadStatus:
    """How far an upload is.

    Parameters
    ----------
    offset : int
        Bytes that have arrived.
    length : int
        Bytes of the whole file.
    exhibit : str or None
        Id of the exhibit that the upload has become.
    """

    offset: int
    length: int
    exhibit: str | None


class UploadClient:
    """Uploads files to one service.

    Parameters
    ----------
    address : str
        As ``bixie serve`` prints it; a path before ``/api`` may belong to it.
    key : str
        An API key.

    Raises
    ------
    UsageError
        ``usage.not_a_service`` for anything that is no such address, and for another machine without TLS: the
        key could be read on the way.
    """

    def __init__(self, address: str, key: str) -> None:
        parts = _service_address(address)
        secure = parts.scheme == "https"
        self._connection = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._host, self._port = str(parts.hostname), parts.port
        self._base = parts.path.rstrip("/")
        self._key = key

    def begin(self, length: int, metadata: dict[str, str]) -> str:
        """Begin an upload and return its location.

        Parameters
        ----------
        length : int
            Of the file, in bytes.
        metadata : dict of str to str
            ``order``, ``filename``, ``role``.

        Raises
        ------
        UploadIncompleteError
            The service cannot be reached.
        UploadRefusedError
            As the service says.
        """
        pairs = ",".join(f"{name} {_base64(value)}" for name, value in metadata.items())
        headers = {"Upload-Length": str(length), "Upload-Metadata": pairs}
        # If the response gets lost, the same request again begins no second upload.
        headers["Idempotency-Key"] = secrets.token_urlsafe()
        path = f"{self._base}{_UPLOADS}"
        answered, _ = _with_retries(lambda: self._call("POST", path, headers))
        location = urlsplit(urljoin(path, answered.get("location", ""))).path
        return location if location.startswith(self._base) else f"{self._base}{location}"

    def send(self, location: str, file: BinaryIO, size: int, progress: Progress) -> str:
        """Send what has not arrived yet; return the id of the exhibit.

        Parameters
        ----------
        location : str
            From `begin`.
        file : binary file
            Regular.
        size : int
            Of the file, in bytes.
        progress : Progress
            Called with KiB.

        Raises
        ------
        UploadIncompleteError
            The upload can be resumed.
        UploadRefusedError
            As the service says.
        UsageError
            ``usage.another_file``: the upload is of a file of another size.
        """

        def send_next() -> tuple[int, str | None]:
            status = self.status(location)
            offset = status.offset
            if status.length != size:
                raise UsageError("usage.another_file", bytes=status.length)
            if offset < size or status.exhibit is None:
                piece = min(_PIECE_BYTES, size - offset)
                file.seek(offset)
                offset = self._send_piece(
                    location, offset, piece, _chunks(file, offset, piece, size, progress)
                )
            return offset, status.exhibit

        offset, exhibit = _with_retries(send_next)
        while exhibit is None:
            offset, exhibit = _with_retries(send_next)
            progress(offset // _KIB, size // _KIB)
        return exhibit

    def status(self, location: str) -> UploadStatus:
        """Return how far an upload is."""
        # Not HEAD: its refusals have no body that gives a reason.
        document = json.loads(self._call("GET", location, {})[1])
        return UploadStatus(int(document["offset"]), int(document["length"]), document["exhibit"])

    def exhibit(self, exhibit_id: str) -> Any:
        """Return the document of an exhibit."""
        path = f"{self._base}/api/v1/exhibits/{exhibit_id}"
        return json.loads(_with_retries(lambda: self._call("GET", path, {}))[1])

    def _send_piece(self, location: str, offset: int, size: int, chunks: Iterator[bytes]) -> int:
        headers = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(size),
        }
        answered, _ = self._call("PATCH", location, headers, chunks)
        return int(answered["upload-offset"])

    def _call(
        self, method: str, path: str, headers: dict[str, str], body: Iterator[bytes] | None = None
    ) -> tuple[dict[str, str], bytes]:
        connection = self._connection(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        request = {"Authorization": f"Bearer {self._key}", "Tus-Resumable": "1.0.0", **headers}
        try:
            connection.request(method, path, body, request)
            response = connection.getresponse()
            data = response.read()
        finally:
            connection.close()
        overtaken = method == "PATCH" and response.status in _OVERTAKEN
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or overtaken:
            raise OSError(f"{response.status} {response.reason}")
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise _refusal(response.status, data)
        return {name.lower(): value for name, value in response.getheaders()}, data


def _chunks(file: BinaryIO, offset: int, piece: int, size: int, progress: Progress) -> Iterator[bytes]:
    end = offset + piece
    while offset < end:
        chunk = file.read(min(_CHUNK_BYTES, end - offset))
        if not chunk:
            raise UsageError("usage.another_file", bytes=size)  # the file was truncated meanwhile
        yield chunk
        offset += len(chunk)
        progress(offset // _KIB, size // _KIB)


def _base64(text: str) -> str:
    # A file name from a terminal need not be valid text.
    return b64encode(text.encode(errors="replace")).decode()


def _with_retries(call: Callable[[], _Result]) -> _Result:
    """Call until it works, with exponential backoff."""
    for failures in range(_MAX_ATTEMPTS):
        try:
            return call()
        except (OSError, http.client.HTTPException, KeyError, ValueError) as error:
            last = error
            if failures < _MAX_ATTEMPTS - 1:
                time.sleep(min(_MAX_BACKOFF_SECONDS, 2.0**failures))
    raise UploadIncompleteError(str(last) or type(last).__name__) from last


def _refusal(status: int, data: bytes) -> UploadRefusedError:
    try:
        problem = json.loads(data)
        text = Text(en=str(problem["en"]), zh=str(problem["zh"]))
        return UploadRefusedError(status, str(problem["code"]), text)
    except (ValueError, KeyError, TypeError):  # a response without a body, or from a proxy in between
        text = Text(en=f"HTTP {status}", zh=f"HTTP {status}")
        return UploadRefusedError(status, f"http.{status}", text)


def _service_address(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        near = host == "localhost" or (parts.scheme == "http" and ip_address(host).is_loopback)
        good = bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and near))
        _ = parts.port  # raises for one that is no number
    except ValueError:
        good = False
    if not good:
        raise UsageError("usage.not_a_service")
    return parts
