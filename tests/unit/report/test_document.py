"""The document ``bixie.report/1``, held to its published schema."""

import json
from dataclasses import replace
from datetime import datetime

import jsonschema
import pytest
from tests import made_up

from bixie.kit.calendar import CHINA
from bixie.report.document import json_bytes, schema, to_document
from bixie.report.record import Record
from bixie.version import __version__

RECORD = Record(datetime(2026, 11, 30, 20, 15, 42, 999, CHINA), "4012345678901234567", "某店售后")


def validated(result, record=RECORD, **more):
    document = to_document(result, record, **more)
    jsonschema.Draft202012Validator(schema()).validate(document)
    return document


EXHIBIT_KEYS = {
    *("path", "sha256", "media_type", "width", "height", "verdict", "score_bits", "error", "warnings"),
    *("findings", "not_applicable", "timing_ms"),
}
FINDING_KEYS = {
    *("examiner", "code", "grade", "strength_bits", "known", "mask", "regions", "explain", "limits", "data"),
}
CLAIMS = {
    "edited": made_up.claim(made_up.exhibit()),
    "warned": made_up.claim(replace(made_up.exhibit(), warnings=(made_up.CONTRADICTED,))),
    "several": made_up.claim(made_up.exhibit(), made_up.honest(), made_up.unreadable()),
    "annotated": made_up.claim(made_up.exhibit(findings=(made_up.annotated(), made_up.by_weight()))),
    "unreadable": made_up.claim(made_up.unreadable(), warnings=(made_up.CONTRADICTED,)),
}


def test_the_schema_is_a_valid_schema():
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("with_masks", [True, False])
@pytest.mark.parametrize("result", CLAIMS.values(), ids=CLAIMS)
def test_every_document_holds_to_the_schema(result, with_masks):
    validated(result, with_masks=with_masks)


def test_a_finding_has_exactly_the_keys_of_the_contract():
    document = validated(CLAIMS["edited"])
    exhibit = document["exhibits"][0]
    assert list(document) == [
        *("schema", "version", "created_at", "order", "examined_by"),
        *("claim", "exhibits", "known", "warnings"),
    ]
    assert document["claim"] == {"verdict": "refuted", "score_bits": 20.0}
    assert document["version"] == __version__
    assert set(exhibit) == EXHIBIT_KEYS
    assert set(exhibit["findings"][0]) == FINDING_KEYS
    assert exhibit["findings"][0]["regions"][0][0] == [520, 300]


def test_the_document_says_when_for_which_order_and_by_whom_it_was_made():
    document = validated(CLAIMS["edited"])
    assert document["created_at"] == "2026-11-30T20:15:42+08:00"
    assert document["order"] == {"id": "4012345678901234567"}
    assert document["examined_by"] == "某店售后"


def test_an_order_that_is_not_known_is_left_out():
    document = validated(CLAIMS["edited"], Record(RECORD.created_at))
    assert "order" not in document
    assert document["examined_by"] is None


def test_documents_of_earlier_versions_hold_to_the_schema():
    document = to_document(CLAIMS["edited"], RECORD)
    for key in ("created_at", "order", "examined_by"):
        del document[key]
    jsonschema.Draft202012Validator(schema()).validate(document)


def test_masks_are_named_only_when_there_is_a_folder():
    result = CLAIMS["annotated"]
    finding = validated(result, with_masks=True)["exhibits"][0]["findings"]
    assert finding[0]["mask"] is None
    assert finding[0]["data"]["annotation"]["mask"] == "masks/0-0-annotation.png"
    assert finding[1]["mask"] == "masks/0-1.png"
    without = validated(result)["exhibits"][0]["findings"]
    assert without[1]["mask"] is None
    assert without[0]["data"]["annotation"] == {"mask": None, "regions": [[list(p) for p in made_up.CIRCLE]]}


def test_an_unreadable_exhibit_says_why_and_nothing_else():
    exhibit = validated(CLAIMS["unreadable"])["exhibits"][0]
    assert exhibit["error"] == {
        "code": "imaging.empty_file",
        "en": "The file is empty.",
        "zh": "文件是空的，没有内容。",
    }
    assert [exhibit[key] for key in ("width", "height", "score_bits", "sha256")] == [None] * 4


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document["exhibits"][0].pop("score_bits"),
        lambda document: document["exhibits"][0].update(score_bits=None),
        lambda document: document["exhibits"][0].update(verdict="guilty"),
        lambda document: document["exhibits"][0]["findings"][0].update(mask="../elsewhere.png"),
        lambda document: document["exhibits"][0]["findings"][0].update(regions=[[[1, 2, 3]]]),
        lambda document: document["exhibits"][0]["findings"][0]["explain"].pop("zh"),
        lambda document: document["claim"].update(verdict="unreadable"),
        lambda document: document.update(extra=1),
    ],
)
def test_the_schema_refuses_a_document_that_breaks_the_contract(spoil):
    document = to_document(CLAIMS["edited"], RECORD)
    spoil(document)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema()).validate(document)


def test_json_is_utf8_and_keeps_chinese_readable():
    data = json_bytes(to_document(made_up.claim(made_up.exhibit("买家/图.jpg")), RECORD))
    assert "买家/图.jpg".encode() in data
    assert json.loads(data)["exhibits"][0]["path"] == "买家/图.jpg"


def test_a_file_name_that_is_not_unicode_survives():
    odd = b"photo-\xff.jpg".decode("utf-8", "surrogateescape")
    data = json_bytes(to_document(made_up.claim(made_up.exhibit(odd)), RECORD))
    assert json.loads(data.decode("utf-8"))["exhibits"][0]["path"] == odd
