"""Papers as PDF: fonts embedded, nothing read as markup, and a refusal that says what is missing."""

import sys
from datetime import UTC, datetime

import pytest

from bixie.dossier.documents import pdf
from bixie.dossier.documents.errors import PdfError
from bixie.dossier.documents.sheet import Line, Part, Row, Sheet

NOW = datetime(2026, 12, 1, 8, 30, 0, 123456, tzinfo=UTC)


def sheet(text="杯口有裂纹", language="zh"):
    part = Part(
        head="一、事实",
        ticks=("返还已退款项",),
        items=("请出具受案回执。",),
        text=text,
        lines=(Line("说明", text, "来源：订单 A1", None), Line("姓名", None, None, "待填写：姓名？")),
        source="来源：售后单",
        rows=(Row(text, head=text, code="SHA-256 00", note=text, source=text, ask="证明什么？"),),
    )
    return Sheet("case_1", language, "证据清单", "致：法院", "期限", "注意", (part,), "由人签署")


@pytest.fixture
def fonts():
    pytest.importorskip("typst", reason="needs the extra “pdf”")
    if not pdf.can_write_pdf():
        pytest.skip("no Chinese font on this machine")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.usefixtures("fonts")
def test_a_pdf_embeds_its_fonts_and_is_the_same_each_time(language):
    written = pdf.as_pdf(sheet(language=language), NOW)
    assert written.startswith(b"%PDF-")
    assert b"/FontFile" in written
    assert written == pdf.as_pdf(sheet(language=language), NOW)


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x") #read("/etc/passwd") $x$ *a* `b` \\ @c <d> "',
        "一\n二\r\n三\t四",
        "\x00\x1b🙂\u202e",
        "长" * 5000,
        "",
    ],
)
@pytest.mark.usefixtures("fonts")
def test_what_people_wrote_is_no_markup(text):
    assert pdf.as_pdf(sheet(text), NOW).startswith(b"%PDF-")


def test_without_the_extra_the_refusal_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    pdf._fonts.cache_clear()
    assert not pdf.can_write_pdf()
    with pytest.raises(PdfError) as refused:
        pdf.as_pdf(sheet(), NOW)
    assert refused.value.code == "pdf_extra_missing"
    assert "pip install typst" in refused.value.text.en


def test_without_a_chinese_font_the_refusal_says_what_to_install():
    assert pdf._chinese(["Arial", "SimSun", "Noto Sans CJK SC"]) == "Noto Sans CJK SC"
    with pytest.raises(PdfError) as refused:
        pdf._chinese(["Arial"])
    assert refused.value.code == "pdf_font_missing"
    assert "fonts-noto-cjk" in refused.value.text.zh
