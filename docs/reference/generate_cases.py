"""Write both pages about cases from the rules and words: `python docs/reference/generate_cases.py`."""

import tomllib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import bixie.cases
from bixie.cases import after_decision_rules, decision_rules, rules
from bixie.cases.actions import next_actions
from bixie.cases.decision_rules import Ruling
from bixie.cases.duty_rules import Context
from bixie.cases.event_parts import Item, Outcome, PackReference
from bixie.cases.events import EVENTS, CaseEvent, Filed, FileReceived
from bixie.cases.folding import apply
from bixie.cases.state import CaseState, Dated
from bixie.cases.words import (
    DutyKind,
    NegotiationForm,
    OnTimeout,
    OutcomeKind,
    Service,
    Side,
    Stage,
    Status,
)
from bixie.kit.due_time import Calendar
from bixie.kit.messages import Text, catalogue
from bixie.policies import builtin_packs

if TYPE_CHECKING:
    from bixie.kit.messages import Language

HERE = Path(__file__).resolve().parent
PAGES: "dict[Language, str]" = {"en": "cases.md", "zh": "cases.zh-CN.md"}
PACK = next(pack for pack in builtin_packs() if pack.id == "cn-default")
WORDS = catalogue("bixie.cases")
SENTENCES = tomllib.loads((Path(bixie.cases.__file__).parent / "messages.toml").read_text(encoding="utf-8"))
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SHA256 = "ab" * 32

HEADING = Text(
    en="""# Cases

[中文](cases.zh-CN.md)

What a case can be, who can do what, who owes what by when, its events and its errors. What it is at any
moment is folded from its events ([ADR 29](../adr/0029-a-case-is-folded-from-its-events.md)); what a claim
may say is on [its own page](claims.md), how due times are counted on [another](duties.md). The
[tutorial](../tutorial/a-claim-from-start-to-end.md) goes from start to end. This page is written by
`python docs/reference/generate_cases.py`; a test holds it to the rules.
""",
    zh="""# 售后单

[English](cases.md)

售后单有哪些状态、谁可以做什么、谁要在什么时候之前做什么，以及它的记录和错误编码。售后单的状态由账本里的记录推算得出\
（[ADR 29](../adr/0029-a-case-is-folded-from-its-events.md)）。申请的内容见\
[售后申请的选项](claims.zh-CN.md)，期限的算法见[期限怎么算](duties.zh-CN.md)，完整流程见\
[教程](../tutorial/a-claim-from-start-to-end.zh-CN.md)。本页由\
`python docs/reference/generate_cases.py` 生成，有测试保证与规则一致。
""",
)
SECTIONS = {
    "statuses": Text(en="Statuses", zh="状态"),
    "stages": Text(en="Stages", zh="阶段"),
    "actions": Text(en="Who can do what", zh="谁可以做什么"),
    "duties": Text(en="Duties", zh="期限"),
    "events": Text(en="Events", zh="记录"),
    "errors": Text(en="Errors", zh="错误编码"),
}
NOTES = {
    "actions": Text(
        en="`next_actions` of an answer, by situation. Lowering the amount, more time, messages, files, the "
        "way back of goods,\nits inspection, goods that a merchant sends back (`send-back`) and what the "
        "platform settles by hand (`settle`)\nhave calls of their own beside the actions.",
        zh="各种情形下返回的 `next_actions`。改低金额、延长期限、留言、上传凭证、寄回、验货、"
        "商家寄还（`send-back`）和平台人工处理（`settle`）另有各自的调用。",
    ),
    "duties": Text(
        en="Lengths are those of the pack `cn-default`; a pack of your own may have others. A side is "
        "reminded 24 and 12 hours\nbefore. While the buyer must act, the merchant's time stands still.",
        zh="期限长度为 `cn-default` 规则包的默认值，自己的规则包可以另定。"
        "到期前 24 小时和 12 小时各提醒一次。轮到买家处理时，商家的时间暂停。",
    ),
}
HEADS = {
    "key": Text(en="key", zh="编码"),
    "name": Text(en="name", zh="名称"),
    "chinese": Text(en="Chinese", zh="英文"),
    "what": Text(en="what", zh="说明"),
    "situation": Text(en="situation", zh="情形"),
    "status": Text(en="status", zh="状态"),
    "owner": Text(en="whose", zh="谁的"),
    "length": Text(en="length", zh="长度"),
    "after": Text(en="when time runs out", zh="逾期"),
}
STAGES = {
    Stage.AFTER_SALES: Text(en="between buyer and merchant", zh="售后：买家和商家之间"),
    Stage.PLATFORM: Text(
        en="the platform has stepped in: it hears both and decides", zh="平台介入：听取双方意见后决定"
    ),
}
UNITS = {
    "hours": Text(en="{} hours", zh="{} 小时"),
    "days": Text(en="{} days", zh="{} 天"),
    "workdays": Text(en="{} working days", zh="{} 个工作日"),
}
OWNERS = {
    DutyKind.ANSWER: (Side.MERCHANT,),
    DutyKind.CHOOSE: (Side.BUYER,),
    DutyKind.RESPOND: (Side.BUYER, Side.MERCHANT),
    DutyKind.SUPPLEMENT: (Side.BUYER, Side.MERCHANT),
    DutyKind.HEARING: (Side.BUYER, Side.MERCHANT),
    DutyKind.REVIEW: (Side.PLATFORM,),
    DutyKind.RETURN: (Side.BUYER,),
    DutyKind.INSPECT: (Side.MERCHANT,),
    DutyKind.APPEAL: (Side.BUYER,),
    DutyKind.REVIEW_APPEAL: (Side.PLATFORM,),
    DutyKind.CARRY_OUT: (Side.PLATFORM,),
    DutyKind.SEND_BACK: (Side.MERCHANT,),
    DutyKind.REVERSE: (Side.PLATFORM,),
    DutyKind.FOLLOW_UP: (Side.PLATFORM,),
}
Rows = Iterable[Sequence[str]]


class Example:
    """A case that goes through its situations."""

    def __init__(self, service: Service = Service.REFUND_ONLY) -> None:
        self.now, self._ids, self._number = START, count(1), 0
        filed = Filed(
            by=Side.BUYER,
            order_id="order_1",
            service=service,
            reason="damaged",
            received=True,
            amount_minor=10_000,
            currency="CNY",
            items=(Item(position=0, count=1),),
            pack=PackReference(id=PACK.id, version=PACK.version, sha256=PACK.sha256),
        )
        self._state: CaseState | None = None
        self.add([rules.file(filed, self.context, silence_accepts=False)])

    @property
    def state(self) -> CaseState:
        """Return its state."""
        assert self._state is not None
        return self._state

    @property
    def context(self) -> Context:
        """Return what rules ask besides the state."""
        return Context(self.now, PACK.terms, Calendar.china(), lambda kind: f"{kind}_{next(self._ids)}")

    def add(self, events: Sequence[CaseEvent]) -> None:
        """Let events happen."""
        for event in events:
            self._number += 1
            self._state = apply(self._state, Dated(self._number, self.now, event))

    def heard(self) -> None:
        """Both sides have said all, and have had the file."""
        for side in (Side.BUYER, Side.MERCHANT):
            self.add(rules.supplement(self.state, self.context, side, complete=True))
            self.add([FileReceived(by=side, file_sha256=SHA256)])

    def decide(self, outcome: Outcome) -> None:
        """Decide as a reviewer."""
        ruling = Ruling("decision_1", outcome, ("reason",), (), SHA256, "person_1")
        self.add(decision_rules.decide(self.state, self.context, ruling, SHA256))

    def row(self, what: Text, language: "Language") -> list[str]:
        """Return the row of the situation that the case is in."""
        by_side = (next_actions(self.state, side, self.context) for side in Side)
        status = WORDS.text(f"status.{self.state.status}").in_(language)
        return [what.in_(language), status, *(_codes(one) for one in by_side)]


def page(language: "Language") -> str:
    """Return the page in a language."""
    makers = {
        "statuses": _statuses,
        "stages": _stages,
        "actions": _actions,
        "duties": _duties,
        "events": _events,
        "errors": _errors,
    }
    parts = [HEADING.in_(language)]
    for name, title in SECTIONS.items():
        head, rows = makers[name](language)
        parts.append(f"\n## {title.in_(language)}\n")
        if name in NOTES:
            parts.append(f"\n{NOTES[name].in_(language)}\n")
        lines = [head, ["---"] * len(head), *rows]
        parts.append("\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines))
    return "".join(parts)


def _head(language: "Language", *names: str) -> list[str]:
    return [HEADS[name].in_(language) for name in names]


def _codes(keys: Iterable[object]) -> str:
    return " ".join(f"`{key}`" for key in keys) or "–"


def _named(prefix: str, key: str, language: "Language") -> list[str]:
    name = WORDS.text(f"{prefix}.{key}")
    other = name.zh if language == "en" else name.en
    return [f"`{key}`", name.in_(language), other]


def _statuses(language: "Language") -> tuple[list[str], Rows]:
    return _head(language, "key", "name", "chinese"), (_named("status", one, language) for one in Status)


def _stages(language: "Language") -> tuple[list[str], Rows]:
    return _head(language, "key", "what"), ([f"`{one}`", STAGES[one].in_(language)] for one in Stage)


def _actions(language: "Language") -> tuple[list[str], Rows]:
    sides = [WORDS.text(f"side.{side}").in_(language) for side in Side]
    return [*_head(language, "situation", "status"), *sides], _situations(language)


def _situations(language: "Language") -> list[list[str]]:
    found, case = list[list[str]](), Example()
    found.append(case.row(Text(en="filed", zh="已提交"), language))
    form = NegotiationForm.ASK_EVIDENCE
    case.add(rules.negotiate(case.state, case.context, Side.MERCHANT, form, asks=("whole",)))
    found.append(case.row(Text(en="other evidence asked for", zh="请买家补充凭证"), language))
    case.add(rules.supplement(case.state, case.context, Side.BUYER, complete=True))
    half = Outcome(kind=OutcomeKind.REFUND, amount_minor=5_000, currency="CNY")
    form = NegotiationForm.PROPOSE
    case.add(rules.negotiate(case.state, case.context, Side.MERCHANT, form, outcome=half))
    found.append(case.row(Text(en="the merchant has made an offer", zh="商家提出方案"), language))
    case.add(rules.refuse_offer(case.state, case.context, Side.BUYER))
    case.add(rules.reject(case.state, case.context, "no_defect_found"))
    found.append(case.row(Text(en="the merchant has refused", zh="商家已拒绝"), language))
    case.add(rules.escalate(case.state, case.context, Side.BUYER))
    found.append(case.row(Text(en="both are heard", zh="听取双方意见"), language))
    case.heard()
    found.append(case.row(Text(en="both have said what they had to say", zh="双方已陈述完毕"), language))
    case.decide(Outcome(kind=OutcomeKind.REFUSE))
    found.append(case.row(Text(en="decided against the claim", zh="不支持申请"), language))
    case.add(decision_rules.appeal(case.state, case.context, Side.BUYER, "new_evidence"))
    found.append(case.row(Text(en="the buyer has appealed", zh="买家已申诉"), language))
    case.heard()
    found.append(case.row(Text(en="the other side has answered the appeal", zh="对方已就申诉陈述"), language))
    return found + _situations_after(language)


def _situations_after(language: "Language") -> list[list[str]]:
    case = Example(Service.RETURN_REFUND)
    case.add(rules.reject(case.state, case.context, "no_defect_found"))
    case.add(rules.escalate(case.state, case.context, Side.BUYER))
    case.heard()
    case.decide(case.state.asks_for)
    found = [case.row(Text(en="decided for the claim; goods come back", zh="支持申请，等待退货"), language)]
    case.add(rules.send_return(case.state, case.context))
    case.add(rules.receive_return(case.state, case.context, "pass"))
    found.append(case.row(Text(en="the goods are back", zh="退货已验收"), language))
    case.add(after_decision_rules.remedy_ordered(case.state, "remedy_1"))
    found.append(case.row(Text(en="the remedy is ordered", zh="已发出执行单"), language))
    case.now += timedelta(days=30)
    case.add(after_decision_rules.remedied(case.state, "remedy_1"))
    found.append(
        case.row(Text(en="carried out, the time for an appeal is over", zh="已执行，申诉期已过"), language)
    )
    case = Example(Service.RETURN_REFUND)
    case.add(rules.reject(case.state, case.context, "no_defect_found"))
    case.add(rules.escalate(case.state, case.context, Side.BUYER))
    case.heard()
    case.decide(Outcome(kind=OutcomeKind.REPLENISH, items=case.state.filed.items))
    case.add(after_decision_rules.remedy_ordered(case.state, "remedy_1"))
    case.now += timedelta(days=30)
    case.add(after_decision_rules.remedied(case.state, "remedy_1"))
    found.append(case.row(Text(en="goods were sent to the buyer", zh="已向买家寄出商品"), language))
    return found


def _duties(language: "Language") -> tuple[list[str], Rows]:
    head = _head(language, "key", "name", "chinese", "owner", "length", "after")
    return head, (_duty(kind, language) for kind in DutyKind)


def _duty(kind: DutyKind, language: "Language") -> list[str]:
    length = PACK.terms.length(kind)
    keys = [f"timeout.{kind}.{one}" for one in OnTimeout]
    after = [WORDS.text(key).in_(language) for key in keys if key in SENTENCES]
    separator = ", " if language == "en" else "、"
    owners = separator.join(WORDS.text(f"side.{one}").in_(language) for one in OWNERS[kind])
    lasts = UNITS[length.unit].in_(language).format(length.amount)
    return [*_named("duty", kind, language), owners, lasts, " / ".join(after)]


def _events(language: "Language") -> tuple[list[str], Rows]:
    return _head(language, "key", "name", "chinese"), (_named("event", one, language) for one in EVENTS)


def _errors(language: "Language") -> tuple[list[str], Rows]:
    codes = sorted(code for code in SENTENCES if code.startswith("cases."))
    return _head(language, "key", "what"), ([f"`{code}`", SENTENCES[code][language]] for code in codes)


if __name__ == "__main__":
    for language_, name_ in PAGES.items():
        (HERE / name_).write_text(page(language_), encoding="utf-8")
