"""An examiner that another distribution brings: installed, found, and set out like one of ours."""

import json
import re
import sys
import threading
from importlib import metadata
from textwrap import dedent
from types import SimpleNamespace

import pytest
from tests.makers.pictures import write_jpeg
from tests.unit.examiners.test_registry import WRONG_FIELDS, unchecked
from tests.unit.examiners.test_validation import MORE_THAN_A_REPORT_CARRIES

from bixie import examine
from bixie.cli.main import main
from bixie.examiners import registry
from bixie.examiners.presentation import ORIGIN, Presentation
from bixie.examiners.results import Finding, Grade, Verdict
from bixie.kit.messages import Text

EXAMINER = '''
"""The examiner `lens`: finds scratches of the lens. It says what its test wants."""

import os

from bixie.examiners.presentation import Effect, Fact, Panel, Presentation, Row, Topic
from bixie.examiners.results import Finding, Grade, NotApplicable
from bixie.kit.messages import catalogue

WORDS = catalogue("lens_check")
PANEL = Panel("lens", WORDS.text("panel"))
SCRATCH = Topic(WORDS.text("topic"), rank=5, sign="square", mark=True)


class Lens:
    name = "lens"
    presentation = Presentation(WORDS, effects={"lens.scratch": Effect.REFUTES}, panel=PANEL)

    def examine(self, exhibit, context):
        says = os.environ["LENS_SAYS"]
        if says == "nothing":
            return [NotApplicable(self.name, WORDS.text("silent"))]
        finding = Finding(
            examiner=self.name,
            code="lens.scratch",
            grade=Grade(says),
            strength_bits=6.0,
            explain=WORDS.text("scratch", count=2),
            limits=WORDS.text("limits"),
            data={"count": 2},
            row=Row(SCRATCH, WORDS.text("brief"), (Fact(WORDS.text("fact"), WORDS.text("value", count=2)),)),
        )
        return [finding]


EXAMINER = Lens()
'''
WORDS = {
    "examiner.name": ("Lens check", "镜头检查"),
    "panel": ("What the lens left behind", "镜头留下的痕迹"),
    "topic": ("Scratch", "划痕"),
    "brief": ("The lens was scratched.", "镜头有划痕。"),
    "scratch": ("The lens had {count} scratches, one across.", "镜头上有 {count} 道划痕，一道横贯画面。"),
    "limits": ("Lenses of honest people are scratched too.", "正常使用的镜头也会有划痕。"),
    "fact": ("Scratches", "划痕数"),
    "value": ("{count} found", "发现 {count} 道"),
    "silent": ("The picture is too dark to see the lens in it.", "画面太暗，看不出镜头的痕迹。"),
    "headline.suspect.lens.scratch": ("The lens of this photo was scratched", "拍这张照片的镜头有划痕"),
    "meaning.suspect.lens.scratch": ("Ask for a photo with another phone.", "请换一部手机再拍一张。"),
    "claim.suspect.lens.scratch.many": (
        "Of {total} files, {count} came through a scratched lens",
        "{total} 个文件里有 {count} 个出自有划痕的镜头",
    ),
}
PLAIN = """
from bixie.examiners.results import Finding, Grade
from bixie.kit.messages import Text


class DustFinder:
    name = "dust_finder"

    def examine(self, exhibit, context):
        said = Text(en="There is dust on it.", zh="上面有灰尘。")
        return [Finding(self.name, "dust_finder.seen", Grade.STATISTICAL, 4.0, explain=said, limits=said)]


EXAMINER = DustFinder()
"""


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a distribution of one package with an examiner, as an installer would lay it out."""
    site = tmp_path / "site-packages"

    def install(package, examiner, words):
        folder, info = site / package, site / f"{package}-1.0.dist-info"
        folder.mkdir(parents=True)
        info.mkdir()
        (folder / "__init__.py").write_text("", encoding="utf-8")
        (folder / "examiner.py").write_text(dedent(examiner), encoding="utf-8")
        (folder / "CARD.md").write_text("# A made-up examiner\n", encoding="utf-8")
        rows = (f'["{key}"]\nen = "{en}"\nzh = "{zh}"\n' for key, (en, zh) in words.items())
        (folder / "messages.toml").write_text("\n".join(rows), encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", "utf-8")
        entry = f"[bixie.examiners]\n{package} = {package}.examiner:EXAMINER\n"
        (info / "entry_points.txt").write_text(entry, encoding="utf-8")
        monkeypatch.syspath_prepend(str(site))

    yield install
    for name in [name for name in sys.modules if name.startswith(("lens_check", "dust_finder"))]:
        del sys.modules[name]


@pytest.fixture
def lens(install, monkeypatch):
    install("lens_check", EXAMINER, WORDS)
    return lambda says: monkeypatch.setenv("LENS_SAYS", says)


def page_of(tmp_path, *photos):
    report = examine(photos)
    html = report.save(tmp_path / "report", language="zh").read_text(encoding="utf-8")
    return report, html


def visible(html):
    """Return the text of the page outside the technical details."""
    body = html[html.index("<main") : html.index('<section class="not-said"')]
    without = re.sub(r'<details class="technical">.*?</details>', "", body, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", "\n", without)


def test_its_words_title_panel_and_facts_stand_on_the_page_in_both_languages(tmp_path, lens):
    lens("statistical")
    report, html = page_of(tmp_path, write_jpeg(tmp_path / "a.jpg"))
    assert report.claim.verdict is Verdict.SUSPECT
    titles = ("headline.suspect.lens.scratch", "meaning.suspect.lens.scratch", "panel", "topic", "brief")
    for key in (*titles, "limits", "fact"):
        for sentence in WORDS[key]:
            assert f">{sentence}<" in html or f" {sentence}<" in html, key
    assert ">2 found<" in html
    assert ">发现 2 道<" in html
    assert "The lens had 2 scratches, one across." in html  # in full, among the details
    assert "除“镜头留下的痕迹”里写的以外，没有别的发现。" in html


def test_it_is_set_out_as_ours_are(tmp_path, lens):
    lens("statistical")
    _, html = page_of(tmp_path, write_jpeg(tmp_path / "a.jpg"))
    panel = html[html.index('<section class="panel">') :]
    panel = panel[: panel.index("</section>")]
    assert '<h4 class="topic square">' in panel
    assert all(f'class="{name}"' in panel for name in ("explain", "table", "weight", "limits"))
    assert html.index(WORDS["panel"][1]) < html.index("文件来历")  # the verdict rests on it, so it leads


def test_no_code_and_no_raw_name_is_shown_outside_the_details(tmp_path, lens):
    for says in ("statistical", "nothing"):
        lens(says)
        _, html = page_of(tmp_path, write_jpeg(tmp_path / "a.jpg"))
        assert not re.search(r"lens\.scratch|lens_check|^\s*lens\s*$", visible(html), re.MULTILINE)


def test_a_claim_of_several_files_has_its_title(tmp_path, lens):
    lens("statistical")
    photos = [write_jpeg(tmp_path / "a.jpg"), write_jpeg(tmp_path / "b.jpg", 2)]
    _, html = page_of(tmp_path, *photos)
    assert "Of 2 files, 2 came through a scratched lens" in html
    assert "2 个文件里有 2 个出自有划痕的镜头" in html


def test_what_it_cannot_tell_stands_in_its_panel(tmp_path, lens):
    lens("nothing")
    _, html = page_of(tmp_path, write_jpeg(tmp_path / "a.jpg"))
    assert "What the lens left behind" in html
    assert "画面太暗，看不出镜头的痕迹。" in html


def test_the_terminal_speaks_its_words(tmp_path, lens, capsys):
    lens("statistical")
    main(["examine", write_jpeg(tmp_path / "a.jpg"), "--lang", "zh"])
    assert "拍这张照片的镜头有划痕" in capsys.readouterr().out
    lens("nothing")
    main(["examine", write_jpeg(tmp_path / "a.jpg"), "--lang", "en"])
    assert "Lens check: The picture is too dark" in capsys.readouterr().out


def test_it_refutes_nothing_whatever_it_declares(tmp_path, lens):
    lens("conclusive")
    report, _ = page_of(tmp_path, write_jpeg(tmp_path / "a.jpg"))
    assert report.claim.verdict is Verdict.INCONCLUSIVE


def test_one_without_words_of_its_own_still_gets_a_card_and_a_readable_name(tmp_path, install):
    install("dust_finder", PLAIN, {"unused": ("-", "-")})
    report, html = page_of(tmp_path, write_jpeg(tmp_path / "a.jpg"))
    assert report.claim.verdict is Verdict.SUSPECT
    assert "There is dust on it." in visible(html)
    assert "dust_finder" not in visible(html)
    assert report.claim.exhibits[0].presentations["dust_finder"].name.en == "Dust finder"


def test_words_that_cannot_be_filled_in_make_it_unusable_with_a_warning(tmp_path, install):
    bad = WORDS | {"claim.suspect.lens.scratch.one": ("Of {everything}", "共 {everything}")}
    install("lens_check_broken", EXAMINER.replace("lens_check", "lens_check_broken"), bad)
    report, _ = page_of(tmp_path, write_jpeg(tmp_path / "a.jpg"))
    assert [warning.code for warning in report.claim.warnings] == ["examine.plugin_unusable"]
    assert "claim.suspect.lens.scratch.one" in report.claim.warnings[0].text.en


def test_one_that_fails_is_named_in_words(tmp_path, lens):
    lens("no such grade")
    _, html = page_of(tmp_path, write_jpeg(tmp_path / "a.jpg"))
    assert "检验项“镜头检查”运行出错" in html
    assert "The examiner “Lens check” stopped with an error" in html


def examiner_that(returns, name, presentation=None):
    return SimpleNamespace(name=name, presentation=presentation, examine=lambda exhibit, context: [returns])


WRONG = SimpleNamespace()  # what the entry points below name


@pytest.fixture
def report_with(tmp_path, monkeypatch):
    """Examine a photo with these examiners, save the report, and return it."""

    def report_with(examiners):
        points = []
        for number, (name, examiner) in enumerate(examiners.items()):
            monkeypatch.setattr(WRONG, f"e{number}", examiner, raising=False)
            value = f"{__name__}:WRONG.e{number}"
            points.append(metadata.EntryPoint(name, value, registry.ENTRY_POINT_GROUP))
        monkeypatch.setattr(registry.metadata, "entry_points", lambda group: points)
        report, _ = page_of(tmp_path, write_jpeg(tmp_path / "a.jpg"))
        json.dumps(report.to_dict())
        report.message_for_buyer()
        return report

    return report_with


def test_one_that_presents_itself_badly_fails_alone(report_with):
    report = report_with(
        {
            name: examiner_that(None, f"e{number}", unchecked(**fields))
            for number, (name, fields) in enumerate(WRONG_FIELDS.items())
        }
    )
    warned = " ".join(one.text.en for one in report.claim.warnings if one.code == "examine.plugin_unusable")
    assert [name for name in WRONG_FIELDS if f"“{name}”" not in warned] == []
    assert [exhibit.verdict for exhibit in report.claim.exhibits] == [Verdict.INCONCLUSIVE]


def test_one_that_returns_what_no_report_carries_fails_alone(report_with):
    shared = Presentation(Presentation.unnamed("wrong").words, panel=ORIGIN)
    report = report_with(
        {name: examiner_that(returns, name, shared) for name, returns in MORE_THAN_A_REPORT_CARRIES.items()}
    )
    (exhibit,) = report.claim.exhibits
    failed = {one.examiner for one in exhibit.not_applicable}
    assert [name for name in MORE_THAN_A_REPORT_CARRIES if name not in failed] == []
    assert exhibit.verdict is Verdict.INCONCLUSIVE


def test_one_that_takes_too_long_is_cut_off_and_the_others_findings_stay(report_with, monkeypatch):
    monkeypatch.setenv("BIXIE_LIMIT_EXAMINER_SECONDS", "1")
    ended = threading.Event()

    def wait(exhibit, context):
        ended.wait(60)
        return []

    said = Text(en="There is dust on it.", zh="上面有灰尘。")
    dust = Finding("dust", "dust.seen", Grade.STATISTICAL, 4.0, explain=said, limits=said)
    slow = SimpleNamespace(name="slow", presentation=None, examine=wait)
    report = report_with({"dust": examiner_that(dust, "dust"), "slow": slow})
    ended.set()
    (exhibit,) = report.claim.exhibits
    assert "dust.seen" in {finding.code for finding in exhibit.findings}
    assert [one.code for one in exhibit.warnings] == ["examine.examiner_out_of_time"]
    (reason,) = [one.reason for one in exhibit.not_applicable if one.examiner == "slow"]
    assert "1 seconds" in reason.en


def test_one_that_presents_itself_only_once_is_used(report_with):
    class Once:
        name = "once"

        def __init__(self):
            self.presentations = [Presentation.unnamed("once")]

        @property
        def presentation(self):
            return self.presentations.pop()

        def examine(self, exhibit, context):
            return [5]

    report = report_with({"once": Once()})
    (exhibit,) = report.claim.exhibits
    assert exhibit.verdict is Verdict.INCONCLUSIVE
    assert "once" in {one.examiner for one in exhibit.not_applicable}


def test_one_whose_exception_cannot_describe_itself_fails_alone(report_with):
    class MuteError(Exception):
        def __str__(self):
            raise RuntimeError("no words")

    def examine_it(exhibit, context):
        raise MuteError

    report = report_with({"mute": SimpleNamespace(name="mute", examine=examine_it)})
    (exhibit,) = report.claim.exhibits
    assert exhibit.verdict is Verdict.INCONCLUSIVE
    assert "MuteError" in " ".join(warning.text.en for warning in exhibit.warnings)
