"""The published JSON Schemas are what the models generate, and allow what the models allow."""

import importlib.util
import json
from pathlib import Path

import jsonschema
import pytest
from tests.sweeps import by_repr, check_each

from bixie.examiners.order import OrderError, check_order, order_schema
from bixie.policies import PackError, builtin_packs, parse_pack
from bixie.policies.pack import pack_schema

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def generated():
    spec = importlib.util.spec_from_file_location("generate_schemas", REFERENCE / "generate_schemas.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MODULE = generated()


@pytest.mark.parametrize("place", MODULE.SCHEMAS, ids="/".join)
def test_the_published_schema_is_what_the_model_generates(place):
    text = MODULE.path_of(*place).read_text(encoding="utf-8")
    assert text == MODULE.text_of(MODULE.SCHEMAS[place])
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


@pytest.mark.parametrize(
    "document",
    [
        {"id": None},
        {"items": {}},
        {"items": [{"sku": 7}]},
        {"delivery_place": {"lat": 1}},
        {"delivery_place": {"lat": 91, "lon": 0}},
        {"claim": {"text": ["a"]}},
    ],
)
def test_the_schema_of_the_order_document_refuses_what_the_model_refuses(document):
    with pytest.raises(OrderError):
        check_order(document)
    assert not jsonschema.Draft202012Validator(order_schema()).is_valid(document)


def test_the_schema_of_the_order_document_allows_its_example():
    text = (REFERENCE / "order.md").read_text(encoding="utf-8")
    example = json.loads(text.split("```json\n")[1].split("```")[0])
    jsonschema.Draft202012Validator(order_schema()).validate(example)


def test_the_schema_of_a_policy_pack_allows_ours_and_refuses_what_the_model_refuses():
    validator = jsonschema.Draft202012Validator(pack_schema())
    pack = json.loads(builtin_packs()[0].canonical)
    validator.validate(pack)
    changes = (
        ("version", 0),
        ("currency", "yuan"),
        ("terms", pack["terms"] | {"answer": {"hours": 0}}),
        ("terms", pack["terms"] | {"answer": {"hours": 1, "days": 1}}),
        ("limits", pack["limits"] | {"refund_only_amount": -1}),
        ("rules", [pack["rules"][0] | {"when": "nothing"}]),
        ("rules", [pack["rules"][0] | {"when": {"all": []}}]),
        ("more", 1),
    )

    def refused(change):
        document = pack | dict([change])
        with pytest.raises(PackError):
            parse_pack(json.dumps(document).encode(), "pack.json")
        assert not validator.is_valid(document)

    check_each(by_repr(changes), refused)
