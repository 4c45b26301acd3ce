"""Names of rules and thresholds: the full citation, and the short name in daily use."""

import re

from bixie.kit.messages import Text, catalogue
from bixie.law.entries import Rule, Threshold
from bixie.law.provinces import PROVINCES

__all__ = ["cite", "name_with_id", "place_of", "rule_name", "threshold_name"]

_ARTICLE = re.compile(r"([0-9]+)(?:之([一二三四五]))?((?:\([0-9]+\))*)")
_PARTS = ("款", "项", "目")


def cite(rule: Rule) -> Text:
    """Return the law and the articles of a rule, as lawyers write them.

    Examples
    --------
    治安管理处罚法（2025年修订）第五十八条 is written 第58条; article 49(2) is 第49条第2款.
    """
    return _with_articles(rule, rule.law.name)


def rule_name(rule: Rule) -> Text:
    """Return the short name of a rule: 刑法第266条 诈骗罪; Criminal Law, art. 266 (fraud)."""
    cited = _with_articles(rule, rule.law.short)
    if rule.title is None:
        return cited
    return Text(en=f"{cited.en} ({rule.title.en})", zh=f"{cited.zh} {rule.title.zh}")


def threshold_name(line: Threshold) -> Text:
    """Return the name of thresholds: offence, province, class."""
    kind = "telecom" if line.telecom else line.offence
    key = f"threshold.{kind}" if line.group is None else f"threshold.{kind}_class"
    return catalogue("bixie.law").text(key, place=place_of(line), group=line.group)


def name_with_id(entry: Rule | Threshold) -> Text:
    """Return the short name of a rule or of thresholds with the id behind it, in brackets."""
    name = threshold_name(entry) if isinstance(entry, Threshold) else rule_name(entry)
    return Text(en=f"{name.en} [{entry.id}]", zh=f"{name.zh}（{entry.id}）")


def place_of(line: Threshold) -> Text:
    """Return the name of the province of thresholds, or that they hold nationwide."""
    if line.province is None:
        return Text(en="nationwide", zh="全国")
    zh, en = PROVINCES[line.province]
    return Text(en=en, zh=zh)


def _with_articles(rule: Rule, law: Text) -> Text:
    if not rule.articles:
        return law
    zh = "、".join(_chinese_article(article) for article in rule.articles)
    word = "art." if len(rule.articles) == 1 else "arts"
    return Text(en=f"{law.en}, {word} {', '.join(rule.articles)}", zh=f"{law.zh}{zh}")


def _chinese_article(article: str) -> str:
    found = _ARTICLE.fullmatch(article)
    assert found is not None  # the schema of the catalogue lets no other form through
    number, after, rest = found.groups()
    parts = re.findall(r"[0-9]+", rest)
    deeper = "".join(f"第{part}{name}" for part, name in zip(parts, _PARTS, strict=False))
    return f"第{number}条{f'之{after}' if after else ''}{deeper}"
