"""``bixie vault``: one file a command."""

from typing import Any

from bixie.cli.language import say
from bixie.cli.vault import keep, report, retention, send
from bixie.kit.messages import Language

__all__ = ["add"]


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
    parser = commands.add_parser(
        "vault",
        language=language,
        help=say("vault.summary", language),
        usage="bixie vault keep|send|report|hold|release|erase|retention|expire ...",
        description=say("vault.description", language),
    )
    subcommands = parser.add_subparsers(title=say("commands", language), metavar="COMMAND", required=True)
    for module in (keep, send, report, retention):
        module.add(subcommands, language)
