"""What tells one request from another."""

import pytest

from bixie.access.call import current_call
from bixie.access.idempotency import fingerprint


def test_parts_of_a_request_cannot_run_into_each_other():
    assert fingerprint("a", b"bc", b"d") != fingerprint("a", b"b", b"cd")
    assert fingerprint("a", b"") != fingerprint("a")
    assert fingerprint("a", b"b") == fingerprint("a", b"b")


def test_nobody_calls_where_nobody_has_filled_it_in():
    with pytest.raises(RuntimeError):
        current_call()
