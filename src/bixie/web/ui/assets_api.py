"""``/assets/{room}/{name}``: style, scripts and drawings of the pages.

A room of pages keeps them in its folder ``assets``; nothing has to be registered. An address made by
`asset_url` names the content, so that browsers keep it; scripts that import others ask again each time.
"""

import hashlib
import re
from functools import cache
from importlib.resources import files
from importlib.util import find_spec

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

__all__ = ["asset_url", "router"]

PREFIX = "/assets"
_NAME = re.compile(r"[a-z][a-z0-9_]*\.(css|js|svg)", re.ASCII)
_ROOM = re.compile(r"[a-z][a-z_]*", re.ASCII)
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_FOREVER = "public, max-age=31536000, immutable"
_ASK = "no-cache"

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/{room}/{name}")
def get_asset(request: Request, room: str, name: str, v: str | None = None) -> Response:
    """Return one file; 304 where the browser has it already."""
    content = _read(room, name)
    digest = _digest(content)
    headers = {"ETag": f'"{digest}"', "Cache-Control": _FOREVER if v == digest else _ASK}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)


def asset_url(room: str, name: str) -> str:
    """Return the address of a file, which changes with its content."""
    return f"{PREFIX}/{room}/{name}?v={_digest(_read(room, name))}"


@cache
def _read(room: str, name: str) -> bytes:
    """Return the content of a file.

    Raises
    ------
    HTTPException
        404 for a room or a file that does not exist.
    """
    package = f"bixie.web.{room}"
    if not _ROOM.fullmatch(room) or not _NAME.fullmatch(name) or find_spec(package) is None:
        raise HTTPException(404)
    file = files(package).joinpath("assets", name)
    if not file.is_file():
        raise HTTPException(404)
    return file.read_bytes()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
