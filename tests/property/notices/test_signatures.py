"""Whatever bit of a signed webhook is changed, it is refused."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bixie.notices.errors import SignatureError
from bixie.notices.standard_webhooks import headers, new_secret, verify

NOW = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
SECRET = new_secret(lambda count: b"s" * count)
ids = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def flipped(text, place, bit):
    place %= len(text)
    return text[:place] + chr(ord(text[place]) ^ 1 << bit) + text[place + 1 :]


@given(ids, st.binary(max_size=300))
def test_what_was_signed_is_verified(message, body):
    assert verify([SECRET], headers([SECRET], message, NOW, body), body, NOW) == message


@given(ids, st.binary(min_size=1, max_size=60), st.integers(0), st.integers(0, 7))
def test_a_changed_bit_of_the_body_is_refused(message, body, place, bit):
    signed = headers([SECRET], message, NOW, body)
    changed = bytearray(body)
    changed[place % len(body)] ^= 1 << bit
    with pytest.raises(SignatureError):
        verify([SECRET], signed, bytes(changed), NOW)


@given(
    st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
    st.integers(0),
    st.integers(0, 6),
)
def test_a_changed_bit_of_a_header_is_refused(name, place, bit):
    signed = headers([SECRET], "delivery_1", NOW, b"{}")
    with pytest.raises(SignatureError):
        verify([SECRET], {**signed, name: flipped(signed[name], place, bit)}, b"{}", NOW)


@given(st.text(max_size=20), st.integers(0, 20))
def test_id_time_and_body_cannot_be_shifted_into_each_other(tail, cut):
    body = f"1764059400.{tail}".encode()
    signed = headers([SECRET], "delivery_1", NOW, body)
    moved = {**signed, "webhook-id": f"delivery_1.{signed['webhook-timestamp']}"}
    with pytest.raises(SignatureError):
        verify([SECRET], moved, tail.encode()[cut:], NOW)
