"""The error board as a reviewer reads it on a terminal."""

from typing import TYPE_CHECKING

from bixie.cli.language import say
from bixie.cli.table import format_table
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.cases.error_board.schemas import ErrorBoardOut, ErrorSectionOut, TallyOut

__all__ = ["error_page"]

_COLUMNS = ("group", "name", "decided", "appealed", "overturned", "rate")


def error_page(board: "ErrorBoardOut", language: Language) -> list[str]:
    """Return the lines that show the error board: first refusals, then approvals.

    Parameters
    ----------
    board : ErrorBoardOut
    language : {"zh", "en"}
    """
    lines = []
    for name, section in (("refusals", board.refusals), ("approvals", board.approvals)):
        lines += [say(f"case.errors.{name}", language), _table(section, language), ""]
    lines.append(say("case.errors.final", language, count=board.final))
    if board.unreadable:
        lines.append(say("case.errors.unreadable", language, count=board.unreadable))
    if not board.complete:
        lines.append(say("case.errors.incomplete", language))
    return lines


def _table(section: "ErrorSectionOut", language: Language) -> str:
    headings = [say(f"case.errors.column.{column}", language) for column in _COLUMNS]
    rows = [_row("all", "", section.all, language)]
    rows += [_row("pack", f"{one.pack} {one.version}", one, language) for one in section.packs]
    rows += [_row("rule", f"{one.pack} {one.rule}", one, language) for one in section.rules]
    rows += [_row("basis", getattr(one.name, language), one, language) for one in section.bases]
    for one in section.evidence_verdicts:
        rows.append(_row("evidence", getattr(one.name, language), one, language))
    return format_table(headings, rows)


def _row(group: str, name: str, tally: "TallyOut", language: Language) -> list[str]:
    rate = "–" if tally.rate is None else f"{tally.rate:.1%} ({tally.low:.1%}–{tally.high:.1%})"
    counts = (tally.decided, tally.appealed, tally.overturned)
    return [say(f"case.errors.group.{group}", language), name, *map(str, counts), rate]
