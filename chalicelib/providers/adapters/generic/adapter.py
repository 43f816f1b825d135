"""Any gateway that speaks OpenAI's images protocol, Hunyuan's among them.

Gateways refuse fields that they do not know, so only what all of them take is sent; the picture
comes as base64 or as an address.
"""

import re
from dataclasses import dataclass
from typing import Any

from chalicelib.providers.adapters.openai.adapter import classify as classify_openai
from chalicelib.providers.base import CallContext, ImageRequest, Picture, Recovery
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import BadRequest, ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.family import TokenRates
from chalicelib.providers.models.sizes import MULTIPLES_OF_16
from chalicelib.providers.transport.attempts import with_retries
from chalicelib.providers.transport.fetch import Fetcher
from chalicelib.providers.transport.openai_errors import ErrorBody
from chalicelib.providers.transport.openai_protocol import (
    ChatText,
    Client,
    Drawn,
    ask,
    chosen_fields,
    first_image,
    open_client,
    picture_of,
)

_NOT_TAKEN = r"(not supported|unsupported|not permitted|unknown|unexpected|unrecognized|extra)"
_NO_FIELD = re.compile(_NOT_TAKEN, re.IGNORECASE)
_NO_SIZE = re.compile(
    rf"{_NOT_TAKEN}[^.]{{0,40}}\bsize\b|\bsize\b[^.]{{0,40}}{_NOT_TAKEN}", re.IGNORECASE
)


def connect(credentials: Credentials) -> Client:
    """Make a client of the gateway; without a base URL there is none, OpenAI's least of all.

    Pictures that it names may lie anywhere public.
    """
    return Client(open_client(credentials), Fetcher(("*",), credentials.base_url))


def image(client: Client, model: CatalogModel) -> "GatewayImage":
    """Return the model as something that draws."""
    return GatewayImage(client, model, Failures.of(model))


def text(client: Client, failures: Failures, rates: TokenRates | None) -> ChatText:
    """Return the model as something that completes."""
    return ChatText(client.api, failures.model_id, failures, classify, rates)


@dataclass(frozen=True)
class GatewayImage:
    """One model of a gateway, of which nothing is known but the protocol."""

    client: Client
    model: CatalogModel
    failures: Failures
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        drawn = with_retries(lambda: self._draw(request, context), context)
        data = picture_of(drawn, self.client.fetcher, context, self.failures)
        return Picture(data, revised_prompt=drawn.revised_prompt)

    def _draw(self, request: ImageRequest, context: CallContext) -> Drawn:
        """Ask with a size, and without one where the gateway says that it takes none."""
        width, height = MULTIPLES_OF_16[request.aspect_ratio]
        chosen = chosen_fields(self.model, f"{width}x{height}")
        try:
            return self._ask(request, context, chosen)
        except SizeRejected:
            return self._ask(request, context, {k: v for k, v in chosen.items() if k != "size"})

    def _ask(self, request: ImageRequest, context: CallContext, chosen: dict[str, Any]) -> Drawn:
        answer = ask(
            lambda timeout: self.client.api.images.generate(
                model=self.model.model_id,
                prompt=request.prompt,
                n=1,
                timeout=timeout,
                extra_body=chosen,
            ),
            context.deadline,
            self.failures,
            classify,
        )
        return first_image(answer, self.failures, classify)


class SizeRejected(BadRequest):
    """The gateway rejected the request because it takes no size."""


def classify(error: ErrorBody, failures: Failures) -> ProviderError | None:
    """Read OpenAI's codes, which gateways copy, and the words of their own."""
    not_taken = _NO_FIELD if error.field == "size" else _NO_SIZE
    if error.status in (400, 422) and not_taken.search(error.words):
        return SizeRejected(failures.bad_request("size").sentence)
    return classify_openai(error, failures)
