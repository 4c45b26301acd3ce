"""Tables in Markdown, and what a count proves: what every part of the bench prints and keeps."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.scoring import clopper_pearson

__all__ = ["Table", "rate_text", "table"]


@dataclass(frozen=True)
class Table:
    """A table with its title.

    Parameters
    ----------
    title : str
        Empty for the first table of a part.
    head : sequence of str
    lines : sequence of (sequence of str)
    """

    title: str
    head: Sequence[str]
    lines: Sequence[Sequence[str]]

    def text(self) -> str:
        """Return title and table in Markdown."""
        heading = f"### {self.title}\n\n" if self.title else ""
        return heading + table(self.head, self.lines)


def table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    return "\n".join(_line(cells) for cells in (head, ["---"] * len(head), *lines))


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def rate_text(count: int, total: int) -> str:
    """Return ``12/300 = 4.0 % (2.1–6.9)``: a count with its exact 95 % bounds."""
    if not total:
        return "–"
    low, high = clopper_pearson(count, total)
    return f"{count}/{total} = {100 * count / total:.1f} % ({100 * low:.1f}–{100 * high:.1f})"
