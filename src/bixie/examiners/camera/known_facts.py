"""The dated facts of ``known_facts.toml``: makers, canvases of generators, names that messengers give."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

__all__ = ["KnownFacts", "known_facts"]


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the examiner compares with.

    Parameters
    ----------
    makers : tuple of str
        Beginnings of EXIF Make, lower case.
    canvases : frozenset of tuple of int
        Shorter and longer side, pixels.
    messengers : dict of str to pattern
        By messenger; matched against the whole file name.
    """

    makers: tuple[str, ...]
    canvases: frozenset[tuple[int, int]]
    messengers: dict[str, re.Pattern[str]]

    def is_maker(self, make: str) -> bool:
        """Return whether `make` begins with the name of a camera maker, as a whole word."""
        lower = make.casefold().strip()
        return any(lower == maker or re.match(re.escape(maker) + r"[^a-z{]", lower) for maker in self.makers)

    def messenger(self, name: str) -> str | None:
        """Return the messenger that gives its pictures such names, or None."""
        return next((who for who, pattern in self.messengers.items() if pattern.fullmatch(name)), None)

    def is_canvas(self, width: int | None, height: int | None) -> bool:
        """Return whether the size is one that generators offer."""
        return bool(width and height) and tuple(sorted((width or 0, height or 0))) in self.canvases


@cache
def known_facts() -> KnownFacts:
    """Return the facts that are shipped, read once."""
    text = resources.files("bixie.examiners.camera").joinpath("known_facts.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return KnownFacts(
        tuple(table["makers"]),
        frozenset((short, long) for short, long in table["canvases"]),
        {who: re.compile(pattern) for who, pattern in table["messengers"].items()},
    )
