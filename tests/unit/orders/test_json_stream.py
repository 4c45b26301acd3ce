"""A list that is read value by value is what the whole document says, wherever its pieces end."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bixie.orders import json_stream
from bixie.orders.errors import OrdersError
from bixie.orders.json_stream import values_of

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch):
    monkeypatch.setattr(json_stream, "_STEP", 3)


@pytest.mark.parametrize("indent", [None, 1])
@settings(max_examples=40, deadline=None)
@given(listed=st.lists(values, max_size=6), before=st.dictionaries(st.text(max_size=3), values, max_size=2))
def test_the_values_are_those_of_the_document(indent, listed, before):
    for document in (listed, {**before, "orders": listed, "orders2": 1}):
        text = f" {json.dumps(document, indent=indent)}\n"
        assert list(values_of(io.StringIO(text))) == listed


def test_numbers_keep_the_digits_that_the_document_writes():
    assert list(values_of(io.StringIO("[1234, 195.50, 12]"))) == [1234, "195.50", 12]


BROKEN = [
    '[{"number": "1"},\n {"number" "2"}]',
    "[\n\n1 2]",
    "[1,\n]",
    "[1]\n x",
    '{"a": 1,\n "orders": [1',
    '{"orders" [1]}',
    '["a\nb"]',
    "[tru]",
]


@pytest.mark.parametrize("text", BROKEN)
def test_a_fault_is_named_by_its_line_and_column(text):
    with pytest.raises(json.JSONDecodeError) as whole:
        json.loads(text)
    with pytest.raises(OrdersError) as caught:
        list(values_of(io.StringIO(text)))
    assert caught.value.code == "orders.not_json"
    cause = caught.value.__cause__
    # From Python 3.13 on, json names a comma too many at the comma instead of at what follows.
    expected = (2, 1) if text == "[1,\n]" else (whole.value.lineno, whole.value.colno)
    assert (cause.lineno, cause.colno) == expected


@pytest.mark.parametrize("text", ["{}", '{"orders": 1}', '{"order": []}', '{"orders": [], "orders": []}'])
def test_an_object_without_one_list_of_orders_is_none(text):
    with pytest.raises(OrdersError, match=r"orders\.not_json"):
        list(values_of(io.StringIO(text)))


def test_a_value_may_not_fill_the_memory_but_a_fault_before_is_still_named(monkeypatch):
    monkeypatch.setattr(json_stream, "MAX_VALUE", 100)
    with pytest.raises(OrdersError, match=r"orders\.value_too_long"):
        list(values_of(io.StringIO("[[" + "1," * 200 + "1]]")))
    with pytest.raises(OrdersError, match=r"orders\.not_json"):
        list(values_of(io.StringIO("[[1 1" + ",1" * 200 + "]]")))


def test_what_is_nested_too_deeply_is_refused():
    with pytest.raises(OrdersError, match=r"orders\.not_json"):
        list(values_of(io.StringIO("[" * 200_000)))
