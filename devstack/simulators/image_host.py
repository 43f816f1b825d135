"""The host from which finished pictures are collected; it must never be sent a key."""

from __future__ import annotations

from collections import OrderedDict

from aiohttp import web

CREDENTIAL_HEADERS = ("Authorization", "x-key", "x-goog-api-key")
MAX_KEPT = 200


class ImageHost:
    """Serve stored pictures by name; keep the newest ones."""

    def __init__(self) -> None:
        self.base_url = ""
        self._pictures: OrderedDict[str, tuple[bytes, str]] = OrderedDict()

    def store(self, name: str, picture: bytes, content_type: str) -> str:
        """Keep the picture and return its absolute URL."""
        self._pictures[name] = (picture, content_type)
        while len(self._pictures) > MAX_KEPT:
            self._pictures.popitem(last=False)
        return f"{self.base_url}/delivery/{name}"

    def routes(self) -> list[web.RouteDef]:
        """Return the route of the host."""
        return [web.get("/delivery/{name}", self._deliver)]

    async def _deliver(self, request: web.Request) -> web.Response:
        """Answer 403 to a request with a credential, as a signed link does."""
        if any(header in request.headers for header in CREDENTIAL_HEADERS):
            return web.Response(status=403, text="Credentials are not accepted here.")
        found = self._pictures.get(request.match_info["name"])
        if found is None:
            return web.Response(status=404, text="This link has expired.")
        return web.Response(body=found[0], content_type=found[1])
