"""Chooses the language of the command line: ``--lang``, else the language of the system."""

import os
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bixie.kit.messages import Language, Text, catalogue

__all__ = ["choose_language", "say", "system_language"]

_LANGUAGES: tuple[Language, ...] = ("zh", "en")
_WINDOWS_CHINESE = 0x04
_WINDOWS_PRIMARY = 0x3FF


def choose_language(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Language:
    """Return the language for these command line arguments, before they are parsed.

    Help and usage errors need it before parsing, so ``--lang`` is searched by hand.
    """
    words = list(arguments)
    before = words[: words.index("--")] if "--" in words else words
    named: list[Language] = []
    for word, after in pairwise([*before, ""]):
        for language in _LANGUAGES:
            if word == f"--lang={language}" or (word, after) == ("--lang", language):
                named.append(language)
    return named[-1] if named else system_language(environment)


def system_language(environment: Mapping[str, str] | None = None) -> Language:
    """Return Chinese if the system speaks it, else English."""
    variables = os.environ if environment is None else environment
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if variables.get(name):
            return "zh" if variables[name].lower().startswith("zh") else "en"
    return "zh" if _windows_language() & _WINDOWS_PRIMARY == _WINDOWS_CHINESE else "en"


def say(key: str, language: Language, **values: object) -> str:
    """Return a sentence of the command line in `language`."""
    return _text(key, values).in_(language)


def _text(key: str, values: Mapping[str, object]) -> Text:
    return catalogue("bixie.cli").text(key, **values)


def _windows_language() -> int:
    """Return the language identifier of Windows' own windows; 0 on other systems."""
    language = 0
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - Windows only

        language = int(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    return language
