"""The dated facts of ``makers.toml`` and ``known_facts.toml``: makers, canvases of generators, messengers."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

__all__ = ["KnownFacts", "known_facts"]


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the examiner compares with.

    Parameters
    ----------
    makers : tuple of str
        Beginnings of EXIF Make, lower case.
    no_makers : tuple of str
        What generators write there, lower case.
    canvases : frozenset of tuple of int
        Shorter and longer side, pixels.
    messengers : dict of str to pattern
        By messenger; matched against the whole file name.
    """

    makers: tuple[str, ...]
    no_makers: tuple[str, ...]
    canvases: frozenset[tuple[int, int]]
    messengers: dict[str, re.Pattern[str]]

    def maker(self, make: str) -> Literal["listed", "not_listed", "something_else"]:
        """Return what the field Make holds: a maker on the list, another name, or no name at all."""
        lower = make.casefold().strip()
        if "{" in lower or any(_begins(lower, one) for one in self.no_makers):
            return "something_else"
        return "listed" if any(_begins(lower, maker) for maker in self.makers) else "not_listed"

    def messenger(self, name: str) -> str | None:
        """Return the messenger that gives its pictures such names, or None."""
        return next((who for who, pattern in self.messengers.items() if pattern.fullmatch(name)), None)

    def is_canvas(self, width: int | None, height: int | None) -> bool:
        """Return whether the size is one that generators offer."""
        return bool(width and height) and tuple(sorted((width or 0, height or 0))) in self.canvases


def _begins(text: str, name: str) -> bool:
    """Return whether `text` begins with `name` as a whole word; both in lower case."""
    return text.startswith(name) and not text[len(name) :][:1].isalpha()


@cache
def known_facts() -> KnownFacts:
    """Return the facts that are shipped, read once."""
    makers, table = _table("makers.toml"), _table("known_facts.toml")
    return KnownFacts(
        tuple(maker.casefold() for maker in makers["makers"]),
        tuple(name.casefold() for name in makers["no_makers"]),
        frozenset((short, long) for short, long in table["canvases"]),
        {who: re.compile(pattern, re.IGNORECASE) for who, pattern in table["messengers"].items()},
    )


def _table(name: str) -> dict[str, Any]:
    text = resources.files("bixie.examiners.camera").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)
