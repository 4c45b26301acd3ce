"""Detect the media type of a file from its first bytes, never from its name.

A polyglot is what it begins as: a zip archive or a web page with a picture inside is no picture.
"""

__all__ = ["EXTENSIONS", "HEAD_BYTES", "is_video", "sniff"]

HEAD_BYTES = 4096
"""Bytes of a file's beginning that `sniff` needs."""

EXTENSIONS: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "image/png": (".png", ".apng"),
    "image/webp": (".webp",),
    "image/gif": (".gif",),
    "image/tiff": (".tif", ".tiff", ".dng"),
    "image/bmp": (".bmp", ".dib"),
    "image/heic": (".heic", ".heif", ".hif"),
    "image/heif": (".heif", ".heic", ".hif"),
    "image/avif": (".avif",),
    "video/mp4": (".mp4", ".m4v", ".mov"),
    "video/quicktime": (".mov", ".qt", ".mp4"),
    "video/x-matroska": (".mkv",),
    "video/webm": (".webm",),
}
"""File name extensions of each media type, the usual one first."""

_SIGNATURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
    b"II+\0": "image/tiff",
    b"MM\0+": "image/tiff",
}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"mif1", b"msf1", b"mif2", b"miaf", b"MiHE", b"MiHB"}
_VIDEO_BRANDS = (
    b"iso",
    b"mp4",
    b"avc",
    b"dash",
    b"M4V",
    b"MSN",
    b"3gp",
    b"3g2",
    b"f4v",
    b"XAVC",
    b"hvc1",
    b"cmf",
)
_BARE_QUICKTIME = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}


def is_video(media_type: str) -> bool:
    """Return whether `media_type` names a video."""
    return media_type.startswith("video/")


def sniff(head: bytes) -> str | None:
    """Return the media type that a file's first bytes show.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` of the file, or the whole file.

    Returns
    -------
    str or None
        None for types that cannot be examined.
    """
    return _by_signature(head) or _iso_media(head) or _matroska(head)


def _by_signature(head: bytes) -> str | None:
    for signature, media_type in _SIGNATURES.items():
        if head.startswith(signature):
            return media_type
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    # A text file may begin with "BM" too, so the size of the header is checked as well.
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "image/bmp"
    return None


def _iso_media(head: bytes) -> str | None:
    size, kind = int.from_bytes(head[:4]), head[4:8]
    if kind != b"ftyp":
        # Early QuickTime files have no brand; their first box must at least have a possible size.
        plausible = kind in _BARE_QUICKTIME and (size <= 1 or 8 <= size < 1 << 31)
        return "video/quicktime" if plausible else None
    compatible = {head[at : at + 4] for at in range(16, min(size, len(head)) - 3, 4)}
    for brands in ({head[8:12]}, compatible):
        media_type = _by_brand(brands, compatible)
        if media_type:
            return media_type
    return None


def _by_brand(brands: set[bytes], compatible: set[bytes]) -> str | None:
    if brands & _AVIF_BRANDS:
        return "image/avif"
    if brands & _HEIC_BRANDS:
        return "image/heic"
    if brands & _HEIF_BRANDS:
        return _still_image(compatible)
    if b"qt  " in brands:
        return "video/quicktime"
    return "video/mp4" if any(brand.startswith(_VIDEO_BRANDS) for brand in brands) else None


def _still_image(compatible: set[bytes]) -> str:
    if compatible & _AVIF_BRANDS:
        return "image/avif"
    return "image/heic" if compatible & _HEIC_BRANDS else "image/heif"


def _matroska(head: bytes) -> str | None:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
