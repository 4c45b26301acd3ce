"""An argument parser that speaks both languages, wraps Chinese by its width and takes no abbreviations."""

import argparse
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NoReturn

from bixie.cli.language import say
from bixie.kit.messages import Language

__all__ = ["BilingualParser", "wrapped"]

WIDTH = 100
"""Columns, on every machine: the help is also a page of the documentation."""

_WRONG_USAGE = 2
_MISSING = re.compile(r"the following arguments are required: (?P<names>.*)")
_UNRECOGNISED = re.compile(r"unrecognized arguments: (?P<names>.*)")
_CHOICE = re.compile(r"argument COMMAND: invalid choice: '(?P<name>.*)' \(choose from (?P<commands>.*)\)")
_NO_VALUE = re.compile(r"argument (?P<name>\S+): expected (?:one|at least one) argument")
_VALUE = re.compile(
    r"argument (?P<name>--\S+): invalid choice: '(?P<value>.*)' \(choose from (?P<values>.*)\)"
)
_NOT_WITH = re.compile(r"argument (?P<name>\S+): not allowed with argument (?P<other>\S+)")
_TRANSLATED = (
    (_MISSING, "error.missing"),
    (_UNRECOGNISED, "error.unrecognised"),
    (_CHOICE, "error.choice"),
    (_NO_VALUE, "error.no_value"),
    (_NOT_WITH, "error.not_with"),
    (_VALUE, "error.value"),
)


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
        values.update(add_help=False, allow_abbrev=False, formatter_class=self._formatter)
        super().__init__(**values)
        self._positionals.title = say("arguments", language)
        self._optionals.title = say("options", language)
        self.add_argument("-h", "--help", action="help", help=say("help", language))

    def error(self, message: str) -> NoReturn:
        """Write the usage and what is wrong to standard error; end with status 2."""
        for pattern, key in _TRANSLATED:
            if match := pattern.fullmatch(message):
                message = say(
                    key, self.language, **{k: v.replace("'", "") for k, v in match.groupdict().items()}
                )
        self.exit(_WRONG_USAGE, self.format_usage() + say("error", self.language, message=message) + "\n")

    def _formatter(self, prog: str) -> argparse.HelpFormatter:
        return _Formatter(prog, say("usage", self.language))


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Fixed width; Chinese characters count as two columns."""

    def __init__(self, prog: str, usage: str) -> None:
        super().__init__(prog, width=WIDTH, max_help_position=24)
        self._usage = usage

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Any, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, self._usage if prefix is None else prefix)

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
