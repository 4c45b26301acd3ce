"""The examiner: its codes, what they do to a verdict, and what its sentences hold."""

import json
import tomllib
import unicodedata
from importlib import resources

import pytest
from tests.makers.labels.blocks import exif, label_json
from tests.makers.labels.containers import jpeg_with, png_with
from tests.makers.labels.matrix import ASCII, exif_holders
from tests.makers.labels.traces import removals
from tests.makers.labels.vendors import vendor_cells
from tests.sweeps import check_each

from bixie.examiners.effects import effect_of
from bixie.examiners.fusion import fuse_exhibit
from bixie.examiners.label.examiner import EXAMINER
from bixie.examiners.label.producer import SETTING
from bixie.examiners.presentation import Effect
from bixie.examiners.protocol import Container, ContainerExaminer, Context, Examiner
from bixie.examiners.results import FileError, Finding, Verdict
from bixie.examiners.validation import validated
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk

LIMITS = Limits()
MESSAGES = tomllib.loads(
    resources.files("bixie.examiners.label").joinpath("messages.toml").read_text(encoding="utf-8")
)


def examined(data, limits=LIMITS):
    source = source_from_bytes("a", data)
    return list(EXAMINER.examine_container(Container("a", source, walk(source, limits), limits), Context()))


def png_label(**changes):
    return png_with((b"tEXt", b"AIGC\0" + label_json(**changes).encode()))


def test_it_looks_at_containers_and_not_at_pixels():
    assert isinstance(EXAMINER, ContainerExaminer)
    assert not isinstance(EXAMINER, Examiner)


@pytest.mark.parametrize(
    ("label", "code", "effect", "verdict"),
    [
        ("1", "compliant", Effect.SUSPECT, Verdict.SUSPECT),
        (1, "noncompliant", Effect.SUSPECT, Verdict.SUSPECT),
        ("2", "possible", Effect.NONE, Verdict.INCONCLUSIVE),
        ("3", "suspected", Effect.NONE, Verdict.INCONCLUSIVE),
        ("9", "inconclusive", Effect.NONE, Verdict.INCONCLUSIVE),
    ],
)
def test_each_meaning_has_its_code_and_its_effect(label, code, effect, verdict):
    findings = [one for one in examined(png_label(Label=label)) if one.code.startswith("label.aigc")]
    assert [one.code for one in findings] == [f"label.aigc.{code}"]
    assert effect_of(findings[0]) is effect
    assert fuse_exhibit(findings)[0] is verdict


def one_of_each(marks):
    """Return one file for each code; `test_carriers` and `test_removal` read all of them."""
    return {mark.expected: mark for mark in marks}.items()


def test_a_mark_calls_for_the_original_or_informs_as_the_contract_says():
    def check(cell):
        said = validated(examined(cell.make())).findings
        effect = effect_of(next(one for one in said if one.code == cell.expected))
        weighs = cell.expected.startswith(("label.iptc", "label.generator")) or cell.expected.endswith(
            "compliant"
        )
        assert effect is (Effect.SUSPECT if weighs else Effect.NONE)

    check_each(one_of_each(vendor_cells()), check)


def test_an_unmarked_file_says_nothing_at_all():
    assert examined(jpeg_with()) == []


def test_the_finding_carries_plain_facts_for_the_page():
    (finding,) = [one for one in examined(png_label()) if one.code == "label.aigc.compliant"]
    data = json.loads(json.dumps(finding.data))
    assert data["grade"] == "compliant"
    assert data["label"] == "1"
    assert data["fields"]["ProduceID"] == "0a1b2c3d-0001"
    assert data["producer"]["uscc"] == "91110102MACQD9K640"
    assert data["producer"]["entity"]["service"] == "豆包 Doubao"
    assert data["places"][0]["carrier"] == "png.text"
    assert data["clauses"] == []


def test_the_warning_that_a_code_can_be_forged_is_always_there():
    for code in ("001191110102MACQD9K64018705", "001191110102MACQD9K64118705", "00119144030008867405X210001"):
        (finding,) = [one for one in examined(png_label(ContentProducer=code)) if "aigc" in one.code]
        assert "forged" in finding.explain.en or "does not prove" in finding.explain.en
        assert "伪造" in finding.explain.zh or "不能证明" in finding.explain.zh


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (*strings(key), *strings(item))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item)


def test_no_control_character_and_no_endless_text_leaves_the_file():
    nasty = "\x00\x07\x1b[31m\u202e\n\u2028\uffff" + "长" * 9000
    packed = [
        png_label(ContentProducer=nasty, ProduceID=nasty),
        exif_holders()["jpeg"](exif(UserComment=ASCII + (nasty + "\nSteps: 20, Sampler: x").encode())),
        exif_holders()["jpeg"](exif(Software=("Adobe Photoshop " + nasty.replace("\0", "")).encode())),
    ]
    for data in packed:
        findings = [one for one in examined(data) if isinstance(one, Finding)]
        assert findings
        for finding in findings:
            for text in (*strings(finding.data), finding.explain.en, finding.explain.zh):
                assert len(text) < 2000
                assert not [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf", "Cs")]


def test_thousands_of_labels_are_some_findings():
    chunks = [(b"tEXt", b"AIGC\0" + label_json(ProduceID=str(number)).encode()) for number in range(3000)]
    findings = [one for one in examined(png_with(*chunks)) if isinstance(one, Finding)]
    assert 1 < len(findings) <= 40


def test_what_was_left_out_is_a_warning():
    said = examined(png_label(), Limits(metadata_bytes=50))
    assert [one.code for one in said if isinstance(one, FileError)] == ["label.metadata_too_large"]


def test_what_one_generator_writes_into_several_fields_is_one_finding():
    nodes = b'{"3": {"class_type": "KSampler", "inputs": {}}}'
    graph = b'{"nodes": [], "links": []}'
    (finding,) = [
        one
        for one in examined(png_with((b"tEXt", b"prompt\0" + nodes), (b"tEXt", b"workflow\0" + graph)))
        if "generator" in one.code
    ]
    assert finding.data["places_in_all"] == 2


def test_a_users_own_list_of_producers_is_used(monkeypatch, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'as_of = "2026-11-24"\n[[producer]]\nuscc = ["91110102MACQD9K640"]\nname = "甲公司"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv(SETTING, str(path))
    (finding,) = [one for one in examined(png_label()) if "aigc" in one.code]
    assert "甲公司" in finding.explain.zh


def test_every_code_has_its_sentence():
    def check(mark):
        for finding in examined(mark.make()):
            family, name = finding.code.removeprefix("label.").split(".", 1)
            assert [key for key in MESSAGES if key.startswith((f"{family}.{name}", family))], finding.code

    check_each(one_of_each((*vendor_cells(), *removals())), check)


def test_sentences_speak_of_files():
    blaming = ("buyer", "买家", "fraud", "欺诈")
    said = {key: [word for word in blaming if word in str(both)] for key, both in MESSAGES.items()}
    assert {key: words for key, words in said.items() if words} == {}
