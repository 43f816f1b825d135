"""Does a deployed product work? One small job from the browser's side, paid for if it is real.

Where people sign in, this has no account: then it is tried that nobody comes in without one.
"""

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from aiohttp import ClientError, ClientSession, ClientTimeout

PROMPT = "A lighthouse on a small island at dawn, watercolour"
ENDED = ("completed", "partial", "failed", "cancelled")
REQUEST_SECONDS = 30
JOB_SECONDS = 180
STARTING_SECONDS, STARTING_PAUSE = 60, 1
STARTING = (502, 503, 504)
"""What a gateway answers for a function that has not started yet."""
Json = dict[str, Any]


class SmokeError(Exception):
    """The first thing that did not work."""


class StartingError(SmokeError):
    """A gateway answered for the product, which may still be starting."""


@dataclass(frozen=True)
class Smoke:
    """A visitor of the product at `url`, whose page comes from `origin`."""

    url: str
    stage: str
    origin: str
    starting_seconds: float = STARTING_SECONDS

    def test(self) -> list[str]:
        """What works, one line each; raises SmokeError."""
        try:
            return asyncio.run(self._test())
        except (ClientError, TimeoutError, ValueError, KeyError) as problem:
            raise SmokeError(
                f"{self.url} does not answer as it should: {type(problem).__name__} {problem}"
            ) from None

    async def _test(self) -> list[str]:
        async with ClientSession(timeout=ClientTimeout(total=REQUEST_SECONDS)) as session:
            await self._page(session)
            health = await self._started(session)
            if health["stage"] != self.stage:
                raise SmokeError(f"/api/health answers for stage {health['stage']}.")
            if (await self._json(session, "/api/auth"))["mode"] != "off":
                await self._closed(session)
                return ["page, health and sign-in answer", "nobody comes in without signing in"]
            models = await self._json(session, "/api/models")
            model = cheapest(models["models"])
            job = await self._draw(session, models["websocketUrl"], model)
            await self._picture(session, job)
        return [
            "page, health and models answer",
            f"{model['name']} drew a picture, told over the socket",
        ]

    async def _page(self, session: ClientSession) -> None:
        async with session.get(self.url + "/") as answer:
            if answer.status != 200 or answer.content_type != "text/html":
                raise SmokeError(f"{self.url}/ is not the page (status {answer.status}).")

    async def _closed(self, session: ClientSession) -> None:
        async with session.get(self.url + "/api/gallery") as answer:
            if answer.status != 401:
                raise SmokeError(f"/api/gallery answers {answer.status} without signing in.")

    async def _started(self, session: ClientSession) -> Json:
        """The first answer of the product's own, for which a new function may take its time."""
        deadline = time.monotonic() + self.starting_seconds
        while True:
            try:
                return await self._json(session, "/api/health")
            except StartingError:
                if time.monotonic() >= deadline:
                    raise
            await asyncio.sleep(STARTING_PAUSE)

    async def _json(self, session: ClientSession, path: str) -> Json:
        async with session.get(self.url + path) as answer:
            if answer.status != 200:
                error = StartingError if answer.status in STARTING else SmokeError
                raise error(f"{path} answers {answer.status}: {await answer.text()}")
            found: Json = await answer.json()
            return found

    async def _draw(self, session: ClientSession, socket_url: str, model: Json) -> Json:
        async with session.ws_connect(socket_url, origin=self.origin) as socket:
            wanted = {"prompt": PROMPT, "models": [model["index"]]}
            async with session.post(f"{self.url}/api/generate", json=wanted) as answer:
                if answer.status != 202:
                    raise SmokeError(
                        f"/api/generate answers {answer.status}: {await answer.text()}"
                    )
                job: Json = await answer.json()
            await socket.send_json({"action": "subscribe", "jobId": job["jobId"]})
            deadline = time.monotonic() + JOB_SECONDS
            while job["status"] not in ENDED:
                left = deadline - time.monotonic()
                job = json.loads(await socket.receive_str(timeout=max(left, 0.1)))["job"]
        return job

    async def _picture(self, session: ClientSession, job: Json) -> None:
        (result,) = job["results"]
        if result["status"] != "completed":
            raise SmokeError(f"{result['model']} did not draw: {result.get('error')}")
        async with session.get(urljoin(self.url, result["imageUrl"])) as answer:
            if answer.status != 200 or answer.content_type != result["contentType"]:
                raise SmokeError(f"{result['imageUrl']} answers {answer.status}.")


def cheapest(models: list[Json]) -> Json:
    """The model whose picture costs least, as far as prices are known.

    One that may sleep for minutes is tried only where there is no other.
    """

    def dearness(model: Json) -> tuple[bool, float]:
        return bool(model.get("deferred")), model["price"]["amount"] or float("inf")

    return min(models, key=dearness)
