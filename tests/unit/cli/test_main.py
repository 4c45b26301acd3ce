"""The command as a whole."""

import io
import re
import sys

import pytest

from bixie.cli import version
from bixie.cli.main import build_parser, main
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
    listed = set(re.findall(r"^ {4}(\S+)", capsys.readouterr().err, re.MULTILINE))
    service = (
        "policy ledger order vault case remedy package letter address tenant person audit key "
        "serve openapi work worker backup restore"
    )
    own = "examine open demo label camera law doctor version help"
    assert listed == {*own.split(), *service.split()}


def test_the_list_of_commands_names_those_of_every_group(english, capsys):
    main([])
    shown = " ".join(capsys.readouterr().err.split())
    for name, group in build_parser("en").commands.items():
        if group.commands:
            assert f"{group.prog.split()[-1]} " in shown
            assert f": {', '.join(group.commands)}" in shown, name


@pytest.mark.parametrize("words", [["vault"], ["label"]])
def test_a_group_without_a_command_lists_its_commands_as_wrong_usage(english, words, capsys):
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    commands = build_parser("en").commands[words[0]].commands
    assert re.findall(r"^ {4}(\S+)  ", shown.err, re.MULTILINE) == list(commands)


@pytest.mark.parametrize("words", [[], ["vault"], ["vault", "report"]])
def test_help_says_what_the_option_says(english, words, capsys):
    assert main(["help", *words]) == 0
    shown = capsys.readouterr().out
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize("words", [["help", "vualt"], ["help", "vault", "kep"], ["help", "version", "now"]])
def test_help_of_a_command_that_does_not_exist_is_wrong_usage(english, words, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert f"no such command: {words[-1]}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--lang", "zh", "vault"], ["vault", "--lang=zh"], ["--lang", "en", "vault", "--lang", "zh"]]
)
def test_the_language_is_taken_before_and_after_the_command(english, words, capsys):
    main(words)
    assert capsys.readouterr().err.startswith("用法：")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--foo"], "not recognised: --foo"),
        (["doctor", "--jsno"], "not recognised: --jsno. Did you mean --json?"),
        (
            ["--json", "doctor"],
            "not recognised: --json. Write --json after the command: bixie doctor ... --json",
        ),
        (["examine", "a.jpg", "--knwon", "b.jpg"], "not recognised: --knwon b.jpg. Did you mean --known?"),
    ],
)
def test_an_option_that_is_not_known_is_named_and_one_like_it_suggested(english, words, said, capsys):
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert f"error: {said}\n" in capsys.readouterr().err


def test_a_file_that_lost_its_quotes_is_suggested_for_words_too_many(english, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my photo.jpg").touch()
    with pytest.raises(SystemExit) as caught:
        main(["vault", "keep", "my", "photo.jpg", "--order", "1"])
    assert caught.value.code == 2
    assert "not recognised: photo.jpg. There is a file “my photo.jpg”." in capsys.readouterr().err


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
