"""Stability AI's own service: a form in, the picture's bytes out."""

import re
from dataclasses import dataclass

from chalicelib.providers.base import CallContext, ImageRequest, Picture, Recovery
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.transport.attempts import with_retries
from chalicelib.providers.transport.decoding import from_base64
from chalicelib.providers.transport.fetch import Fetcher
from chalicelib.providers.transport.openai_errors import classify_words, error_body
from chalicelib.providers.transport.rest import Reply, RestClient, open_session

BASE_URL = "https://api.stability.ai"
PATH = "/v2beta/stable-image/generate"
LOCK_OUT = 60.0
"""Seconds for which the service refuses everything after 150 calls within ten seconds."""


def connect(credentials: Credentials) -> RestClient:
    """Make a client of Stability AI, or of what answers in its place."""
    headers = {"Authorization": f"Bearer {credentials.key.reveal()}"}
    fetcher = Fetcher((), credentials.base_url)
    return RestClient(open_session(), credentials.base_url or BASE_URL, headers, fetcher)


def image(client: RestClient, model: CatalogModel) -> "StableImage":
    """Return the model as something that draws."""
    return StableImage(client, model.model_id, Failures.of(model))


@dataclass(frozen=True)
class StableImage:
    """One model: `ultra` and `core` are services of their own, SD 3.5 is one with four models."""

    client: RestClient
    model_id: str
    failures: Failures
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        return with_retries(lambda: self._draw(request, context), context)

    def _draw(self, request: ImageRequest, context: CallContext) -> Picture:
        service = self.model_id if self.model_id in ("ultra", "core") else "sd3"
        reply = self.client.post(
            f"{PATH}/{service}",
            context.deadline,
            self.failures,
            headers={"Accept": "image/*"},
            files=self._form(request, service),
        )
        return self._picture(reply, request)

    def _form(self, request: ImageRequest, service: str) -> dict[str, tuple[None, str]]:
        """Only multipart bodies are taken, although there is no file in this one."""
        fields = {
            "prompt": request.prompt,
            "aspect_ratio": request.aspect_ratio,
            "negative_prompt": request.negative_prompt,
            "seed": request.seed,
            "cfg_scale": request.guidance,
            "model": self.model_id if service == "sd3" else None,
            "output_format": "png",
        }
        return {name: (None, str(v)) for name, v in fields.items() if v is not None}

    def _picture(self, reply: Reply, request: ImageRequest) -> Picture:
        if reply.status != 200:
            raise self._refusal(reply)
        # Bytes were asked for, but a picture in JSON is one too, and so is an error.
        told = reply.json()
        reason = reply.headers.get("finish-reason") or told.get("finish_reason")
        if reason == "CONTENT_FILTERED":
            raise self.failures.refused("unknown")
        if told and not told.get("image"):
            error = self._refusal(reply)
            error.billed = "unknown"
            raise error
        data = from_base64(told["image"], self.failures) if told else reply.body
        if not data:
            raise self.failures.bad_response()
        used = str(reply.headers.get("seed", told.get("seed")))
        seed = int(used) if re.fullmatch(r"\d{1,10}", used, re.ASCII) else request.seed
        return Picture(data=data, seed=seed)

    def _refusal(self, reply: Reply) -> ProviderError:
        """Stability's signs are the names of its errors, then their words: a 403 is many things."""
        told = reply.json()
        name = str(told.get("name"))
        if name in ("content_moderation", "invalid_prompts"):
            return self.failures.refused()
        if name in ("payment_required", "insufficient_balance", "insufficient_credits"):
            return self.failures.out_of_credit()
        if name == "not_found":
            return self.failures.retired()
        if name == "invalid_language":
            return self.failures.bad_request("prompt")
        if worded := classify_words(error_body(told, reply.status), self.failures):
            return worded
        hint = retry_hint(reply.headers)
        return self.failures.from_status(reply.status, LOCK_OUT if hint is None else hint)
