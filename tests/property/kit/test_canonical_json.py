"""Whatever can be written has one spelling, and only that is read."""

from hypothesis import given
from hypothesis import strategies as st

from bixie.kit.canonical_json import MAX_SAFE_INTEGER, CanonicalError, decode_canonical, encode_canonical

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_writing_and_reading_gives_the_same(value):
    assert decode_canonical(encode_canonical(value)) == value


@given(st.dictionaries(st.text(), st.integers(0, 9)), st.randoms(use_true_random=False))
def test_the_order_in_which_keys_were_set_does_not_show(value, random):
    pairs = list(value.items())
    random.shuffle(pairs)
    assert encode_canonical(dict(pairs)) == encode_canonical(value)


@given(VALUES, st.data())
def test_a_changed_byte_is_another_value_or_no_value(value, data):
    written = bytearray(encode_canonical(value))
    at = data.draw(st.integers(0, len(written) - 1))
    written[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        read = decode_canonical(bytes(written))
    except CanonicalError:
        return
    assert encode_canonical(read) == bytes(written) != encode_canonical(value)
