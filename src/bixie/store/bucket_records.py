"""Small records in a bucket, each an object that is written once. Needs the extra ``s3`` (obstore).

A bucket with Object Lock and a default retention keeps them even from its owner. The lock is the bucket's
own: the service applies it to every new object.
"""

from collections.abc import Iterator
from contextlib import suppress

import obstore
from obstore.exceptions import AlreadyExistsError

from bixie.store.object_blobs import bucket_refusals, connected
from bixie.store.settings import Bucket

__all__ = ["BucketRecords"]


class BucketRecords:
    """Objects below a prefix.

    Parameters
    ----------
    bucket : Bucket
        Must exist; the credentials and the service's address come from the ``AWS_*`` variables.

    Raises
    ------
    SettingError
        As `bixie.store.object_blobs.ObjectBlobs`.
    """

    def __init__(self, bucket: Bucket) -> None:
        # A bucket with Object Lock takes no object without a checksum.
        self._store = connected(bucket, checksum=True)

    def add(self, name: str, data: bytes) -> None:
        """Write an object; one that is there already stays as it is.

        Raises
        ------
        StoreError
            ``store.files`` when the service refuses, or does not answer for a while.
        """
        with bucket_refusals(), suppress(AlreadyExistsError):
            obstore.put(self._store, name, data, mode="create", use_multipart=False)

    def all(self, max_bytes: int) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of every object, in the order of the names within what is listed at once.

        Parameters
        ----------
        max_bytes : int
            Larger objects are cut off there.

        Raises
        ------
        StoreError
            ``store.files``.
        """
        with bucket_refusals():
            for objects in obstore.list(self._store):
                for one in sorted(objects, key=lambda found: found["path"]):
                    end = min(one["size"], max_bytes)
                    data = obstore.get_range(self._store, one["path"], start=0, end=end) if end else b""
                    yield one["path"], bytes(data)
