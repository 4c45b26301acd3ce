"""Finds entries of the catalogue by what people type: an id, a statute with a number, or words of a title."""

import re
from difflib import get_close_matches

from bixie.kit.messages import Text, catalogue
from bixie.law.citation import name_with_id, rule_name, threshold_name
from bixie.law.entries import Catalogue, Rule, Threshold
from bixie.law.errors import FactsError

__all__ = ["entry_name", "find_entries", "is_number_alone"]

Entry = Rule | Threshold
_ARTICLE = re.compile(
    r"(?P<law>.*?)(?:第|article|art)?(?P<number>[0-9]+|[一二三四五六七八九十百千零〇]+)条?"
    r"(?:之[一二三四五])?(?:第?(?:[0-9]+|[一二三四五六七八九十]+)款)?"
)
_IGNORED = re.compile(r"[\s《》“”\"'‘’（）()\[\],，.。、:：·]+")
_STATE = re.compile("^中华人民共和国")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MAX_SUGGESTIONS = 4
_MAX_SHOWN = 100


def find_entries(law: Catalogue, wanted: str) -> list[Entry]:
    """Return the entries that `wanted` may mean, in the order of the catalogue.

    The searches run in turn, and the first that finds something decides: an id (CRIM-266); a statute with an
    article (刑法266, 刑法第二百六十六条, Criminal Law art. 266), or an article of every statute (第58条);
    words of a title (诈骗); words of the text.

    Raises
    ------
    FactsError
        ``rule.unknown``; the sentence names the nearest entries.
    """
    entries: list[Entry] = [*law.rules.values(), *law.thresholds]
    text = _plain(wanted)
    if text:
        for matches in (_has_id, _has_article, _is_called, _says):
            found = [entry for entry in entries if matches(entry, text)]
            if found:
                return found
    raise FactsError("rule.unknown", id=wanted[:_MAX_SHOWN], nearest=_suggestion(entries, wanted))


def is_number_alone(wanted: str) -> bool:
    """Return whether `wanted` is the number of an article without a statute: 58, 第58条, art. 58."""
    found = _ARTICLE.fullmatch(_plain(wanted))
    return found is not None and not _STATE.sub("", found["law"])


def entry_name(entry: Entry) -> Text:
    """Return the short name of a rule or of thresholds."""
    return threshold_name(entry) if isinstance(entry, Threshold) else rule_name(entry)


def _has_id(entry: Entry, text: str) -> bool:
    return _plain(entry.id) == text


def _has_article(entry: Entry, text: str) -> bool:
    found = _ARTICLE.fullmatch(text)
    if found is None or isinstance(entry, Threshold):
        return False
    number = _number(found["number"])
    law = _STATE.sub("", found["law"])
    articles = {int(re.split("[(之]", article)[0]) for article in entry.articles}
    return number in articles and (not law or any(_matches(law, name) for name in _law_names(entry)))


def _matches(wanted: str, name: str) -> bool:
    """Return whether a name is the one wanted, or begins with it."""
    return name == wanted or (len(wanted) > 1 and name.startswith(wanted))


def _law_names(rule: Rule) -> list[str]:
    law = rule.law
    names = (law.name.zh, law.short.zh, law.name.en, law.short.en, *law.aliases)
    return [_STATE.sub("", _plain(name)) for name in names]


def _is_called(entry: Entry, text: str) -> bool:
    name = entry_name(entry)
    others = () if isinstance(entry, Threshold) else entry.law.aliases
    return any(text in _plain(one) for one in (name.zh, name.en, *others))


def _says(entry: Entry, text: str) -> bool:
    said = entry.note if isinstance(entry, Threshold) else entry.text
    return said is not None and (text in _plain(said.zh) or text in _plain(said.en))


def _suggestion(entries: list[Entry], wanted: str) -> Text:
    """Return a sentence with the entries whose id or name is most like `wanted`; empty if there is none."""
    keys: dict[str, Entry] = {}
    for entry in entries:
        name = entry_name(entry)
        for key in (entry.id, name.zh, name.en, *_parts(entry)):
            keys.setdefault(_plain(key), entry)
    close = get_close_matches(_plain(wanted[:_MAX_SHOWN]), list(keys), n=_MAX_SUGGESTIONS * 2, cutoff=0.5)
    nearest = {keys[key].id: name_with_id(keys[key]) for key in close}
    shown = list(nearest.values())[:_MAX_SUGGESTIONS]
    if not shown:
        return Text(en="", zh="")
    names = Text(
        en="; ".join(name.en for name in shown),
        zh="；".join(name.zh for name in shown),
    )
    return catalogue("bixie.law").text("rule.nearest", names=names)


def _parts(entry: Entry) -> list[str]:
    if isinstance(entry, Threshold):
        return []
    numbers = [re.split("[(之]", article)[0] for article in entry.articles]
    titles = [] if entry.title is None else [entry.title.zh, entry.title.en]
    return [*titles, *(f"{entry.law.short.zh}{number}" for number in numbers)]


def _plain(text: str) -> str:
    return _IGNORED.sub("", text).lower()


def _number(text: str) -> int:
    """Return the value of digits, or of a Chinese numeral below ten thousand."""
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        else:
            digit = digit * 10 + _DIGITS[sign] if digit else _DIGITS[sign]
    return total + digit
