"""Write the tables of the pages on importing orders: `python docs/reference/generate_columns.py`."""

from pathlib import Path
from typing import TYPE_CHECKING

from bixie.kit.messages import Text
from bixie.orders.headings import CONFIRMATIONS, FIELDS

if TYPE_CHECKING:
    from bixie.kit.messages import Language

_HOW_TO = Path(__file__).resolve().parent.parent / "how-to"
PAGES: dict["Language", Path] = {
    "en": _HOW_TO / "import-orders.md",
    "zh": _HOW_TO / "import-orders.zh-CN.md",
}
_BEGIN, _END = (
    "<!-- columns: written by docs/reference/generate_columns.py -->\n",
    "<!-- end of columns -->\n",
)
_HEAD = Text(
    en="| what | headings, the one that counts first |\n|---|---|\n",
    zh="| 含义 | 认得的表头，排在前面的优先 |\n|---|---|\n",
)
_MEANINGS = {
    "number": Text(en="order number (required)", zh="订单号（必须有）"),
    "ordered_at": Text(en="time of the order", zh="下单时间"),
    "delivered_at": Text(en="time of the delivery", zh="送达时间"),
    "sku": Text(en="your own code of the goods", zh="商家编码"),
    "name": Text(en="name of the goods", zh="商品名称"),
    "category": Text(en="category", zh="类目"),
    "quantity": Text(en="quantity", zh="数量"),
    "price": Text(en="price of one piece, in yuan", zh="单价（元）"),
    "carrier": Text(en="carrier", zh="快递公司"),
    "tracking_number": Text(en="tracking number", zh="运单号"),
}
_CONFIRMED = Text(en="known, and never the time of the delivery", zh="认得，但不用作送达时间")


def table(language: "Language") -> str:
    """Return the table of a page."""
    rows = [(_MEANINGS[name].in_(language), headings) for name, headings in FIELDS.items()]
    rows.append((_CONFIRMED.in_(language), CONFIRMATIONS))
    lines = (f"| {meaning} | {' · '.join(headings)} |\n" for meaning, headings in rows)
    return _HEAD.in_(language) + "".join(lines)


def with_table(page: str, language: "Language") -> str:
    """Return a page with its table as it is now."""
    before, _, rest = page.partition(_BEGIN)
    after = rest.partition(_END)[2]
    return f"{before}{_BEGIN}\n{table(language)}\n{_END}{after}"


if __name__ == "__main__":
    for language, path in PAGES.items():
        page = with_table(path.read_text(encoding="utf-8"), language)
        path.write_text(page, encoding="utf-8", newline="\n")
