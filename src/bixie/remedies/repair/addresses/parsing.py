"""The division that an address lies in. In doubt it says so and names the alternatives; it never guesses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bixie.kit.canonical_json import Json
from bixie.kit.messages import Language, Text, catalogue
from bixie.remedies.repair.addresses.divisions import CITY, COUNTY, PROVINCE, TOWN, Division, Divisions
from bixie.remedies.repair.addresses.matching import Chain, chains_from, is_boundary
from bixie.remedies.repair.addresses.spellings import (
    FULL,
    SHORT,
    SpellingIndex,
    normalised,
    spelling_index,
)

__all__ = ["MAX_LETTERS", "ParsedAddress", "parse_address"]

MAX_LETTERS = 1000
"""Letters that are read; an address is shorter."""
_MAX_ALTERNATIVES = 10
_STRONG_LETTERS = 3
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f]")
_ABROAD = re.compile(
    "美国|日本|韩国|朝鲜(?!族)|英国|法国|德国|意大利|西班牙|葡萄牙|俄罗斯(?!族)|加拿大|澳大利亚|新西兰|新加坡|马来西亚|"
    "泰国|越南|老挝|缅甸|柬埔寨|菲律宾|印度尼西亚|印度|巴基斯坦|蒙古国|哈萨克斯坦|巴西|墨西哥|阿联酋|沙特|荷兰|瑞士|瑞典|"
    r"\b(?:USA|United States|Japan|Korea|United Kingdom|Canada|Australia|Singapore|Germany|France)\b",
    re.IGNORECASE,
)
_MESSAGES = catalogue(__package__)


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """What an address says of divisions.

    Parameters
    ----------
    text : str
        As given.
    division : Division or None
        The lowest one that is sure; None where nothing is.
    alternatives : tuple of Division
        What else it may be; of several addresses in one text, all of them.
    note : Text or None
        Why it is in doubt, or what a person should know.
    rest : str
        What follows the names: street, house, landmark.
    divisions : Divisions
        The table.
    """

    text: str
    division: Division | None
    alternatives: tuple[Division, ...]
    note: Text | None
    rest: str
    divisions: Divisions

    def to_dict(self, language: Language) -> dict[str, Json]:
        """Return the document of ``bixie address parse --json``."""
        return {
            "text": self.text,
            **_levels(self.divisions, self.division),
            "alternatives": [_levels(self.divisions, one) for one in self.alternatives],
            "note": self.note.in_(language) if self.note else None,
            "rest": self.rest,
        }


def _levels(divisions: Divisions, division: Division | None) -> dict[str, Json]:
    names = ("province", "city", "county", "town")
    if division is None:
        return {"code": None, **dict.fromkeys(names)}
    at = {name: divisions.at(division, level) for level, name in enumerate(names, PROVINCE)}
    found = {name: one.name if one else None for name, one in at.items()}
    if at["county"] is not None and divisions.is_its_city(at["county"]):
        found["county"] = None
    if division.level > PROVINCE and found["city"] is None and str(found["province"]).endswith("市"):
        found["city"] = found["province"]  # Beijing is a city too
    return {"code": divisions.official_code(division), **found}


def parse_address(text: str, index: SpellingIndex | None = None) -> ParsedAddress:
    """Return the division that an address lies in.

    Parameters
    ----------
    text : str
        Any text; only its first `MAX_LETTERS` letters are read.
    index : SpellingIndex, optional
        Of another table.
    """
    index = index or spelling_index()
    read = _INVISIBLE.sub("", normalised(text[:MAX_LETTERS]))
    best = _best(index, read)
    if _is_abroad(read, best):
        return _in_doubt(index, text, [one.last for one in _addresses(index, read)], "abroad", read)
    if not best:
        return _in_doubt(index, text, [], "none", read)
    others = [one.last for one in _addresses(index, read) if _is_another(one, best)]
    if others:
        return _in_doubt(index, text, [*(one.last for one in best), *others], "several", read)
    return _settled(index, text, read, best)


def _is_abroad(text: str, best: list[Chain]) -> bool:
    """Return whether a country is named where an address may begin, and not inside the name of a division."""
    return any(
        is_boundary(text, found.start())
        and not any(one.start <= found.start() and found.end() <= one.end for one in best)
        for found in _ABROAD.finditer(text)
    )


def _in_doubt(
    index: SpellingIndex, text: str, found: Sequence[Division], note: str, rest: str
) -> ParsedAddress:
    alternatives = tuple(dict.fromkeys(found))[:_MAX_ALTERNATIVES]
    return ParsedAddress(text, None, alternatives, _MESSAGES.text(note), rest, index.divisions)


def _settled(index: SpellingIndex, text: str, read: str, best: list[Chain]) -> ParsedAddress:
    candidates = list(dict.fromkeys(one.last for one in best))
    if len(candidates) > 1 and any(one.start >= best[0].end for one in best):
        return _in_doubt(index, text, candidates, "several", read)
    sure = _sure(best, candidates)
    if sure is None:
        return _in_doubt(index, text, candidates, "ambiguous", read)
    left = tuple(one for one in candidates if one != sure)[:_MAX_ALTERNATIVES]
    chain = next((one for one in best if one.last == sure), best[0])
    note = _MESSAGES.text("ambiguous") if left else _note_on(chain)
    only = _only_county(index.divisions, sure)
    return ParsedAddress(text, only, left, note, read[chain.end :].strip(), index.divisions)


def _note_on(chain: Chain) -> Text | None:
    if chain.kinds[-1] not in (FULL, SHORT):
        return _MESSAGES.text("other_name", name=chain.last.name)
    return None


def _only_county(divisions: Divisions, division: Division) -> Division:
    """Return the six-digit row of a city without counties, of which the table has two."""
    twin = divisions.by_code.get(division.code + ("00" if division.code != "6202" else "01"))
    is_twin = division.level == CITY and twin is not None and divisions.is_its_city(twin)
    return twin if is_twin and twin is not None else division


def _sure(best: list[Chain], candidates: list[Division]) -> Division | None:
    """Return the division on which the equally good readings agree."""
    if len(candidates) == 1:
        return candidates[0]
    for one in candidates:
        if all(other is one or other.lies_in(one) for other in candidates):
            return one  # 临夏: the prefecture, its city and its county have one name
    agreed = [one for one in best[0].named if all(one in chain.named for chain in best)]
    if agreed:
        return agreed[-1]
    if all(chain.kinds == (SHORT,) for chain in best):
        highest = min(one.level for one in candidates)
        top = [one for one in candidates if one.level == highest]
        if len(top) == 1 and highest < COUNTY:
            return top[0]
    return None


def _best(index: SpellingIndex, text: str) -> list[Chain]:
    found: list[Chain] = []
    for at in range(len(text)):
        for chain in chains_from(index, text, at):
            if _is_enough(text, chain) and (not found or chain.rank >= found[0].rank):
                found = [*(found if found and chain.rank == found[0].rank else ()), chain]
    return found


def _is_enough(text: str, chain: Chain) -> bool:
    """Return whether a chain is more than a word that happens to be a name."""
    if len(chain.named) > 1:
        return True
    if chain.last.level == TOWN:
        return is_boundary(text, chain.start)
    if chain.kinds[0] == SHORT and chain.last.level >= COUNTY:
        return chain.start == 0 and not text[chain.end :].strip()
    return True


def _addresses(index: SpellingIndex, text: str) -> list[Chain]:
    """Return the addresses that stand one behind the other, each in its best reading."""
    found: list[Chain] = []
    at = 0
    while at < len(text):
        here = (
            [one for one in chains_from(index, text, at) if _is_strong(one)] if is_boundary(text, at) else []
        )
        if here:
            found.append(max(here, key=lambda one: one.rank))
            at = found[-1].end
        else:
            at += 1
    return found


def _is_strong(chain: Chain) -> bool:
    return len(chain.named) > 1 or (chain.kinds[0] == FULL and chain.letters >= _STRONG_LETTERS)


def _is_another(chain: Chain, best: list[Chain]) -> bool:
    """Return whether an address elsewhere in the text is another: not the best, nor in it or around it."""
    return not any(
        max(chain.start, one.start) < min(chain.end, one.end)
        or chain.last == one.last
        or chain.last.lies_in(one.last)
        or one.last.lies_in(chain.last)
        for one in best
    )
