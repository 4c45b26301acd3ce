"""The parser that speaks two languages."""

import argparse
import inspect
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bixie.cli.main import build_parser
from bixie.cli.parser import WIDTH, BilingualParser, wrapped
from bixie.cli.translations import ArgparseTranslations, installed

FOR_PROGRAMMERS = re.compile(
    "__call__|conflict|invalid option string|cannot |'required'|dest=|must be optional|callable|mode %r"
    "|deprecated|unknown parser|subcommands|version number|can't open|default: |heading|prog"
)
"""Messages of argparse for who writes a parser, or of what no parser of Bixie has."""


def columns(line):
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", [[], ["examine"], ["doctor"], ["version"]])
def test_help_fits_its_width_in_both_languages(language, command, capsys):
    with pytest.raises(SystemExit) as caught:
        build_parser(language).parse_args([*command, "--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert max(map(columns, shown.splitlines())) <= WIDTH
    assert shown.startswith({"zh": "用法：bixie", "en": "usage: bixie"}[language])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["examine"], "缺少：照片"),
        (["examine", "a.jpg", "--kno", "b.jpg"], "无法识别：--kno b.jpg"),
        (["examine", "a.jpg", "--lang", "fr"], "--lang 不能是 fr（可选 zh, en）"),
        (["examine", "a.jpg", "--known"], "--known 后面缺少内容"),
        (["examine", "a.jpg", "--report"], "--report 后面缺少内容"),
        (
            ["nonsense"],
            "没有这个命令：nonsense（可用的有 examine, open, demo, label, camera, law, policy, ledger, "
            "order, vault, case, remedy, package, letter, address, tenant, person, key, audit, serve, "
            "openapi, work, worker, backup, restore, doctor, version, help）",
        ),
        (["label", "check", "a.jpg", "--json=yes"], "--json 后面不能带内容，却给出了 'yes'"),
        (["label", "strip"], "没有这个命令：strip（可用的有 check, compare）"),
        (["exmaine"], "没有这个命令：exmaine。您要的是不是 examine？"),
        (["expire"], "没有这个命令：expire。您要的是不是 vault expire？"),
        (["label", "chekc"], "没有这个命令：chekc。您要的是不是 check？"),
    ],
)
def test_wrong_usage_is_explained_in_the_language_and_ends_with_status_2(arguments, said, capsys):
    parser = build_parser("zh")
    with pytest.raises(SystemExit) as caught:
        parser.parse_args(arguments)
    assert caught.value.code == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_argparse_can_say_to_a_user_is_in_the_catalogue(language):
    source = inspect.getsource(argparse)
    looked_up = re.findall(r"""(?<!\w)_\(\s*('[^']*'|"[^"]*")""", source)
    for one, other in re.findall(r"""ngettext\(\s*('[^']*'),\s*('[^']*')""", source):
        looked_up += [one, other]
    messages = {message[1:-1] for message in looked_up if not FOR_PROGRAMMERS.search(message)}
    assert "expected one argument" in messages
    translations = ArgparseTranslations(language)
    kept = {"en": {"usage: ", "options"}, "zh": set()}[language]
    assert {one for one in messages - kept if translations.gettext(one) == one} == set()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_translation_takes_the_values_of_the_message(language):
    translations = ArgparseTranslations(language)
    assert "--a" in translations.gettext("not allowed with argument %s") % "--a"
    assert "3" in translations.ngettext("expected %s argument", "expected %s arguments", 3) % 3
    invalid = translations.gettext("invalid %(type)s value: %(value)r")
    assert "'x'" in invalid % {"type": "int", "value": "x"}


def test_parsers_of_two_languages_live_side_by_side_and_argparse_is_left_as_it_was():
    before = argparse._
    english, chinese = BilingualParser(language="en"), BilingualParser(language="zh")
    with installed("zh"):
        assert english.format_usage().startswith("usage: ")
        assert chinese.format_usage().startswith("用法：")
    assert argparse._ is before


def test_chinese_is_wrapped_by_its_width_and_never_before_a_full_stop():
    lines = wrapped("检验一次售后申请里的照片和视频。给出多个文件，视为同一次申请。", 20)
    assert max(map(columns, lines)) <= 20
    assert not [line for line in lines if line[0] in "，。"]


def test_the_last_line_is_not_left_with_one_character():
    lines = wrapped("一二三四五六七八九十，一二三四五六七八九。", 40)
    assert len(lines) == 2
    assert columns(lines[1]) >= 8


def every_command(parser):
    yield parser
    for below in parser.commands.values():
        yield from every_command(below)


def test_every_command_takes_the_language_and_words_shared_options_alike():
    worded = {}
    for parser in every_command(build_parser("en")):
        options = {option: action for action in parser._actions for option in action.option_strings}
        assert "--lang" in options, parser.prog
        for option in ("--lang", "--data", "--url"):
            if option in options:
                worded.setdefault(option, set()).add(options[option].help)
    # The demo's folder is another than the store that all others work on.
    worded["--data"].remove(build_parser("en").commands["demo"]._option_string_actions["--data"].help)
    assert {option: len(words) for option, words in worded.items()} == {"--lang": 1, "--data": 1, "--url": 1}


def test_chinese_help_has_chinese_placeholders_colons_and_columns():
    for parser in every_command(build_parser("zh")):
        shown = parser.format_help()
        assert re.findall(r"\b[A-Z]{2,}\b", shown.split("\n\n")[0]) == [], parser.prog
        assert not re.search(r"^\S+:$", shown, re.MULTILINE), parser.prog
    shown = build_parser("zh").commands["restore"].format_help()
    begins = re.findall(r"^(  -\S+(?: \S+)?\s{2,})\S", shown, re.MULTILINE)
    assert len(begins) == 5
    assert len(set(map(columns, begins))) == 1


def test_an_indented_line_keeps_its_indent():
    assert wrapped("    bixie examine a.jpg", 40) == ["    bixie examine a.jpg"]


@given(st.text(alphabet="abc 照片，。", max_size=80), st.integers(6, 40))
def test_wrapping_loses_nothing_but_spaces(text, width):
    assert "".join(wrapped(text, width)).replace(" ", "") == text.replace(" ", "")
