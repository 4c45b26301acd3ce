"""The matrix: every carrier in every format that can hold it, written byte by byte.

A cell is one small file with one mark; `expected` is the code that reading it must give, and `carrier` the
place that must be named.
"""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.makers.labels.blocks import aigc, exif, iim, label_json, xmp_aigc, xmp_property
from tests.makers.labels.containers import (
    box,
    gif_with,
    heif_with,
    jpeg_with,
    matroska_with,
    movie_with,
    png_with,
    riff,
    tiff_with,
    webp_with,
)

__all__ = ["Cell", "label_cells"]

XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED_HEAD = b"http://ns.adobe.com/xmp/extension/\0"
XMP_KEYWORD = b"XML:com.adobe.xmp"
_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_OTHER_UUID = bytes(range(16))
RDF_TYPE = b"application/rdf+xml"
_GIF_RAMP = bytes([1, *range(255, -1, -1), 0])
ASCII = b"ASCII\0\0\0"


@dataclass(frozen=True)
class Cell:
    """One file of the matrix.

    Parameters
    ----------
    name : str
        ``format/place/form``.
    carrier : str
        The place that reading it must name.
    make : callable
        Returns the file.
    expected : str
        Code of the finding.
    writer : str
    """

    name: str
    carrier: str
    make: Callable[[], bytes]
    expected: str = "label.aigc.compliant"
    writer: str = "bytes"


def label_cells() -> list[Cell]:
    """Return a cell for the AIGC label in each carrier of each format, in each form it is written in."""
    return [*_xmp_cells(), *_exif_cells(), *_png_cells(), *_loose_cells(), *_movie_cells()]


def xmp_holders() -> dict[str, Callable[[str], bytes]]:
    """Return, by name, what puts an XMP packet into a file of each format."""
    return {
        "jpeg": lambda packet: jpeg_with((0xE1, XMP_HEAD + packet.encode())),
        "jpeg_extended": _extended,
        "png": lambda packet: png_with((b"iTXt", XMP_KEYWORD + bytes(5) + packet.encode())),
        "png_late": lambda packet: png_with((b"iTXt", XMP_KEYWORD + bytes(5) + packet.encode()), late=True),
        "png_compressed": lambda packet: png_with(
            (b"iTXt", XMP_KEYWORD + b"\0\1\0\0\0" + zlib.compress(packet.encode()))
        ),
        "png_raw_profile": lambda packet: png_with((b"tEXt", _raw_profile(b"xmp", packet.encode()))),
        "webp": lambda packet: webp_with((b"XMP ", packet.encode())),
        "webp_tail": lambda packet: webp_with(tail=riff(b"XMP ", packet.encode())),
        "tiff": lambda packet: tiff_with(exif(XMP=packet.encode())),
        "tiff_big_endian": lambda packet: tiff_with(exif(order=">", XMP=packet.encode())),
        "gif": lambda packet: gif_with(b"\x21\xff\x0bXMP DataXMP" + packet.encode() + _GIF_RAMP),
        "heic": lambda packet: heif_with((b"mime", RDF_TYPE, packet.encode())),
        "heic_idat": lambda packet: heif_with((b"mime", RDF_TYPE, packet.encode()), in_idat=True),
        "avif": lambda packet: heif_with((b"mime", RDF_TYPE, packet.encode()), brand=b"avif"),
        "mp4_uuid": lambda packet: movie_with(after=box(b"uuid", _XMP_UUID, packet.encode())),
        "mov_user_data": lambda packet: movie_with(
            box(b"udta", box(b"XMP_", packet.encode())), brand=b"qt  "
        ),
    }


def exif_holders() -> dict[str, Callable[[bytes], bytes]]:
    """Return, by name, what puts an EXIF block into a file of each format."""
    return {
        "jpeg": lambda block: jpeg_with((0xE1, b"Exif\0\0" + block)),
        "png": lambda block: png_with((b"eXIf", block)),
        "png_late": lambda block: png_with((b"eXIf", block), late=True),
        "png_raw_profile": lambda block: png_with((b"zTXt", _packed_profile(b"exif", b"Exif\0\0" + block))),
        "webp": lambda block: webp_with((b"EXIF", block)),
        "webp_prefixed": lambda block: webp_with((b"EXIF", b"Exif\0\0" + block)),
        "webp_tail": lambda block: webp_with(tail=riff(b"EXIF", block)),
        "tiff": tiff_with,
        "heic": lambda block: heif_with((b"Exif", b"", bytes(4) + block)),
        "avif": lambda block: heif_with((b"Exif", b"", bytes(4) + block), brand=b"avif"),
    }


def _xmp_cells() -> Iterator[Cell]:
    for name, hold in xmp_holders().items():
        for form in ("element", "attribute"):
            yield Cell(
                f"{name}/xmp/{form}", f"xmp.{form}", lambda h=hold, f=form: h(xmp_aigc(label_json(), f))
            )
    for form in ("cdata", "plain", "numeric", "twice"):
        yield Cell(f"jpeg/xmp/{form}", "xmp.element", lambda f=form: _jpeg_xmp(xmp_aigc(label_json(), f)))
    yield Cell(
        "jpeg/xmp/apostrophes", "xmp.attribute", lambda: _jpeg_xmp(xmp_aigc(label_json(), "apostrophes"))
    )
    yield Cell("jpeg/xmp/wrapped", "xmp.element", lambda: _jpeg_xmp(xmp_aigc(aigc())))
    yield Cell(
        "jpeg/xmp/utf16",
        "xmp.element",
        lambda: jpeg_with((0xE1, XMP_HEAD + xmp_aigc(label_json()).encode("utf-16"))),
    )
    other = xmp_property("ai", "http://example.org/ns/", "AIGC", label_json())
    yield Cell("jpeg/xmp/other_namespace", "xmp.element", lambda: _jpeg_xmp(other))


def _exif_cells() -> Iterator[Cell]:
    blocks = {
        "user_comment": (lambda: exif(UserComment=ASCII + aigc().encode()), "exif.user_comment"),
        "image_description": (
            lambda: exif(ImageDescription=aigc().encode() + b"\0"),
            "exif.image_description",
        ),
    }
    for name, hold in exif_holders().items():
        for place, (block, carrier) in blocks.items():
            yield Cell(f"{name}/exif/{place}", carrier, lambda h=hold, b=block: h(b()))
    forms = {
        "unicode_little": ("<", b"UNICODE\0" + aigc().encode("utf-16-le")),
        "unicode_big": (">", b"UNICODE\0" + aigc().encode("utf-16-be")),
        "unicode_other_order": ("<", b"UNICODE\0" + aigc().encode("utf-16-be")),
        "undefined": ("<", bytes(8) + aigc().encode()),
        "no_prefix": ("<", aigc().encode()),
    }
    for form, (order, value) in forms.items():
        make = lambda o=order, v=value: exif_holders()["jpeg"](exif(order=o, UserComment=v))  # noqa: E731
        yield Cell(f"jpeg/exif/user_comment_{form}", "exif.user_comment", make)
    wide = aigc().encode("utf-16-le") + b"\0\0"
    yield Cell("jpeg/exif/xp_comment", "exif.other", lambda: exif_holders()["jpeg"](exif(XPComment=wide)))


def _png_cells() -> Iterator[Cell]:
    for late in (False, True):
        when = "after" if late else "before"
        for form, text in (("raw", label_json()), ("wrapped", aigc())):
            raw = text.encode()
            for kind, content in (
                ("tEXt", b"AIGC\0" + raw),
                ("zTXt", b"AIGC\0\0" + zlib.compress(raw)),
                ("iTXt", b"AIGC" + bytes(5) + raw),
                ("iTXt_compressed", b"AIGC\0\1\0\0\0" + zlib.compress(raw)),
            ):
                yield Cell(
                    f"png/{kind}_{when}_IDAT/{form}",
                    "png.text",
                    lambda k=kind, c=content, w=late: png_with((k[:4].encode(), c), late=w),
                )
    comment = b"Comment\0" + aigc().encode()
    yield Cell("png/tEXt_other_keyword/wrapped", "png.text", lambda: png_with((b"tEXt", comment)))


def _loose_cells() -> Iterator[Cell]:
    bare = b"AIGC" + label_json().encode()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + _sized(iim(2, 120, aigc().encode()))
    yield Cell("jpeg/app0/bare", "jpeg.segment", lambda: jpeg_with((0xE0, bare)))
    yield Cell(
        "jpeg/app0_before_jfif/bare", "jpeg.segment", lambda: jpeg_with((0xE0, bare), after_jfif=False)
    )
    yield Cell("jpeg/app15/bare", "jpeg.segment", lambda: jpeg_with((0xEF, b"\0\0" + bare)))
    yield Cell("jpeg/com/bare", "jpeg.comment", lambda: jpeg_with((0xFE, bare)))
    yield Cell("jpeg/com/wrapped", "jpeg.comment", lambda: jpeg_with((0xFE, aigc().encode())))
    yield Cell("jpeg/iptc/wrapped", "iptc", lambda: jpeg_with((0xED, iptc)))
    yield Cell(
        "png_raw_profile/iptc/wrapped",
        "iptc",
        lambda: png_with((b"tEXt", _raw_profile(b"iptc", iptc.removeprefix(b"Photoshop 3.0\0")))),
    )
    yield Cell("jpeg/trailing/bare", "trailing", lambda: jpeg_with(tail=bare))
    yield Cell("png/trailing/bare", "trailing", lambda: png_with(tail=bare))
    yield Cell("webp/trailing/bare", "trailing", lambda: webp_with(tail=bare))
    yield Cell(
        "gif/comment/wrapped", "gif.comment", lambda: gif_with(b"\x21\xfe" + _sub_blocks(aigc().encode()))
    )


def _movie_cells() -> Iterator[Cell]:
    value = label_json().encode()
    for brand, name in ((b"isom", "mp4"), (b"qt  ", "mov")):
        for place, inside in (
            ("udta_meta", box(b"udta", _keys(b"AIGC", value))),
            ("udta_meta_plain", box(b"udta", _keys(b"AIGC", value, plain=True))),
            ("moov_meta", _keys(b"AIGC", value)),
        ):
            yield Cell(
                f"{name}/{place}/keys", "isobmff.keys", lambda i=inside, b=brand: movie_with(i, brand=b)
            )
    for place, inside, carrier in (
        ("comment", box(b"udta", _list(b"\xa9cmt", aigc().encode())), "isobmff.list"),
        ("bare_meta_comment", _list(b"\xa9cmt", aigc().encode()), "isobmff.list"),
        ("freeform", box(b"udta", _freeform(b"AIGC", value)), "isobmff.list"),
        ("user_text", box(b"udta", _user_text(aigc().encode())), "isobmff.user_data"),
        ("user_box", box(b"udta", box(b"AIGC", value)), "isobmff.user_data"),
    ):
        yield Cell(f"mp4/{place}/list", carrier, lambda i=inside: movie_with(i))
    private = box(b"uuid", _OTHER_UUID, b"AIGC" + value)
    yield Cell("mp4/uuid_private/bare", "isobmff.uuid", lambda: movie_with(after=private))
    for kind in (b"matroska", b"webm"):
        name = "mkv" if kind == b"matroska" else "webm"
        yield Cell(f"{name}/tag/raw", "matroska.tag", lambda k=kind: matroska_with((b"AIGC", value), kind=k))
    yield Cell(
        "mkv/tag/long",
        "matroska.tag",
        lambda: matroska_with((b"AIGC", label_json(ReservedCode1="x" * 3000).encode())),
    )


def _jpeg_xmp(packet: str) -> bytes:
    return xmp_holders()["jpeg"](packet)


def _extended(packet: str) -> bytes:
    raw = packet.encode()
    half = len(raw) // 2
    head = _EXTENDED_HEAD + b"0123456789ABCDEF0123456789ABCDEF" + len(raw).to_bytes(4)
    return jpeg_with((0xE1, head + bytes(4) + raw[:half]), (0xE1, head + half.to_bytes(4) + raw[half:]))


def _profile_text(name: bytes, raw: bytes) -> bytes:
    digits = raw.hex().encode()
    lines = b"\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    return b"\n" + name + b"\n" + f"{len(raw):8d}".encode() + b"\n" + lines + b"\n"


def _raw_profile(name: bytes, raw: bytes) -> bytes:
    return b"Raw profile type " + name + b"\0" + _profile_text(name, raw)


def _packed_profile(name: bytes, raw: bytes) -> bytes:
    return b"Raw profile type " + name + b"\0\0" + zlib.compress(_profile_text(name, raw))


def _sub_blocks(raw: bytes) -> bytes:
    pieces = [raw[at : at + 255] for at in range(0, len(raw), 255)]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def _sized(raw: bytes) -> bytes:
    return len(raw).to_bytes(4) + raw


def _keys(key: bytes, value: bytes, *, plain: bool = False) -> bytes:
    handler = box(b"hdlr", bytes(4), b"mdta", bytes(13), full=0)
    keys = box(b"keys", (1).to_bytes(4), box(b"mdta", key), full=0)
    values = box(b"ilst", box((1).to_bytes(4), box(b"data", (1).to_bytes(4), bytes(4), value)))
    return box(b"meta", handler, keys, values, full=None if plain else 0)


def _list(kind: bytes, value: bytes) -> bytes:
    handler = box(b"hdlr", bytes(4), b"mdir", bytes(13), full=0)
    entry = box(kind, box(b"data", (1).to_bytes(4), bytes(4), value))
    return box(b"meta", handler, box(b"ilst", entry), full=0)


def _freeform(name: bytes, value: bytes) -> bytes:
    handler = box(b"hdlr", bytes(4), b"mdir", bytes(13), full=0)
    mean = box(b"mean", b"com.example", full=0)
    data = box(b"data", (1).to_bytes(4), bytes(4), value)
    entry = box(b"----", mean, box(b"name", name, full=0), data)
    return box(b"meta", handler, box(b"ilst", entry), full=0)


def _user_text(value: bytes) -> bytes:
    return box(b"\xa9cmt", len(value).to_bytes(2), bytes(2), value)
