"""The order document: every key optional, every wrong one named."""

import json
import subprocess
import sys

import pytest

from bixie.examiners.order import MAX_ORDER_BYTES, OrderError, check_order, read_order

FULL = {
    "id": "2026-1120-77",
    "ordered_at": "2026-11-10T08:00:00+08:00",
    "delivered_at": "2026-11-13T10:12:00Z",
    "claimed_at": "2026-11-14T21:40:05.5+08:00",
    "delivery_place": {"lat": 31.23, "lon": 121.47},
    "items": [{"sku": "S-1", "name": "平底鞋", "category": "shoes"}, {}],
    "claim": {"reason": "damaged", "text": "鞋面有一道口子"},
}


def refusal(document):
    with pytest.raises(OrderError) as caught:
        check_order(document)
    return caught.value.code, caught.value.values["field"]


def test_a_full_order_is_taken_as_it_is():
    order = check_order(FULL)
    assert (order.facts, order.warnings) == (FULL, ())


def test_an_empty_order_is_allowed():
    assert check_order({}).facts == {}


@pytest.mark.parametrize(
    ("document", "code", "field"),
    [
        ([], "order.not_an_object", "order"),
        (None, "order.not_an_object", "order"),
        ({"id": 7}, "order.not_text", "id"),
        ({"ordered_at": "2026-11-10 08:00"}, "order.not_a_time", "ordered_at"),
        ({"claimed_at": "yesterday"}, "order.not_a_time", "claimed_at"),
        ({"delivered_at": 1763000000}, "order.not_a_time", "delivered_at"),
        ({"delivery_place": "Shanghai"}, "order.not_an_object", "delivery_place"),
        ({"delivery_place": {"lat": 31}}, "order.incomplete_place", "delivery_place"),
        ({"delivery_place": {"lat": 91, "lon": 0}}, "order.out_of_range", "delivery_place.lat"),
        ({"delivery_place": {"lat": 0, "lon": -180.5}}, "order.out_of_range", "delivery_place.lon"),
        ({"delivery_place": {"lat": True, "lon": 0}}, "order.not_a_number", "delivery_place.lat"),
        ({"delivery_place": {"lat": float("nan"), "lon": 0}}, "order.not_a_number", "delivery_place.lat"),
        ({"delivery_place": {"lat": 10**400, "lon": 0}}, "order.out_of_range", "delivery_place.lat"),
        ({"items": {}}, "order.not_a_list", "items"),
        ({"items": [{}, "shoe"]}, "order.not_an_object", "items[1]"),
        ({"items": [{"sku": None}]}, "order.not_text", "items[0].sku"),
        ({"claim": {"text": ["a"]}}, "order.not_text", "claim.text"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key(document, code, field):
    assert refusal(document) == (code, field)


def test_a_misspelt_key_is_a_warning_that_names_it():
    order = check_order({"claimed_on": "2026-11-14", "items": [{"colour": "red"}]})
    assert [warning.code for warning in order.warnings] == ["order.unknown_field"] * 2
    assert "claimed_on" in order.warnings[0].text.zh
    assert "items[0].colour" in order.warnings[1].text.en


def test_an_order_file_is_read_with_or_without_a_byte_order_mark(tmp_path):
    path = tmp_path / "order.json"
    text = json.dumps(FULL, ensure_ascii=False)
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_text(text, encoding=encoding)
        assert read_order(str(path)).facts == FULL


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "order.not_json"),
        ("{'id': 1}".encode("utf-16"), "order.not_json"),
        (b"[" * 100_000, "order.not_json"),
        (b" " * (MAX_ORDER_BYTES + 1), "order.too_large"),
    ],
)
def test_a_file_that_is_no_order_is_refused(tmp_path, content, code):
    path = tmp_path / "order.json"
    path.write_bytes(content)
    with pytest.raises(OrderError) as caught:
        read_order(str(path))
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["missing.json", ".", "nul\0l"])
def test_a_path_that_cannot_be_read_is_refused(tmp_path, name):
    with pytest.raises(OrderError) as caught:
        read_order(str(tmp_path / name))
    assert caught.value.code == "order.unreadable"


@pytest.mark.parametrize("document", [{"id": "\ud800", "items": ({},)}, {1: 2}, {"\ud800": 1}])
def test_what_no_json_file_holds_is_refused_with_a_code(document):
    with pytest.raises(OrderError):
        check_order(document)


def test_an_examination_without_an_order_loads_no_pydantic():
    code = "import sys, bixie.report.examination; print('pydantic' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
