"""Verifies time stamps of checkpoints: what each is over, who signed it, and that none is gone."""

import hashlib
from typing import Any

from cryptography.x509 import Certificate

from bixie.ledger.errors import LedgerError
from bixie.ledger.rules import Event
from bixie.ledger.timestamps import check, stamped_at
from bixie.ledger.verifying_signatures import Fault

__all__ = ["TenantStamps"]


class TenantStamps:
    """Walks along the stamps of one tenant.

    Parameters
    ----------
    roots : tuple of Certificate
        Trusted; without any, signatures are not checked.
    """

    def __init__(self, roots: tuple[Certificate, ...]) -> None:
        self._roots = roots
        self._unnamed: dict[tuple[int, str], str] = {}
        """SHA-256 of responses that no event has named yet, by size and authority."""
        self._named_from: int | None = None
        """Size of the first checkpoint whose stamp an event names; earlier versions appended none."""
        self.checked = self.unchecked = 0

    def response(self, size: int, body: str, authority: Any, response: Any) -> None:
        """Take a stamp of the checkpoint that was passed.

        Raises
        ------
        Fault
            ``ledger.stamp_differs``.
        """
        try:
            if self._roots:
                check(response, body.encode(), self._roots)
                self.checked += 1
            else:
                stamped_at(response, body.encode())
                self.unchecked += 1
        except LedgerError as error:
            raise Fault("ledger.stamp_differs", size, authority=authority) from error
        self._unnamed[size, str(authority)] = hashlib.sha256(response).hexdigest()

    def event(self, event: Event) -> None:
        """Take an event that names a stamp.

        Raises
        ------
        Fault
            ``ledger.stamp_missing`` or ``ledger.stamp_differs``.
        """
        size, authority = event.data.get("size"), event.data.get("authority")
        if type(size) is not int or type(authority) is not str or (size, authority) not in self._unnamed:
            raise Fault("ledger.stamp_missing", size, authority=authority)
        if self._unnamed.pop((size, authority)) != event.data.get("sha256"):
            raise Fault("ledger.stamp_differs", size, authority=authority)
        if self._named_from is None:
            self._named_from = size

    def end(self) -> None:
        """Take the end of the ledger.

        Raises
        ------
        Fault
            ``ledger.stamp_added``.
        """
        for size, authority in sorted(self._unnamed):
            if self._named_from is not None and size >= self._named_from:
                raise Fault("ledger.stamp_added", size, authority=authority)
