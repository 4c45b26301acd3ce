"""Rows of the panel that says where a file comes from."""

import pytest
from tests import made_up

from bixie.examiners.results import Grade, NotApplicable, Verdict
from bixie.kit.messages import Text
from bixie.report.page.model import build_page
from bixie.report.page.provenance import provenance_of
from bixie.report.page.render import render_page

ENTITY = {"name": "Example Co.", "service": "Example Draw", "source": "list", "as_of": "2026-01-01"}
PRODUCER = {
    "written": "0011…",
    "code": "0011…",
    "uscc": "91110000802100433B",
    "valid": True,
    "entity": ENTITY,
}
LABEL = {
    "grade": "compliant",
    "label": "1",
    "producer": PRODUCER,
    "propagator": None,
    "violations": [],
    "copies": 1,
}
CREDENTIAL = {
    "state": "Valid", "signature": "valid", "signer": "not_checked", "binding": "intact",
    "ai_marks": [{"place": "action"}, {"place": "action"}, {"place": "elsewhere"}],
    "issuer": "Example CA", "claim_generator": "Example Draw/1.0", "signed_at": "2026-11-01T08:00:00+00:00",
    "actions": [
        {"action": "c2pa.created", "digital_source_type": "trainedAlgorithmicMedia"},
        {"action": "c2pa.cropped", "digital_source_type": None},
        {"action": "vendor.special", "digital_source_type": None},
    ],
}  # fmt: skip
CAMERA = {
    "make": "Example", "model": "One", "make_is_camera": True, "software": "1.2", "odd": ["time"],
    "captured_at": "2026-11-01T08:00:00", "has_place": True, "distance_km": 1200, "messenger": "WhatsApp",
    "generator_canvas": True, "compression": {"family": "ijg", "quality": 90, "seen": []},
}  # fmt: skip


def found(code, data=None, **changes):
    values = {
        "examiner": code.partition(".")[0],
        "code": code,
        "grade": Grade.INFORMATIVE,
        "strength_bits": 0.0,
        "explain": Text(en=f"{code} in full.", zh=f"{code} 全文。"),
        "limits": Text(en=f"{code} has limits.", zh=f"{code} 的限度。"),
        "regions": (), "mask": None, "known": None,
        "data": data or {},
    }  # fmt: skip
    return made_up.edited(**(values | changes))


def only(code, data=None):
    (row,) = provenance_of([found(code, data)], ()).rows
    return row


def said(row):
    return {fact.name.en: fact.value.en for fact in row.facts}


@pytest.mark.parametrize(
    ("code", "data", "word"),
    [
        ("label.aigc.compliant", LABEL, "ai"),
        ("label.iptc.ai_system", {}, "ai"),
        ("label.generator.comfyui", {}, "ai"),
        ("label.source.known", {}, "source"),
        ("label.software.editor", {}, "software"),
        ("label.removed.label_cut", {}, "removed"),
        ("credentials.generated", CREDENTIAL, "credentials"),
        ("credentials.broken", {"remains": "zeros"}, "removed"),
        ("credentials.broken", {"remains": "truncated"}, "credentials"),
        ("camera.facts", CAMERA, "camera"),
        ("camera.outside_order", {"which": "after_claim"}, "time"),
        ("camera.far_from_delivery", {}, "place"),
        ("camera.thumbnail_differs", {}, "preview"),
    ],
)
def test_each_finding_gets_its_word(code, data, word):
    assert only(code, data).word == word


def test_marks_stand_before_what_weighs_nothing_and_other_findings_stay_out():
    codes = ["camera.facts", "derivation.direction_unknown", "label.software.editor",
             "label.removed.bare_png", "credentials.present", "label.aigc.possible"]  # fmt: skip
    rows = provenance_of([found(code) for code in codes], ()).rows
    assert [row.finding.code for row in rows] == [
        "label.aigc.possible", "credentials.present", "label.removed.bare_png", "label.software.editor",
        "camera.facts",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("producer", "part"),
    [
        (PRODUCER, "names Example Co. · Example Draw (91110000802100433B); anyone can write"),
        (PRODUCER | {"entity": None}, "not in the list used here; anyone can write"),
        (PRODUCER | {"valid": False}, "wrong in itself"),
        (PRODUCER | {"code": None, "written": "A {curious} name"}, "“A {curious} name”; anyone can write"),
    ],
)
def test_a_label_says_who_is_named_and_that_anyone_can_write_it(producer, part):
    row = only("label.aigc.compliant", LABEL | {"producer": producer})
    assert part in said(row)["Written by"]
    assert "can be forged" in row.sentence.en
    assert row.shortened


def test_faults_of_a_label_are_counted():
    faults = [{"clause": "5.2", "what": "copies", "field": ""}] * 2
    row = only(
        "label.aigc.noncompliant", LABEL | {"grade": "noncompliant", "violations": faults, "copies": 2}
    )
    assert (said(row)["Form"], said(row)["Copies"]) == ("not as GB 45438-2025 demands, points: 2", "2")
    assert said(only("label.aigc.compliant", LABEL))["Form"] == "as GB 45438-2025 demands"


def test_a_credential_gives_three_answers_and_actions_in_words():
    facts = said(only("credentials.generated", CREDENTIAL))
    assert (facts["Signature"], facts["Signer"], facts["Fits the file"]) == (
        "holds", "not checked: it may be anybody", "yes, unchanged since it was signed",
    )  # fmt: skip
    assert facts["What was done"] == "created (by generative AI), cropped, vendor.special"
    assert facts["AI is named"] == "in the list of what was done"
    assert (facts["Signed as"], facts["Program"]) == ("Example CA", "Example Draw/1.0")


def test_a_credential_that_was_not_read_keeps_its_own_sentence():
    read, unread = only("credentials.present", CREDENTIAL), only("credentials.present", {"remote": True})
    assert (read.shortened, unread.shortened) == (True, False)
    assert unread.sentence == unread.finding.explain


@pytest.mark.parametrize("bad", [{"signature": "invalid"}, {"binding": "broken"}])
def test_what_a_broken_credential_says_is_left_out(bad):
    assert set(said(only("credentials.broken", CREDENTIAL | bad))) == {"Signature", "Signer", "Fits the file"}


def test_the_camera_notes_carry_their_caveat_and_the_distance_but_no_coordinates():
    facts = said(only("camera.facts", CAMERA))
    assert facts["Taken at"] == "2026-11-01 08:00:00 (clocks are often wrong)"
    assert facts["Place"] == "about 1,200 km from the place of delivery"
    assert "Coordinates" not in facts
    assert set(facts) == {
        "Camera",
        "Program",
        "Taken at",
        "Place",
        "File name",
        "Size",
        "Cannot be",
        "Compression",
    }


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"has_place": True}, {"Place": "noted in the file; not shown here"}),
        ({"has_place": True, "place": {"lat": 1.5, "lon": 2.5}}, {"Coordinates": "1.5, 2.5"}),
        ({"make_is_camera": False}, {"Camera": "what stands there is no maker of cameras"}),
        ({"compression": {"family": "unknown"}}, {}),
        ({"compression": {"family": "listed", "seen": ["A", "B"]}}, {"Compression": "like files of A, B"}),
    ],
)
def test_single_notes(data, expected):
    assert said(only("camera.facts", data)) == expected


def test_what_a_row_repeats_of_the_facts_is_shortened():
    row = only("camera.outside_order", {"which": "before_delivery", "captured_at": "2026-11-01T08:00:00"})
    assert row.shortened
    assert row.sentence.en.endswith("before the goods were delivered.")
    other = only("camera.outside_order", {"which": "something new"})
    assert (other.shortened, other.sentence) == (False, other.finding.explain)


@pytest.mark.parametrize(
    "code", ["label.aigc.new", "label.visible", "credentials.new", "camera.facts", "camera.new", "label.new"]
)
def test_a_finding_without_data_still_makes_a_row(code):
    row = only(code)
    assert row.facts == ()
    assert row.sentence.en
    assert row.sentence.zh


def test_notes_of_a_camera_are_no_marks():
    assert not provenance_of([found("camera.facts", CAMERA), found("label.software.editor")], ()).has_marks
    assert provenance_of([found("label.removed.bare_png")], ()).has_marks


def exhibit(*findings, **changes):
    return made_up.exhibit("a.png", Verdict.INCONCLUSIVE, findings, comparisons=(), **changes)


def test_every_weight_and_limit_stands_on_the_page_once():
    findings = (found("label.aigc.compliant", LABEL), found("camera.facts", CAMERA), made_up.by_weight())
    page = render_page(made_up.claim(exhibit(*findings)))
    for finding in findings:
        assert page.count(f"<code>{finding.code}</code>") == 1
        assert page.count(f'</span> <span class="zh" lang="zh-CN">{finding.limits.zh}</span>') == 1
    assert page.count('class="grade"') == len(findings)


def test_without_marks_the_page_says_that_this_proves_nothing():
    silent = NotApplicable("credentials", Text(en="No credentials.", zh="没有凭证。"))
    other = NotApplicable("derivation", Text(en="No known picture.", zh="没有已知图片。"))
    result = made_up.claim(exhibit(not_applicable=(silent, other)))
    (card,) = build_page(result).exhibits
    assert (card.provenance.silent, card.not_applicable) == ((silent,), (other,))
    page = render_page(result)
    assert page.count("That proves nothing: messengers and screenshots remove them.") == 1
    assert page.count("No credentials.") == 1


def test_the_panel_leads_where_the_verdict_rests_on_it():
    mark = found("label.aigc.compliant", LABEL, grade=Grade.CONCLUSIVE, strength_bits=7.7)
    for findings, leads in (((mark,), True), ((made_up.by_weight(20.0), mark), False)):
        page = render_page(made_up.claim(exhibit(*findings)))
        assert (page.index('class="provenance"') < page.index('class="findings"')) is leads


def test_words_of_a_file_cannot_become_markup():
    data = CAMERA | {"make": "<script>alert(1)</script>", "model": None}
    page = render_page(made_up.claim(exhibit(found("camera.facts", data))))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
