"""Canonical JSON: the examples of RFC 8785 that have no fractions, and what is refused."""

import enum
import json

import pytest

from bixie.kit.canonical_json import MAX_SAFE_INTEGER, CanonicalError, decode_canonical, encode_canonical


def code_of(call, *arguments):
    with pytest.raises(CanonicalError) as refusal:
        call(*arguments)
    return refusal.value.code


def test_keys_are_in_the_order_of_their_utf_16_code_units():
    # RFC 8785, section 3.2.3: the emoji is a surrogate pair (d83d) and so comes before U+FB33.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert list(json.loads(encode_canonical(dict.fromkeys(keys, 1)))) == [
        "\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33",
    ]  # fmt: skip


def test_text_is_escaped_only_where_it_must_be():
    # RFC 8785, section 3.2.2.2.
    assert encode_canonical('€$\x0f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()
    assert encode_canonical("\b\t\f\r\x7f\u2028") == '"\\b\\t\\f\\r\x7f\u2028"'.encode()


def test_text_is_not_normalised():
    assert encode_canonical("e\u0301") != encode_canonical("\u00e9")


def test_no_blanks_and_nested_keys_in_order():
    value = {"b": [1, {"z": None, "a": True}], "a": {"中": "文"}}
    assert encode_canonical(value) == '{"a":{"中":"文"},"b":[1,{"a":true,"z":null}]}'.encode()


@pytest.mark.parametrize(
    "value", [None, True, 0, -MAX_SAFE_INTEGER, MAX_SAFE_INTEGER, "", [], {}, {"a": [{"b": "\U0001f600"}]}]
)
def test_what_is_written_is_read_back(value):
    assert decode_canonical(encode_canonical(value)) == value
    assert decode_canonical(encode_canonical(value).decode()) == value


class Level(enum.IntEnum):
    HIGH = 1


@pytest.mark.parametrize(
    "value", [1.0, 1.5, float("nan"), float("inf"), b"", {1}, object(), Level.HIGH, {"a": [0.1]}]
)
def test_what_has_no_exact_form_is_refused(value):
    assert code_of(encode_canonical, value) == "json.not_a_value"


@pytest.mark.parametrize("value", [MAX_SAFE_INTEGER + 1, -MAX_SAFE_INTEGER - 1, [10**30]])
def test_a_number_beyond_every_reader_is_refused(value):
    assert code_of(encode_canonical, value) == "json.too_large"


@pytest.mark.parametrize("value", [{1: 2}, {None: 1}, {"a": {True: 1}}])
def test_a_key_that_is_no_text_is_refused(value):
    assert code_of(encode_canonical, value) == "json.not_a_key"


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, ["a\ud83d"], {"\ud800": 1, "é": 2}])
def test_half_a_character_is_refused(value):
    assert code_of(encode_canonical, value) == "json.surrogate"


def test_what_is_nested_too_deep_is_refused():
    value = []
    for _ in range(100):
        value = [value]
    assert code_of(encode_canonical, value) == "json.too_deep"
    assert code_of(decode_canonical, "[" * 100_000) in {"json.too_deep", "json.not_json"}


@pytest.mark.parametrize("text", ["", "{", "nul", "{'a':1}", '"a', '"\n"', "[1,]", b"\xff"])
def test_what_is_no_json_is_refused(text):
    assert code_of(decode_canonical, text) == "json.not_json"


@pytest.mark.parametrize("text", ["1.0", "1e3", "NaN", "-Infinity", '{"a":0.5}'])
def test_fractions_are_refused_when_read(text):
    assert code_of(decode_canonical, text) == "json.not_a_value"


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', '[{"b":{"a":1,"a":2}}]'])
def test_a_key_given_twice_is_refused(text):
    assert code_of(decode_canonical, text) == "json.duplicate_key"


@pytest.mark.parametrize(
    "text", [" 1", "1\n", '{"a": 1}', '{"b":1,"a":1}', '"\\u0041"', '"\\/"', "-0", '"\\u000a"', "\ufeff1"]
)
def test_another_spelling_of_the_same_value_is_refused(text):
    assert code_of(decode_canonical, text) in {"json.not_canonical", "json.not_json"}
