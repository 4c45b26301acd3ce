"""Recognise editing programs and hosting services: an edited or shared file is no sign of AI."""

import re
from collections.abc import Iterable, Iterator

from bixie.examiners.label.fields import Field
from bixie.examiners.label.generators import fitting_rule, plain_text
from bixie.examiners.label.marks import Mark
from bixie.examiners.results import Grade
from bixie.kit.sanitise import sanitise

__all__ = ["EDITORS", "software_marks"]

EDITORS = (
    "Adobe Photoshop", "Photoshop", "Adobe Lightroom", "Lightroom", "Adobe Camera Raw", "Adobe Illustrator",
    "Adobe InDesign", "Adobe Premiere", "Meitu", "美图", "美颜相机", "醒图", "Hypic", "Xingtu", "轻颜",
    "Snapseed", "PicsArt", "Canva", "CapCut", "剪映", "VSCO", "GIMP", "Pixelmator", "Affinity", "Capture NX",
    "Capture One", "paint\\.net", "Paint\\.NET", "ImageMagick", "PhotoScape", "Fotor", "Facetune", "B612",
    "Microsoft Designer", "Photoroom", "PhotoRoom", "remove\\.bg", "Pixlr", "digiKam", "darktable",
    "RawTherapee", "ACDSee", "PaintShop", "Picasa", "Microsoft Windows Photo", "Polarr", "Luminar", "DxO",
    "Topaz", "FastStone", "IrfanView", "XnView", "LightX", "InShot", "CorelDRAW", "Krita", "Inkscape",
    "稿定", "WPS", "Foodie", "SNOW", "BeautyPlus", "Photomator", "Darkroom", "Afterlight", "ViewNX",
)  # fmt: skip
"""Names of editing programs, as patterns; one of them must begin a field that says what wrote the file."""

_EDITOR = re.compile(rf"(?:{'|'.join(EDITORS)})(?![a-z])")
_KEYS = frozenset(
    {"Software", "ProcessingSoftware", "ImageEditingSoftware", "CreatorTool", "softwareAgent", "Creator Tool"}
)
_HOSTING = frozenset({"hf-job-id"})
_BYTEDANCE = re.compile(r"\"(?:aigc_label_type|exportType)\"\s*:")


def software_marks(fields: Iterable[Field]) -> Iterator[Mark]:
    """Yield a mark for each field that names an editing program or a place where pictures are made."""
    for one in fields:
        if one.key in _KEYS and (editor := _EDITOR.match(one.text.strip())):
            yield _mark("editor", sanitise(editor[0]), one)
        elif one.key in _HOSTING:
            yield _mark("hosting", sanitise(one.key), one)
        elif _private(one):
            yield _mark("editor", "剪映 / CapCut", one)


def _private(one: Field) -> bool:
    """Return whether these are ByteDance's own fields without a statement that AI took part."""
    text = plain_text(one)
    return '"product"' in text and _BYTEDANCE.search(text) is not None and fitting_rule(one) is None


def _mark(name: str, product: str, one: Field) -> Mark:
    return Mark(
        code=f"label.software.{name}",
        grade=Grade.INFORMATIVE,
        kind=f"software.{name}",
        value=sanitise(one.text),
        sentence=f"software.{name}",
        limits="limits.software",
        words={"product": product},
        facts={"product": product, "field": sanitise(one.key), "value": sanitise(one.text)},
        places=(one,),
    )
