"""``bixie vault``: one file a command."""

from typing import Any

from bixie.cli.parser import add_group
from bixie.cli.vault import keep, list_exhibits, report, retention, send
from bixie.kit.messages import Language

__all__ = ["add"]


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
    subcommands = add_group(commands, "vault", language)
    for module in (keep, list_exhibits, send, report, retention):
        module.add(subcommands, language)
