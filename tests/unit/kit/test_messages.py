"""Sentences in two languages: reading a catalogue, filling it in, and what every catalogue must hold."""

import re
import string
import tomllib
from pathlib import Path

import pytest

import bixie
from bixie.kit.messages import Catalogue, Text, catalogue

ROOMS = Path(bixie.__path__[0])
CATALOGUES = sorted(ROOMS.rglob("messages.toml"))
KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
HAN = re.compile(r"[\u4e00-\u9fff]")
VALUE = re.compile(r"\{[^}]*\}|%\(\w+\)s|%s")


def fields(template):
    return sorted({field for _, field, _, _ in string.Formatter().parse(template) if field is not None})


def room_of(path):
    return path.parent.relative_to(ROOMS).as_posix()


def test_a_sentence_is_filled_in_alike_in_both_languages():
    sentences = Catalogue({"box": Text(en="{count} boxes", zh="{count} 箱")})
    assert sentences.text("box", count=3) == Text(en="3 boxes", zh="3 箱")


def test_of_a_sentence_as_a_value_each_language_gets_its_own():
    sentences = Catalogue({"in": Text(en="in {place}", zh="在{place}")})
    assert sentences.text("in", place=Text(en="Hunan", zh="湖南")) == Text(en="in Hunan", zh="在湖南")


@pytest.mark.parametrize(
    ("template", "value", "zh"),
    [
        ("文件的{place}里", "PNG 文本块", "文件的 PNG 文本块里"),
        ("文件的{place}里", "视频标签", "文件的视频标签里"),
        ("存在{place}里", "GPS", "存在 GPS 里"),
        ("第 {place} 条", 3, "第 3 条"),
        ("“{place}”里", "a.jpg", "“a.jpg”里"),
        ("共{place:,}处", 1200, "共 1,200 处"),
        ("{{{place}}}", "图", "{图}"),
    ],
)
def test_a_blank_stands_between_chinese_and_a_latin_value(template, value, zh):
    assert Catalogue({"in": Text(en="{place}", zh=template)}).text("in", place=value).zh == zh


def test_an_unknown_key_is_a_defect_of_the_caller():
    with pytest.raises(KeyError):
        Catalogue({}).text("missing")


def test_a_missing_value_is_a_defect_of_the_caller():
    with pytest.raises(KeyError):
        Catalogue({"box": Text(en="{count}", zh="{count}")}).text("box")


def test_braces_in_a_value_are_left_alone():
    sentences = Catalogue({"file": Text(en="“{path}”", zh="“{path}”")})
    assert sentences.text("file", path="{0}.jpg").en == "“{0}.jpg”"


def test_each_language_gets_its_own_sentence():
    text = Text(en="box", zh="箱")
    assert (text.in_("en"), text.in_("zh"), text.to_dict()) == ("box", "箱", {"en": "box", "zh": "箱"})


def test_a_room_without_a_catalogue_is_a_defect_of_the_room():
    with pytest.raises(FileNotFoundError):
        catalogue("tomllib")


def test_the_catalogue_of_a_room_is_read_once():
    assert catalogue("bixie.kit") is catalogue("bixie.kit")


@pytest.mark.parametrize("path", CATALOGUES, ids=room_of)
def test_every_key_is_plain_and_has_exactly_the_two_languages(path):
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    offences = [key for key, table in tables.items() if set(table) != {"en", "zh"} or not KEY.fullmatch(key)]
    assert tables
    assert offences == []


@pytest.mark.parametrize("path", CATALOGUES, ids=room_of)
def test_both_languages_of_a_sentence_ask_for_the_same_values(path):
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    assert [key for key, table in tables.items() if fields(table["en"]) != fields(table["zh"])] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=room_of)
def test_no_sentence_stayed_behind_in_the_other_language(path):
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    same = {key: table["en"] for key, table in tables.items() if table["en"] == table["zh"]}
    worded = {key: VALUE.sub("", sentence) for key, sentence in same.items() if " " in sentence}
    untranslated = [key for key, words in worded.items() if re.search("[A-Za-z]", words)]
    chinese_in_english = [key for key, table in tables.items() if HAN.search(table["en"])]
    assert untranslated == []
    assert chinese_in_english == []


def test_there_are_catalogues_to_check():
    assert ROOMS / "kit" / "messages.toml" in CATALOGUES
