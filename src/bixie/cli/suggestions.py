"""Guess what a mistyped command line means."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from bixie.cli.language import say
from bixie.kit.messages import Language
from bixie.kit.paths import unquoted_name

__all__ = ["closest", "commands_like", "unquoted_hint"]


def closest(word: str, names: Iterable[str]) -> str | None:
    """Return the name that `word` may be a misspelling of."""
    return next(iter(get_close_matches(word, list(names), n=1)), None)


def commands_like(word: str, groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the commands that `word` may mean.

    Parameters
    ----------
    word : str
    groups : mapping of str to sequence of str
        Names of commands, and of the commands below each.

    Returns
    -------
    list of str
        The commands of groups that have this name, ``vault keep`` for ``keep``; else one name like it.
    """
    below = [f"{group} {word}" for group, names in groups.items() if word in names]
    guess = closest(word, groups)
    return below or ([guess] if guess else [])


def unquoted_hint(words: Sequence[str], language: Language) -> str:
    """Return a sentence about a file whose name has blanks and no quotes, nothing if there is none."""
    name = unquoted_name(words)
    return "" if name is None else say("hint.quote", language, name=name)
