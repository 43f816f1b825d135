"""The built page, with the cache rules that the deployment gives it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from aiohttp import web

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"


class Pages:
    """Serves a built page; an address that names no file is a view of the page itself."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = self._file(request.path)
        if path is None:
            return _missing()
        hashed = path.is_relative_to(self._root / "assets")
        cache = IMMUTABLE if hashed else REVALIDATE
        return web.FileResponse(path, headers={"Cache-Control": cache})

    def _file(self, address: str) -> Path | None:
        """The file to send; None when a file is asked for that does not exist."""
        try:
            wanted = (self._root / address.lstrip("/")).resolve()
            if wanted.is_relative_to(self._root) and wanted.is_file():
                return wanted
        except (OSError, ValueError):
            # A name that no file can have: too long, or with a NUL in it.
            return None
        index = self._root / "index.html"
        is_view = "." not in address.rsplit("/", 1)[-1]
        return index if is_view and index.is_file() else None


def _missing() -> web.Response:
    sentence = "There is nothing at this address."
    body = {"error": sentence, "code": "NOT_FOUND", "requestId": str(uuid4())}
    return web.json_response(body, status=404)
