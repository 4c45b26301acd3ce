"""How a browser can show a file of evidence."""

__all__ = ["media_kind"]

_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif", "image/bmp"})
"""What every browser shows. A photo of another format is offered to be saved."""


def media_kind(media_type: str | None) -> str:
    """Return ``picture``, ``video``, or ``file`` for what has to be saved first."""
    if media_type in _SHOWN:
        return "picture"
    return "video" if (media_type or "").startswith("video/") else "file"
