"""Chinese that reads well: words, blanks and punctuation of every catalogue."""

import re
import tomllib
from pathlib import Path

import pytest

import bixie

ROOMS = Path(bixie.__path__[0])
CATALOGUES = sorted(ROOMS.rglob("messages.toml"))
HAN = "[\u4e00-\u9fff]"
WIDE = "[，。、：；？！（）“”《》]"
ADDRESS = re.compile(r"\S*://\S*")
SET_OUT = "  "
"""Lines that begin so are commands and tables."""

CHINESE = {
    "a word that a clerk stumbles over": re.compile(
        "比特|租户|届时|担保|共有画面|两张画面|不说明什么|合同之路|换一张"
    ),
    "no blank between Chinese and Latin": re.compile(f"{HAN}[A-Za-z0-9]|[A-Za-z0-9]{HAN}"),
    "ASCII punctuation": re.compile(rf"{HAN}[,;:!?()]|{HAN}\.(?![.A-Za-z])|[,;:!?()]{HAN}"),
    "a blank beside wide punctuation": re.compile(rf"{WIDE} +\S|\S +[，。、：；？！）”》]"),
    "two blanks": re.compile(rf"(?:{HAN}|{WIDE}) {{2,}}\S"),
}
ENGLISH = {
    "wide punctuation": re.compile("[，。、：；？！（）《》【】\u3000]"),
    "two blanks": re.compile(r"[A-Za-z,.;:] {2,}[A-Za-z]"),
}


def offences(sentence, rules):
    lines = [line for line in ADDRESS.sub("address", sentence).splitlines() if not line.startswith(SET_OUT)]
    return [what for what, rule in rules.items() if any(rule.search(line) for line in lines)]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.relative_to(ROOMS).as_posix())
def test_every_sentence_keeps_the_house_style(path):
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    found = {
        key: wrong
        for key, table in tables.items()
        if (wrong := offences(table["zh"], CHINESE) + offences(table["en"], ENGLISH))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("没有这个租户。", "a word that a clerk stumbles over"),
        ("评分 8.6 比特", "a word that a clerk stumbles over"),
        ("文件的PNG 文本块", "no blank between Chinese and Latin"),
        ("共 3处", "no blank between Chinese and Latin"),
        ("出错了, 请重试", "ASCII punctuation"),
        ("完成.", "ASCII punctuation"),
        ("文件(一个)", "ASCII punctuation"),
        ("出错了， 请重试", "a blank beside wide punctuation"),
        ("出错  请重试", "two blanks"),
    ],
)
def test_a_chinese_sentence_out_of_style_is_caught(sentence, what):
    assert what in offences(sentence, CHINESE)


@pytest.mark.parametrize("sentence", ["Done。", "one  two"])
def test_an_english_sentence_out_of_style_is_caught(sentence):
    assert len(offences(sentence, ENGLISH)) == 1


@pytest.mark.parametrize(
    "sentence",
    ["bixie examine 照片... --known 图片", "打开 照片.jpg 看看", "见 https://主机:密码@库 一节", "    a  甲"],
)
def test_names_addresses_and_what_is_set_out_are_left_alone(sentence):
    assert offences(sentence, CHINESE) == []
