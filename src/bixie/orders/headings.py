"""The headings that shops and platforms use in exports of orders, Chinese and English."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["CONFIRMATIONS", "FIELDS", "Columns", "columns_of"]

FIELDS: dict[str, tuple[str, ...]] = {
    "number": (
        "主订单编号",
        "主订单号",
        "订单号",
        "订单编号",
        "订单id",
        "订单",
        "子订单编号",
        "子订单号",
        "order number",
        "order no",
        "order id",
        "order",
        "number",
    ),
    "ordered_at": (
        "下单时间",
        "订单创建时间",
        "订单提交时间",
        "创建时间",
        "订单成交时间",
        "拼单成功时间",
        "订单付款时间",
        "支付完成时间",
        "付款时间",
        "支付时间",
        "ordered at",
        "order time",
        "order date",
        "created at",
        "paid at",
    ),
    "delivered_at": ("签收时间", "妥投时间", "送达时间", "delivered at", "delivery time", "signed at"),
    "sku": (
        "商家编码-规格维度",
        "商家编码",
        "商家编码-商品维度",
        "sku编码",
        "sku",
        "货号",
        "商品编码",
        "商品编号",
        "lineitem sku",
        "item code",
    ),
    "name": (
        "商品名称",
        "商品标题",
        "宝贝标题",
        "选购商品",
        "标题",
        "品名",
        "商品",
        "lineitem name",
        "item name",
        "product name",
        "product",
        "title",
        "name",
    ),
    "category": ("商品类目", "类目", "品类", "分类", "category"),
    "quantity": (
        "商品数量",
        "商品数量(件)",
        "购买数量",
        "订购数量",
        "数量",
        "lineitem quantity",
        "quantity",
        "qty",
    ),
    "price": ("商品单价", "商品单价(元)", "单价", "单价(元)", "价格", "unit price", "price"),
    "carrier": ("物流公司", "快递公司", "承运商", "carrier", "courier"),
    "tracking_number": (
        "运单号",
        "快递单号",
        "物流单号",
        "tracking number",
        "tracking no",
        "waybill",
    ),
}
"""Name of a field to its headings. Where a file has several of them, the first one here counts: the time of
the order before that of the payment, the main order before a part of it. Case, blanks and punctuation are
ignored.

Shopify's “Lineitem price” is not among the prices: it is in the shop's currency, and prices here are yuan.
"""

CONFIRMATIONS = ("确认收货时间", "收货时间", "订单完成时间")
"""Headings that are never the time of a delivery. The buyer, or the platform by itself, confirms days after
the parcel has arrived: a photo taken in between would seem to be older than the delivery.
"""

_SHOPIFY = "lineitem name"
"""Shopify calls the order's number “Name”; this heading beside it tells its exports from others."""
_IGNORED = re.compile(r"[\s_\-:：()（）.]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a table mean.

    Parameters
    ----------
    fields : dict of int to str
        Index of a column to its field; each field once.
    passed_over : dict of int to int
        Index of a column that means the same as another to the index of the one that counts.
    confirmations : tuple of int
        Columns of `CONFIRMATIONS`.
    repeated : int or None
        A column with the heading of an earlier one: which of them counts cannot be told.
    """

    fields: dict[int, str]
    passed_over: dict[int, int]
    confirmations: tuple[int, ...]
    repeated: int | None


def columns_of(headings: Sequence[str]) -> Columns:
    """Return what the columns of a table mean.

    Parameters
    ----------
    headings : sequence of str
        As the file writes them.
    """
    plain = [_plain(heading) for heading in headings]
    ranks = _RANKS_OF_SHOPIFY if _plain(_SHOPIFY) in plain else _RANKS
    best: dict[str, int] = {}
    for index, heading in enumerate(plain):
        if heading in ranks:
            name, rank = ranks[heading]
            if name not in best or rank < ranks[plain[best[name]]][1]:
                best[name] = index
    used = {index: name for name, index in best.items()}
    known = [index for index, heading in enumerate(plain) if heading in ranks]
    return Columns(
        fields=dict(sorted(used.items())),
        passed_over={index: best[ranks[plain[index]][0]] for index in known if index not in used},
        confirmations=tuple(index for index, heading in enumerate(plain) if heading in _CONFIRMED),
        repeated=next((index for index in known if plain[index] in plain[:index]), None),
    )


def _plain(heading: str) -> str:
    return _IGNORED.sub("", heading).casefold()


_RANKS = {
    _plain(heading): (name, rank)
    for name, headings in FIELDS.items()
    for rank, heading in enumerate(headings)
}
_RANKS_OF_SHOPIFY = _RANKS | {"name": ("number", 0)}
_CONFIRMED = {_plain(heading) for heading in CONFIRMATIONS}
