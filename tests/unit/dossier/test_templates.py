"""The templates of papers: complete, in both languages where it makes sense, and nothing in them unused."""

from datetime import date

import pytest

from bixie.cases.words import Side
from bixie.dossier.documents import templates as module
from bixie.dossier.documents.errors import PaperError
from bixie.dossier.documents.templates import fields, templates
from bixie.dossier.documents.writing import language_for, template_for, until_text

KINDS = [
    "evidence_list",
    "decision_letter",
    "buyer_notice",
    "platform_letter",
    "police_report",
    "civil_complaint",
    "complaint_12315",
    "report_12315",
    "provider_report",
    "regulator_report",
]


def test_the_papers_are_there_in_the_order_in_which_they_are_used():
    assert list(templates()) == KINDS


def test_every_field_is_used_and_every_text_is_in_both_languages():
    used = {key for one in templates().values() for section in one.sections for key in section.fields}
    assert used == set(fields())
    for one in templates().values():
        texts = [one.name, one.why, one.to, *(section.head for section in one.sections)]
        assert all(text.zh and text.en for text in texts), one.kind
        assert one.languages[0] == "zh"


def test_a_time_limit_is_that_of_the_catalogue():
    assert templates()["police_report"].last_days(date(2026, 8, 31)) == [(date(2027, 2, 28), "PSAPL-25")]
    assert templates()["evidence_list"].last_days(date(2026, 2, 1)) == []


def test_of_several_time_limits_the_first_day_stands_first():
    limits = [(date(2027, 2, 1), "CIV-152"), (date(2029, 2, 1), "CIV-188")]
    assert templates()["civil_complaint"].last_days(date(2026, 2, 1)) == limits
    text = until_text(templates()["civil_complaint"], date(2026, 2, 1), "zh")
    assert text.index("2027-02-01") < text.index("第152条") < text.index("2029-02-01")
    assert until_text(templates()["evidence_list"], date(2026, 2, 1), "zh") is None


@pytest.mark.parametrize("kind", ["provider_report", "regulator_report"])
def test_who_is_told_of_a_label_is_told_of_no_other_file(kind):
    lists = {one.list for one in templates()[kind].sections}
    assert "labelled" in lists
    assert not lists & {"exhibits", "evidence", "known", "findings", "thread"}


def test_the_law_is_that_of_the_day():
    def named(day):
        return {one.id for one in templates()["police_report"].rules_on(day)}

    assert "PSAPL-58" in named(date(2026, 1, 1))
    assert "PSAPL-58" not in named(date(2025, 12, 31))


def test_a_complaint_and_a_report_are_for_different_sides():
    assert templates()["complaint_12315"].sides == {Side.BUYER}
    assert templates()["report_12315"].sides == {Side.MERCHANT}
    with pytest.raises(PaperError) as refused:
        template_for("report_12315", Side.BUYER, "zh")
    assert refused.value.code == "no_such_paper"


def test_papers_for_chinese_offices_are_chinese():
    assert language_for("police_report", "en") == "zh"
    assert language_for("platform_letter", "en") == "en"


@pytest.mark.parametrize(
    "change",
    [
        {"law": ["NO-SUCH"]},
        {"until": ["NO-SUCH"]},
        {"needs": "no_such"},
        {"section": [{"head": {"zh": "甲", "en": "A"}, "fields": ["no.such"]}]},
    ],
)
def test_a_template_that_names_what_is_not_there_is_refused(change):
    text = {"zh": "甲", "en": "A"}
    table = {"name": text, "why": text, "to": text, "languages": ["zh"], "sides": ["buyer"], "law": []}
    with pytest.raises(ValueError, match="test"):
        module._template("test", {**table, "section": [], **change})
