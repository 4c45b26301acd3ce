"""What tells one request from another."""

from contextlib import nullcontext

import pytest

from bixie.access.call import Call, current_call
from bixie.access.idempotency import fingerprint


def test_parts_of_a_request_cannot_run_into_each_other():
    assert fingerprint("a", b"bc", b"d") != fingerprint("a", b"b", b"cd")
    assert fingerprint("a", b"") != fingerprint("a")
    assert fingerprint("a", b"b") == fingerprint("a", b"b")


def test_nobody_calls_where_nobody_has_filled_it_in():
    with pytest.raises(RuntimeError):
        current_call()


def test_only_a_key_is_looked_up_before_what_takes_long():
    opened, done = [], []

    class Counted(Call):
        def reading(self):
            opened.append("reading")
            return nullcontext(None)

        def writing(self):
            return nullcontext(None)

    def create(key, **more):
        call = Counted(None, None, None, None, lambda: None, idempotency_key=key)
        assert call.once("create", (), lambda _: "made", **more) == "made"

    create(None)
    create(None, before=lambda: done.append("hashed"))
    assert (opened, done) == ([], ["hashed"])
