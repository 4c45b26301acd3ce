"""The administrative divisions of China: provinces, cities, counties and townships with their official codes.

Two digits are a province, four a city, six a county, nine a township. Of Hong Kong, Macao and Taiwan the
table knows districts without official codes; theirs here have letters and are never shown.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

__all__ = ["CITY", "COUNTY", "PROVINCE", "TOWN", "Division", "Divisions", "divisions_of_china"]

PROVINCE, CITY, COUNTY, TOWN = 1, 2, 3, 4
_LEVELS = {2: PROVINCE, 4: CITY, 6: COUNTY, 9: TOWN}
_LENGTHS = {level: length for length, level in _LEVELS.items()}
_PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
"""Rows between a province and its counties that are no cities."""


@dataclass(frozen=True, slots=True)
class Division:
    """One division.

    Parameters
    ----------
    code : str
        2, 4, 6 or 9 characters; that of the division above is its beginning.
    name : str
        Official name.
    """

    code: str
    name: str

    @property
    def level(self) -> int:
        """`PROVINCE`, `CITY`, `COUNTY` or `TOWN`."""
        return _LEVELS[len(self.code)]

    def lies_in(self, other: "Division | None") -> bool:
        """Return whether this division is below `other`; everything is below None."""
        return other is None or (self.level > other.level and self.code.startswith(other.code))


class Divisions:
    """The table.

    Parameters
    ----------
    rows : list of Division
        In any order; each with all the divisions above it.
    """

    def __init__(self, rows: list[Division]) -> None:
        self.by_code = {row.code: row for row in rows}
        self._towns: dict[str, list[Division]] = {}
        for row in rows:
            if row.level == TOWN:
                self._towns.setdefault(row.code[:6], []).append(row)
        self._counties: dict[str, list[str]] = {}
        for county in self._towns:
            self._counties.setdefault(county[:4], []).append(county)

    def above_towns(self) -> list[Division]:
        """Return provinces, cities and counties, without the rows that only keep a place in the codes."""
        return [row for row in self.by_code.values() if row.level < TOWN and not self.is_placeholder(row)]

    def is_placeholder(self, row: Division) -> bool:
        """Return whether a row stands for no division, like the ``市辖区`` of Beijing."""
        return row.level == CITY and row.name in _PLACEHOLDERS

    def is_its_city(self, county: Division) -> bool:
        """Return whether a row of a county is its city once more: Dongguan has towns and no counties."""
        city = self.at(county, CITY)
        return county.level == COUNTY and city is not None and city.name == county.name

    def towns_in(self, division: Division) -> list[Division]:
        """Return the townships of a city or county."""
        counties = self._counties.get(division.code, []) if division.level == CITY else [division.code]
        return [town for county in counties for town in self._towns.get(county, [])]

    def towns(self) -> list[Division]:
        """Return all townships."""
        return [town for towns in self._towns.values() for town in towns]

    def at(self, division: Division, level: int) -> Division | None:
        """Return the division of a level that `division` is or lies in; None where that level is skipped."""
        if division.level < level:
            return None
        found = self.by_code[division.code[: _LENGTHS[level]]]
        return None if self.is_placeholder(found) else found

    def official_code(self, division: Division) -> str:
        """Return the code of the division, or of the lowest one above it that has an official code."""
        return division.code if division.code.isdigit() else division.code[:2]


@lru_cache(maxsize=1)
def divisions_of_china() -> Divisions:
    """Return the table of 2023, read once. Source: see ``NOTICE``."""
    text = resources.files(__package__).joinpath("divisions.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return Divisions([Division(code, name) for code, name in rows])
