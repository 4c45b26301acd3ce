"""A verdict in plain words."""

from dataclasses import replace

import pytest
from tests import made_up

from bixie.examiners.results import FileError, Grade, KnownResult, Verdict
from bixie.kit.messages import Text
from bixie.report.wording import (
    claim_headline,
    deciding_finding,
    headline,
    likelihood_ratio,
    meaning,
    strength_in_words,
    verdict_name,
    weight_in_words,
)

UNCHANGED = made_up.edited(
    code="derivation.known_picture_unchanged", strength_bits=0.0, regions=(), mask=None
)
SAME_PRODUCT = made_up.edited(
    code="derivation.same_product_seen", grade=Grade.INFORMATIVE, strength_bits=0.0, regions=(), mask=None
)


KNOWN = (KnownResult("listing.jpg", "ab" * 32),)
UNREAD = KnownResult("broken.jpg", None, FileError("imaging.broken", Text(en="Broken.", zh="打不开。")))


def inconclusive(*findings):
    return made_up.exhibit(verdict=Verdict.INCONCLUSIVE, findings=findings)


@pytest.mark.parametrize(
    ("exhibit", "en", "zh"),
    [
        (made_up.exhibit(), "same photograph as yours, with content changed", "同一次拍摄，画面内容不同"),
        (inconclusive(UNCHANGED), "your own picture, unchanged", "没有改动"),
        (inconclusive(made_up.annotated()), "marks added", "标注"),
        (inconclusive(SAME_PRODUCT), "have something in common", "有相同的东西"),
        (inconclusive(made_up.by_weight(2.0)), "which came first is open", "先后不能断定"),
        (inconclusive(), "Nothing found that settles", "没有找到能下结论"),
        (
            made_up.exhibit(verdict=Verdict.SUSPECT, findings=(made_up.by_weight(7.0),)),
            "seem to be one photograph",
            "同一次拍摄",
        ),
        (made_up.unreadable(), "could not be examined", "没能检验"),
    ],
)
def test_one_file_is_described_by_what_decides_it(exhibit, en, zh):
    assert en in headline(exhibit, KNOWN).en
    assert zh in headline(exhibit, KNOWN).zh


def suspect_by(code):
    examiner = code.split(".")[0]
    finding = made_up.edited(examiner=examiner, code=code, strength_bits=6.0, regions=(), mask=None)
    return made_up.exhibit(verdict=Verdict.SUSPECT, findings=(finding,))


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("label.aigc.compliant", "文件自己写着：内容由 AI 生成或合成"),
        ("label.iptc.trained_algorithmic_media", "文件自己写着：用了 AI"),
        ("label.generator.comfyui", "AI 绘图工具"),
        ("label.visible", "画面上印着 AI 标识"),
        ("credentials.ai_edited", "用 AI 工具处理过"),
    ],
)
def test_what_a_file_says_of_itself_stands_in_the_title(code, zh):
    exhibit = suspect_by(code)
    assert zh in headline(exhibit, KNOWN).zh
    assert "可能修过图" not in meaning(exhibit, KNOWN).zh


@pytest.mark.parametrize("exhibits", [(inconclusive(),), (inconclusive(), made_up.honest())])
@pytest.mark.parametrize(
    ("known", "en", "zh"),
    [
        ((), "Not compared: none", "没有对照：没有给出您自己的图片"),
        ((UNREAD,), "Not compared: your picture", "没有对照：您的图片读不出来"),
        ((*KNOWN, UNREAD), "Only partly compared", "只对照了一部分"),
    ],
)
def test_compared_with_nothing_never_reads_like_nothing_found(exhibits, known, en, zh):
    title = claim_headline(replace(made_up.claim(*exhibits), known=known))
    assert title.en.startswith(en)
    assert title.zh.startswith(zh)


def test_what_was_found_stands_before_what_was_not_compared():
    title = claim_headline(made_up.claim(inconclusive(UNCHANGED), made_up.honest(), known=(UNREAD,)))
    assert "your own picture, unchanged" in title.en


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_name_a_sentence_and_a_meaning(verdict):
    exhibit = made_up.exhibit(verdict=verdict, findings=())
    for text in (verdict_name(verdict), headline(exhibit, KNOWN), meaning(exhibit, KNOWN)):
        assert text.en
        assert text.zh


def test_an_edit_outranks_an_annotation_beside_it():
    exhibit = made_up.exhibit(findings=(made_up.annotated(), made_up.edited()))
    assert deciding_finding(exhibit).code == "derivation.known_picture_edited"


def test_where_nothing_decides_the_most_telling_finding_is_named():
    assert deciding_finding(inconclusive(SAME_PRODUCT, UNCHANGED)) is not SAME_PRODUCT


def test_a_claim_of_one_file_is_described_by_that_file():
    exhibit = made_up.exhibit()
    assert claim_headline(made_up.claim(exhibit)) == headline(exhibit, KNOWN)


@pytest.mark.parametrize(
    ("exhibits", "en"),
    [
        (
            (made_up.exhibit(), made_up.honest()),
            "Of 2 files, one is the same photograph as yours, with content changed",
        ),
        (
            (made_up.exhibit(), made_up.exhibit("b.jpg"), made_up.honest()),
            "Of 3 files, 2 are the same photographs as yours, with content changed",
        ),
        (
            (
                made_up.exhibit(),
                made_up.exhibit(findings=(made_up.edited(code="reuse.other_claim"),)),
            ),
            "Of 2 files, facts that you can check speak against 2",
        ),
        ((made_up.honest(), made_up.honest()), "In 2 files, nothing was found that settles the matter"),
        ((made_up.unreadable(), made_up.unreadable()), "None of the 2 files could be examined"),
        (
            (made_up.exhibit(verdict=Verdict.SUSPECT, findings=(made_up.by_weight(7.0),)), made_up.honest()),
            "Of 2 files, one seems to be the same photograph as yours; which came first is open: please look",
        ),
        (
            (inconclusive(UNCHANGED), inconclusive(UNCHANGED)),
            "Of 2 files, 2 are your own pictures, unchanged",
        ),
        (
            (inconclusive(SAME_PRODUCT), inconclusive(UNCHANGED), made_up.honest()),
            "Of 3 files, one is your own picture, unchanged",
        ),
        (
            (suspect_by("label.aigc.compliant"), suspect_by("label.generator.comfyui")),
            "Of 2 files, 2 say of themselves that AI was used",
        ),
    ],
)
def test_a_claim_of_several_files_counts_what_decides_it(exhibits, en):
    assert claim_headline(made_up.claim(*exhibits)).en == en


@pytest.mark.parametrize(
    ("finding", "en"),
    [
        (made_up.edited(), "You can check this yourself"),
        (made_up.annotated(), "Does not affect the result"),
        (made_up.by_weight(0.4), "Strength of the sign: negligible"),
        (made_up.by_weight(0.0), "Strength of the sign: none"),
        (made_up.by_weight(2.0), "Strength of the sign: weak, against a plain photo"),
        (made_up.by_weight(4.0), "Strength of the sign: moderate, against a plain photo"),
        (made_up.by_weight(-7.0), "Strength of the sign: strong, for a plain photo"),
        (made_up.by_weight(11.0), "Strength of the sign: very strong, against a plain photo"),
    ],
)
def test_the_weight_of_a_finding_is_said_in_words(finding, en):
    assert weight_in_words(finding).en == en


def test_both_languages_name_the_same_strength():
    text = weight_in_words(made_up.by_weight(8.0))
    assert text == Text(
        en="Strength of the sign: strong, against a plain photo", zh="线索强度：强，指向“不是原样照片”"
    )


@pytest.mark.parametrize(
    ("bits", "zh"),
    [(0, "无"), (0.9, "几乎没有"), (1, "弱"), (-3.3, "中"), (6.6, "强"), (-9.9, "强"), (10, "很强")],
)
def test_a_strength_has_one_name_whichever_way_it_points(bits, zh):
    assert strength_in_words(bits).zh == zh


@pytest.mark.parametrize(
    ("finding", "ratio"),
    [
        (made_up.by_weight(2.0), "4"),
        (made_up.by_weight(-7.0), "130"),
        (made_up.by_weight(11.0), "2,000"),
        (made_up.by_weight(500.0), "1,100,000,000"),
        (made_up.edited(), None),
        (made_up.annotated(), None),
    ],
)
def test_only_what_was_measured_has_a_likelihood_ratio(finding, ratio):
    assert likelihood_ratio(finding) == ratio


CUT = (FileError("imaging.truncated", Text(en="The file ends too early.", zh="文件不完整。")),)


def test_a_file_that_is_cut_off_is_never_called_unchanged():
    exhibit = made_up.exhibit(verdict=Verdict.INCONCLUSIVE, findings=(UNCHANGED,), warnings=CUT)
    assert headline(exhibit, KNOWN).zh == "文件不完整；读得出的部分就是您提供的那张图片"
    assert "Ask for the file again" in meaning(exhibit, KNOWN).en
    assert "unchanged" not in claim_headline(made_up.claim(exhibit, made_up.honest())).en


def test_a_file_that_is_cut_off_says_so_where_nothing_else_tells():
    exhibit = made_up.exhibit(verdict=Verdict.INCONCLUSIVE, findings=(), warnings=CUT)
    assert headline(exhibit, KNOWN).en.startswith("The file is cut off")
