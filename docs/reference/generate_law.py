"""Write the pages of the law from its catalogue: `python docs/reference/generate_law.py`.

The reference is written whole; on the page that explains, only what stands between the two marks.
"""

from pathlib import Path

from bixie.kit.messages import Language, Text, catalogue
from bixie.law import catalogue_of_law
from bixie.law.citation import cite, rule_name, threshold_name
from bixie.law.entries import LEVELS, Catalogue, Rule, Threshold
from bixie.law.rendering import substance

PAGE = Path(__file__).with_name("law.md")
EXPLANATION = Path(__file__).parents[1] / "explanation" / "law.md"
BEGIN, END = "<!-- {name} from the catalogue -->", "<!-- end of {name} -->"
HEADINGS = {
    "civil": Text(en="Civil law", zh="民事"),
    "administrative": Text(en="Administrative law", zh="行政"),
    "criminal": Text(en="Criminal law", zh="刑事"),
    "platform": Text(en="Duties of platforms", zh="平台义务"),
    "label": Text(en="Labels of AI content", zh="人工智能内容标识"),
    "evidence": Text(en="Evidence", zh="证据"),
    "privacy": Text(en="Privacy", zh="个人信息"),
    "repair": Text(en="Repair and warranty", zh="维修与三包"),
}
HEADING = """# The law, entry by entry

Every entry of the catalogue in `src/bixie/law/catalogue`, as of {as_of}: its substance, its dates, how far it
was confirmed, and where it was read. An entry gives what the law says in substance, **not its wording**:
look up the wording before you quote it. It is not legal advice. [The law on the date of the
act](../explanation/law.md) explains its purpose and how results follow from it. `bixie law show ID` prints
one entry. `python docs/reference/generate_law.py` writes this page; a test compares it with the data.

目录全部条目（截至 {as_of}）：要点、有效期、核对程度、出处。写的是要点，**不是原文**，引用时请查看原文。\
不构成法律意见。评估方法见[说明](../explanation/law.md)。

**C** substance checked against the text · **C2** in a secondary source only · **K** general knowledge, verify
· **X** sources conflict

**C** 要点已与原文核对 · **C2** 仅见于二手资料 · **K** 一般知识，须核实 · **X** 说法不一
"""


def page() -> str:
    """Return the reference page."""
    law = catalogue_of_law()
    parts = [HEADING.format(as_of=law.as_of.isoformat())]
    for level in LEVELS:
        parts.append(f"\n## {HEADINGS[level].en} · {HEADINGS[level].zh}\n")
        parts += [_rule(rule, law) for rule in law.rules.values() if rule.level == level]
    parts.append("\n## Lines of fraud and extortion · 诈骗、敲诈勒索数额标准\n\n")
    parts.append(_thresholds(law.thresholds))
    parts.append("\n## Sources · 出处\n\n| id | | |\n|---|---|---|\n")
    parts += [
        f"| `{one.id}` | {one.name.en} · {one.name.zh} | {one.where} |\n" for one in law.sources.values()
    ]
    return "".join(parts)


def explanation(text: str) -> str:
    """Return the page that explains with the parts that come from the catalogue written anew."""
    law = catalogue_of_law()
    for name, table in (("calendar", _calendar), ("advice", _advice)):
        for language in ("en", "zh"):
            mark = f"{name}-{language}"
            begin, end = BEGIN.format(name=mark), END.format(name=mark)
            before, _, rest = text.partition(begin)
            _, _, after = rest.partition(end)
            text = f"{before}{begin}\n\n{table(law, language)}\n{end}{after}"
    return text


def _rule(rule: Rule, law: Catalogue) -> str:
    marks = ["assessed · 参与评估"] if rule.assess else []
    marks += [] if rule.binding else ["recommended · 推荐性"]
    said = substance(rule)
    lines = [
        f"\n### {rule.id}\n",
        *_titled(rule),
        f"{cite(rule).zh} · {cite(rule).en}  ",
        " · ".join([_span(rule), f"**{rule.confidence}**", *marks]),
        "",
        f"{said.zh}  ",
        said.en,
    ]
    for key, text in (("show.note", rule.note), ("show.unsettled", rule.unsettled)):
        if text is not None:
            label = catalogue("bixie.law").text(key)
            lines += ["", f"{label.zh}{text.zh}  ", f"{label.en}{text.en}"]
    if rule.see:
        lines += ["", "→ " + ", ".join(f"[{name}](#{name.lower()})" for name in rule.see)]
    lines += ["", "— " + ", ".join(f"`{name}`" for name in rule.sources)]
    return "\n".join(lines) + "\n"


def _titled(rule: Rule) -> list[str]:
    """Return the line with the short name; none if the rule has no title."""
    return [] if rule.title is None else [f"**{rule_name(rule).zh}** · {rule_name(rule).en}  "]


def _thresholds(lines: tuple[Threshold, ...]) -> str:
    rows = ["| id | | yuan: large · huge · especially huge | from – to | | |\n|---|---|---|---|---|---|\n"]
    for line in lines:
        amounts = " · ".join(_amount(value) for value in (line.large, line.huge, line.extra))
        name = threshold_name(line)
        note = f"{line.note.zh} {line.note.en}" if line.note else ""
        cells = [line.id, f"{name.zh} · {name.en}", amounts, _span(line), line.confidence, note]
        rows.append(f"| {' | '.join(cells)} |\n")
    return "".join(rows)


def _amount(value: tuple[int, int]) -> str:
    return "–".join(f"{fen // 100:,}" for fen in dict.fromkeys(value))


def _span(entry: Rule | Threshold) -> str:
    start = entry.start.isoformat() if entry.start else "…"
    return f"{start} – {entry.end.isoformat() if entry.end else '…'}"


def _calendar(law: Catalogue, language: Language) -> str:
    heading = {
        "en": "| day | what changed | cases already open | |",
        "zh": "| 日期 | 变化 | 对未结事项的影响 | |",
    }
    rows = [f"{heading[language]}\n|---|---|---|---|\n"]
    for change in law.calendar:
        cells = [change.day.isoformat(), change.what.in_(language), change.open_cases.in_(language)]
        rows.append(f"| {' | '.join(cells)} | {change.confidence} |\n")
    return "".join(rows)


def _advice(law: Catalogue, language: Language) -> str:
    heading = {"en": "| often said | what holds | entries |", "zh": "| 常见说法 | 应当是 | 条目 |"}
    rows = [f"{heading[language]}\n|---|---|---|\n"]
    for advice in law.advice:
        links = ", ".join(f"[{name}](../reference/law.md#{name.lower()})" for name in advice.rules)
        rows.append(f"| {advice.said.in_(language)} | {advice.instead.in_(language)} | {links} |\n")
    return "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    written = explanation(EXPLANATION.read_text(encoding="utf-8"))
    EXPLANATION.write_text(written, encoding="utf-8", newline="\n")
