"""Whatever JSON an order document, facts or a file of orders hold: it is read, or refused with a code."""

import io
import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bixie.examiners.order import OrderDocument, check_order
from bixie.kit.errors import BixieError
from bixie.law import parse_facts
from bixie.law.facts import ActEntry, FactsDocument
from bixie.orders.file_import import read_orders
from bixie.orders.schemas import DeliveryIn, ItemIn, OrderIn

ON = date(2026, 6, 1)
STRANGE = [
    "",
    "x" * 600,
    "\ud800",
    "\x00",
    "2026-03-10",
    "9999-12-31T23:59:59-12:00",
    "GD",
    "yes",
    "1e5",
    "٣",
]
MODELS = (OrderDocument, FactsDocument, ActEntry, OrderIn, ItemIn, DeliveryIn)

keys = st.sampled_from(sorted({name for model in MODELS for name in model.model_fields} | {"", "\ud800"}))
values = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from([0, 1, -1, 10**400, 1.5, float("inf"), float("nan")])
    | st.sampled_from(STRANGE),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(keys, values, max_size=5) | values


def read_document(document):
    read_orders(io.BytesIO(json.dumps([document]).encode())).orders.close()


READERS = {
    "order document": check_order,
    "facts": lambda document: parse_facts(document, ON),
    "file of orders": read_document,
}


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=60, deadline=None)
@given(document=documents)
def test_whatever_is_given_is_read_or_refused_with_a_code(name, document):
    with suppress(BixieError):
        READERS[name](document)
