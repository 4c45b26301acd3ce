"""The page as text: what stands on it, and that it asks for nothing from outside."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests import made_up

from bixie.examiners.results import ExhibitResult, FileError, KnownResult, Provenance, Verdict
from bixie.kit.calendar import CHINA
from bixie.kit.messages import Text, catalogue
from bixie.report.page import render
from bixie.report.page.render import render_page
from bixie.report.record import Record

VOID = {"meta", "link", "img", "input", "br", "hr"}


class Reader(HTMLParser):
    """Collects what the tests ask about; notices tags that do not nest."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.attributes, self.links, self.open, self.broken = [], [], [], [], []
        self.feed(html)

    def handle_startendtag(self, tag, attributes):
        self._take(tag, attributes)

    def handle_starttag(self, tag, attributes):
        self._take(tag, attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.broken.append(tag)

    def _take(self, tag, attributes):
        for name, value in attributes:
            self.attributes.append((tag, name, value))
            if name == "id":
                self.ids.append(value)
            if name in {"src", "href", "action", "srcset", "poster", "data"}:
                self.links.append(value)


CLAIMS = {
    "edited": made_up.claim(made_up.exhibit()),
    "several": made_up.claim(
        made_up.exhibit(),
        made_up.honest(),
        made_up.unreadable(),
        made_up.exhibit("c.jpg", Verdict.INCONCLUSIVE, (made_up.annotated(), made_up.by_weight(2.0))),
    ),
    "unreadable": made_up.claim(made_up.unreadable()),
    "without pictures": made_up.claim(made_up.exhibit(preview=None, comparisons=())),
}


@pytest.fixture(params=CLAIMS)
def page(request):
    return render_page(CLAIMS[request.param], command="bixie examine claim.jpg")


def test_tags_nest_and_no_id_is_used_twice(page):
    reader = Reader(page)
    assert (reader.broken, reader.open) == ([], [])
    assert len(reader.ids) == len(set(reader.ids))


def test_the_page_points_nowhere_but_into_itself(page):
    reader = Reader(page)
    assert [link for link in reader.links if not link.startswith(("#", "data:image/jpeg;base64,"))] == []
    assert {link[1:] for link in reader.links if link.startswith("#")} <= set(reader.ids)
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", page)


def test_every_reference_of_a_mask_or_label_is_there(page):
    reader = Reader(page)
    wanted = {value[5:-1] for _, name, value in reader.attributes if name == "mask"}
    wanted |= {
        one for _, name, value in reader.attributes if name == "aria-labelledby" for one in value.split()
    }
    assert wanted <= set(reader.ids)


def test_no_style_or_script_stands_in_an_attribute(page):
    reader = Reader(page)
    assert [name for _, name, _ in reader.attributes if name == "style" or name.startswith("on")] == []


def test_the_policy_allows_this_style_and_this_script_only(page):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        text = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_both_languages_stand_on_the_page_and_one_is_first(language, tag):
    page = render_page(CLAIMS["edited"], language=language)
    assert f'<html lang="{tag}" data-lang="{language}">' in page
    assert "这张照片和您的图片是同一次拍摄，画面内容不同" in page
    assert "This is the same photograph as yours, with content changed" in page


def test_the_result_is_said_before_anything_else():
    page = render_page(CLAIMS["edited"])
    body = page[page.index("<main") :]
    assert body.index("这张照片和您的图片是同一次拍摄，画面内容不同") < body.index('class="exhibit"')


def test_the_record_stands_under_the_title():
    now = datetime(2026, 11, 30, 20, 15, tzinfo=CHINA)
    page = render_page(CLAIMS["several"], Record(now, "12<3\u202e", "某店售后", "0.1"))
    line = page[page.index('class="record"') : page.index('class="contents"')]
    assert page.index("<h1") < page.index('class="record"')
    for part in ("2026-11-30 20:15 (+08:00)", "订单 12&lt;3<", "由某店售后检验", "辟邪 0.1", "Bixie 0.1"):
        assert part in line


def test_what_is_not_known_is_left_out_of_the_record():
    page = render_page(CLAIMS["edited"], Record(datetime(2026, 11, 30, tzinfo=UTC)))
    line = page[page.index('class="record"') :].partition("</p>")[0]
    assert "(+00:00)" in line
    assert "订单" not in line
    assert "检验" not in line


def test_a_warning_that_bears_on_the_result_stands_before_the_result():
    for more in ((), (made_up.honest(),)):
        result = made_up.claim(replace(made_up.exhibit(), warnings=(made_up.CONTRADICTED,)), *more)
        page = render_page(result)
        body = page[page.index("<main") :]
        assert body.index(made_up.CONTRADICTED.text.zh) < body.index("<h1")


def test_codes_stand_in_the_technical_part_only():
    broken = KnownResult("broken.jpg", None, FileError("imaging.broken", made_up.CONTRADICTED.text))
    contradicted = replace(made_up.exhibit(), warnings=(made_up.CONTRADICTED,))
    run = FileError("claim.odd", made_up.CONTRADICTED.text)
    page = render_page(made_up.claim(contradicted, made_up.unreadable(), known=(broken,), warnings=(run,)))
    plain = re.sub(r'<details class="technical">.*?</details>', "", page, flags=re.DOTALL)
    for code in (made_up.CONTRADICTED.code, made_up.unreadable().error.code, "imaging.broken", "claim.odd"):
        assert code in page
        assert code not in plain


@pytest.mark.parametrize(("count", "words"), [(1, "“k0.jpg” 读不出来"), (7, "“k4.jpg” 等 7 个文件读不出来")])
def test_known_pictures_that_could_not_be_read_are_named_before_the_title(count, words):
    error = FileError("imaging.broken", Text(en="Broken.", zh="坏了。"))
    refused = tuple(KnownResult(f"folder/k{number}.jpg", None, error) for number in range(count))
    page = render_page(made_up.claim(made_up.exhibit(), known=refused))
    assert words in page[: page.index("<h1")]
    assert 'class="warnings"' not in render_page(made_up.claim(made_up.exhibit()))


def test_a_note_about_the_file_stands_with_the_file():
    note = FileError("imaging.animated", Text(en="The first frame counts.", zh="只看第一帧。"))
    page = render_page(made_up.claim(replace(made_up.exhibit(), warnings=(note,))))
    assert page.index("只看第一帧。") > page.index('class="facts"')


def test_that_a_part_is_missing_stands_before_the_title():
    note = FileError("imaging.truncated", Text(en="The file ends too early.", zh="文件不完整。"))
    page = render_page(made_up.claim(replace(made_up.exhibit(), warnings=(note,))))
    assert page.index("文件不完整。") < page.index("<h1")


def test_every_changed_region_has_a_ring_and_a_number_on_the_displayed_grid():
    page = render_page(CLAIMS["edited"])
    assert f'viewBox="0 0 {made_up.WIDTH} {made_up.HEIGHT}"' in page
    assert page.count('class="line changed"') == len(made_up.edited().regions)
    assert re.findall(r'class="label".*<text[^>]*>(\d+)</text>', page) == ["1", "2"]
    assert re.findall(r'class="closeup-number">(\d+)<', page) == ["1", "2"]


def test_the_stage_shows_the_matched_part_of_a_long_screenshot():
    finding = made_up.edited(regions=(made_up.HOLE,))
    exhibit = made_up.exhibit(findings=(finding,))
    view = replace(exhibit.comparisons[0], reach=(0.0, 0.6, 0.4, 0.9))
    page = render_page(made_up.claim(replace(exhibit, comparisons=(view,))))
    panes = re.findall(r'<svg viewBox="([^"]+)" role="img"', page)
    assert panes == ["0 520.8 499.2 308.4"] * 2
    assert "小图" in page
    assert "小图" not in render_page(CLAIMS["edited"])


def test_a_picture_is_embedded_once_however_often_it_is_shown():
    page = render_page(CLAIMS["edited"])
    assert page.count("data:image/jpeg;base64,") == 2
    assert page.count('<use href="#e0"') >= 3


def test_the_facts_of_the_file_are_there():
    page = render_page(CLAIMS["edited"])
    for fact in (made_up.exhibit().sha256, "1,284,455", "1200 × 900", "image/jpeg", "claim.jpg"):
        assert fact in page


def test_what_the_caller_vouched_for_is_there():
    page = render_page(made_up.claim(made_up.exhibit(), known=(KnownResult("other.jpg", "ab" * 32),)))
    vouched = page[page.index('class="vouched"') :]
    assert "由您确认" in vouched
    assert vouched.index("listing.jpg") < vouched.index("other.jpg")
    assert "ab" * 32 in vouched


def test_a_picture_on_record_does_not_rest_on_anybodys_word():
    kept = Provenance("2026-11-02T08:30:00.000Z", "key_1", "listing", 11, before_claim=True)
    late = replace(kept, event=40, before_claim=False)
    result = made_up.claim(made_up.exhibit())
    recorded = replace(
        result,
        known=(replace(result.known[0], kept=kept), KnownResult("other.jpg", "ab" * 32, kept=late)),
    )
    page = render_page(recorded)
    for words in ("that yours is older rests on your word", "以您的说法为准", "由您确认"):
        assert words in render_page(result)
        assert words not in page
    assert "2026-11-02 08:30" in page
    assert "早于这次售后（账本第 11 条）" in page
    assert "晚于这次售后（账本第 40 条）" in page
    only_late = render_page(replace(result, known=(replace(result.known[0], kept=late),)))
    assert "就已存证" not in only_late


def test_without_known_pictures_the_page_says_that_nothing_was_compared():
    result = replace(made_up.claim(made_up.honest()), known=())
    assert "没有提供对照图片" in render_page(result)


def test_a_strength_is_said_in_words_and_its_figures_are_technical():
    html = render_page(made_up.claim(made_up.exhibit(findings=(made_up.by_weight(8.6),), score_bits=8.6)))
    assert "线索强度：强，指向“不是原样照片”" in html
    assert "强（+8.6 bit）" in html
    assert "+8.6 bit（似然比约 390）" in html
    assert "比特" not in html


def test_words_of_a_file_cannot_become_markup():
    evil = '<script>alert(1)</script>"&.jpg'
    page = render_page(made_up.claim(made_up.exhibit(evil)), command=evil)
    assert "<script>alert" not in page
    assert page.count("<script>") == 1
    assert "&lt;script&gt;alert(1)" in page


def test_a_file_name_that_is_not_unicode_does_not_stop_the_page():
    odd = b"photo-\xff.jpg".decode("utf-8", "surrogateescape")
    assert render_page(made_up.claim(made_up.exhibit(odd))).encode("utf-8", "replace")


def test_a_video_shows_the_frame_that_was_compared():
    finding = made_up.edited(data={"time_s": 4.0, "exhibit_time_s": 1.5})
    exhibit = made_up.exhibit("a.mp4", findings=(finding,))
    view = exhibit.comparisons[0]
    page = render_page(made_up.claim(replace(exhibit, comparisons=(replace(view, exhibit=exhibit.preview),))))
    assert 'href="#e0-0"' in page
    assert "第 1.5 秒" in page
    assert "第 4.0 秒" in page


@pytest.mark.parametrize("hatched", [True, False])
def test_the_stripes_beyond_the_known_picture_are_explained_where_there_are_any(hatched):
    exhibit = made_up.exhibit()
    view = replace(exhibit.comparisons[0], hatched=hatched)
    page = render_page(made_up.claim(replace(exhibit, comparisons=(view,))))
    assert ("斜纹处" in page) is hatched


def test_every_sentence_of_the_page_is_used():
    folder = Path(render.__file__).parent
    text = "".join(
        path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix in {".py", ".j2"}
    )
    used = set(re.findall(r"""(?:t|text)\(["']([a-z0-9_.]+)["'][,)]|["']([a-z0-9_.]+)["']\|plain""", text))
    keys = {key for pair in used for key in pair if key}
    prefixes = tuple(re.findall(r'"([a-z_.]+\.)(?:" ~|\{)', text))
    sentences = catalogue("bixie.report.page").sentences
    assert prefixes
    assert [key for key in sentences if key not in keys and not key.startswith(prefixes)] == []


def test_a_readable_video_without_frames_has_a_section_without_a_picture():
    video = ExhibitResult("a.mp4", "0" * 64, "video/mp4", None, None, Verdict.INCONCLUSIVE, 0.0)
    page = render_page(made_up.claim(video))
    assert 'class="plate' not in page[page.index("<main") :]
    assert "a.mp4" in page


def test_an_examiner_that_failed_is_named_once():
    warning = FileError("examine.examiner_failed", made_up.CONTRADICTED.text)
    exhibit = made_up.honest()
    gap = replace(exhibit.not_applicable[0], reason=warning.text)
    page = render_page(made_up.claim(replace(exhibit, warnings=(warning,), not_applicable=(gap,))))
    assert page.count(warning.text.zh) == 1
