"""``bixie ledger``: one file a command; `bixie.cli.ledger.settings` is a part of ``bixie doctor``."""

from typing import Any

from bixie.cli.ledger import key, verify
from bixie.cli.parser import add_group
from bixie.kit.messages import Language

__all__ = ["add"]


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
    subcommands = add_group(commands, "ledger", language)
    for module in (verify, key):
        module.add(subcommands, language)
