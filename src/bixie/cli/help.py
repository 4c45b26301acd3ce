"""``bixie help``: the help of a command, or of the whole."""

import argparse
from typing import Any

from bixie.cli.language import say
from bixie.cli.options import add_language
from bixie.kit.messages import Language

__all__ = ["add", "run"]


def add(commands: Any, language: Language) -> None:
    """Add the command to the parser's `commands`."""
    parser = commands.add_parser(
        "help",
        language=language,
        help=say("help.summary", language),
        usage="bixie help [COMMAND...] [--lang zh|en]",
        description=say("help.description", language),
    )
    parser.add_argument("words", nargs="*", metavar="COMMAND", help=say("help.words", language))
    add_language(parser, language)
    parser.set_defaults(run=run, parser=parser)


def run(chosen: argparse.Namespace, _language: Language) -> int:
    """Print the help; a command that does not exist is wrong usage."""
    parser = chosen.root
    for word in chosen.words:
        if word not in parser.commands:
            parser.reject_command(word)
        parser = parser.commands[word]
    print(parser.format_help(), end="")
    return 0
