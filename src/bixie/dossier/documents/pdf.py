"""Writes a filled paper as PDF with embedded fonts. Needs the extra ``pdf`` (Typst) and a Chinese font."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from importlib import resources
from types import ModuleType
from typing import Any

from bixie.dossier.documents.errors import PdfError
from bixie.dossier.documents.sheet import Sheet

__all__ = ["CHINESE_FONTS", "as_pdf", "can_write_pdf"]

CHINESE_FONTS = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Songti SC",
    "SimSun",
    "PingFang SC",
    "Microsoft YaHei",
)
"""The first one found is used; each holds the characters of every paper."""

_LATIN = "Libertinus Serif"
"""Comes with Typst."""


def can_write_pdf() -> bool:
    """Return whether the extra and a Chinese font are there."""
    try:
        _chinese(_fonts().families())
    except PdfError:
        return False
    return True


def as_pdf(sheet: Sheet, moment: datetime) -> bytes:
    """Return a paper as PDF; nothing in it is read as markup, and nothing is fetched.

    Parameters
    ----------
    sheet : Sheet
    moment : datetime
        When it is written.

    Raises
    ------
    PdfError
        ``pdf_extra_missing``, or ``pdf_font_missing`` where no Chinese font is installed.
    """
    fonts = _fonts()
    chinese = _chinese(fonts.families())
    families = [chinese] if sheet.language == "zh" else [_LATIN, chinese]
    source = resources.files(__package__).joinpath("paper.typ").read_bytes()
    given = {"sheet": json.dumps(asdict(sheet)), "fonts": json.dumps(families)}
    compiler = _typst().Compiler(source, font_paths=fonts, sys_inputs=given)
    written: bytes = compiler.compile(format="pdf", timestamp=moment.replace(microsecond=0))
    return written


def _chinese(families: Sequence[str]) -> str:
    """Return the Chinese font that is used."""
    there = set(families)
    for one in CHINESE_FONTS:
        if one in there:
            return one
    raise PdfError("pdf_font_missing", fonts=", ".join(CHINESE_FONTS))


@cache
def _fonts() -> Any:
    """Return the fonts of this machine, which are looked for once."""
    return _typst().Fonts()


def _typst() -> ModuleType:
    try:
        import typst  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise PdfError("pdf_extra_missing", extra="pdf") from error
    module: ModuleType = typst
    return module
