"""Labels are parsed leniently: wrapped, encoded, quoted wrongly, cut."""

import base64
import html
import json

import pytest
from tests.makers.labels.blocks import LABEL, aigc, label_json
from tests.unit.examiners.label.fields import field

from bixie.examiners.label.aigc import MAX_LABEL, find_label


@pytest.mark.parametrize(
    "text",
    [
        label_json(),
        aigc(),
        json.dumps({"aigc": LABEL}),
        json.dumps({"AIGC": label_json()}),
        html.escape(label_json()),
        html.escape(html.escape(label_json())),
        "  " + json.dumps(LABEL, indent=4) + "\n",
        "AIGC" + label_json(),
        "AIGC=" + label_json(),
    ],
)
def test_a_whole_label_is_read_however_it_is_wrapped(text):
    label = find_label(field(text))
    assert label.values == LABEL
    assert label.parsed
    assert label.damage == ""
    assert label.meaning == "1"


def test_base64_is_read_and_remembered():
    label = find_label(field(base64.b64encode(label_json().encode()).decode()))
    assert label.encoded
    assert label.values == LABEL


def test_single_quotes_are_read_and_are_no_json():
    label = find_label(field(str(LABEL)))
    assert not label.parsed
    assert label.damage == ""
    assert label.values["ContentProducer"] == LABEL["ContentProducer"]


@pytest.mark.parametrize(
    ("value", "meaning"),
    [("1", "1"), ("2", "2"), ("3", "3"), (1, "1"), ("属于", "1"), ("可能", "2"), ("疑似", "3"), (" 1 ", "1"),
     ("4", ""), ("AIGC", ""), ("", ""), (True, ""), (None, ""), ([1], "")],
)  # fmt: skip
def test_the_label_keeps_its_legal_meaning(value, meaning):
    assert find_label(field(label_json(Label=value))).meaning == meaning


def test_a_label_that_stands_twice_in_one_object_has_no_meaning():
    label = find_label(field('{"Label":"1","Label":"2","ContentProducer":"a","ProduceID":"b"}'))
    assert label.repeated == ("Label",)
    assert label.meaning == ""


@pytest.mark.parametrize(
    ("text", "damage"),
    [
        (label_json()[:60], "cut"),
        (label_json()[60:], "cut"),
        (label_json()[:60] + " " * 60, "blanked"),
        (label_json()[:60] + "\0" * 60, "blanked"),
        (label_json(ContentProducer=" " * 27), "values_blanked"),
        ("", "emptied"),
        (" " * 80, "emptied"),
        ("{}", "emptied"),
    ],
)
def test_damage_is_named(text, damage):
    assert find_label(field(text)).damage == damage


@pytest.mark.parametrize(
    "one",
    [
        field("a mug on a table", key="Comment"),
        field('{"Label":"1"}', key="Comment"),
        field('{"prompt":"a mug"}', key="parameters"),
        field("1", key="aigc_label_type"),
        field("my talk about AIGC and TC260", key="Description"),
        field("", key="Comment"),
    ],
)
def test_other_texts_are_no_labels(one):
    assert find_label(one) is None


def test_tencents_own_schema_has_no_meaning():
    text = json.dumps({"ServiceProvider": "x", "ServiceUser": "u", "Time": "t", "ContentId": "c"})
    label = find_label(field(text, key="ImageDescription", carrier="exif.image_description"))
    assert label.schema == "tencent"
    assert label.meaning == ""


def test_only_the_beginning_of_a_huge_label_is_read():
    label = find_label(field(label_json(ReservedCode1="x" * 1_000_000)))
    assert label.too_long
    assert len(str(label.values)) < 2 * MAX_LABEL


@pytest.mark.parametrize(
    "text", ['{"AIGC":' + "[" * 60_000, '{"AIGC":{"Label":' + "9" * 60_000 + "}}", '{"AIGC":' * 7_000]
)
def test_hostile_json_is_survived(text):
    label = find_label(field(text))
    assert label is None or not label.parsed or label.values
