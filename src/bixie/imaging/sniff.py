"""What a file is, by its first bytes and never by its name.

Polyglots are decided by how they begin: a zip archive or a web page with a picture inside is no picture.
"""

__all__ = ["EXTENSIONS", "HEAD_BYTES", "is_video", "sniff"]

HEAD_BYTES = 4096
"""How much of a file's beginning `sniff` wants to see."""

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
"""The names that go with each media type, the usual one first."""

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
        None when it is none of the types that can be examined.
    """
    return _by_signature(head) or _iso_media(head) or _matroska(head)


def _by_signature(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "image/tiff"
    # Two letters alone would take a text file that begins with "BM"; the header's own size settles it.
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "image/bmp"
    return None


def _iso_media(head: bytes) -> str | None:
    kind = head[4:8]
    if kind in _BARE_QUICKTIME and int.from_bytes(head[:4], "big") in {0, 1, *range(8, 1 << 24)}:
        return "video/quicktime"
    if kind != b"ftyp":
        return None
    major = head[8:12]
    end = min(int.from_bytes(head[:4], "big"), len(head))
    compatible = {head[at : at + 4] for at in range(16, end - 3, 4)}
    if major in _AVIF_BRANDS:
        return "image/avif"
    if major in _HEIC_BRANDS:
        return "image/heic"
    if major in _HEIF_BRANDS:
        return _still_image(compatible)
    if major == b"qt  ":
        return "video/quicktime"
    if major.startswith(_VIDEO_BRANDS) or any(brand.startswith(_VIDEO_BRANDS) for brand in compatible):
        return "video/mp4"
    return _still_image(compatible) if compatible & (_AVIF_BRANDS | _HEIC_BRANDS | _HEIF_BRANDS) else None


def _still_image(compatible: set[bytes]) -> str:
    if compatible & _AVIF_BRANDS:
        return "image/avif"
    return "image/heic" if compatible & _HEIC_BRANDS else "image/heif"


def _matroska(head: bytes) -> str | None:
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return None
    return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
