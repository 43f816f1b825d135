"""Uploads to the bucket and downloads on the product's own origin: inner ports answer no page.

The app signs an address as it does for S3, with credentials that only it and this door know. What
is signed for is handed on to the inner S3; nothing else gets through.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from aiohttp import ClientError, ClientSession, web
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PATH = "/local/uploads"
KEY_ID = "uploads"
FOLDERS = {"PUT": "uploads", "GET": "exports"}
"""What may be sent, and what may be had."""
MUST_BE_SIGNED = {
    "PUT": frozenset({"content-length", "content-type", "host", "if-none-match"}),
    "GET": frozenset({"host"}),
}
PASSED_ON = ("Content-Type", "Content-Length", "If-None-Match", "X-Amz-Checksum-Sha256")
PASSED_BACK = (
    *("Content-Type", "ETag", "Content-Length", "Content-Disposition", "Cache-Control"),
    *("Content-Range", "Accept-Ranges"),
)
CHUNK = 64 * 1024
_SIGNATURE = "X-Amz-Signature"


class UploadDoor:
    """Lets in what was signed with this secret for this origin, and is in time."""

    def __init__(self, origin: str, secret: str, region: str, now_s: Callable[[], float]) -> None:
        self._origin = origin
        self._credentials = Credentials(KEY_ID, secret)
        self._region = region
        self._now_s = now_s

    def lets_in(self, method: str, target: str, headers: Mapping[str, str]) -> bool:
        """Return whether a request's target, path and query as they came, is signed with these
        headers."""
        path, _, query = target.partition("?")
        pairs = [pair for pair in query.split("&") if not pair.startswith(f"{_SIGNATURE}=")]
        told = dict(parse_qsl(query, keep_blank_values=True))
        signed = told.get("X-Amz-SignedHeaders", "").split(";")
        if not set(signed) >= MUST_BE_SIGNED.get(method, {""}) or not self._is_in_time(told):
            return False
        request = AWSRequest(method, f"{self._origin}{path}?{'&'.join(pairs)}")
        for name in signed:
            request.headers[name] = headers.get(name, "")
        # A page may be at another name of this machine.
        request.headers.replace_header("host", self._origin.partition("://")[2])
        request.context["timestamp"] = told["X-Amz-Date"]
        auth = S3SigV4QueryAuth(self._credentials, "s3", self._region)
        text = auth.string_to_sign(request, auth.canonical_request(request))
        return hmac.compare_digest(auth.signature(text, request), told.get(_SIGNATURE, ""))

    def _is_in_time(self, told: Mapping[str, str]) -> bool:
        try:
            signed = datetime.strptime(told["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return self._now_s() <= signed.timestamp() + int(told["X-Amz-Expires"])
        except (KeyError, ValueError):
            return False


class Uploads:
    """Streams one file into the bucket's folder of uploads, or out of that of exports."""

    def __init__(
        self, session: ClientSession, emulator: str, bucket: str, door: UploadDoor
    ) -> None:
        self._session = session
        self._emulator = emulator
        self._bucket = bucket
        self._door = door

    async def serve(self, request: web.Request) -> web.StreamResponse:
        key = request.path.removeprefix(PATH)
        folder = f"/{self._bucket}/{FOLDERS.get(request.method, '')}/"
        is_ours = key.startswith(folder) and not {"..", "."} & set(key.split("/"))
        if not is_ours or not self._door.lets_in(request.method, request.raw_path, request.headers):
            return _refused(403, "This address is not signed for this file, or no longer valid.")
        try:
            if request.method == "GET":
                return await self._sent(request, f"{self._emulator}{key}")
            return await self._taken(request, f"{self._emulator}{key}")
        except ClientError:
            return _refused(503, "The bucket cannot be reached at the moment. Try again.")

    async def _taken(self, request: web.Request, stored: str) -> web.Response:
        headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
        async with self._session.put(stored, data=request.content, headers=headers) as answer:
            kept = {n: answer.headers[n] for n in ("Content-Type", "ETag") if n in answer.headers}
            return web.Response(status=answer.status, headers=kept, body=await answer.read())

    async def _sent(self, request: web.Request, stored: str) -> web.StreamResponse:
        asked = {"Range": request.headers["Range"]} if "Range" in request.headers else {}
        async with self._session.get(stored, headers=asked) as found:
            if found.status not in (200, 206):
                return _refused(404, "This file does not exist, or no longer.")
            kept = {n: found.headers[n] for n in PASSED_BACK if n in found.headers}
            answer = web.StreamResponse(status=found.status, headers=kept)
            await answer.prepare(request)
            async for chunk in found.content.iter_chunked(CHUNK):
                await answer.write(chunk)
            await answer.write_eof()
            return answer


def _refused(status: int, sentence: str) -> web.Response:
    code = {403: "FORBIDDEN", 404: "NOT_FOUND"}.get(status, "UNAVAILABLE")
    return web.json_response({"error": sentence, "code": code}, status=status)
