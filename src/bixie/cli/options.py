"""Options that many commands share, each with one wording."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from bixie.cli.language import say
from bixie.kit.errors import UsageError
from bixie.kit.messages import Language

if TYPE_CHECKING:
    from bixie.ledger.signing import PublicKey

__all__ = [
    "add_data",
    "add_json",
    "add_language",
    "add_new",
    "add_store",
    "add_url",
    "limit_of",
    "public_key",
]

_DEFAULT_LIMIT = 50
_MAX_LIMIT = 1_000
_KEY_DIGITS = 64
_Parser: TypeAlias = argparse._ActionsContainer


def add_language(parser: _Parser, language: Language) -> None:
    """Add ``--lang``; given before the command, it holds for the command too."""
    parser.add_argument(
        "--lang", choices=("zh", "en"), default=argparse.SUPPRESS, help=say("option.lang", language)
    )


def add_json(parser: _Parser, language: Language) -> None:
    """Add ``--json``."""
    parser.add_argument("--json", action="store_true", help=say("option.json", language))


def add_data(parser: _Parser, language: Language) -> None:
    """Add ``--data``, the folder of the store."""
    parser.add_argument("--data", metavar="DIR", help=say("option.data", language))


def add_url(parser: _Parser, language: Language) -> None:
    """Add ``--url``, the address of the database."""
    parser.add_argument("--url", metavar="DATABASE-URL", help=say("option.url", language))


def add_new(parser: _Parser, language: Language) -> None:
    """Add ``--new``: only with it does a command make a store (`bixie.cli.new_store`)."""
    parser.add_argument("--new", action="store_true", help=say("option.new", language))


def add_store(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add ``--data`` and ``--url``, of which one may be given."""
    place = parser.add_mutually_exclusive_group()
    add_data(place, language)
    add_url(place, language)


def limit_of(text: str | None) -> int:
    """Return the value of ``--limit``: how many items a list has at most.

    Raises
    ------
    UsageError
        ``usage.not_between``.
    """
    if text is None:
        return _DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= _MAX_LIMIT):
        raise UsageError("usage.not_between", name="--limit", low=1, high=_MAX_LIMIT)
    return int(text)


def public_key(text: str) -> "PublicKey":
    """Return the key that an option names: in base 64, in 64 digits, or the path of a file with a PEM block.

    Raises
    ------
    UsageError
        ``usage.not_a_key``.
    """
    from bixie.ledger.signing import PublicKey  # noqa: PLC0415

    try:
        return PublicKey(bytes.fromhex(text)) if len(text) == _KEY_DIGITS else PublicKey.from_text(text)
    except ValueError:
        return PublicKey.from_file(Path(text))
