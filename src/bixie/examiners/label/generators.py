"""Recognise picture generators by their parameters, workflows, names and signatures.

Each rule asks for what only its generator writes, by the name of a field and its text: no rule knows which
container or place holds it. A camera's maker and model are no counter-evidence: some generators write their
workflow into these fields.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bixie.examiners.ai_services import ai_service
from bixie.examiners.label.fields import Field
from bixie.examiners.label.marks import Mark
from bixie.examiners.results import Grade
from bixie.kit.sanitise import sanitise

__all__ = ["RULES", "Rule", "fitting_rule", "generator_marks", "plain_text"]

_LOOKED_AT = 64 * 1024
_COMMENT_KEYS = (
    "", "UserComment", "description", "ImageDescription", "XPComment", "comment", "COMMENT", "Comment",
    "©cmt", "©des", "Description", "DESCRIPTION", "title", "parameters", "PROMPT", "prompt", "workflow",
    "WORKFLOW", "Make", "Model", "Software", "2:120",
)  # fmt: skip
"""Where people and programs put sentences; generators put their parameters there, and into Make and Model."""

_NAME_KEYS = (
    "Software", "ProcessingSoftware", "ImageEditingSoftware", "CreatorTool", "Source", "©too",
    "MuxingApp", "WritingApp", "ENCODER", "SOFTWARE", "softwareAgent", "com.apple.quicktime.software",
    "software", "encoder",
)  # fmt: skip
_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one generator writes, whatever holds it.

    Parameters
    ----------
    name : str
        Last part of the code.
    product : str
        As people know it.
    keys : frozenset of str
        Names of the fields that it is looked for in; empty where its patterns suffice in any field.
    patterns : tuple of Pattern
        All of them must be found in the field.
    """

    name: str
    product: str
    keys: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def fits(self, key: str, text: str) -> bool:
        """Return whether a field of this name, and this `plain_text`, fits."""
        return (not self.keys or key in self.keys) and all(one.search(text) for one in self.patterns)


def plain_text(one: Field) -> str:
    """Return what rules are asked about: begin and end of long texts, JSON inside JSON as JSON alone."""
    text = one.text
    if len(text) > 2 * _LOOKED_AT:
        text = f"{text[:_LOOKED_AT]}\n{text[-_LOOKED_AT:]}"
    return text.replace("\\", "") if '\\"' in text else text


def _rule(name: str, product: str, keys: Iterable[str], *patterns: str) -> Rule:
    return Rule(name, product, frozenset(keys), tuple(re.compile(pattern) for pattern in patterns))


_ANY = ()
_WEBUI = "Stable Diffusion WebUI (A1111, Forge)"
_STEPS = r"Steps: ?\d{1,4}\s*,"
_SETTINGS = r"\b(?:Sampler: ?\S|CFG scale: ?\d|Seed: ?\d|Model hash: ?[0-9a-f]|Schedule type: ?\S)"
_WORKFLOW_BEGINS = r"^\W{0,3}(?:[Pp]rompt|[Ww]orkflow)\W{0,3}:?\s*\{"
_STEALTH = ("stealth_pnginfo", "stealth_pngcomp")

RULES = (
    _rule("comfyui", "ComfyUI", _ANY, r'"class_type"\s*:\s*"', r'"inputs"\s*:'),
    _rule("comfyui", "ComfyUI", _ANY, r'"last_node_id"\s*:', r'"nodes"\s*:\s*\['),
    _rule("comfyui", "ComfyUI", _COMMENT_KEYS, r'"nodes"\s*:\s*\[', r'"links"\s*:\s*\['),
    _rule("comfyui", "ComfyUI", ("Make", "Model", "ImageDescription", "UserComment", "Software"),
          _WORKFLOW_BEGINS),
    _rule("stable_diffusion_webui", _WEBUI, _ANY, _STEPS, _SETTINGS),
    _rule("stable_diffusion_webui", _WEBUI, ("postprocessing", "extras", "parameters", *_COMMENT_KEYS),
          r"Postprocess (?:upscale by|upscale to|upscaler|crop to)\b"),
    _rule("invokeai", "InvokeAI", ("invokeai_metadata", "invokeai_graph", "invokeai_workflow"), r"\S"),
    _rule("invokeai", "InvokeAI", ("sd-metadata",), r'"(?:model|image|app_id)"\s*:'),
    _rule("invokeai", "InvokeAI", ("Dream",), r"\s-s ?\d+", r"\s-(?:S|W|H|C|A) ?\w+"),
    _rule("novelai", "NovelAI", ("Software",), r"^NovelAI$"),
    _rule("novelai", "NovelAI", ("Source",), r"^NovelAI\b"),
    _rule("novelai", "NovelAI", ("Title",), r"^NovelAI generated image$"),
    _rule("novelai", "NovelAI", _ANY, r'"Software"\s*:\s*"NovelAI"'),
    _rule("fooocus", "Fooocus", ("fooocus_scheme",), r"\S"),
    _rule("fooocus", "Fooocus", _NAME_KEYS, r"^(?:Ruined)?Fooocus\b"),
    _rule("fooocus", "Fooocus", _ANY, r'"(?:[Vv]ersion|[Ss]oftware)"\s*:\s*"(?:Ruined)?Fooocus\b'),
    _rule("fooocus", "Fooocus", _ANY, r'"metadata_scheme"\s*:\s*"fooocus"'),
    _rule("fooocus", "Fooocus-MRE", _ANY, r'"real_prompt"\s*:', r'"base_model"\s*:'),
    _rule("swarmui", "SwarmUI", _ANY, r'"sui_image_params"\s*:'),
    _rule("civitai", "Civitai", _ANY, r"Civitai resources: \[|\"urn:air:"),
    _rule("draw_things", "Draw Things", _NAME_KEYS, r"^Draw Things\b"),
    _rule("draw_things", "Draw Things", _COMMENT_KEYS, r'"sampler"\s*:', r'"seed"\s*:', r'"v2"\s*:\s*\{'),
    _rule("easy_diffusion", "Easy Diffusion", ("use_stable_diffusion_model", "Stable Diffusion model"),
          r"\S"),
    _rule("easy_diffusion", "Easy Diffusion", _ANY,
          r'"(?:use_stable_diffusion_model|Stable Diffusion model)"\s*:'),
    _rule("midjourney", "Midjourney", _COMMENT_KEYS, rf"\bJob ID: {_UUID}"),
    _rule("samsung", "Samsung Galaxy AI", ("genAIType",), r"^\s*[1-9]\d*\s*$"),
    _rule("samsung", "Samsung Galaxy AI", _ANY, r"genAIType\"?\s*[:=]\s*\"?[1-9]"),
    _rule("huawei", "华为 AI 编辑 Huawei AI edit", ("HwMnoteAiEdit",), r"^\s*[1-9]\d*\s*$"),
    _rule("apple_clean_up", "Apple Photos Clean Up", _ANY, r"Apple Photos Clean Up\b"),
    _rule("ideogram", "Ideogram", ("Make",), r"^Ideogram AI$"),
    _rule("luma", "Luma", ("Source",), r"^Luma AI$"),
    _rule("black_forest_labs", "Black Forest Labs FLUX", ("Make",), r"^Black Forest Labs$"),
    _rule("black_forest_labs", "Black Forest Labs FLUX", ("Software",), r"^AI generated;.*\bflux"),
    _rule("bytedance", "ByteDance 字节跳动", _ANY, r"\"aigc_label_type\"\s*:\s*\"?[12]\b"),
    _rule("bytedance", "ByteDance 字节跳动 (Dreamina 即梦)", _ANY,
          r'"exportType"\s*:\s*"generation"', r'"product"\s*:\s*"(?:dreamina|jimeng)"'),
    _rule("stable_diffusion_webui", "Stable Diffusion", _STEALTH, r"\S"),
)  # fmt: skip
"""The first that fits names the generator."""

_XAI_ARTIST = re.compile(_UUID)
_XAI_SIGNATURE = re.compile(r"Signature: [A-Za-z0-9+/]{64,}={0,2}")


def generator_marks(fields: Iterable[Field]) -> Iterator[Mark]:
    """Yield a mark for each field that only a generator writes."""
    every = list(fields)
    for one in every:
        fitting = fitting_rule(one)
        if fitting:
            yield _mark(fitting.name, fitting.product, one)
        elif one.key in _NAME_KEYS and (product := ai_service(one.text)):
            yield _mark("named", sanitise(product), one)
    yield from _xai(every)


def fitting_rule(one: Field) -> Rule | None:
    """Return the first rule that a field fits."""
    text = plain_text(one)
    return next((rule for rule in RULES if rule.fits(one.key, text)), None)


def _xai(fields: list[Field]) -> Iterator[Mark]:
    """Both fields are needed: an artist may have any name, and a description may quote a signature."""
    artist = next((f for f in fields if f.key == "Artist" and _XAI_ARTIST.fullmatch(f.text.strip())), None)
    signed = next(
        (
            one
            for one in fields
            if one.key == "ImageDescription" and _XAI_SIGNATURE.fullmatch(one.text.strip())
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
