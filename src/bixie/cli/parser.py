"""An argument parser that speaks both languages, wraps Chinese by its width and takes no abbreviations."""

import argparse
import copy
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeVar

from bixie.cli.console import complain
from bixie.cli.language import say
from bixie.cli.options import add_language
from bixie.cli.suggestions import closest, commands_like, unquoted_hint
from bixie.cli.translations import installed, placeholders_in
from bixie.kit.messages import Language

__all__ = ["BilingualParser", "add_group", "wrapped"]

_Action = TypeVar("_Action", bound=argparse.Action)

WIDTH = 100
"""Columns, on every machine: the help is also a page of the documentation."""

_MIN_LAST_COLUMNS = 8
"""Columns that the last line of a paragraph has at least where it can."""

_WRONG_USAGE = 2


class BilingualParser(argparse.ArgumentParser):
    """`argparse.ArgumentParser` in a given language.

    Parameters
    ----------
    language : {"zh", "en"}
    **values
        As for `argparse.ArgumentParser`. Placeholders in `usage` and ``metavar`` are written in English
        capitals and shown in the language.

    Attributes
    ----------
    check : callable or None
        Called with what was parsed; it may call `error`.
    commands : dict of str to BilingualParser
        By name, if `add_commands` was called.
    """

    def __init__(self, *, language: Language, usage: str | None = None, **values: Any) -> None:
        self.language: Language = language
        self.check: Callable[[argparse.Namespace], None] | None = None
        self.commands: dict[str, BilingualParser] = {}
        shown = usage and placeholders_in(usage, language)
        with installed(language):
            super().__init__(allow_abbrev=False, formatter_class=_Formatter, usage=shown, **values)
        self.register("action", "parsers", _Commands)

    def add_commands(self) -> Any:
        """Return an object that takes commands; without a command the parser prints its help."""
        # By itself argparse makes the programs' names from the usage.
        commands = self.add_subparsers(
            title=say("commands", self.language),
            metavar=placeholders_in("COMMAND", self.language),
            prog=self.prog,
        )
        self.commands = commands.choices
        self.set_defaults(run=_show_help, parser=self)
        return commands

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
            chosen, unknown = super().parse_known_args(args, namespace)
        if self.check is not None and not unknown:
            self.check(chosen)
        return chosen, unknown

    def format_help(self) -> str:
        """Return the help."""
        with installed(self.language):
            text = super().format_help()
        return re.sub(r"^(\S+):$", r"\1：", text, flags=re.MULTILINE) if self.language == "zh" else text

    def format_usage(self) -> str:
        """Return the usage."""
        with installed(self.language):
            return super().format_usage()

    def reject_unknown(self, unknown: Sequence[str], words: Sequence[str]) -> NoReturn:
        """End as `error` does for the words that no argument takes; suggest what may be meant.

        Parameters
        ----------
        unknown : sequence of str
        words : sequence of str
            The whole command line, which `unknown` is part of.
        """
        message = say("argparse.unrecognised", self.language) % " ".join(unknown)
        self.error(message + (self._hint(unknown) or unquoted_hint(words, self.language)))

    def reject_command(self, name: str) -> NoReturn:
        """End as `error` does for a command that does not exist."""
        self.error(self._unknown_command(name))

    def error(self, message: str) -> NoReturn:
        """Write the usage and what is wrong to standard error; end with status 2."""
        self.exit(_WRONG_USAGE, self.format_usage() + say("error", self.language, message=message) + "\n")

    def _hint(self, unknown: Sequence[str]) -> str:
        """Return a sentence about the first unknown option, nothing if there is no idea what it means."""
        own = self._option_string_actions
        options = [word.split("=")[0] for word in unknown if word.startswith("-")]
        for option in options:
            if option in own:  # it was written before the command
                return say("hint.after_command", self.language, option=option, command=self.prog)
            guess = closest(option, own)
            if guess is not None:
                return say("hint.meant", self.language, guess=guess)
        return ""

    def _add_action(self, action: _Action) -> _Action:
        if isinstance(action.metavar, str):
            action.metavar = placeholders_in(action.metavar, self.language)
        return super()._add_action(action)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        # argparse says the same of an unknown command and of a value that is none of an option's.
        if action.choices is None or value in action.choices:
            return
        if action.choices is self.commands:
            raise argparse.ArgumentError(None, self._unknown_command(value))
        template = say("argparse.choice", self.language)
        choices = ", ".join(str(choice) for choice in action.choices)
        raise argparse.ArgumentError(action, template % {"value": value, "choices": choices})

    def _unknown_command(self, name: str) -> str:
        guesses = commands_like(name, {one: list(below.commands) for one, below in self.commands.items()})
        message = say("argparse.command", self.language, name=name)
        if guesses:
            return message + say("hint.meant", self.language, guess=", ".join(guesses))
        if not self.commands:
            return message
        return message + say("hint.there_are", self.language, commands=", ".join(self.commands))


class _Commands(argparse._SubParsersAction):  # type: ignore[type-arg]  # generic in stubs only
    """Commands. The line of a group in the help also names the commands of the group."""

    def _get_subactions(self) -> list[argparse.Action]:
        return [self._with_names(action) for action in super()._get_subactions()]

    def _with_names(self, action: argparse.Action) -> argparse.Action:
        parser: BilingualParser = self.choices[action.dest]
        if not parser.commands:
            return action
        shown = copy.copy(action)
        names = ", ".join(parser.commands)
        shown.help = say("group", parser.language, summary=action.help, commands=names)
        return shown


def add_group(commands: Any, name: str, language: Language) -> Any:
    """Add a group of commands, such as ``bixie vault``; return an object that takes them.

    Parameters
    ----------
    commands : object
        From `BilingualParser.add_commands`.
    name : str
        Its sentences are ``NAME.summary`` and ``NAME.description``.
    language : {"zh", "en"}
    """
    group: BilingualParser = commands.add_parser(
        name,
        language=language,
        help=say(f"{name}.summary", language),
        usage=f"bixie {name} COMMAND ... [--lang zh|en]",
        description=say(f"{name}.description", language),
    )
    add_language(group, language)
    return group.add_commands()


def _show_help(chosen: argparse.Namespace, _language: Language) -> int:
    """Print the help of a command that needs one of its own commands after it."""
    complain(chosen.parser.format_help().rstrip())
    return _WRONG_USAGE


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Fixed width; Chinese characters count as two columns."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=WIDTH, max_help_position=24)

    def add_argument(self, action: argparse.Action) -> None:
        """Add an action; make room for it by its columns."""
        super().add_argument(action)
        if action.help is not argparse.SUPPRESS:
            size = _columns(self._format_action_invocation(action)) + self._current_indent
            self._action_max_length = max(self._action_max_length, size)

    def _format_action(self, action: argparse.Action) -> str:
        text, shown = super()._format_action(action), self._format_action_invocation(action)
        if isinstance(action, _Commands):
            return text.partition("\n")[2]  # their common placeholder says nothing
        # argparse pads by characters.
        too_wide = _columns(shown) - len(shown)
        before, _, rest = text.partition(shown + " " * too_wide)
        return text if len(rest) - len(rest.lstrip(" ")) < 2 else f"{before}{shown}{rest}"

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = (wrapped(line, width) or [""] for line in text.splitlines())
        return "\n".join(indent + line for part in lines for line in part)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)


def wrapped(text: str, width: int) -> list[str]:
    """Break `text` into lines of at most `width` columns.

    Breaks at spaces and between Chinese characters, never before closing punctuation; leading spaces are
    kept on the first line. The last line is not left with a character or two.
    """
    lines = _broken(text, width)
    for narrower in range(width - 2, width - 2 * _MIN_LAST_COLUMNS, -2):
        if len(lines) < 2 or _columns(lines[-1]) >= _MIN_LAST_COLUMNS:
            break
        tried = _broken(text, narrower)
        if len(tried) == len(lines):
            lines = tried
    return lines


def _broken(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for piece in re.findall(r"\s+|[^\s\u2e80-\uffef]+|[\u2e80-\uffef][，。；：、）！？”]*", text):
        size = _columns(piece)
        if used + size > width and line.strip():
            lines.append(line.rstrip())
            line, used = ("", 0) if piece.isspace() else (piece, size)
        else:
            line, used = line + piece, used + size
    return [*lines, line.rstrip()] if line.strip() else lines


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
