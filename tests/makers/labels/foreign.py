"""The same marks written by other programs: Pillow, OpenCV, FFmpeg (PyAV), ExifTool, where they are here."""

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.makers.labels.blocks import aigc, exif, label_json, xmp_aigc
from tests.makers.labels.containers import picture
from tests.makers.labels.matrix import ASCII, Cell

__all__ = ["foreign_cells"]

_DESCRIPTION, _COMMENT, _EXIF_POINTER = 0x010E, 0x9286, 0x8769


def foreign_cells() -> list[Cell]:
    """Return the cells that the programs of this machine can write."""
    cells = [*_pillow(), *_opencv()]
    if find_spec("av"):
        cells += _ffmpeg()
    if shutil.which("exiftool"):
        cells += _exiftool()
    return cells


def _pillow() -> Iterator[Cell]:
    packet = xmp_aigc(label_json()).encode()
    for form in ("JPEG", "WEBP", "AVIF", "PNG", "TIFF"):
        name = form.lower()
        if form != "TIFF":  # Pillow leaves the comment out of TIFF files
            yield _cell(
                f"{name}/exif/user_comment",
                "exif.user_comment",
                "Pillow",
                _saved(form, exif=_block(_COMMENT)),
            )
        yield _cell(
            f"{name}/exif/image_description", "exif.image_description", "Pillow",
            _saved(form, exif=_block(_DESCRIPTION)),
        )  # fmt: skip
    for form in ("JPEG", "WEBP", "AVIF"):
        yield _cell(f"{form.lower()}/xmp/element", "xmp.element", "Pillow", _saved(form, xmp=packet))
    yield _cell("jpeg/com/wrapped", "jpeg.comment", "Pillow", _saved("JPEG", comment=aigc().encode()))
    yield _cell("gif/comment/wrapped", "gif.comment", "Pillow", _saved("GIF", comment=aigc().encode()))
    for compressed in (False, True):
        for international in (False, True):
            info = PngInfo()
            add = info.add_itxt if international else info.add_text
            add("AIGC", label_json(), zip=compressed)
            kind = ("iTXt" if international else "tEXt") + ("_compressed" if compressed else "")
            yield _cell(f"png/{kind}/raw", "png.text", "Pillow", _saved("PNG", pnginfo=info))
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet.decode())
    yield _cell("png/xmp/element", "xmp.element", "Pillow", _saved("PNG", pnginfo=info))
    yield _cell("tiff/xmp/element", "xmp.element", "Pillow", _saved("TIFF", tiffinfo={700: packet}))


def _opencv() -> Iterator[Cell]:
    image = np.zeros((24, 24, 3), np.uint8)
    blocks = {
        "exif": (cv2.IMAGE_METADATA_EXIF, exif(UserComment=ASCII + aigc().encode()), "exif.user_comment"),
        "xmp": (cv2.IMAGE_METADATA_XMP, xmp_aigc(label_json()).encode(), "xmp.element"),
    }
    for form in ("jpg", "png", "webp", "avif"):
        for name, (kind, block, carrier) in blocks.items():

            def make(form: str = form, kind: int = kind, block: bytes = block) -> bytes:
                content = [np.frombuffer(block, np.uint8)]
                done, data = cv2.imencodeWithMetadata(f".{form}", image, [kind], content)
                return data.tobytes() if done else b""

            try:
                written = block in make()
            except cv2.error:
                written = False
            if written:
                # OpenCV leaves out the letters that name a JPEG's XMP segment.
                place = "jpeg.segment" if (form, name) == ("jpg", "xmp") else carrier
                yield _cell(f"{form}/{name}", place, "OpenCV", make)


def _ffmpeg() -> Iterator[Cell]:
    for form, carrier, options in (
        ("mp4", "isobmff.keys", {"movflags": "use_metadata_tags"}),
        ("mov", "isobmff.keys", {"movflags": "use_metadata_tags"}),
        ("matroska", "matroska.tag", {}),
        ("webm", "matroska.tag", {}),
    ):
        yield _cell(
            f"{form}/tags", carrier, "FFmpeg", lambda f=form, o=options: _movie(f, "AIGC", label_json(), o)
        )
    yield _cell("mp4/comment", "isobmff.list", "FFmpeg", lambda: _movie("mp4", "comment", aigc(), {}))


def _exiftool() -> Iterator[Cell]:
    for form in ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF"):
        for tag, carrier in (
            ("EXIF:UserComment", "exif.user_comment"),
            ("XMP-dc:Description", "xmp.element"),
        ):
            if form == "GIF" and tag.startswith("EXIF"):
                continue
            yield _cell(
                f"{form.lower()}/{tag}", carrier, "ExifTool", lambda f=form, t=tag: _tagged(f, t, aigc())
            )


def _cell(name: str, carrier: str, writer: str, make: Callable[[], bytes]) -> Cell:
    return Cell(f"{writer}:{name}", carrier, make, writer=writer)


def _saved(form: str, **options: object) -> Callable[[], bytes]:
    def make() -> bytes:
        file = io.BytesIO()
        Image.open(io.BytesIO(picture("PNG"))).convert("RGB").save(file, form, **options)
        return file.getvalue()

    return make


def _block(tag: int) -> Image.Exif:
    block = Image.Exif()
    block[0x010F] = "Maker"  # Pillow takes a block without a first directory for none
    if tag == _COMMENT:
        block.get_ifd(_EXIF_POINTER)[tag] = ASCII + aigc().encode()
    else:
        block[tag] = aigc()
    return block


def _movie(form: str, key: str, value: str, options: dict[str, str]) -> bytes:
    import av

    file = io.BytesIO()
    with av.open(file, "w", format=form, options=options) as container:
        container.metadata[key] = value
        stream = container.add_stream("libvpx" if form == "webm" else "mpeg4", rate=Fraction(5))
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")
        for packet in (*stream.encode(frame), *stream.encode()):
            container.mux(packet)
    return file.getvalue()


def _tagged(form: str, tag: str, value: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        path = Path(folder) / f"a.{form.lower()}"
        path.write_bytes(picture(form))
        subprocess.run(
            ["exiftool", "-q", "-overwrite_original", f"-{tag}={value}", str(path)], check=True, timeout=60
        )
        return path.read_bytes()
