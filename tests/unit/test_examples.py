"""The example claim: its pictures are there, small, and made as their page says."""

import runpy
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from bixie.orders.file_import import read_orders

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PICTURES = ("listing.jpg", "claim.jpg", "honest.jpg", "packing.jpg")
ORDERS = {
    "orders-taobao.csv": ("6912345678901234567", 2, ["订单付款时间", "确认收货时间"]),
    "orders-douyin.csv": ("6912345678901234570", 3, ["子订单编号", "支付完成时间", "订单完成时间"]),
    "orders-pdd.csv": ("261110-000000000000001", 2, ["支付时间", "商家编码-商品维度", "确认收货时间"]),
    "orders-shopify.csv": ("#1001", 3, ["Paid at"]),
}
"""File to the number of its first order, how many lines of goods its orders have, and what its notes name."""


def pixels(path):
    return cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR).astype(np.float32)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_example_is_small_and_its_origin_is_told(name):
    assert (EXAMPLES / name).stat().st_size < 300_000
    assert f"| `{name}` |" in (EXAMPLES / "PROVENANCE.md").read_text(encoding="utf-8")


def test_the_script_still_makes_the_photos_from_the_listing(tmp_path):
    for name in ("make_example.py", "listing.jpg"):
        shutil.copy(EXAMPLES / name, tmp_path)
    runpy.run_path(str(tmp_path / "make_example.py"), run_name="__main__")
    for name in ("claim.jpg", "packing.jpg"):
        difference = np.abs(pixels(tmp_path / name) - pixels(EXAMPLES / name))
        assert difference.mean() < 0.5  # grey levels: JPEG encoders of two platforms may round differently


@pytest.mark.parametrize("name", ORDERS)
def test_an_export_of_each_platform_is_read_without_a_fault(name):
    number, lines, noted = ORDERS[name]
    with (EXAMPLES / name).open("rb") as file, read_orders(file) as read:
        orders = list(read.orders)
    assert (read.problems, read.more) == ((), False)
    assert orders[0].number == number
    assert all(order.ordered_at is not None for order in orders)
    items = [item for order in orders for item in order.items]
    assert len(items) == lines
    assert all(item.name for item in items)
    assert [note.column for note in read.notes] == noted
    assert f"| `{name}` |" in (EXAMPLES / "PROVENANCE.md").read_text(encoding="utf-8")


def test_the_export_of_taobao_is_in_the_encoding_of_taobao():
    data = (EXAMPLES / "orders-taobao.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert "订单编号" in data.decode("gb18030")
