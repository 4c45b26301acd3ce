"""Command lines to copy, quoted for the shell of the system."""

import shlex
import sys

import pytest

from bixie.kit.shell import join_command


def test_a_posix_shell_splits_the_line_into_the_same_words():
    words = ["bixie", "examine", "two words.jpg", "it's.jpg", "av>=18.1"]
    assert shlex.split(join_command(words)) == words


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("plain.jpg", "plain.jpg"),
        ("two words.jpg", '"two words.jpg"'),
        ("it's.jpg", "it's.jpg"),
        ("av>=18.1", '"av>=18.1"'),
        ("cups & plates.jpg", '"cups & plates.jpg"'),
        ("cups&plates.jpg", '"cups&plates.jpg"'),
        ("", '""'),
    ],
)
def test_on_windows_double_quotes_keep_what_the_shell_would_take(monkeypatch, word, shown):
    monkeypatch.setattr(sys, "platform", "win32")
    assert join_command(["bixie", word]) == f"bixie {shown}"
