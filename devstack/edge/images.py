"""The bucket's pictures under the page's own origin, as the CDN serves them."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import ClientSession, web
from yarl import URL

from devstack.edge.signatures import PictureDoor

PREFIX = "/group-images/"
PASSED_ON = ("If-None-Match", "Range")
PASSED_BACK = (
    "Content-Type",
    "Content-Length",
    "Content-Range",
    "Accept-Ranges",
    "Cache-Control",
    "ETag",
)
CHUNK = 64 * 1024


class Images:
    """Streams objects below `group-images/` and nothing else of the bucket.

    With a door, only to addresses that are signed.
    """

    def __init__(
        self, session: ClientSession, emulator: str, bucket: str, door: PictureDoor | None = None
    ) -> None:
        self._session = session
        self._door = door
        self._base = URL(emulator) / bucket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if self._door and not self._door.lets_in(request.raw_path):
            return _forbidden()
        key = request.path.lstrip("/")
        if ".." in key.split("/"):
            return _missing()
        asked = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        async with self._session.get(self._base / key, headers=asked) as stored:
            if stored.status not in (200, 206, 304, 416):
                return _missing()
            answer = web.StreamResponse(status=stored.status, headers=_kept(stored.headers))
            await answer.prepare(request)
            if request.method != "HEAD" and stored.status != 304:
                async for chunk in stored.content.iter_chunked(CHUNK):
                    await answer.write(chunk)
            await answer.write_eof()
            return answer


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name] for name in PASSED_BACK if name in headers}


def _forbidden() -> web.Response:
    sentence = "This picture is private, and its address is not signed or no longer valid."
    return web.json_response(
        {"error": sentence, "code": "FORBIDDEN"}, status=403, headers={"Cache-Control": "no-store"}
    )


def _missing() -> web.Response:
    return web.json_response(
        {"error": "This picture does not exist, or no longer.", "code": "NOT_FOUND"}, status=404
    )
