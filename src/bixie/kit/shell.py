"""Command lines that are shown to a person, who copies them into a shell."""

import shlex
import sys
from collections.abc import Sequence
from subprocess import list2cmdline

__all__ = ["join_command"]

_WINDOWS_SPECIAL = frozenset("<>&|^();,")
"""What the command prompt or PowerShell reads as its own outside of quotes."""


def join_command(words: Sequence[str]) -> str:
    """Return one line that a shell of this system splits into `words` again."""
    return " ".join(map(_windows_word, words)) if sys.platform == "win32" else shlex.join(words)


def _windows_word(word: str) -> str:
    # The command prompt knows no single quotes, and list2cmdline quotes blanks only.
    quoted = list2cmdline([word])
    return f'"{word}"' if quoted == word and not _WINDOWS_SPECIAL.isdisjoint(word) else quoted
