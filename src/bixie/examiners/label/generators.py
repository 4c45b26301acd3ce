"""Recognise picture generators by their parameters, workflows, names and signatures.

Each rule asks for what only its generator writes. A camera's maker and model are no counter-evidence: some
generators write their workflow into these fields.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bixie.examiners.label.fields import Field
from bixie.examiners.label.marks import Mark
from bixie.examiners.results import Grade
from bixie.kit.sanitise import sanitise

__all__ = ["PRODUCTS", "RULES", "Rule", "generator_marks"]

_LOOKED_AT = 64 * 1024
_COMMENT_KEYS = frozenset(
    {
        "UserComment", "description", "ImageDescription", "XPComment", "comment", "COMMENT", "Comment",
        "©cmt", "©des", "Description", "DESCRIPTION", "title", "parameters", "PROMPT", "prompt", "workflow",
        "WORKFLOW",
    }
)  # fmt: skip
_COMMENT_CARRIERS = frozenset({"exif.user_comment", "exif.image_description", "jpeg.comment", "gif.comment"})
_NAME_KEYS = frozenset(
    {"Software", "ProcessingSoftware", "ImageEditingSoftware", "CreatorTool", "Source", "©too",
     "MuxingApp", "WritingApp", "ENCODER", "SOFTWARE", "softwareAgent", "com.apple.quicktime.software"}
)  # fmt: skip
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"

Where = Callable[[Field], bool]


def _comment(one: Field) -> bool:
    return one.carrier in _COMMENT_CARRIERS or one.key in _COMMENT_KEYS


def _named(one: Field) -> bool:
    return one.key in _NAME_KEYS


def _png(*keys: str) -> Where:
    wanted = frozenset(keys)
    return lambda one: one.carrier == "png.text" and one.key in wanted


def _exif(*keys: str) -> Where:
    wanted = frozenset(keys)
    return lambda one: one.carrier.startswith(("exif", "xmp")) and one.key in wanted


def _anywhere(_one: Field) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """What one generator writes.

    Parameters
    ----------
    name : str
        Last part of the code.
    product : str
        As people know it.
    where : callable
        Which fields it is looked for in.
    patterns : tuple of Pattern
        All of them must be found in the field.
    """

    name: str
    product: str
    where: Where
    patterns: tuple[re.Pattern[str], ...]

    def fits(self, one: Field) -> bool:
        """Return whether a field fits this rule."""
        if not self.where(one):
            return False
        text = one.text[:_LOOKED_AT]
        return all(pattern.search(text) for pattern in self.patterns)


def _rule(name: str, product: str, where: Where, *patterns: str) -> Rule:
    return Rule(name, product, where, tuple(re.compile(pattern) for pattern in patterns))


_A1111 = (r"\bSteps: \d{1,4}\b", r"\b(?:Sampler|CFG scale|Seed|Model hash|Schedule type): ?\S")
_WORKFLOW_BEGINS = r"^\W{0,3}(?:[Pp]rompt|[Ww]orkflow)\W{0,3}:?\s*\{"

RULES = (
    _rule("stable_diffusion_webui", "Stable Diffusion WebUI (A1111, Forge)", _comment, *_A1111),
    _rule("comfyui", "ComfyUI", _comment, r'"class_type"\s*:\s*"', r'"inputs"\s*:'),
    _rule("comfyui", "ComfyUI", _comment, r'"nodes"\s*:\s*\[', r'"links"\s*:\s*\['),
    _rule("comfyui", "ComfyUI", _exif("Make", "Model", "ImageDescription", "UserComment", "Software"),
          _WORKFLOW_BEGINS),
    _rule("invokeai", "InvokeAI", _png("invokeai_metadata", "invokeai_graph", "invokeai_workflow"), r"\S"),
    _rule("invokeai", "InvokeAI", _png("sd-metadata"), r'"(?:model|image|app_id)"\s*:'),
    _rule("invokeai", "InvokeAI", _png("Dream"), r"\s-s ?\d+", r"\s-(?:S|W|H|C|A) ?\w+"),
    _rule("novelai", "NovelAI", _png("Software"), r"^NovelAI$"),
    _rule("novelai", "NovelAI", _png("Source"), r"^NovelAI\b"),
    _rule("novelai", "NovelAI", _png("Title"), r"^NovelAI generated image$"),
    _rule("novelai", "NovelAI", _exif("Software"), r"^NovelAI$"),
    _rule("novelai", "NovelAI", _comment, r'"Software"\s*:\s*"NovelAI"'),
    _rule("fooocus", "Fooocus", _png("fooocus_scheme"), r"\S"),
    _rule("fooocus", "Fooocus", _named, r"^Fooocus\b"),
    _rule("fooocus", "Fooocus", _comment, r'"[Vv]ersion"\s*:\s*"Fooocus v|"metadata_scheme"\s*:\s*"fooocus"'),
    _rule("swarmui", "SwarmUI", _comment, r'"sui_image_params"\s*:'),
    _rule("civitai", "Civitai", _comment, r"Civitai resources: \[|\"urn:air:"),
    _rule("draw_things", "Draw Things", _named, r"^Draw Things\b"),
    _rule("draw_things", "Draw Things", _comment, r'"sampler"\s*:', r'"seed"\s*:', r'"v2"\s*:\s*\{'),
    _rule("easy_diffusion", "Easy Diffusion", _png("use_stable_diffusion_model"), r"\S"),
    _rule("easy_diffusion", "Easy Diffusion", _comment, r'"use_stable_diffusion_model"\s*:'),
    _rule("midjourney", "Midjourney", _comment, rf"\bJob ID: {_UUID}"),
    _rule("samsung", "Samsung Galaxy AI", lambda one: one.key == "genAIType", r"^\s*[1-9]\d*\s*$"),
    _rule("samsung", "Samsung Galaxy AI", _anywhere, r"\bgenAIType\"?\s*[:=]\s*\"?[1-9]"),
    _rule("apple_clean_up", "Apple Photos Clean Up", _anywhere, r"\bApple Photos Clean Up\b"),
    _rule("ideogram", "Ideogram", _exif("Make"), r"^Ideogram AI$"),
    _rule("luma", "Luma", _png("Source"), r"^Luma AI$"),
    _rule("black_forest_labs", "Black Forest Labs FLUX", _exif("Make"), r"^Black Forest Labs$"),
    _rule("black_forest_labs", "Black Forest Labs FLUX", _exif("Software"), r"^AI generated;.*\bflux"),
    _rule("bytedance", "ByteDance 字节跳动", _comment, r"\"aigc_label_type\"\s*:\s*\"?[12]\b"),
)  # fmt: skip

PRODUCTS = (
    "ChatGPT", "OpenAI", "DALL[-·• ]?E", "GPT-4o", "gpt-image", "OpenAI Sora", "Midjourney",
    "Stable Diffusion", "Adobe Firefly", "Google Gemini", "Gemini AI", "Google Imagen", "Imagen [2-9]",
    "Google AI", "Nano Banana", "Leonardo ?\\.?AI", "Ideogram", "Recraft", "xAI", "Grok",
    "Bing Image Creator", "Runway ?ML", "Krea AI", "FLUX\\.[1-9]", "Seedream", "Dreamina", "即梦", "豆包",
    "可灵", "Kling AI", "通义万相", "文心一格", "混元生图", "Playground AI",
    "NightCafe", "Magnific", "Reve Image",
)  # fmt: skip
"""Names of generators, as patterns; one of them must begin a field that says what wrote the file."""

_PRODUCT = re.compile(rf"(?i:{'|'.join(PRODUCTS)})(?=$|[\s:;,/()·-]|v?\d)")
_XAI_ARTIST = re.compile(_UUID)
_XAI_SIGNATURE = re.compile(r"Signature: [A-Za-z0-9+/]{64,}={0,2}")


def generator_marks(fields: Iterable[Field]) -> Iterator[Mark]:
    """Yield a mark for each field that only a generator writes."""
    every = list(fields)
    for one in every:
        fitting = next((rule for rule in RULES if rule.fits(one)), None)
        if fitting:
            yield _mark(fitting.name, fitting.product, one)
        elif _named(one) and (product := _PRODUCT.match(one.text.strip())):
            yield _mark("named", sanitise(product[0]), one)
    yield from _xai(every)


def _xai(fields: list[Field]) -> Iterator[Mark]:
    """Both fields are needed: an artist may have any name, and a description may quote a signature."""
    artist = next((f for f in fields if f.key == "Artist" and _XAI_ARTIST.fullmatch(f.text.strip())), None)
    signed = next(
        (
            one
            for one in fields
            if one.carrier == "exif.image_description" and _XAI_SIGNATURE.fullmatch(one.text.strip())
        ),
        None,
    )
    if artist and signed:
        yield _mark("xai", "xAI Grok", signed)


def _mark(name: str, product: str, one: Field) -> Mark:
    return Mark(
        code=f"label.generator.{name}",
        grade=Grade.CONCLUSIVE,
        kind=f"generator.{name}",
        value=sanitise(one.text),
        sentence="generator",
        limits="limits.ai",
        words={"product": product},
        facts={"product": product, "field": sanitise(one.key), "value": sanitise(one.text)},
        places=(one,),
    )
