"""A client that calls as a shop's program does: each request with a key of its own, again until answered."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol, TypeVar

import cv2
import numpy as np

from bench.cases import seeded
from bixie.access.principal import Principal, Role
from bixie.access.tenancy import writing
from bixie.identity.rules import TenantKind
from bixie.identity.service import add_key, add_tenant, founder
from bixie.store.unit_of_work import Store
from bixie.vault.models import Role as ExhibitRole

__all__ = ["Client", "File", "large_jpeg", "numbered", "open_shop", "ready", "small_jpeg", "together"]

_PATH = "/api/v1/exhibits"
_BOUNDARY = "bixie-bench-boundary"
_AGAIN_SECONDS = 0.1
_TOO_LONG = 120
_LARGE, _LARGE_QUALITY = (4000, 3000), 85
"""As a phone takes it; noise of this kind has about 2 MB then."""


class _Closing(Protocol):
    def close(self) -> None: ...


_Connection = TypeVar("_Connection", bound=_Closing)
_Sent = TypeVar("_Sent")


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload.

    Parameters
    ----------
    parts : sequence of bytes
        Of it, one after the other: large ones need not be copied to be told apart.
    key : str
        The ``Idempotency-Key``.
    role : ExhibitRole
    order : str, optional
        Of its own by default: files of one order that arrive together are examined together.
    """

    parts: Sequence[bytes | memoryview]
    key: str
    role: ExhibitRole = ExhibitRole.CLAIM
    order: str | None = None


@dataclass(slots=True)
class Client:
    """One connection with the service, made anew when it breaks.

    Parameters
    ----------
    port : int
    key : str
        Of the API.
    broken : int
        How often an answer was missed that the service had begun to work on, or told to ask for again.
    """

    port: int
    key: str
    broken: int = 0
    _connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_TOO_LONG)

    def upload(self, file: File) -> tuple[int, bytes]:
        """Send a file once; return status and body of the answer.

        Raises
        ------
        OSError, http.client.HTTPException
            When the connection breaks.
        """
        body = _form(file)
        headers = {
            "Idempotency-Key": file.key,
            "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
            "Content-Length": str(sum(map(len, body))),
        }
        return self._post(_PATH, iter(body), headers)

    def upload_until_answered(self, file: File) -> str:
        """Send a file until it is there; return the id of its exhibit.

        Raises
        ------
        TimeoutError
            When it is not after two minutes.
        ValueError
            When the service refuses it.
        """
        return str(json.loads(self._until_answered(lambda: self.upload(file), file.key))["id"])

    def post_until_answered(self, path: str, document: dict[str, Any], key: str) -> dict[str, Any]:
        """Send a document until it is answered; return the answer.

        Raises
        ------
        TimeoutError
            When it is not after two minutes.
        ValueError
            When the service refuses it.
        """
        body = json.dumps(document).encode()
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        answer: dict[str, Any] = json.loads(
            self._until_answered(lambda: self._post(path, body, headers), key)
        )
        return answer

    def _post(self, path: str, body: Any, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            self._connection.request("POST", path, body, headers | {"Authorization": f"Bearer {self.key}"})
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except BaseException:
            self._connection.close()
            raise

    def _until_answered(self, send: Callable[[], tuple[int, bytes]], key: str) -> bytes:
        give_up, body = time.monotonic() + _TOO_LONG, b"no answer"
        while time.monotonic() < give_up:
            try:
                status, body = send()
            except ConnectionRefusedError:
                pass
            except (OSError, http.client.HTTPException):
                self.broken += 1
            else:
                if status < HTTPStatus.MULTIPLE_CHOICES:
                    return body
                if status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise ValueError(body.decode())
                self.broken += 1
            time.sleep(_AGAIN_SECONDS)
        raise TimeoutError(f"{key}: {body.decode()}")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def together(
    clients: Sequence[_Connection], files: Iterable[_Sent], send: Callable[[_Connection, _Sent], None]
) -> None:
    """Have clients send files, or ask for pages, each client one at a time, in the order given.

    Raises
    ------
    Exception
        Whatever a client raised; the others end with what they are sending.
    """
    waiting, lock = iter(files), threading.Lock()
    failed = threading.Event()

    def work(client: _Connection) -> None:
        try:
            while not failed.is_set():
                with lock:
                    file = next(waiting, None)
                if file is None:
                    return
                send(client, file)
        except BaseException:
            failed.set()
            raise
        finally:
            client.close()

    with ThreadPoolExecutor(len(clients)) as threads:
        for done in [threads.submit(work, client) for client in clients]:
            done.result()


def open_shop(store: Store) -> tuple[Principal, str]:
    """Make a tenant; return who looks after it, and the text of a key for its API."""
    with writing(store, founder()) as session:
        tenant = add_tenant(session, "Bench", TenantKind.MERCHANT)[0].tenant
    principal = Principal(tenant, "program_bench", Role.PROGRAM)
    with writing(store, principal) as session:
        return principal, add_key(session, Role.API_KEY, label="bench").text


def ready(port: int) -> None:
    """Wait until the service can be used.

    Raises
    ------
    TimeoutError
        When it cannot after two minutes.
    """
    give_up = time.monotonic() + _TOO_LONG
    while time.monotonic() < give_up:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TOO_LONG)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == HTTPStatus.OK:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(_AGAIN_SECONDS)
    raise TimeoutError


def small_jpeg(number: int) -> bytes:
    """Return a small picture, each number another one."""
    random = seeded(f"small upload {number}")
    return _jpeg(cv2.resize(random.integers(0, 256, (6, 8, 3), np.uint8), (96, 72)), 90)


def large_jpeg() -> bytes:
    """Return a picture of 12 megapixels and about 2 MB, with large forms and fine grain as a photo has."""
    random, (width, height) = seeded("large upload"), _LARGE
    forms = random.integers(0, 256, (height // 40, width // 40, 3), np.uint8)
    grain = random.integers(-12, 13, (height // 2, width // 2, 3), np.int16)
    picture = cv2.resize(forms, _LARGE, interpolation=cv2.INTER_CUBIC).astype(np.int16)
    return _jpeg((picture + cv2.resize(grain, _LARGE)).clip(0, 255).astype(np.uint8), _LARGE_QUALITY)


def numbered(jpeg: bytes, number: int) -> Sequence[bytes | memoryview]:
    """Return a JPEG file in parts, with a comment that makes it another file."""
    comment = f"{number:08}".encode()
    return jpeg[:2], b"\xff\xfe" + (2 + len(comment)).to_bytes(2) + comment, memoryview(jpeg)[2:]


def _jpeg(picture: np.ndarray, quality: int) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def _form(file: File) -> list[bytes | memoryview]:
    head = "".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("order", file.order or file.key), ("role", str(file.role)))
    )
    head += f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n'
    head += "Content-Type: image/jpeg\r\n\r\n"
    return [head.encode(), *file.parts, f"\r\n--{_BOUNDARY}--\r\n".encode()]
