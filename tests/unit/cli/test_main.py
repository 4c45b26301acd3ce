"""The command as a whole."""

import io
import sys

import pytest

from bixie.cli import version
from bixie.cli.main import main
from bixie.version import __version__


@pytest.fixture
def english(monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_without_words_the_help_is_shown_as_wrong_usage(english, capsys):
    assert main([]) == 2
    shown = capsys.readouterr()
    assert "examine" in shown.err
    assert shown.out == ""


def test_only_commands_that_exist_are_listed(english, capsys):
    main([])
    listed = {line.split()[0] for line in capsys.readouterr().err.splitlines() if line.startswith("    ")}
    service = "ledger order vault tenant key serve openapi work worker backup restore"
    assert listed == {"examine", "open", "label", "camera", "law", "doctor", "version", *service.split()}


def test_the_version_is_shown_by_command_and_by_option(capsys):
    assert main(["version"]) == 0
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"bixie {__version__}\n" * 2


def test_an_unknown_option_of_a_command_shows_that_commands_usage(english, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["doctor", "--verbose"])
    assert caught.value.code == 2
    assert (
        capsys.readouterr().err
        == "usage: bixie doctor [--json] [--lang zh|en]\nerror: not recognised: --verbose\n"
    )


def test_the_words_of_the_process_are_used_where_none_are_given(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bixie", "version"])
    assert main() == 0
    assert capsys.readouterr().out


def test_an_interrupted_run_ends_quietly(monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(version, "run", interrupt)
    assert main(["version"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_console_that_lacks_characters_gets_replacements(monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="gbk")
    monkeypatch.setattr(sys, "stdout", console)
    monkeypatch.setattr(version, "run", lambda *_: print("辟邪 ✓ é") or 0)
    assert main(["version"]) == 0
    assert console.buffer.getvalue().decode("gbk").startswith("辟邪 ?")
