"""Panels of the page: rows of findings under a title that examiners share."""

import pytest
from tests import made_up

from bixie.examiners.presentation import MARK_REMOVED, ORIGIN, Fact, Panel, Presentation, Row, Topic
from bixie.examiners.results import Grade, NotApplicable, Verdict
from bixie.kit.messages import Catalogue, Text
from bixie.report.page.model import build_page
from bixie.report.page.panels import panels_of
from bixie.report.page.render import render_page


def both(text):
    return Text(en=text, zh=f"{text}（中）")


AI = Topic(both("AI"), rank=10, mark=True)
CREDENTIALS = Topic(both("Credentials"), rank=20, mark=True)
SOFTWARE = Topic(both("Software"), rank=50)
CAMERA = Topic(both("Camera"), rank=60)

NAMES = Catalogue({"examiner.name": both("An examiner")})
IN_ORIGIN = Presentation(NAMES, panel=ORIGIN)
PRESENTATIONS = {
    "label": IN_ORIGIN,
    "credentials": IN_ORIGIN,
    "camera": IN_ORIGIN,
    "other": Presentation(NAMES),
}


def found(code, topic=None, *, brief=None, facts=(), **changes):
    values = {
        "examiner": code.partition(".")[0],
        "code": code,
        "grade": Grade.INFORMATIVE,
        "strength_bits": 0.0,
        "explain": Text(en=f"{code} in full.", zh=f"{code} 全文。"),
        "limits": Text(en=f"{code} has limits.", zh=f"{code} 的限度。"),
        "regions": (), "mask": None, "known": None, "same_shot": False, "data": {},
        "row": Row(topic, brief, facts),
    }  # fmt: skip
    return made_up.edited(**(values | changes))


def origin(*findings):
    (panel,) = panels_of(findings, (), PRESENTATIONS)
    return panel


def test_rows_stand_by_their_topics_and_other_findings_stay_out():
    rows = origin(
        found("camera.facts", CAMERA),
        found("other.finding"),
        found("label.software.editor", SOFTWARE),
        found("label.removed.bare_png", MARK_REMOVED),
        found("credentials.present", CREDENTIALS),
        found("label.aigc.possible", AI),
    ).rows
    assert [row.finding.code for row in rows] == [
        "label.aigc.possible", "credentials.present", "label.removed.bare_png", "label.software.editor",
        "camera.facts",
    ]  # fmt: skip


def test_a_finding_without_a_row_has_the_examiners_name_above_its_own_sentence():
    (row,) = origin(found("label.new")).rows
    assert (row.topic.name, row.sentence, row.facts) == (both("An examiner"), row.finding.explain, ())
    assert not row.shortened


def test_a_brief_sentence_stands_for_the_full_one():
    (row,) = origin(found("label.new", AI, brief=both("Short."))).rows
    assert (row.sentence, row.shortened) == (both("Short."), True)


def test_what_is_no_mark_leaves_the_sentence_that_there_are_none():
    assert origin(found("camera.facts", CAMERA), found("label.software.editor", SOFTWARE)).without_marks
    assert origin(found("label.removed.bare_png", MARK_REMOVED)).without_marks is None


def test_a_panel_of_ones_own_is_left_out_while_it_has_nothing_to_say():
    own = {"lens": Presentation(NAMES, panel=Panel("lens", both("Lens")))}
    assert panels_of((), (), own) == ()
    (panel,) = panels_of([found("lens.scratch")], (), own)
    assert panel.panel.title == both("Lens")
    (panel,) = panels_of((), [NotApplicable("lens", both("No lens."))], own)
    assert panel.silent == (NotApplicable("lens", both("No lens.")),)


def exhibit(*findings, **changes):
    return made_up.exhibit("a.png", Verdict.INCONCLUSIVE, findings, comparisons=(), **changes)


def test_every_weight_and_limit_stands_on_the_page_once():
    findings = (found("label.aigc.compliant", AI), found("camera.facts", CAMERA), made_up.by_weight())
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
    assert [panel.silent for panel in card.panels] == [(silent,)]
    assert [(gap.examiner.zh, gap.reason) for gap in card.gaps] == [("与已知图片对照", other.reason)]
    page = render_page(result)
    without = "That does not show whether the photo is genuine: messengers and screenshots remove them."
    assert page.count(without) == 1
    assert page.count("No credentials.") == 1
    assert ">derivation<" not in page


def test_the_panel_leads_where_the_verdict_rests_on_it():
    mark = found("label.aigc.compliant", AI, grade=Grade.CONCLUSIVE, strength_bits=7.7)
    for findings, leads in (((mark,), True), ((made_up.by_weight(20.0), mark), False)):
        page = render_page(made_up.claim(exhibit(*findings)))
        assert (page.index('class="panel"') < page.index('class="findings"')) is leads


@pytest.mark.parametrize("language", ["zh", "en"])
def test_where_all_stands_in_a_panel_the_findings_point_there(language):
    page = render_page(made_up.claim(exhibit(found("label.aigc.compliant", AI))), language=language)
    assert "Nothing else besides what is listed under “Where this file comes from”." in page
    assert "除“文件来历”里写的以外，没有别的发现。" in page


@pytest.mark.parametrize("examiner", ["camera", "derivation"])
def test_words_of_a_file_cannot_become_markup(examiner):
    evil = Text(en="<script>alert(1)</script>", zh="<script>alert(1)</script>")
    finding = found(f"{examiner}.facts", Topic(evil), brief=evil, facts=(Fact(evil, evil),))
    page = render_page(made_up.claim(exhibit(finding)))
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 8
