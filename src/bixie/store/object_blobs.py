"""The files of a store in a bucket of an S3 service, for a store that many machines share.

What arrives is hashed in a local file first; an object appears whole or not at all, so that a process that
is killed while it uploads has kept nothing. A fetched file is checked against its hash on disk before
anybody sees a byte. Needs the extra ``s3`` (obstore).
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from bixie.kit.errors import SettingError
from bixie.store.blobs import SHA256, ListedFile, named_by, path_of
from bixie.store.disk import file_refusals
from bixie.store.errors import StoreError
from bixie.store.incoming import INCOMING, Incoming, Received
from bixie.store.settings import Bucket

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

__all__ = ["ObjectBlobs", "bucket_refusals", "connected"]

_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_PART = 8 << 20
"""What is sent or fetched in one request; with it the memory that a file of any size takes."""
_TRIAL = f"{INCOMING}/trial"
_AT_ONCE = 4
_REQUEST: "ClientConfig" = {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=60)}
"""A part in 60 s: a line of 1.1 Mbit/s still does it."""
_RETRIES: "RetryConfig" = {"max_retries": 4, "retry_timeout": timedelta(seconds=60)}
"""An outage of some seconds is retried; after a minute no request is tried again."""

_CREDENTIALS = "/latest/api/token"
"""Where the library asks the machine's role (AWS) when the environment names no key."""
_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")
_STATUS = re.compile(r"\bstatus code: ([1-5][0-9]{2})\b")


class ObjectBlobs:
    """Files as objects, ``<prefix>/<space>/<first two digits>/<SHA-256>``.

    The service's address and the credentials come from the ``AWS_*`` variables. The service is
    not contacted before the first file.

    Parameters
    ----------
    bucket : Bucket
        Must exist.
    folder : Path
        Local, for what is on its way in or out; made when it is needed.

    Raises
    ------
    SettingError
        ``setting.not_an_address`` for an endpoint without TLS on another machine, ``setting.not_usable`` for
        another of the variables.
    """

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        self._incoming = Incoming(folder)
        self._store = connected(bucket)

    def receiving(self, chunks: Iterable[bytes]) -> AbstractContextManager[Received]:
        """Write chunks to the local disk and hash them; see `Incoming.receiving`."""
        return self._incoming.receiving(chunks)

    def check_writable(self) -> None:
        """Check that a file could be kept now, by writing one and removing it.

        Raises
        ------
        StoreError
            ``store.files``.
        """
        with bucket_refusals():
            obstore.put(self._store, _TRIAL, b"bixie")
            obstore.delete(self._store, _TRIAL)

    def disk(self) -> None:
        """Return None: the files lie in a bucket."""

    def keep(self, space: str, received: Received) -> None:
        """Keep what was received under its SHA-256; it is kept once the service confirms.

        Raises
        ------
        ValueError
            For a space whose name cannot be a folder's.
        StoreError
            ``store.files`` when the service refuses, or does not answer for a while.
        """
        path = path_of(space, received.sha256)
        with bucket_refusals():
            # Overwrite an older copy too: it is repaired if it was damaged.
            obstore.put(self._store, path, received.path, chunk_size=_PART, max_concurrency=_AT_ONCE)

    def open(self, space: str, sha256: str) -> BinaryIO:
        """Fetch a kept file and open it at its beginning after checking its bytes against the hash.

        Raises
        ------
        StoreError
            ``store.file_missing`` or ``store.file_damaged``; ``store.files`` when the service does not hand
            it out; ``store.full`` for the local disk.
        """
        path = path_of(space, sha256)
        file = self._incoming.scratch()
        try:
            digest = hashlib.sha256()
            for part in self._parts(path, sha256):
                digest.update(part)
                with file_refusals():
                    file.write(part)
            if digest.hexdigest() != sha256:
                raise StoreError("store.file_damaged", sha256=sha256)
            with file_refusals():
                file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    def holds(self, space: str, sha256: str) -> bool:
        """Return whether a file is kept, without fetching it.

        Raises
        ------
        StoreError
            ``store.files`` when the service refuses, or does not answer for a while.
        """
        with bucket_refusals():
            try:
                obstore.head(self._store, path_of(space, sha256))
            except FileNotFoundError:
                return False
            return True

    def remove(self, space: str, sha256: str) -> None:
        """Remove a kept file; a missing one is ignored.

        Raises
        ------
        StoreError
            ``store.files`` when the service refuses, or does not answer for a while.
        """
        path = path_of(space, sha256)
        with (
            bucket_refusals(),
            suppress(FileNotFoundError),
        ):  # S3 itself never says so, some that resemble it do
            obstore.delete(self._store, path)

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield space and SHA-256 of every kept file, in no order.

        Raises
        ------
        StoreError
            ``store.files`` when the service does not list them.
        """
        with bucket_refusals():
            for objects in obstore.list(self._store):
                for one in objects:
                    kept = named_by(one["path"])
                    if kept is not None:
                        yield kept

    def listed(self, space: str) -> Iterator[ListedFile]:
        """Yield the kept files of a space, in no order.

        Raises
        ------
        StoreError
            ``store.files`` when the service does not list them.
        """
        with bucket_refusals():
            for objects in obstore.list(self._store, f"{space}/"):
                for one in objects:
                    sha256 = one["path"].rpartition("/")[2]
                    # Whoever may write to the bucket may have put something else beside the files.
                    if SHA256.fullmatch(sha256) and one["path"] == path_of(space, sha256):
                        yield ListedFile(sha256, one["last_modified"])

    def _parts(self, path: str, sha256: str) -> Iterator[memoryview]:
        """Fetch an object part by part, each with retries of its own, so that large ones arrive too."""
        with bucket_refusals():
            try:
                size = obstore.head(self._store, path)["size"]
                for start in range(0, size, _PART):
                    end = min(start + _PART, size)
                    yield memoryview(obstore.get_range(self._store, path, start=start, end=end))
            except FileNotFoundError as error:
                # A bucket that does not exist gets the same answer, but cannot be listed.
                next(iter(obstore.list(self._store, path)), None)
                raise StoreError("store.file_missing", sha256=sha256) from error


def connected(bucket: Bucket, *, checksum: bool = False) -> S3Store:
    """Return a bucket's client; the service is not contacted yet.

    Parameters
    ----------
    bucket : Bucket
    checksum : bool
        Whether every object is sent with its SHA-256.

    Raises
    ------
    SettingError
        ``setting.not_an_address`` or ``setting.not_usable``.
    """
    endpoint = _endpoint()
    config: S3Config = {}
    if endpoint:
        # Under both names: otherwise the library would follow the one that it prefers itself.
        config = {"endpoint": endpoint, "aws_endpoint_url_s3": endpoint}
    if checksum:
        config["checksum_algorithm"] = "SHA256"
    # Set even if false: AWS_ALLOW_HTTP must not allow more than Bixie does.
    client: ClientConfig = {**_REQUEST, "allow_http": endpoint.startswith("http:")}
    try:
        return S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config=config,
            client_options=client,
            retry_config=_RETRIES,
        )
    except (BaseError, ValueError) as error:
        # The library's message repeats the value, and some of these variables hold secrets.
        raise SettingError("setting.not_usable", name="AWS_*") from error


def _endpoint() -> str:
    """Return the service's address in the environment, empty for that of AWS itself."""
    name = next((one for one in _ENDPOINTS if os.environ.get(one)), None)
    if name is None:
        return ""
    address = os.environ[name]
    if not _is_safe(address):
        raise SettingError("setting.not_an_address", name=name, schemes="https://")
    return address


def _is_safe(address: str) -> bool:
    """Return whether files may go to an address: with TLS, or without it on this machine alone."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        if parts.scheme == "http":
            return host == "localhost" or ip_address(host).is_loopback
    except ValueError:  # no address, or the name of another machine
        return False
    return parts.scheme == "https" and bool(host)


@contextmanager
def bucket_refusals() -> Iterator[None]:
    """Turn the service's errors inside the block into a `StoreError`.

    Raises
    ------
    StoreError
        ``store.files``.
    """
    try:
        yield
    except (BaseError, OSError) as error:
        raise StoreError("store.files", reason=f"S3: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Return the service's error code or status; its text may contain keys and addresses."""
    message = str(error)
    if _CREDENTIALS in message:
        return "no credentials"
    found = _CODE.search(message) or _STATUS.search(message)
    return found[1] if found else "no answer"
