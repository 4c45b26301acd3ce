"""Places behind the obvious: alpha, Samsung's records, Huawei's note, texts of two bytes a letter."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image
from tests.makers.labels.blocks import exif, huawei_note, samsung_block
from tests.makers.labels.containers import chunk, jpeg_with, movie_with, png_hiding
from tests.makers.labels.examining import read, said
from tests.makers.labels.matrix import exif_holders
from tests.makers.labels.vendors import A1111

from bixie.examiners.label.hidden_text import hidden_text
from bixie.examiners.label.samsung import samsung_records
from bixie.imaging.limits import Limits
from bixie.imaging.source import source_from_bytes
from bixie.imaging.structure import walk

LIMITS = Limits()
PROMPTS = ("一只摔碎的杯子", "a cup, 杯子", "割れたカップの写真", "깨진 컵 사진", "cup")


def filtered(data, kind):
    """Return a PNG of eight bits and alpha with every row filtered by `kind` (PNG, 9.2)."""
    rows = np.asarray(Image.open(io.BytesIO(data))).astype(np.int16)
    height, width, channels = rows.shape
    flat = rows.reshape(height, width * channels)
    left = np.pad(flat, ((0, 0), (channels, 0)))[:, :-channels]
    above = np.pad(flat, ((1, 0), (0, 0)))[:-1]
    corner = np.pad(left, ((1, 0), (0, 0)))[:-1]
    away = [np.abs(left + above - corner - one) for one in (left, above, corner)]
    paeth = np.choose(np.argmin(away, axis=0), [left, above, corner])
    predicted = [0, left, above, (left + above) // 2, paeth][kind]
    coded = ((flat - predicted) & 0xFF).astype(np.uint8)
    raw = b"".join(bytes([kind]) + row.tobytes() for row in coded)
    return data[:33] + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


def hidden(data, limits=LIMITS):
    return hidden_text(walk(source_from_bytes("a", data), limits), limits)


@pytest.mark.parametrize("kind", range(5))
def test_hidden_text_is_read_through_every_filter(kind):
    found = hidden(filtered(png_hiding(A1111), kind))
    assert (found.key, found.text) == ("stealth_pnginfo", A1111)


def test_hidden_text_is_read_across_columns_and_unpacked():
    assert hidden(png_hiding(A1111 * 9, height=130)).text == A1111 * 9
    assert hidden(png_hiding(A1111 * 9, packed=True)).text == A1111 * 9


def test_a_signature_whose_text_cannot_be_read_is_still_a_mark():
    data = png_hiding("x" * 17_000)
    assert hidden(data).text == "?"
    assert "label.generator.stable_diffusion_webui" in said(data)


def test_alpha_without_the_signature_and_too_large_a_picture_say_nothing():
    file = io.BytesIO()
    Image.new("RGBA", (130, 130), (1, 2, 3, 255)).save(file, "PNG")
    assert hidden(file.getvalue()) is None
    assert hidden(png_hiding(A1111), Limits(pixels=1000)) is None


@pytest.mark.parametrize("cut", [40, 60, 400, 4000])
def test_a_damaged_picture_raises_nothing(cut):
    data = png_hiding(A1111)
    read(data[:cut] + data[-12:])
    assert hidden(data[:41] + bytes(len(data) - 41)) is None


def test_records_whose_directory_lies_are_left_out():
    block = samsung_block((b"Name", b'{"genAIType":1}'))
    at = block.index(b"SEFH")
    for wrong in (
        block[: at + 8] + b"\xff\xff\xff\xff" + block[at + 12 :],
        block[: at + 16] + b"\xff\xff\xff\x7f" + block[at + 20 :],
        block[: at + 20] + b"\xff\xff\xff\x7f" + block[at + 24 :],
        block[:-8] + b"\xff\xff\xff\xff" + block[-4:],
    ):
        found = samsung_records(wrong, 0, len(wrong))
        assert found is None or len(found.records) <= 1
        read(jpeg_with(tail=wrong))


@pytest.mark.parametrize("value", [b'{"genAIType":0}', b'{"isScaleAI":false}', b"1767261010000"])
def test_records_without_ai_are_no_mark(value):
    assert said(jpeg_with(tail=samsung_block((b"PhotoEditor_Re_Edit_Data", value)))) == {}


@pytest.mark.parametrize(
    "note", [huawei_note(0), b"HUAWEI\0\0", b"HUAWEI\0\0II*\0\xff\xff\xff\xff", b"Nikon\0\x02"]
)
def test_a_makers_note_without_an_ai_edit_is_no_mark(note):
    assert said(exif_holders()["jpeg"](exif(Make=b"HUAWEI\0", MakerNote=note))) == {}


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-8"])
@pytest.mark.parametrize("order", "<>")
def test_a_comment_is_read_whatever_its_encoding_and_order(prompt, encoding, order):
    text = prompt + "，" * 70 + "\nSteps: 20, Sampler: Euler a, Seed: 1"
    comment = b"UNICODE\0" + text.encode(encoding)
    data = exif_holders()["jpeg"](exif(order=order, UserComment=comment))
    (finding,) = said(data).values()
    assert finding.code == "label.generator.stable_diffusion_webui"
    assert finding.data["value"].startswith(prompt)


def test_a_field_of_tiktok_without_a_value_is_no_label_taken_out():
    keys = b"\0\0\0\x21keys\0\0\0\0\0\0\0\1\0\0\0\x11mdtaaigc_info"
    meta = b"\0\0\0\x21hdlr\0\0\0\0\0\0\0\0mdta" + bytes(13) + keys
    data = movie_with((len(meta) + 12).to_bytes(4) + b"meta" + bytes(4) + meta)
    assert said(data) == {}
