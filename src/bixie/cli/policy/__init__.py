"""``bixie policy``: one file a command."""

from typing import Any

from bixie.cli.parser import add_group
from bixie.cli.policy import backtest, check, replay
from bixie.kit.messages import Language

__all__ = ["add"]


def add(commands: Any, language: Language) -> None:
    """Add the command and its subcommands to the parser's `commands`."""
    subcommands = add_group(commands, "policy", language)
    for module in (check, replay, backtest):
        module.add(subcommands, language)
