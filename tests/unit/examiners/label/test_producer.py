"""Producer codes: taken apart, checked by their check character, looked up in a dated list."""

import tomllib
from importlib import resources

import pytest

from bixie.examiners.label.producer import SETTING, check_character, decode_producer, register
from bixie.kit.errors import SettingError

SHIPPED = tomllib.loads(
    resources.files("bixie.examiners.label").joinpath("producers.toml").read_text(encoding="utf-8")
)
CODES = [uscc for entry in SHIPPED["producer"] for uscc in entry["uscc"]]
DOUBAO = "001191110102MACQD9K64018705"


@pytest.mark.parametrize("uscc", CODES)
def test_every_listed_code_has_the_right_check_character(uscc):
    assert check_character(uscc) == uscc[-1]


@pytest.mark.parametrize("position", range(17))
def test_a_changed_character_is_noticed(position):
    code = CODES[0]
    other = "1" if code[position] != "1" else "2"
    assert check_character(code[:position] + other + code[position + 1 :]) != code[-1]


def test_a_code_is_taken_apart():
    producer = decode_producer(DOUBAO, register({}))
    assert (producer.uscc, producer.service, producer.model) == ("91110102MACQD9K640", "generation", "8705")
    assert producer.valid
    assert "Doubao" in producer.entity["service"]
    assert producer.entity["as_of"] == SHIPPED["as_of"]


@pytest.mark.parametrize(
    ("code", "service"),
    [("00119144030008867405X220001", "propagation"), ("001191110108MA01KP2T5U00000", "undefined")],
)
def test_the_service_is_said(code, service):
    assert decode_producer(code, register({})).service == service


def test_a_wrong_check_character_names_nobody():
    producer = decode_producer(DOUBAO.replace("K640", "K641"), register({}))
    assert not producer.valid
    assert producer.entity is None


@pytest.mark.parametrize("value", ["doubao", "", DOUBAO[:-1], DOUBAO + "0", DOUBAO.lower()])
def test_another_text_is_no_code(value):
    assert decode_producer(value, register({})) is None


def test_a_file_of_the_users_own_counts_first(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'as_of = "2026-11-24"\n[[producer]]\nuscc = ["91110102MACQD9K640"]\nname = "甲公司"\n',
        encoding="utf-8",
    )
    known = register({SETTING: str(path)})
    assert decode_producer(DOUBAO, known).entity["name"] == "甲公司"
    assert "9144030008867405X2" in known.by_code


@pytest.mark.parametrize("content", [None, b"\xff", b"as_of = 1\nproducer = 5", b"no toml", b"a = 1"])
def test_a_file_that_cannot_be_used_is_a_refusal(tmp_path, content):
    path = tmp_path / "own.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingError) as refusal:
        register({SETTING: str(path)})
    assert refusal.value.code == "setting.unreadable_file"
