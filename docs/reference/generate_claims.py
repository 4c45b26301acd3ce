"""Write both pages of claims from the options: `python docs/reference/generate_claims.py`."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bixie.cases.claims.loading import claim_options
from bixie.cases.claims.options import ClaimOptions, Coded, Reason
from bixie.kit.messages import Text
from bixie.kit.money import yuan_from_fen

if TYPE_CHECKING:
    from bixie.kit.messages import Language

HERE = Path(__file__).resolve().parent
PAGES: "dict[Language, str]" = {"en": "claims.md", "zh": "claims.zh-CN.md"}

HEADING = Text(
    en="""# What a claim may say

[中文](claims.zh-CN.md)

Services, reasons, checklists, limits and coded answers, as `src/bixie/cases/claims/options.yaml` has them
(version {version}). `GET /api/v1/claim-options` answers the same for a shop's own form. This page is
written by `python docs/reference/generate_claims.py`; a test holds it to the data.

A faulty claim is refused as `claims.faulty`; `fields` names every field with a code and a sentence in
both languages. Nothing was written then. A required file that is missing refuses nothing: the buyer is
told.

The amount is in the order's currency, more than 0, and at most what was paid for the items, less what
other open and settled claims take. Where no price is known, the order's total counts. After filing it can
only be lowered. Pieces in an open claim, returned or exchanged ones are not claimed again; a claim about
goods that came in an exchange names the earlier case.
""",
    zh="""# 售后申请的选项

[English](claims.md)

售后类型、原因、凭证清单、数量限制和各种编码答复，来自 `src/bixie/cases/claims/options.yaml`（版本 {v\
ersion}）。`GET /api/v1/claim-options` 给出同样的内容，供店铺自己的页面使用。本页由 `python docs/refe\
rence/generate_claims.py` 生成，有测试保证与数据一致。

填写有误时返回 `claims.faulty`，`fields` 逐项写明字段、编码和中英文说明，此时没有写入任何内容。\
缺少“必需”的图片不会被拒绝，只会提示买家补充。

金额用订单的币种，大于 0，不超过这些商品的实付金额减去其他处理中和已完结售后的金额；\
不知道单价时以订单总额为准。提交后金额只能改低。处理中的、已退回的和已换货的件数不能重复申请；\
换来的商品有问题时，请写明之前的售后单。
""",
)
SECTIONS = {
    "services": Text(en="Services", zh="售后类型"),
    "reasons": Text(en="Reasons", zh="申请原因"),
    "evidence": Text(en="Checklists", zh="凭证清单"),
    "roles": Text(en="What a file shows", zh="凭证拍什么"),
    "asks": Text(en="What may be asked for", zh="可以请对方补充的凭证"),
    "limits": Text(en="Limits", zh="数量限制"),
    "negotiate_forms": Text(en="Forms of negotiation", zh="协商方式"),
    "reject_reasons": Text(en="Why a merchant does not agree", zh="商家拒绝的原因"),
    "appeal_reasons": Text(en="Why a side appeals", zh="申诉原因"),
    "decision_reasons": Text(en="Why a reviewer decides so", zh="裁决理由"),
    "more_time_reasons": Text(en="Why a side asks for more time", zh="申请延长时间的原因"),
    "damage_levels": Text(en="Levels of damage", zh="损坏程度"),
    "costs": Text(en="Costs, for suggested remedies", zh="成本表（用于方案建议）"),
    "merchant_options": Text(en="What a merchant may opt in to", zh="商家可自行开通的选项"),
}
NOTES = {
    "reasons": Text(
        en="“Right” is what the law gives a buyer who has the goods: `quality`, the merchant pays the "
        "way back\n"
        "(Consumer Rights Law, article 24); `seven_days`, the buyer pays it (article 25). A reason "
        "with goods in\n"
        "brackets is for these only. The number is WeChat's.",
        zh="“退货权利”指买家收到货后法律给予的权利：`quality` 运费由商家承担（《消费者权益保护法》第二十"
        "四条）；`seven_days` 运费由买家承担（第二十五条）。括号里写了类目的，只适用于该类目。"
        "编号为微信小店的原因编号。",
    ),
    "evidence": Text(
        en="**Bold** is required, the rest helps. A row with goods in brackets goes before the "
        "general one, role by\n"
        "role.",
        zh="**加粗**为必需，其余有则更好。括号里写了类目的，优先于不带类目的一行，逐项覆盖。",
    ),
    "costs": Text(
        en="Defaults, in yuan and per cent of the price; a shop replaces them by its own.\n"
        "`GET /api/v1/cases/{id}/suggestion?level=30` (for any goods: `/api/v1/claim-options/suggestion`)\n"
        "sorts the ways to settle by the sum for both sides, shows every line of it, and decides nothing.\n"
        "No remedy in it is worth less to the buyer than the damage.",
        zh="默认值，单位为元或占价格的百分比，店铺可换成自己的数字。"
        "`GET /api/v1/cases/{id}/suggestion?level=30`（不针对某个售后："
        "`/api/v1/claim-options/suggestion`）把各种方案按双方成本合计从低到高排列，逐项列出算式，"
        "只供参考。任何方案都不会低于损失的比例。",
    ),
    "merchant_options": Text(
        en="Only an admin of the merchant sets them (`PUT /api/v1/merchant-options/{option}`), for "
        "claims filed from\n"
        "then on; `DELETE` unsets them. Each change is an event (`merchant.option_set`, "
        "`merchant.option_unset`).",
        zh="只能由商家自己的管理员设置（`PUT /api/v1/merchant-options/{option}`），"
        "对之后的申请有效；`DELETE` 取消。每次改动都是一条事件（`merchant.option_set`、"
        "`merchant.option_unset`）。",
    ),
}
_YES = Text(en="yes", zh="是")
_NONE = Text(en="nothing", zh="不需要")
_LIMITS = {
    "pictures_at_once": Text(en="pictures in one step", zh="一次提交的图片数"),
    "videos_at_once": Text(en="videos in one step", zh="一次提交的视频数"),
    "video_seconds": Text(en="length of a video, in seconds", zh="视频时长（秒）"),
    "exhibits_at_once": Text(en="files in one step", zh="一次提交的文件数"),
    "exhibits_per_side": Text(en="files of one side in a case", zh="一方在一次售后里的文件数"),
    "messages_per_side": Text(
        en="messages of one side in a case; what goes with an action is never refused",
        zh="一方在一次售后里的消息数（随操作发出的不受限）",
    ),
    "supplements_per_side": Text(
        en="how often a side adds to its evidence or statement", zh="一方最多补充的次数"
    ),
    "offers_per_side": Text(en="offers of a side", zh="一方最多提出方案的次数"),
    "lowerings_per_case": Text(en="how often the amount goes down", zh="金额最多改低的次数"),
    "text_characters": Text(en="characters of a text", zh="一段文字的字数"),
    "claims_per_item": Text(en="claims on one item", zh="一件商品的售后次数"),
}
_COSTS = {
    "shipping": Text(en="a parcel, one way (yuan)", zh="单程运费（元）"),
    "handling": Text(en="taking a return in (yuan)", zh="退货验收（元）"),
    "visit": Text(en="a visit (yuan)", zh="上门一次（元）"),
    "goods_percent": Text(en="new goods (% of the price)", zh="新商品成本（占价格 %）"),
    "parts_percent": Text(en="parts for total damage (% of the price)", zh="全损时配件（占价格 %）"),
}
Rows = Iterable[Sequence[str]]


def page(language: "Language") -> str:
    """Return the page in a language."""
    options = claim_options()
    parts = [HEADING.in_(language).format(version=options.version)]
    for name, title in SECTIONS.items():
        parts.append(f"\n## {title.in_(language)}\n")
        if name in NOTES:
            parts.append(f"\n{NOTES[name].in_(language)}\n")
        parts.append("\n" + _table(name, options, language))
    return "".join(parts)


def _table(name: str, options: ClaimOptions, language: "Language") -> str:
    makers = {
        "services": _services,
        "reasons": _reasons,
        "evidence": _evidence,
        "roles": _roles,
        "asks": _asks,
        "limits": _limits,
        "reject_reasons": _reject_reasons,
        "decision_reasons": _decision_reasons,
        "more_time_reasons": _more_time_reasons,
        "damage_levels": _damage_levels,
        "costs": _costs,
        "merchant_options": _merchant_options,
    }
    if name in makers:
        head, rows = makers[name](options, language)
    else:
        head, rows = _head(language, "key"), ([*_named(one, language)] for one in getattr(options, name))
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


_HEADS = {
    "key": Text(en="key", zh="编码"),
    "name": Text(en="name", zh="名称"),
    "chinese": Text(en="Chinese", zh=""),
    "what": Text(en="what", zh="说明"),
    "received": Text(en="goods have arrived", zh="已收到货"),
    "not_received": Text(en="not arrived", zh="未收到货"),
    "right": Text(en="right", zh="退货权利"),
    "number": Text(en="number", zh="编号"),
    "reasons": Text(en="reasons", zh="原因"),
    "files": Text(en="files", zh="凭证"),
    "most": Text(en="at most", zh="上限"),
    "buyer": Text(en="what the buyer reads", zh="买家看到的说明"),
    "picture": Text(en="picture", zh="需要图片"),
    "outcomes": Text(en="for", zh="可用于"),
    "sides": Text(en="of", zh="适用方"),
    "role": Text(en="role", zh="用途"),
    "figures": Text(en="figures", zh="数字"),
}


def _head(language: "Language", *names: str) -> list[str]:
    """Return the headings of a table whose rows begin with a key and its names."""
    first = [_HEADS["key"], _HEADS["name"]] + ([_HEADS["chinese"]] if language == "en" else [])
    return [one.in_(language) for one in (*first, *(_HEADS[name] for name in names if name != "key"))]


def _named(entry: Coded, language: "Language") -> Iterator[str]:
    yield f"`{entry.key}`"
    yield entry.title.in_(language)
    if language == "en":
        yield entry.title.zh


def _codes(keys: Iterable[str]) -> str:
    return " ".join(f"`{key}`" for key in keys) or "–"


def _services(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    rows = ([*_named(one, language), one.explain.in_(language)] for one in options.services)
    return _head(language, "what"), rows


def _reasons(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    def row(one: Reason) -> list[str]:
        key, *names = _named(one, language)
        goods = f" ({', '.join(one.categories)})" if one.categories else ""
        services = [_codes(one.received), _codes(one.not_received)]
        return [key + goods, *names, *services, f"`{one.return_right}`", one.external.get("wechat", "–")]

    return _head(language, "received", "not_received", "right", "number"), map(row, options.reasons)


def _evidence(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    rows = []
    for entry in options.evidence:
        goods = f" ({', '.join(entry.categories)})" if entry.categories else ""
        files = []
        for need in entry.needs:
            title = next(one.title.in_(language) for one in options.roles if one.key == need.role)
            times = f" × {need.count}" if need.count > 1 else ""
            files.append(f"**{title}**{times}" if need.need == "required" else f"{title}{times}")
        rows.append([_codes(entry.reasons) + goods, " · ".join(files) or _NONE.in_(language)])
    return [_HEADS["reasons"].in_(language), _HEADS["files"].in_(language)], rows


def _roles(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    return _head(language, "what"), (
        [*_named(one, language), one.show.in_(language)] for one in options.roles
    )


def _asks(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    return _head(language, "role"), ([*_named(one, language), f"`{one.role}`"] for one in options.asks)


def _limits(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    head = [_HEADS[name].in_(language) for name in ("key", "what", "most")]
    figures = options.limits.model_dump()
    return head, ([f"`{name}`", _LIMITS[name].in_(language), str(figures[name])] for name in figures)


def _reject_reasons(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    rows = (
        [*_named(one, language), one.buyer.in_(language), _YES.in_(language) if one.picture else "–"]
        for one in options.reject_reasons
    )
    return _head(language, "buyer", "picture"), rows


def _decision_reasons(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    rows = ([*_named(one, language), _codes(one.outcomes)] for one in options.decision_reasons)
    return _head(language, "outcomes"), rows


def _more_time_reasons(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    rows = ([*_named(one, language), _codes(one.sides)] for one in options.more_time_reasons)
    return _head(language, "sides"), rows


def _damage_levels(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    head = ["%", _HEADS["name"].in_(language), _HEADS["what"].in_(language)]
    rows = (
        [str(one.percent), one.title.in_(language), one.explain.in_(language)]
        for one in options.damage_levels
    )
    return head, rows


def _costs(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    rows = []
    for name, title in _COSTS.items():
        table = getattr(options.costs, name)
        written = {
            key: str(value) if "percent" in name else yuan_from_fen(value) for key, value in table.items()
        }
        figures = ", ".join(f"{key} {value}" for key, value in written.items())
        rows.append([title.in_(language), figures])
    return [_HEADS["what"].in_(language), _HEADS["figures"].in_(language)], rows


def _merchant_options(options: ClaimOptions, language: "Language") -> tuple[list[str], Rows]:
    rows = ([*_named(one, language), one.explain.in_(language)] for one in options.merchant_options)
    return _head(language, "what"), rows


if __name__ == "__main__":
    for language, name in PAGES.items():
        (HERE / name).write_text(page(language), encoding="utf-8", newline="\n")
