"""How people write the name of a division: in full, short, with a former suffix, or by a customary name."""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib import resources

from bixie.remedies.repair.addresses.divisions import (
    CITY,
    COUNTY,
    PROVINCE,
    Division,
    Divisions,
    divisions_of_china,
)

__all__ = [
    "FORMER",
    "FULL",
    "SHORT",
    "SpellingIndex",
    "normalised",
    "spelling_index",
    "spellings_of",
    "town_spellings",
]

SHORT, FORMER, FULL = 1, 2, 3
"""Kinds of spellings, the surest last."""

_NAMES = tomllib.loads(resources.files(__package__).joinpath("names.toml").read_text(encoding="utf-8"))
_PEOPLE = re.compile(f"(?:{'|'.join(sorted(_NAMES['peoples'], key=len, reverse=True))})$")
_SUFFIXES = {
    PROVINCE: ("特别行政区", "自治区", "省", "市"),
    CITY: ("自治州", "地区", "市", "盟"),
    COUNTY: ("自治县", "自治旗", "林区", "新区", "矿区", "县", "区", "市", "旗"),
}
_TOWN_SUFFIXES = ("街道办事处", "街道", "民族乡", "镇", "乡", "苏木")
_SHORTEST = 2
_REPLACED = {COUNTY: ("县", "区", "市")}
_TOWN_REPLACED = ("街道", "镇", "乡")


def normalised(text: str) -> str:
    """Return a text in the form in which texts and names are compared: full-width marks as plain ones."""
    return unicodedata.normalize("NFKC", text)


def _without_suffix(name: str, suffixes: tuple[str, ...]) -> tuple[str, str]:
    for suffix in suffixes:
        if name.endswith(suffix) and len(name) - len(suffix) >= _SHORTEST:
            return name[: -len(suffix)], suffix
    return name, ""


def _without_peoples(stem: str) -> str:
    while (found := _PEOPLE.search(stem)) and found.start() >= _SHORTEST:
        stem = stem[: found.start()]
    if _PEOPLE.fullmatch(stem) and stem.endswith("族") and len(stem) > _SHORTEST:
        return stem[:-1]  # 东乡族自治县, 鄂温克族自治旗
    return stem


def spellings_of(division: Division) -> dict[str, int]:
    """Return the spellings of a province, city or county, each with its kind."""
    stem, suffix = _without_suffix(division.name, _SUFFIXES[division.level])
    found: dict[str, int] = {}
    if suffix:
        if suffix.startswith("自治"):
            stem = _without_peoples(stem)
            found[stem + suffix] = FORMER  # 红河自治州
            found[stem + suffix[-1]] = FORMER  # 红河州, 门源县
        for other in _REPLACED.get(division.level, ()):
            found[stem + other] = FORMER
        if division.level == CITY and suffix in ("市", "地区"):
            found |= {stem + "地区": FORMER, stem + "市": FORMER}
        found[stem] = SHORT
    return {**found, division.name: FULL}


def town_spellings(town: Division) -> dict[str, int]:
    """Return the spellings of a township, each with its kind."""
    stem, suffix = _without_suffix(town.name, _TOWN_SUFFIXES)
    if not suffix:
        return {town.name: FULL}
    short = _without_peoples(stem)
    variants = {one + other: FORMER for one in (stem, short) for other in (*_TOWN_REPLACED, "民族乡")}
    return {**variants, stem: SHORT, short: SHORT, town.name: FULL}


class SpellingIndex:
    """All spellings of provinces, cities and counties, and the full names of townships.

    Parameters
    ----------
    divisions : Divisions
    aliases : dict of str to str
        A customary or former name, and the names of today's division from the province down.
    """

    def __init__(self, divisions: Divisions, aliases: dict[str, str]) -> None:
        self.divisions = divisions
        self.names: dict[str, list[tuple[Division, int]]] = {}
        rows = [row for row in divisions.above_towns() if not divisions.is_its_city(row)]
        for row in rows:
            for spelling, kind in spellings_of(row).items():
                self.names.setdefault(normalised(spelling), []).append((row, kind))
        for alias, path in aliases.items():
            self.names.setdefault(alias, []).append((self._named(path), FORMER))
        self.towns: dict[str, list[Division]] = {}
        for town in divisions.towns():
            self.towns.setdefault(normalised(town.name), []).append(town)
        self.longest = max(map(len, (*self.names, *self.towns)))

    def _named(self, path: str) -> Division:
        found: Division | None = None
        for name in path.split():
            found = next(row for row, kind in self.names[name] if kind == FULL and row.lies_in(found))
        if found is None:
            raise KeyError(path)
        return found

    @lru_cache(maxsize=4096)  # noqa: B019 - one index lives as long as the program
    def towns_in(self, division: Division) -> dict[str, list[tuple[Division, int]]]:
        """Return the spellings of the townships of a city or county."""
        found: dict[str, list[tuple[Division, int]]] = {}
        for town in self.divisions.towns_in(division):
            for spelling, kind in town_spellings(town).items():
                found.setdefault(normalised(spelling), []).append((town, kind))
        return found


@lru_cache(maxsize=1)
def spelling_index() -> SpellingIndex:
    """Return the index of China's divisions, made once."""
    return SpellingIndex(divisions_of_china(), _NAMES["aliases"])
