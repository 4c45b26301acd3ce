"""The columns of real exports: which of two counts, which never counts, and the pages that say so."""

import importlib.util
from pathlib import Path

import pytest

from bixie.orders.headings import CONFIRMATIONS, FIELDS, columns_of

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"


def test_a_heading_means_one_thing():
    headings = [columns_of([one]).fields for listed in FIELDS.values() for one in listed]
    expected = [{0: name} for name, listed in FIELDS.items() for _ in listed]
    assert headings == expected
    assert [columns_of([one]).fields for one in CONFIRMATIONS] == [{}] * len(CONFIRMATIONS)


@pytest.mark.parametrize(
    ("counts", "other", "name"),
    [
        ("订单创建时间", "订单付款时间", "ordered_at"),
        ("订单提交时间", "支付完成时间", "ordered_at"),
        ("订单成交时间", "支付时间", "ordered_at"),
        ("Created at", "Paid at", "ordered_at"),
        ("主订单编号", "子订单编号", "number"),
        ("主订单编号", "订单编号", "number"),
        ("商家编码-规格维度", "商家编码-商品维度", "sku"),
        ("商品标题", "宝贝标题", "name"),
    ],
)
def test_of_two_columns_for_one_thing_one_counts_whatever_their_order(counts, other, name):
    assert columns_of([counts, other]).fields == {0: name}
    columns = columns_of([other, counts])
    assert (columns.fields, columns.passed_over, columns.repeated) == ({1: name}, {0: 1}, None)


def test_name_is_the_number_of_an_order_of_shopify_only():
    assert columns_of(["Name", "Lineitem name"]).fields == {0: "number", 1: "name"}
    assert columns_of(["Order no.", "Name"]).fields == {0: "number", 1: "name"}


def test_the_pages_on_importing_orders_list_the_headings_that_are_known():
    spec = importlib.util.spec_from_file_location("generate_columns", REFERENCE / "generate_columns.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for language, path in module.PAGES.items():
        page = path.read_text(encoding="utf-8")
        assert module.with_table(page, language) == page
