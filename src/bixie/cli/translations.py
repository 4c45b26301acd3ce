"""What argparse itself says, in both languages: a gettext catalogue of sentences in ``messages.toml``."""

import argparse
import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from bixie.cli.language import say
from bixie.kit.messages import Language, catalogue

__all__ = ["ArgparseTranslations", "installed", "placeholders_in"]

_KEYS = {
    "usage: ": "usage",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "help",
    "argument %(argument_name)s: %(message)s": "argparse.argument",
    "the following arguments are required: %s": "argparse.missing",
    "one of the arguments %s is required": "argparse.one_of",
    "unrecognized arguments: %s": "argparse.unrecognised",
    "not allowed with argument %s": "argparse.not_with",
    "expected one argument": "argparse.no_value",
    "expected at least one argument": "argparse.no_value",
    "expected at most one argument": "argparse.many_values",
    "expected %s argument": "argparse.values",
    "expected %s arguments": "argparse.values",
    "ignored explicit argument %r": "argparse.no_value_taken",
    "unexpected option string: %s": "argparse.unrecognised",
    "ambiguous option: %(option)s could match %(matches)s": "argparse.ambiguous",
    "invalid %(type)s value: %(value)r": "argparse.invalid",
    "invalid choice: %(value)r (choose from %(choices)s)": "argparse.choice",
}
"""Keys of ``messages.toml`` by the message that argparse looks up."""


class ArgparseTranslations(NullTranslations):
    """Translations of argparse's own messages.

    Parameters
    ----------
    language : {"zh", "en"}
    """

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language: Language = language

    def gettext(self, message: str) -> str:
        """Return the translation, a template in ``%`` syntax; the message itself where there is none."""
        key = _KEYS.get(message)
        return message if key is None else say(key, self._language)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation for `n` things."""
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def installed(language: Language) -> Iterator[None]:
    """Let argparse speak a language inside the block."""
    names = vars(argparse)
    # argparse binds gettext's functions to these two names at import. Parsers of both languages may live in
    # one process, so the text domain of the process cannot be used.
    earlier = {name: names[name] for name in ("_", "ngettext")}
    translations = ArgparseTranslations(language)
    names.update(_=translations.gettext, ngettext=translations.ngettext)
    try:
        yield
    finally:
        names.update(earlier)


def placeholders_in(text: str, language: Language) -> str:
    """Return `text` with its placeholders, words in English capitals such as PHOTO, in `language`."""
    sentences = catalogue("bixie.cli").sentences

    def translated(found: re.Match[str]) -> str:
        words = sentences.get(f"placeholder.{found[0].lower().replace('-', '_')}")
        return found[0] if words is None else words.in_(language)

    return re.sub(r"[A-Z][A-Z-]*[A-Z]", translated, text)
