"""What generators, services and editors write, in every place that they are known to write it."""

import json
import zlib
from collections.abc import Iterator

from tests.makers.labels.blocks import aigc, exif, huawei_note, iim, samsung_block, xmp_property
from tests.makers.labels.containers import (
    box,
    heif_with,
    jpeg_with,
    matroska_with,
    movie_with,
    png_hiding,
    png_with,
)
from tests.makers.labels.matrix import ASCII, Cell, exif_holders, xmp_holders

__all__ = ["HARMLESS", "vendor_cells"]

IPTC_EXT = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_DC = "http://purl.org/dc/elements/1.1/"
_EXIF = "http://ns.adobe.com/exif/1.0/"
A1111 = "a mug\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 512x512"
_UUID = "01234567-89ab-cdef-0123-456789abcdef"
_NODES = json.dumps({"3": {"class_type": "KSampler", "inputs": {"seed": 1}}})
_WORKFLOW = json.dumps({"last_node_id": 9, "nodes": [{"id": 1}], "links": [[1, 1]]})
_JOB = "a cracked mug --v 6.1 Job ID: 01234567-89ab-cdef-0123-456789abcdef"

_PNG_TEXT: tuple[tuple[str, str, str], ...] = (
    ("stable_diffusion_webui", "parameters", A1111),
    ("comfyui", "prompt", _NODES),
    ("comfyui", "workflow", _WORKFLOW),
    ("invokeai", "invokeai_metadata", '{"app_version": "5.0"}'),
    ("invokeai", "invokeai_graph", '{"nodes": {}}'),
    ("invokeai", "sd-metadata", '{"model": "stable diffusion", "image": {}}'),
    ("invokeai", "Dream", "a mug -s 50 -S 1234 -W 512 -H 512 -C 7.5 -A k_lms"),
    ("novelai", "Software", "NovelAI"),
    ("novelai", "Source", "NovelAI Diffusion V4 1234ABCD"),
    ("novelai", "Title", "NovelAI generated image"),
    ("fooocus", "fooocus_scheme", "fooocus"),
    ("swarmui", "parameters", '{"sui_image_params": {"prompt": "a mug"}}'),
    ("swarmui", "Model", '{"sui_image_params": {"prompt": "a mug"}}'),
    ("fooocus", "parameters", '{"Prompt": "a mug", "software": "RuinedFooocus"}'),
    ("fooocus", "Comment", '{"prompt": "a mug", "real_prompt": ["a mug"], "base_model": "sd_xl"}'),
    ("stable_diffusion_webui", "postprocessing", "Postprocess upscale by: 4, Postprocess upscaler: R-ESRGAN"),
    ("easy_diffusion", "Stable Diffusion model", "sd-v1-5"),
    ("civitai", "parameters", 'a mug. Civitai resources: [{"type":"checkpoint"}]'),
    ("easy_diffusion", "use_stable_diffusion_model", "sd-v1-5"),
    ("midjourney", "Description", _JOB),
    ("luma", "Source", "Luma AI"),
    ("named", "Software", "ChatGPT"),
    ("named", "Software", "DALL·E 3"),
)
_COMMENTS: tuple[tuple[str, str], ...] = (
    ("stable_diffusion_webui", A1111),
    ("comfyui", "prompt:" + _NODES),
    ("comfyui", "Workflow:" + _WORKFLOW),
    ("swarmui", '{"sui_image_params": {"prompt": "a mug"}}'),
    ("fooocus", '{"version": "Fooocus v2.5.5", "prompt": "a mug"}'),
    ("civitai", A1111.split("Steps", maxsplit=1)[0] + "Civitai resources: []"),
    ("draw_things", '{"c":"a mug","sampler":"Euler","seed":1,"v2":{"steps":8}}'),
    ("easy_diffusion", '{"prompt": "a mug", "use_stable_diffusion_model": "sd-v1-5"}'),
    ("bytedance", '{"product": "dreamina", "exportType": "generation", "aigc_label_type": 1}'),
    ("samsung", '{"genAIType":1}'),
    ("stable_diffusion_webui", "一只摔碎的白色陶瓷杯子\nSteps: 20, Sampler: Euler a, Seed: 42"),
    ("comfyui", json.dumps({"prompt": _NODES})),
    ("easy_diffusion", '{"Prompt": "a mug", "Stable Diffusion model": "sd-v1-5"}'),
    ("bytedance", '{"data":{"product":"dreamina","exportType":"generation"},"aigc_label_type":0}'),
    ("fooocus", '{"Prompt": "a mug", "software": "RuinedFooocus"}'),
)
_EXIF_FIELDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("comfyui", {"Make": "workflow:" + _WORKFLOW, "Model": "prompt:" + _NODES}),
    ("comfyui", {"Model": "prompt:" + _NODES}),
    ("swarmui", {"Model": '{"sui_image_params": {"prompt": "a mug"}}'}),
    ("ideogram", {"Make": "Ideogram AI"}),
    ("xai", {"Artist": _UUID, "ImageDescription": "Signature: " + "Ab3/" * 20}),
    ("apple_clean_up", {"Software": "Apple Photos Clean Up"}),
    ("black_forest_labs", {"Make": "Black Forest Labs", "Software": "AI generated;txt2img;flux"}),
    ("novelai", {"Software": "NovelAI"}),
    ("fooocus", {"Software": "Fooocus v2.5.5"}),
    ("midjourney", {"ImageDescription": _JOB}),
    *(
        ("named", {"Software": name})
        for name in ("ChatGPT", "DALL-E 3", "Midjourney", "Stable Diffusion XL", "Adobe Firefly",
                     "Google Gemini", "Imagen 4", "Grok", "Leonardo.AI", "Ideogram 3.0", "Recraft V3")
    ),
)  # fmt: skip

HARMLESS: tuple[tuple[str, dict[str, str]], ...] = (
    ("editor", {"Software": "Adobe Photoshop 26.0 (Windows)"}),
    ("editor", {"Software": "Meitu"}),
    ("editor", {"Software": "GIMP 2.10"}),
    ("none", {"Make": "Apple", "Model": "iPhone 15 Pro", "Software": "18.1"}),
    ("none", {"Make": "samsung", "Software": "S918BXXU3AWGJ", "UserComment": ""}),
    ("none", {"UserComment": '{"aigc_label_type":0}'}),
    ("none", {"ImageDescription": '{"nodes": 3, "links": "none", "aigc_info": {}}'}),
    ("none", {"Artist": _UUID}),
    ("none", {"ImageDescription": "Signature: " + "Ab3/" * 20}),
    ("none", {"ImageDescription": "OLYMPUS DIGITAL CAMERA         "}),
    ("none", {"ImageDescription": "Follow the steps: 20 of them, then stop"}),
    ("none", {"ImageDescription": "Planting. Steps: 5. Seed: tomato, of 2026"}),
    ("none", {"ImageDescription": "Steps: 5, Seed: tomato"}),
    ("none", {"Software": "Sorage 1.0"}),
    ("none", {"ImageDescription": "my AIGC lecture, TC260 and all"}),
)
"""EXIF fields of honest files, and what they may be called: an editor, or nothing."""


def vendor_cells() -> list[Cell]:
    """Return a cell for each known mark in each place and format it is known in."""
    return [
        *_png_cells(),
        *_comment_cells(),
        *_field_cells(),
        *_iptc_cells(),
        *_phone_and_hidden_cells(),
        *_other_cells(),
    ]


def _png_cells() -> Iterator[Cell]:
    for number, (name, keyword, text) in enumerate(_PNG_TEXT):
        key = keyword.encode()
        for kind, content in (
            (b"tEXt", key + b"\0" + text.encode("latin-1")),
            (b"iTXt", key + bytes(5) + text.encode()),
            (b"zTXt", key + b"\0\0" + zlib.compress(text.encode("latin-1"))),
        ):
            if kind != b"tEXt" or "·" not in text:
                yield Cell(
                    f"png/{kind.decode()}/{name}_{number}",
                    "png.text",
                    lambda k=kind, c=content: png_with((k, c)),
                    f"label.generator.{name}",
                )


def _comment_cells() -> Iterator[Cell]:
    for number, (name, text) in enumerate(_COMMENTS):
        code = f"label.generator.{name}"
        for holder in ("jpeg", "webp", "png", "avif"):
            for form, value in (
                ("ascii", ASCII + text.encode()),
                ("unicode", b"UNICODE\0" + text.encode("utf-16-be")),
            ):
                yield Cell(
                    f"{holder}/user_comment_{form}/{name}_{number}",
                    "exif.user_comment",
                    lambda h=holder, v=value: exif_holders()[h](exif(UserComment=v)),
                    code,
                )
        yield Cell(
            f"jpeg/com/{name}_{number}", "jpeg.comment", lambda t=text: jpeg_with((0xFE, t.encode())), code
        )
    packet = xmp_property("exif", _EXIF, "UserComment", _COMMENTS[6][1], "list")
    for holder, hold in xmp_holders().items():
        yield Cell(
            f"{holder}/xmp/draw_things",
            "xmp.element",
            lambda h=hold: h(packet),
            "label.generator.draw_things",
        )


def _field_cells() -> Iterator[Cell]:
    for number, (name, texts) in enumerate(_EXIF_FIELDS):
        carrier = "exif.image_description" if name in ("xai", "midjourney") else "exif.other"
        block = exif(**{tag: value.encode() + b"\0" for tag, value in texts.items()})
        for holder in ("jpeg", "webp", "png", "tiff", "avif", "heic"):
            yield Cell(
                f"{holder}/exif/{name}_{number}",
                carrier,
                lambda h=holder, b=block: exif_holders()[h](b),
                f"label.generator.{name}",
            )


def _iptc_cells() -> Iterator[Cell]:
    terms = {
        "trainedAlgorithmicMedia": "iptc.trained_algorithmic_media",
        "compositeWithTrainedAlgorithmicMedia": "iptc.composite_with_trained_algorithmic_media",
        "compositeSynthetic": "iptc.composite_synthetic",
        "algorithmicMedia": "source.algorithmic_media",
        "digitalCapture": "source.digital_capture",
    }
    for holder, hold in xmp_holders().items():
        for term, code in terms.items():
            for form in ("element", "attribute", "resource"):
                packet = xmp_property("Iptc4xmpExt", IPTC_EXT, "DigitalSourceType", VOCABULARY + term, form)
                carrier = "xmp.attribute" if form == "attribute" else "xmp.element"
                yield Cell(
                    f"{holder}/xmp_{form}/{term}", carrier, lambda h=hold, p=packet: h(p), f"label.{code}"
                )
        for name, (prefix, uri, key, value), code in _IPTC_OTHERS:
            packet = xmp_property(prefix, uri, key, value, "list" if name == "ai_prompt" else "attribute")
            carrier = "xmp.element" if name == "ai_prompt" else "xmp.attribute"
            yield Cell(f"{holder}/xmp/{name}", carrier, lambda h=hold, p=packet: h(p), code)
    record = iim(2, 110, b"Made with Google AI")
    resource = (
        b"Photoshop 3.0\x008BIM\x04\x04\0\0" + len(record).to_bytes(4) + record + b"\0" * (len(record) % 2)
    )
    yield Cell("jpeg/iptc/credit", "iptc", lambda: jpeg_with((0xED, resource)), "label.iptc.ai_credit")


_IPTC_OTHERS = (
    ("credit", ("photoshop", PHOTOSHOP, "Credit", "Made with Google AI"), "label.iptc.ai_credit"),
    (
        "misspelt",
        ("Iptc4xmpExt", IPTC_EXT, "DigitalSourceFileType", VOCABULARY + "trainedAlgorithmicMedia"),
        "label.iptc.trained_algorithmic_media",
    ),
    ("ai_system", ("Iptc4xmpExt", IPTC_EXT, "AISystemUsed", "Example Model 3"), "label.iptc.ai_system"),
    ("ai_prompt", ("Iptc4xmpExt", IPTC_EXT, "AIPromptInformation", "crack the mug"), "label.iptc.ai_system"),
    ("creator_tool", ("xmp", _XMP, "CreatorTool", "Adobe Firefly 1.0"), "label.generator.named"),
    ("draw_things_tool", ("xmp", _XMP, "CreatorTool", "Draw Things 1.2"), "label.generator.draw_things"),
    (
        "clean_up",
        ("photoshop", PHOTOSHOP, "Credit", "Apple Photos Clean Up"),
        "label.generator.apple_clean_up",
    ),
    ("editor", ("xmp", _XMP, "CreatorTool", "Adobe Photoshop 26.0"), "label.software.editor"),
    ("midjourney", ("dc", _DC, "description", _JOB), "label.generator.midjourney"),
    (
        "look_alike",
        ("Iptc4xmpExt", IPTC_EXT, "DigitalSourceType", "http://example.org/trainedAlgorithmicMedia"),
        "label.source.unknown",
    ),
)


def _phone_and_hidden_cells() -> Iterator[Cell]:
    samsung = b'{"Re_Edit":1,"genAIType":2}SEFT'
    yield Cell(
        "jpeg/trailing/samsung", "trailing", lambda: jpeg_with(tail=samsung), "label.generator.samsung"
    )
    block = samsung_block(
        (b"PhotoEditor_Re_Edit_Data", b'{"genAIType":1}'), (b"Image_UTC_Data", b"1767261010")
    )
    for name, made in (
        ("jpeg/behind_the_end", jpeg_with(tail=block)),
        ("heic/behind_the_end", heif_with() + block),
        ("heic/sefd", heif_with() + box(b"sefd", block)),
    ):
        yield Cell(f"{name}/samsung", "samsung.record", lambda m=made: m, "label.generator.samsung")
    for order in "<>":
        edited = exif(order=order, Make=b"HUAWEI\0", MakerNote=huawei_note(1, order))
        yield Cell(
            f"jpeg/maker_note_{order}/huawei", "exif.other", lambda b=edited: exif_holders()["jpeg"](b),
            "label.generator.huawei",
        )  # fmt: skip
    for packed in (False, True):
        for name, text in (("stable_diffusion_webui", A1111), ("novelai", '{"Software": "NovelAI"}')):
            yield Cell(
                f"png/alpha_{'packed' if packed else 'plain'}/{name}", "png.alpha",
                lambda t=text, p=packed: png_hiding(t, packed=p), f"label.generator.{name}",
            )  # fmt: skip


def _other_cells() -> Iterator[Cell]:
    hosting = (b"tEXt", b"hf-job-id\x000123")
    yield Cell("png/tEXt/hosting", "png.text", lambda: png_with(hosting), "label.software.hosting")
    private = {"product": "capcut", "exportType": "export", "aigc_label_type": 0}
    block = exif(ImageDescription=json.dumps(private).encode())
    yield Cell(
        "jpeg/exif/bytedance_edit", "exif.image_description", lambda: exif_holders()["jpeg"](block),
        "label.software.editor",
    )  # fmt: skip
    tencent = {"ServiceProvider": "Example", "ServiceUser": "u", "Time": "2026-01-01", "ContentId": "c1"}
    cloud = exif(ImageDescription=json.dumps(tencent).encode())
    yield Cell(
        "jpeg/exif/tencent", "exif.image_description", lambda: exif_holders()["jpeg"](cloud),
        "label.aigc.inconclusive",
    )  # fmt: skip
    comfy = json.dumps({"prompt": _NODES, "workflow": _WORKFLOW}).encode()
    text = box(b"udta", box(b"\xa9cmt", min(len(comfy), 65535).to_bytes(2), bytes(2), _NODES.encode()))
    yield Cell(
        "mp4/user_text/comfyui", "isobmff.user_data", lambda: movie_with(text), "label.generator.comfyui"
    )
    escaped = json.dumps({"prompt": _NODES}).encode()
    yield Cell(
        "webm/tag/comfyui_escaped", "matroska.tag",
        lambda: matroska_with((b"COMMENT", escaped), kind=b"webm"), "label.generator.comfyui",
    )  # fmt: skip
    yield Cell(
        "mkv/tag/comfyui", "matroska.tag", lambda: matroska_with((b"PROMPT", _NODES.encode())),
        "label.generator.comfyui",
    )  # fmt: skip
    for meaning, code in (
        ("1", "noncompliant"),
        ("2", "possible"),
        ("3", "suspected"),
        ("AIGC", "inconclusive"),
    ):
        wild = exif(UserComment=ASCII + aigc(Label=meaning, ContentProducer="Minimax Agent AI").encode())
        yield Cell(
            f"jpeg/exif/label_{meaning}", "exif.user_comment", lambda b=wild: exif_holders()["jpeg"](b),
            f"label.aigc.{code}",
        )  # fmt: skip
