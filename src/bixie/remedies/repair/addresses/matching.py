"""Chains of divisions that a text names one after the other, from the province down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bixie.remedies.repair.addresses.divisions import CITY, TOWN, Division
from bixie.remedies.repair.addresses.spellings import FULL, SHORT, SpellingIndex

__all__ = ["Chain", "chains_from", "is_boundary"]

_GAP = re.compile(r"(?:[^\w]|_|市辖区)*")
_ROAD = re.compile(
    r"(?:[东南西北中]{0,2}"
    r"(?:路|街(?!道)|大道|大街|巷|弄|里|桥|村|社区|站|大学|学院|医院|机场|银行|高速))"
)
_NO_CITY = re.compile(r"[场民政内级]")
"""After 市: a market, citizens, a street of the government."""
_OFFICE = re.compile(r"办事处|街办|办(?!公)")
_LABEL = re.compile(r"(?:[^\w]|_|地址|住址|位于|家住|现住|我在|住在|寄到|中国)$")


@dataclass(frozen=True, slots=True)
class Chain:
    """Divisions named one after the other, each in the one before.

    Parameters
    ----------
    start, end : int
        Where the names stand in the text.
    named : tuple of Division
        What the text names, at least one.
    kinds : tuple of int
        Of the spellings.
    letters : int
        Of all names.
    sure_letters : int
        Of names in full.
    """

    start: int
    end: int
    named: tuple[Division, ...]
    kinds: tuple[int, ...]
    letters: int
    sure_letters: int

    @property
    def last(self) -> Division:
        """The lowest division named."""
        return self.named[-1]

    @property
    def rank(self) -> tuple[int, int, int]:
        """The better reading explains more letters, more of them by full names, and names more levels."""
        return self.letters, self.sure_letters, len(self.named)

    def longer(self, division: Division, kind: int, end: int, letters: int) -> "Chain":
        """Return the chain with one more name."""
        sure = letters if kind == FULL else 0
        again = division == self.last
        return Chain(
            self.start,
            end,
            self.named if again else (*self.named, division),
            self.kinds if again else (*self.kinds, kind),
            self.letters + letters,
            self.sure_letters + sure,
        )


def is_boundary(text: str, at: int) -> bool:
    """Return whether an address may begin here: at the start, after a mark, after a word like 地址."""
    return at == 0 or _LABEL.search(text, max(0, at - 2), at) is not None


def chains_from(index: SpellingIndex, text: str, at: int) -> Iterator[Chain]:
    """Yield every chain that begins at a place in the text, and every beginning of one."""
    boundary = is_boundary(text, at)
    for end, division, kind in _names_at(index, text, at, None):
        if boundary or (kind == FULL and not _is_part_of_word(text, at, end)):
            letters = end - at
            first = Chain(at, end, (division,), (kind,), letters, letters if kind == FULL else 0)
            yield from _continued(index, text, first)


def _continued(index: SpellingIndex, text: str, chain: Chain) -> Iterator[Chain]:
    if chain.kinds[-1] != SHORT or _ROAD.match(text, chain.end) is None:
        yield chain
    if chain.last.level == TOWN:
        return
    gap = _GAP.match(text, chain.end)
    at = gap.end() if gap else chain.end
    for end, division, kind in _names_at(index, text, at, chain.last):
        yield from _continued(index, text, chain.longer(division, kind, end, end - at))


def _names_at(
    index: SpellingIndex, text: str, at: int, above: Division | None
) -> Iterator[tuple[int, Division, int]]:
    towns = index.towns_in(above) if above is not None and above.level >= CITY else None
    for end in range(min(len(text), at + index.longest), at + 1, -1):
        name = text[at:end]
        for division, kind in index.names.get(name, ()):
            if division.lies_in(above) or division == above:
                yield end, division, kind
        if towns is not None:
            for town, kind in towns.get(name, ()):
                yield _past_office(text, end), town, kind
        elif name in index.towns:
            for town in index.towns[name]:
                if town.lies_in(above):
                    yield _past_office(text, end), town, FULL


def _is_part_of_word(text: str, at: int, end: int) -> bool:
    """Return whether 市 belongs to the word behind it, as in 水果批发市场."""
    return text.endswith("市", at, end) and _NO_CITY.match(text, end) is not None


def _past_office(text: str, end: int) -> int:
    office = _OFFICE.match(text, end)
    return office.end() if office else end
