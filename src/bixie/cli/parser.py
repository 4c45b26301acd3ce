"""An argument parser that speaks both languages, wraps Chinese by its width and takes no abbreviations."""

import argparse
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, NoReturn

from bixie.cli.language import say
from bixie.cli.translations import installed
from bixie.kit.messages import Language

__all__ = ["BilingualParser", "wrapped"]

WIDTH = 100
"""Columns, on every machine: the help is also a page of the documentation."""

_WRONG_USAGE = 2


class BilingualParser(argparse.ArgumentParser):
    """`argparse.ArgumentParser` in a given language.

    Parameters
    ----------
    language : {"zh", "en"}
    **values
        As for `argparse.ArgumentParser`.
    """

    def __init__(self, *, language: Language, **values: Any) -> None:
        self.language: Language = language
        with installed(language):
            super().__init__(allow_abbrev=False, formatter_class=_Formatter, **values)

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> Any:
        """Parse as `argparse.ArgumentParser` does, in the parser's language."""
        with installed(self.language):
            return super().parse_args(args, namespace)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> Any:
        """Parse as `argparse.ArgumentParser` does, in the parser's language."""
        with installed(self.language):
            return super().parse_known_args(args, namespace)

    def format_help(self) -> str:
        """Return the help."""
        with installed(self.language):
            return super().format_help()

    def format_usage(self) -> str:
        """Return the usage."""
        with installed(self.language):
            return super().format_usage()

    def reject_unknown(self, words: Sequence[str]) -> NoReturn:
        """End as `error` does for words that no argument takes."""
        self.error(say("argparse.unrecognised", self.language) % " ".join(words))

    def error(self, message: str) -> NoReturn:
        """Write the usage and what is wrong to standard error; end with status 2."""
        self.exit(_WRONG_USAGE, self.format_usage() + say("error", self.language, message=message) + "\n")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        # argparse says the same of an unknown command and of a value that is none of an option's.
        if action.choices is None or value in action.choices:
            return
        choices = ", ".join(str(choice) for choice in action.choices)
        if isinstance(action.choices, dict):
            unknown = say("argparse.command", self.language, name=value, commands=choices)
            raise argparse.ArgumentError(None, unknown)
        template = say("argparse.choice", self.language)
        raise argparse.ArgumentError(action, template % {"value": value, "choices": choices})


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Fixed width; Chinese characters count as two columns."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=WIDTH, max_help_position=24)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = (wrapped(line, width) or [""] for line in text.splitlines())
        return "\n".join(indent + line for part in lines for line in part)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)


def wrapped(text: str, width: int) -> list[str]:
    """Break `text` into lines of at most `width` columns.

    Breaks at spaces and between Chinese characters, never before closing punctuation; leading spaces are
    kept on the first line.
    """
    lines: list[str] = []
    line, used = "", 0
    for piece in re.findall(r"\s+|[^\s\u2e80-\uffef]+|[\u2e80-\uffef][，。；：、）！？”]*", text):
        size = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in piece)
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = ("", 0) if piece.isspace() else (piece, size)
        else:
            line, used = line + piece, used + size
    return [*lines, line.rstrip()] if line.strip() else lines
