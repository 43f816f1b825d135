"""Qwen on Alibaba's Model Studio: one call, answered with the picture's address."""

import re
from dataclasses import dataclass
from typing import Any

from chalicelib.providers.base import CallContext, ImageRequest, Picture, Recovery
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.sizes import MULTIPLES_OF_16
from chalicelib.providers.transport.attempts import with_retries
from chalicelib.providers.transport.collecting import collect
from chalicelib.providers.transport.fetch import Fetcher
from chalicelib.providers.transport.rest import Reply, RestClient, open_session

BASE_URL = "https://dashscope-intl.aliyuncs.com"
_REFUSAL = re.compile(
    r"^data_?inspection_?failed|^IPInfringement|RoleBlocked|RuleBlocked|inappropriate content",
    re.IGNORECASE,
)
_EMPTY_ACCOUNT = re.compile(
    r"Arrearage|FreeTierOnly|Overdue|Insufficient|NotPurchased|free allocated quota", re.IGNORECASE
)
_NO_MODEL = re.compile(r"\bmodel\b.{0,40}(not exist|not found)", re.IGNORECASE)
PATH = "/api/v1/services/aigc/multimodal-generation/generation"


def connect(credentials: Credentials) -> RestClient:
    """Make a client of Model Studio, or of what answers in its place."""
    headers = {"Authorization": f"Bearer {credentials.key.reveal()}"}
    fetcher = Fetcher(("*.aliyuncs.com",), credentials.base_url)
    return RestClient(open_session(), credentials.base_url or BASE_URL, headers, fetcher)


def image(client: RestClient, model: CatalogModel) -> "QwenImage":
    """Return the model as something that draws."""
    return QwenImage(client, model.model_id, Failures.of(model))


@dataclass(frozen=True)
class QwenImage:
    """One Qwen image model."""

    client: RestClient
    model_id: str
    failures: Failures
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        url = with_retries(lambda: self._draw(request, context), context)
        return Picture(data=collect(self.client.fetcher, url, context), seed=request.seed)

    def _draw(self, request: ImageRequest, context: CallContext) -> str:
        body = self._body(request)
        reply = self.client.post(PATH, context.deadline, self.failures, json=body)
        if reply.status != 200:
            raise self._refusal(reply)
        return self._url(reply)

    def _body(self, request: ImageRequest) -> dict[str, Any]:
        """The prompt as the person wrote it, without the service's rewriting or its watermark."""
        width, height = MULTIPLES_OF_16[request.aspect_ratio]
        parameters = {
            "size": f"{width}*{height}",
            "n": 1,
            "seed": request.seed,
            "negative_prompt": request.negative_prompt,
            "prompt_extend": False,
            "watermark": False,
        }
        message = {"role": "user", "content": [{"text": request.prompt}]}
        return {
            "model": self.model_id,
            "input": {"messages": [message]},
            "parameters": {name: v for name, v in parameters.items() if v is not None},
        }

    def _url(self, reply: Reply) -> str:
        answer = reply.json()
        try:
            output = answer["output"]
            if "results" in output:
                url = output["results"][0]["url"]
            else:
                parts = output["choices"][0]["message"]["content"]
                url = next(part["image"] for part in parts if "image" in part)
        except (KeyError, IndexError, TypeError, StopIteration):
            # A 200 may hold an error too; the picture then was drawn, or not, nobody says.
            error = self._refusal(reply)
            error.billed = "unknown"
            raise error from None
        if not isinstance(url, str):
            raise self.failures.bad_response()
        return url

    def _refusal(self, reply: Reply) -> ProviderError:
        """Qwen's signs are its codes: a refusal and an unpaid account are 400, 403 or 429 alike."""
        answer = reply.json()
        code, message = str(answer.get("code")), str(answer.get("message"))
        if _REFUSAL.search(code) or _REFUSAL.search(message):
            return self.failures.refused()
        if _EMPTY_ACCOUNT.search(code) or _EMPTY_ACCOUNT.search(message):
            return self.failures.out_of_credit()
        if code == "InvalidApiKey":
            return self.failures.bad_key()
        if code == "ModelNotFound" or _NO_MODEL.search(message):
            return self.failures.retired()
        if reply.status == 200:
            return self.failures.bad_response("unknown")
        return self.failures.from_status(reply.status, retry_hint(reply.headers))
