"""Render the page: template, style sheet and script in one file that loads nothing."""

import base64
import hashlib
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bixie.examiners.results import ClaimResult
from bixie.kit.messages import Language, Text, catalogue
from bixie.kit.sanitise import sanitise
from bixie.report.page.model import PageModel, build_page
from bixie.report.record import Record
from bixie.report.wording import likelihood_ratio, strength_in_words, verdict_name, weight_in_words
from bixie.version import __version__

__all__ = ["render_page"]

_PACKAGE = "bixie.report.page"
_KIB = 1024
_STYLES = ("page.css", "plate.css", "print.css")
_SCRIPTS = ("page.js", "compare.js")


def render_page(
    result: ClaimResult,
    record: Record | None = None,
    *,
    language: Language = "zh",
    command: str | None = None,
) -> str:
    """Return the report page.

    Parameters
    ----------
    result : ClaimResult
    record : Record, optional
        When and by whom it was made; stands under the title.
    language : {"zh", "en"}
        Shown first; the other is one touch away.
    command : str, optional
        How to repeat the examination, for the end of the page.

    Returns
    -------
    str
        HTML that loads nothing; its content security policy forbids even trying.
    """
    model = build_page(result)
    style = "".join(map(_asset, _STYLES)) + _proportions(model)
    script = "".join(map(_asset, _SCRIPTS))
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            page=model,
            record=record,
            language=language,
            command=command,
            version=__version__,
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals.update(
        t=_translated,
        ratio=likelihood_ratio,
        strength=strength_in_words,
        verdict_name=verdict_name,
        weight=weight_in_words,
    )
    environment.filters.update(
        both=_both,
        bytes=_readable,
        line=sanitise,
        moment=_moment,
        plain=_plain,
        signed=_signed,
        thousands=_thousands,
    )
    return environment


@cache
def _asset(name: str) -> str:
    return resources.files(_PACKAGE).joinpath(name).read_text(encoding="utf-8").strip() + "\n"


def _policy(style: str, script: str) -> str:
    """Return a content security policy under which only this very style and script count."""
    return (
        f"default-src 'none'; img-src data:; style-src {_digest(style)}; script-src {_digest(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def _proportions(model: PageModel) -> str:
    """Return the rules that differ by plate; the policy forbids style attributes."""
    plates = [plate for card in model.exhibits for plate in card.plates]
    return "".join(
        f"#{plate.name}{{--w:{plate.frame.width:.1f};--h:{plate.frame.height:.1f};--start:{plate.start}%;"
        f"--badge:{plate.number_radius}}}\n"
        for plate in plates
    )


def _translated(key: str, **values: Any) -> Markup:
    return _both(catalogue(_PACKAGE).text(key, **values))


def _both(text: Text) -> Markup:
    """Return both languages; the style sheet shows the one that is chosen."""
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(
        text.zh, text.en
    )


def _plain(key: str, language: Language) -> str:
    return catalogue(_PACKAGE).text(key).in_(language)


def _moment(time: datetime) -> str:
    """Return a time as a person reads it, with its zone: ``2026-11-30 20:15 (+08:00)``."""
    day, zone = time.isoformat(" ", "minutes")[:16], time.isoformat()[-6:]
    return f"{day} ({zone})"


def _readable(size: int) -> str:
    if size < _KIB:
        return f"{size} B"
    return f"{size / _KIB:.0f} KB" if size < _KIB * _KIB else f"{size / _KIB / _KIB:.1f} MB"


def _thousands(number: int) -> str:
    return f"{number:,}"


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−") if number else "0"
