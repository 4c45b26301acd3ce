"""What an examiner brings for report and page."""

import pytest
from tests.unit.examiners.fakes import PixelExaminer

from bixie.examiners.presentation import Presentation
from bixie.examiners.registry import own_examiners, presentation_of
from bixie.kit.messages import Catalogue, Text


def words(**sentences):
    every = {key.replace("_", "."): Text(en=text, zh=text) for key, text in sentences.items()}
    return Catalogue({"examiner.name": Text(en="Lens check", zh="镜头检查"), **every})


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("derivation", "与已知图片对照", "Comparison with known pictures"),
        ("label", "AI 标识", "AI labels"),
        ("credentials", "内容凭证", "Content Credentials"),
        ("camera", "拍摄信息", "Camera data"),
    ],
)
def test_our_own_examiners_have_names_that_a_reader_understands(name, zh, en):
    named = {one.name: presentation_of(one).name for one in own_examiners()}
    assert named[name] == Text(en=en, zh=zh)


def test_an_examiner_without_a_presentation_goes_by_its_name_made_readable():
    presentation = presentation_of(PixelExaminer(name="dust_finder"))
    assert presentation.name == Text(en="Dust finder", zh="Dust finder")
    assert (presentation.panel, dict(presentation.effects), presentation.telling) == (None, {}, ())


def test_a_presentation_that_is_none_is_refused():
    with pytest.raises(TypeError, match="pixels"):
        presentation_of(PixelExaminer(presentation={"name": "lens"}))


def test_a_sentence_that_is_missing_is_none():
    presentation = Presentation(words(claim_suspect_one="{count} of {total}"))
    assert presentation.sentence("headline.suspect") is None
    assert presentation.sentence("claim.suspect.one", count=1, total=2).en == "1 of 2"


@pytest.mark.parametrize("key", ["headline_suspect", "meaning_suspect", "claim_suspect_one"])
@pytest.mark.parametrize("template", ["{unknown}", "{", "{0}"])
def test_a_sentence_of_the_report_that_cannot_be_filled_in_is_refused(key, template):
    with pytest.raises(ValueError, match=key.replace("_", r"\.")):
        Presentation(words(**{key: template}))


def test_other_sentences_may_ask_for_values():
    assert Presentation(words(finding_lens="{count} scratches")).name.en == "Lens check"


def test_words_without_a_name_are_refused():
    with pytest.raises(ValueError, match=r"examiner\.name"):
        Presentation(Catalogue({}))
