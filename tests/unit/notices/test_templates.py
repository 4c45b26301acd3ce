"""Messages: whole in both languages, and not to be added to by what a stranger typed."""

import string

import pytest

from bixie.kit.messages import catalogue
from bixie.notices.templates import TEMPLATES, render

SENTENCES = catalogue("bixie.notices").sentences
PARTS = ("subject", "body", "sms")


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("template", TEMPLATES)
def test_both_languages_use_the_same_values_and_together_all_of_them(template):
    used = set()
    for part in PARTS:
        text = SENTENCES[f"template.{template}.{part}"]
        assert fields(text.en) == fields(text.zh)
        used |= fields(text.en)
    assert used == TEMPLATES[template]


def test_every_message_of_the_catalogue_is_known():
    written = {key.split(".")[1] for key in SENTENCES if key.startswith("template.")}
    assert written == set(TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_sent_has_a_subject_of_one_line_and_an_sms_that_is_short(template, language):
    values = {name: f"<{name}>" for name in TEMPLATES[template]}
    words = render(template, language, values)
    assert "\n" not in words.subject + words.sms
    assert len(words.subject) <= 60
    assert len(words.sms) <= 120
    # News of a case and wishes of a buyer name the order and are read in Bixie; everything else leads there.
    has_link = template not in {
        *("duty_reminder", "case_turn", "case_news", "case_decided"),
        *("link_wanted", "erasure_wanted"),
    }
    assert ("<link>" in words.body) is has_link
    assert ("<link>" in words.sms) is has_link
    chinese = any("\u4e00" <= letter <= "\u9fff" for letter in words.subject + words.body + words.sms)
    assert chinese == (language == "zh")


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_message_accuses(template):
    text = " ".join(SENTENCES[f"template.{template}.{part}"].en.lower() for part in PARTS)
    assert not any(word in text for word in ("fake", "fraud", "suspect", "guilty", "cheat", "forged"))


def test_what_a_stranger_typed_is_one_line_and_cannot_reach_into_the_program():
    values = {
        "visit": "1\r\nBcc: all@example.com\n\nBuy!",
        "when": "Friday",
        "technician": "Wang",
        "link": "{visit.__class__}",
    }
    words = render("visit_booked", "en", values)
    assert "\n" not in words.subject
    assert words.body.count("\n") == SENTENCES["template.visit_booked.body"].en.count("\n")
    assert "{visit.__class__}" in words.body


def test_a_long_value_is_cut_but_a_link_is_whole():
    link = "https://example.com/" + "x" * 1500
    words = render("password_link", "zh", {"until": "y" * 1000, "link": link})
    assert link in words.body
    assert words.body.count("y") < 200


@pytest.mark.parametrize("values", [{}, {"until": "1"}, {"until": "1", "link": "x", "more": "y"}])
def test_missing_and_superfluous_values_are_a_defect(values):
    with pytest.raises(KeyError):
        render("password_link", "zh", values)
    with pytest.raises(KeyError):
        render("unknown", "zh", values)
