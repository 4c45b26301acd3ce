"""Files of orders: encodings, headings, spreadsheets' tricks, and every fault by row and column."""

import io
import json
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bixie.orders import collector, file_import
from bixie.orders.errors import OrdersError
from bixie.orders.file_import import MAX_FILE, MAX_ROWS
from bixie.orders.rules import MAX_PROBLEMS
from bixie.orders.schemas import DeliveryIn, ItemIn

LONG = "6912345678901234567"
TABLE = f"订单号,下单时间,商品名称,数量,单价,快递单号\n{LONG},2026-03-10 08:15:00,青蟹,1,195.00,SF1\n"


def read_orders(data):
    with file_import.read_orders(io.BytesIO(data)) as read:
        return replace(read, orders=tuple(read.orders))


def one(text):
    read = read_orders(text.encode())
    assert read.problems == ()
    assert len(read.orders) == 1
    return read.orders[0]


def faults(text):
    return [(fault.row, fault.column, fault.code) for fault in read_orders(text.encode()).problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_is_read_in_the_encodings_that_shops_export(encoding):
    (order,) = read_orders(TABLE.encode(encoding)).orders
    assert order.number == LONG
    assert order.items == (ItemIn(name="青蟹", quantity=1, price="195.00"),)
    assert order.items[0].price == 19500
    assert order.deliveries == (DeliveryIn(tracking_number="SF1"),)


def test_a_time_without_a_zone_is_china_s():
    assert one(TABLE).ordered_at == datetime(2026, 3, 10, 0, 15, tzinfo=UTC)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_delimiters_and_line_ends_are_found_out(delimiter, ending):
    text = ending.join([delimiter.join(["Order No.", "Item name"]), delimiter.join([LONG, "cup"]), ""])
    assert one(text).items[0].name == "cup"


@pytest.mark.parametrize(
    "heading", ["订单号", "订单编号", " 订单 ID ", "Order_Number", "order no.", "NUMBER"]
)
def test_headings_are_known_in_both_languages(heading):
    assert one(f"{heading}\n{LONG}\n").number == LONG


@pytest.mark.parametrize("cell", [f'="{LONG}"', f"'{LONG}", f"\t{LONG}", f'"{LONG}"'])
def test_what_keeps_a_spreadsheet_from_rounding_is_taken_off(cell):
    text = f"订单号\n{cell}\n"
    if cell.startswith("="):
        text = '订单号\n"=""' + LONG + '"""\n'
    assert one(text).number == LONG


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-10", datetime(2026, 3, 9, 16, tzinfo=UTC)),
        ("2026/3/10 8:15", datetime(2026, 3, 10, 0, 15, tzinfo=UTC)),
        ("2026年3月10日 08:15:30", datetime(2026, 3, 10, 0, 15, 30, tzinfo=UTC)),
        ("2026-03-10 08:15:00 +0900", datetime(2026, 3, 9, 23, 15, tzinfo=UTC)),
        ("2026-03-10 08:15:00 UTC", datetime(2026, 3, 10, 8, 15, tzinfo=UTC)),
        ("2026-03-10T08:15:00Z", datetime(2026, 3, 10, 8, 15, tzinfo=UTC)),
        ("2026-03-10T08:15:00+09:00", datetime(2026, 3, 9, 23, 15, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_shops_write_them(cell, moment):
    assert one(f"订单号,下单时间\n1,{cell}\n").ordered_at == moment


@pytest.mark.parametrize(
    ("cell", "fen"), [("195", 19500), ("¥195.50", 19550), ('"1,195.00"', 119500), ("30元", 3000)]
)
def test_prices_are_read_as_shops_write_them(cell, fen):
    assert one(f"订单号,单价\n1,{cell}\n").items[0].price == fen


def test_rows_of_one_number_are_one_order():
    order = one("订单号,商品名称,运单号\n1,cup,SF1\n1,plate,SF1\n1,bowl,SF2\n")
    assert [item.name for item in order.items] == ["cup", "plate", "bowl"]
    assert [parcel.tracking_number for parcel in order.deliveries] == ["SF1", "SF2"]


def test_empty_rows_are_passed_over_and_other_columns_named():
    read = read_orders("订单号,买家留言\n\n1,hello\n,\n".encode())
    assert [order.number for order in read.orders] == ["1"]
    assert read.ignored == ("买家留言",)


def test_a_column_that_does_not_count_is_named_and_the_file_is_read():
    read = read_orders("订单号,订单付款时间,订单创建时间\n1,2026-03-10 08:16,2026-03-10 08:15\n".encode())
    assert read.orders[0].ordered_at == datetime(2026, 3, 10, 0, 15, tzinfo=UTC)
    (note,) = read.notes
    assert (note.row, note.column, note.code) == ("1", "订单付款时间", "orders.column_passed_over")
    assert "订单创建时间" in note.zh
    assert (read.problems, read.ignored) == ((), ())


@pytest.mark.parametrize("heading", ["确认收货时间", "收货时间", "订单完成时间"])
def test_a_confirmation_is_no_delivery(heading):
    # A photo taken between delivery and confirmation would seem to be older than the delivery.
    read = read_orders(f"订单号,运单号,{heading}\n1,SF1,2026-03-20 08:00\n".encode())
    assert read.orders[0].deliveries == (DeliveryIn(tracking_number="SF1"),)
    assert [(note.column, note.code) for note in read.notes] == [(heading, "orders.column_confirms")]


@pytest.mark.parametrize("cell", ["-", "--", "null", "NULL", '"\t-"'])
def test_a_cell_that_says_that_there_is_nothing_is_empty(cell):
    order = one(f"订单号,下单时间,运单号\n1,{cell},No:SF1\n")
    assert order.ordered_at is None
    assert order.deliveries == (DeliveryIn(tracking_number="SF1"),)


FAULTS = {
    "6.91235E+18": ("订单号", "orders.number_rounded"),
    "x" * 101: ("订单号", "orders.bad_number"),
}


@pytest.mark.parametrize("cell", FAULTS)
def test_a_damaged_number_is_named(cell):
    assert faults(f"订单号\n{cell}\n") == [("2", *FAULTS[cell])]


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("下单时间", "yesterday", "orders.bad_time"),
        ("下单时间", "2026-02-30", "orders.bad_time"),
        ("下单时间", "2026-13-01 10:00", "orders.bad_time"),
        ("数量", "0", "orders.bad_quantity"),
        ("数量", "-1", "orders.bad_quantity"),
        ("数量", "1.5", "orders.bad_quantity"),
        ("数量", "12345678", "orders.bad_quantity"),
        ("单价", "-1", "orders.bad_price"),
        ("单价", "0.001", "orders.bad_price"),
        ("单价", "free", "orders.bad_price"),
        ("商品名称", "x" * 501, "orders.bad_text"),
        ("商品名称", "x" * 2001, "orders.too_long"),
    ],
)
def test_a_fault_is_named_by_row_and_column(heading, cell, code):
    text = f"订单号,{heading}\n1,\n2,{cell}\n"
    assert faults(text) == [("3", heading, code)]
    assert [order.number for order in read_orders(text.encode()).orders] == ["1"]


def test_a_row_without_a_number_is_named():
    assert faults("订单号,商品名称\n,cup\n") == [("2", "订单号", "orders.no_number")]


def test_a_row_with_too_many_cells_is_named():
    assert faults("订单号\n1,2\n") == [("2", None, "orders.too_many_cells")]


def test_rows_that_contradict_each_other_leave_the_order_out():
    read = read_orders("订单号,下单时间\n1,2026-03-10\n1,2026-03-11\n2,\n".encode())
    assert [fault.code for fault in read.problems] == ["orders.contradicts"]
    assert [order.number for order in read.orders] == ["2"]


def test_an_order_with_one_bad_row_is_left_out_whole():
    read = read_orders("订单号,数量\n1,1\n1,none\n".encode())
    assert read.orders == ()


@pytest.mark.parametrize("row", ["1,x,y\n", "1," + "x" * 2001 + "\n"])
def test_an_order_with_a_row_that_cannot_be_read_is_left_out_whole(row):
    read = read_orders(("订单号,商品名称\n1,cup\n2,cup\n" + row).encode())
    assert [order.number for order in read.orders] == ["2"]


def test_of_very_many_faults_the_first_are_named():
    read = read_orders(("订单号,数量\n" + "1,x\n" * (MAX_PROBLEMS + 5)).encode())
    assert len(read.problems) == MAX_PROBLEMS
    assert read.more


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "orders.empty"),
        (b" \n", "orders.empty"),
        (b"PK\x03\x04\0\0", "orders.not_text"),
        (b"\xff\xff\xff", "orders.not_text"),
        ("商品名称\ncup\n".encode(), "orders.no_number_column"),
        ("订单号,订单 号\n1,2\n".encode(), "orders.column_twice"),
        ('订单号\n"1\n'.encode(), "orders.not_a_table"),
        (b"{", "orders.not_json"),
        (b"[" * 50_000, "orders.not_json"),
        (b'{"order": []}', "orders.not_json"),
        (b"x" * (MAX_FILE + 1), "orders.too_large"),
        ("订单号\n".encode() + b"1\n" * (MAX_ROWS + 1), "orders.too_many_rows"),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_refused(data, code):
    with pytest.raises(OrdersError) as refused:
        read_orders(data)
    assert refused.value.code == code


DOCUMENT = {
    "orders": [
        {
            "number": LONG,
            "ordered_at": "2026-03-10T08:15:00+08:00",
            "items": [{"sku": "A1", "name": "杯子", "quantity": 2, "price": 19.5}],
            "deliveries": [{"carrier": "SF", "tracking_number": "SF1", "delivered_at": "2026-03-12 10:00"}],
        }
    ]
}


def test_a_document_is_read_like_a_table():
    for document in (DOCUMENT, DOCUMENT["orders"]):
        order = one(json.dumps(document))
        assert order.items == (ItemIn(sku="A1", name="杯子", quantity=2, price="19.50"),)
        assert order.items[0].price == 1950
        assert order.deliveries[0].delivered_at == datetime(2026, 3, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("order", "place", "column", "code"),
    [
        ({"number": 6912345678901234567}, "orders[0]", "number", "orders.number_not_text"),
        ({}, "orders[0]", "number", "orders.no_number"),
        (1, "orders[0]", None, "orders.not_an_object"),
        ({"number": "1", "nummer": 2}, "orders[0]", "nummer", "orders.unknown_key"),
        ({"number": "1", "items": {}}, "orders[0].items", None, "orders.not_a_list"),
        (
            {"number": "1", "items": [{"quantity": True}]},
            "orders[0].items[0]",
            "quantity",
            "orders.bad_quantity",
        ),
        ({"number": "1", "items": [{"price": "x"}]}, "orders[0].items[0]", "price", "orders.bad_price"),
        ({"number": "1", "ordered_at": 5}, "orders[0]", "ordered_at", "orders.bad_time"),
    ],
)
def test_a_fault_of_a_document_is_named_by_its_place(order, place, column, code):
    assert (place, column, code) in faults(json.dumps([order]))


def test_memory_does_not_grow_with_what_the_orders_hold(monkeypatch):
    monkeypatch.setattr(collector, "_IN_MEMORY", 1)  # as with a file that is larger than that

    def peak(count, name):
        table = "订单号,商品名称\n" + "".join(f"{number},{name}\n" for number in range(count))
        data = io.BytesIO(table.encode())
        tracemalloc.start()
        with file_import.read_orders(data):
            _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(3_000, "x" * 400), peak(6_000, "x" * 400)
    # An order as an object has 3 kB; what stays is its number and its place in the file.
    assert (many - few) / 3_000 < 600
