"""Qwen on Alibaba's Model Studio: one call, answered with the picture's address."""

from dataclasses import dataclass
from typing import Any

import requests

from chalicelib.providers.attempts import with_retries
from chalicelib.providers.base import CallContext, ImageRequest, Picture, Recovery
from chalicelib.providers.catalog import CatalogModel
from chalicelib.providers.collecting import collect
from chalicelib.providers.connection import Account
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.fetch import Fetcher
from chalicelib.providers.rest import Reply, open_session, send
from chalicelib.providers.sizes import MULTIPLES_OF_16

BASE_URL = "https://dashscope-intl.aliyuncs.com"
PATH = "/api/v1/services/aigc/multimodal-generation/generation"


def connect(account: Account) -> "Connection":
    """A connection to Model Studio, or to what answers in its place."""
    return Connection(open_session(), account, Fetcher(("*.aliyuncs.com",), account.base_url))


@dataclass(frozen=True)
class Connection:
    session: requests.Session
    account: Account
    fetcher: Fetcher

    def image(self, model: CatalogModel) -> "QwenImage":
        return QwenImage(self, model.model_id, Failures.of(model))


@dataclass(frozen=True)
class QwenImage:
    """One Qwen image model."""

    connection: Connection
    model_id: str
    failures: Failures
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        url = with_retries(lambda: self._draw(request, context), context)
        return Picture(data=collect(self.connection.fetcher, url, context), seed=request.seed)

    def _draw(self, request: ImageRequest, context: CallContext) -> str:
        account = self.connection.account
        reply = send(
            self.connection.session,
            "POST",
            f"{account.base_url or BASE_URL}{PATH}",
            context.deadline,
            self.failures,
            headers={"Authorization": f"Bearer {account.key.reveal()}"},
            json=self._body(request),
        )
        if reply.status != 200:
            raise self._refusal(reply)
        return self._url(reply.json())

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

    def _url(self, answer: dict[str, Any]) -> str:
        try:
            parts = answer["output"]["choices"][0]["message"]["content"]
            url = next(part["image"] for part in parts if "image" in part)
        except (KeyError, IndexError, TypeError, StopIteration):
            raise self.failures.bad_response() from None
        if not isinstance(url, str):
            raise self.failures.bad_response()
        return url

    def _refusal(self, reply: Reply) -> ProviderError:
        """Qwen's signs are its codes: both a refusal and an unpaid account are 400."""
        code = str(reply.json().get("code"))
        if code.startswith("DataInspectionFailed"):
            return self.failures.refused()
        if code.startswith("Arrearage"):
            return self.failures.out_of_credit()
        if code == "InvalidApiKey":
            return self.failures.bad_key()
        if code == "ModelNotFound":
            return self.failures.retired()
        return self.failures.from_status(reply.status, retry_hint(reply.headers))
