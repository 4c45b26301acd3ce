"""Which language the command line speaks."""

import pytest

from bixie.cli import language as language_module
from bixie.cli.language import choose_language, say, system_language


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["examine", "a.jpg", "--lang", "zh"], "zh"),
        (["examine", "a.jpg", "--lang=en"], "en"),
        (["examine", "--", "--lang", "zh"], "en"),
        (["examine", "zh"], "en"),
        (["--lang"], "en"),
        (["--lang", "fr"], "en"),
    ],
)
def test_the_language_is_looked_for_before_the_arguments_are_parsed(arguments, language):
    assert choose_language(arguments, {"LANG": "en_GB.UTF-8"}) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.GBK"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LC_ALL": "zh_TW", "LANG": "en_US"}, "zh"),
        ({"LC_ALL": "", "LC_MESSAGES": "en_US", "LANG": "zh_CN"}, "en"),
    ],
)
def test_the_system_speaks_what_its_environment_says(environment, language):
    assert system_language(environment) == language


@pytest.mark.parametrize(
    ("identifier", "language"), [(0x0804, "zh"), (0x0404, "zh"), (0x0409, "en"), (0, "en")]
)
def test_windows_is_asked_where_the_environment_is_silent(monkeypatch, identifier, language):
    monkeypatch.setattr(language_module, "_windows_language", lambda: identifier)
    assert system_language({}) == language


def test_a_sentence_is_said_in_the_language_asked_for():
    assert say("usage", "zh") != say("usage", "en")
