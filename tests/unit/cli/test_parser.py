"""The parser that speaks two languages."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bixie.cli.main import build_parser
from bixie.cli.parser import WIDTH, wrapped


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
        (["examine"], "缺少：PHOTO"),
        (["examine", "a.jpg", "--kno", "b.jpg"], "无法识别：--kno b.jpg"),
        (["examine", "a.jpg", "--lang", "fr"], "--lang 不能是 fr（可选 zh, en）"),
        (["examine", "a.jpg", "--known"], "--known 后面缺少内容"),
        (["examine", "a.jpg", "--report"], "--report 后面缺少内容"),
        (
            ["nonsense"],
            "没有这个命令：nonsense（可用的有 examine, label, law, ledger, order, vault, tenant, key, "
            "serve, openapi, work, worker, backup, restore, doctor, version）",
        ),
        (["label", "strip"], "没有这个命令：strip（可用的有 check, compare）"),
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


def test_chinese_is_wrapped_by_its_width_and_never_before_a_full_stop():
    lines = wrapped("检验一次售后申请里的照片和视频。给出多个文件，视为同一次申请。", 20)
    assert max(map(columns, lines)) <= 20
    assert not [line for line in lines if line[0] in "，。"]


def test_an_indented_line_keeps_its_indent():
    assert wrapped("    bixie examine a.jpg", 40) == ["    bixie examine a.jpg"]


@given(st.text(alphabet="abc 照片，。", max_size=80), st.integers(6, 40))
def test_wrapping_loses_nothing_but_spaces(text, width):
    assert "".join(wrapped(text, width)).replace(" ", "") == text.replace(" ", "")
