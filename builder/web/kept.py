"""What a browser may keep: it asks each time whether that is still so, and is sent it only where it is not."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

from builder.web.rendering import STATIC

if TYPE_CHECKING:
    from starlette.requests import Request

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


def revalidated(request: Request, content: bytes, kind: str) -> Response:
    """The content, or 304 without it where the browser has the same already."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    given = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in given:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=kind)


async def static(request: Request) -> Response:
    """One of the files that all pages share; 404 for any other name."""
    found = _files().get(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    return revalidated(request, *found)


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """Every file with its content and type, by name: a few small ones, read once."""
    return {path.name: (path.read_bytes(), _TYPES[path.suffix]) for path in STATIC.iterdir() if path.suffix in _TYPES}
