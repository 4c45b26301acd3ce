"""The headings that shops and platforms use in exports of orders, Chinese and English."""

import re

__all__ = ["FIELDS", "field_of"]

FIELDS: dict[str, tuple[str, ...]] = {
    "number": (
        "订单号",
        "订单编号",
        "订单id",
        "主订单编号",
        "订单",
        "order number",
        "order no",
        "order id",
        "order",
        "number",
    ),
    "ordered_at": (
        "下单时间",
        "订单创建时间",
        "订单付款时间",
        "付款时间",
        "支付时间",
        "ordered at",
        "order time",
        "created at",
        "paid at",
    ),
    "delivered_at": (
        "签收时间",
        "收货时间",
        "确认收货时间",
        "妥投时间",
        "delivered at",
        "delivery time",
        "signed at",
    ),
    "sku": ("商家编码", "商品编码", "商品编号", "货号", "sku编码", "sku", "item code"),
    "name": ("商品名称", "商品标题", "宝贝标题", "标题", "品名", "name", "item name", "product", "title"),
    "category": ("商品类目", "类目", "品类", "分类", "category"),
    "quantity": ("商品数量", "购买数量", "数量", "quantity", "qty"),
    "price": ("商品单价", "单价", "价格", "price", "unit price"),
    "carrier": ("物流公司", "快递公司", "承运商", "carrier", "courier"),
    "tracking_number": ("运单号", "快递单号", "物流单号", "tracking number", "tracking no", "waybill"),
}
"""Name of a field to its headings; case, blanks and punctuation are ignored."""

_IGNORED = re.compile(r"[\s_\-:：()（）.]+")


def field_of(heading: str) -> str | None:
    """Return the field that a heading means, or None.

    Parameters
    ----------
    heading : str
        As the file writes it.
    """
    return _BY_HEADING.get(_plain(heading))


def _plain(heading: str) -> str:
    return _IGNORED.sub("", heading).casefold()


_BY_HEADING = {_plain(heading): name for name, headings in FIELDS.items() for heading in headings}
