"""Orders to the outside: their key, their bytes, their schema."""

import json
from importlib import resources

import jsonschema
import pytest
from pydantic import ValidationError
from tests.unit.remedies.orders import made_order

from bixie.remedies.gateway import REVERSALS, Kind, idempotency_key


def test_the_same_decision_and_kind_always_have_the_same_key_and_no_other_has_it():
    keys = {
        (tenant, decision, kind): idempotency_key(tenant, decision, kind)
        for tenant in ("tenant_1", "tenant_2")
        for decision in ("decision_1", "decision_2")
        for kind in Kind
    }
    assert len(set(keys.values())) == len(keys)
    assert all(idempotency_key(*parts) == key for parts, key in keys.items())


def test_the_key_of_an_order_never_changes():
    # A store of this version may be in the middle of sending when the next version takes over.
    key = idempotency_key("tenant_1", "decision_1", Kind.REFUND)
    assert key == "remedy-302d53b840301bdd62ef045f1b96ef6311f47003"


def test_the_same_order_is_the_same_bytes_and_fits_the_published_schema():
    order = made_order(id="remedy_00000000000000000000000000")
    again = made_order(id="remedy_00000000000000000000000000")
    assert order.encoded() == again.encoded()
    schema = json.loads(resources.files("bixie.remedies").joinpath("order.schema.json").read_text("utf-8"))
    document = json.loads(order.encoded())
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["schema"] == "bixie.remedy_order/1"
    assert document["amount"] == {"currency": "CNY", "minor": 1999}


def test_an_order_takes_no_field_that_the_schema_does_not_name():
    with pytest.raises(ValidationError, match="buyer_name"):
        made_order(buyer_name="张三")


def test_everything_but_a_repair_can_be_taken_back_once():
    plain = {kind for kind in Kind if not kind.endswith("_reversal")}
    assert set(REVERSALS) == plain - {Kind.REPAIR}
    assert set(REVERSALS.values()) == set(Kind) - plain
