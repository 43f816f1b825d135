"""Any gateway that speaks OpenAI's images protocol, Hunyuan's among them.

Gateways refuse fields that they do not know, so only what all of them take is sent; the picture
comes as base64 or as an address.
"""

from dataclasses import dataclass

from openai import OpenAI

from chalicelib.providers.attempts import with_retries
from chalicelib.providers.base import CallContext, ImageRequest, Picture, Recovery
from chalicelib.providers.catalog import CatalogModel
from chalicelib.providers.collecting import collect
from chalicelib.providers.connection import Account
from chalicelib.providers.decoding import from_base64, from_data_url
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.fetch import Fetcher
from chalicelib.providers.openai import signs as openai_signs
from chalicelib.providers.openai_protocol import (
    ChatText,
    Complaint,
    Drawn,
    ask,
    first_image,
    open_client,
)
from chalicelib.providers.sizes import MULTIPLES_OF_16

_EMPTY_ACCOUNT = ("insufficient_balance",)


def connect(account: Account) -> "Connection":
    """A connection to the gateway at the slot's base URL, without one to OpenAI's own address."""
    return Connection(open_client(account), Fetcher(("*",), account.base_url))


@dataclass(frozen=True)
class Connection:
    client: OpenAI
    fetcher: Fetcher

    def image(self, model: CatalogModel) -> "GatewayImage":
        failures = Failures.of(model)
        return GatewayImage(self.client, self.fetcher, model.model_id, failures)

    def text(self, model_id: str) -> ChatText:
        return ChatText(self.client, model_id, Failures.of_text("generic", model_id), signs)


@dataclass(frozen=True)
class GatewayImage:
    """One model of a gateway, of which nothing is known but the protocol."""

    client: OpenAI
    fetcher: Fetcher
    model_id: str
    failures: Failures
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        image = with_retries(lambda: self._draw(request, context), context)
        return Picture(self._bytes(image, context), revised_prompt=image.revised_prompt)

    def _draw(self, request: ImageRequest, context: CallContext) -> Drawn:
        width, height = MULTIPLES_OF_16[request.aspect_ratio]
        answer = ask(
            lambda timeout: self.client.images.generate(
                model=self.model_id,
                prompt=request.prompt,
                size=f"{width}x{height}",
                n=1,
                timeout=timeout,
            ),
            context.deadline,
            self.failures,
            signs,
        )
        return first_image(answer, self.failures)

    def _bytes(self, image: Drawn, context: CallContext) -> bytes:
        if not image.url:
            return from_base64(image.b64_json, self.failures)
        inline = from_data_url(image.url, self.failures)
        return inline if inline is not None else collect(self.fetcher, image.url, context)


def signs(complaint: Complaint, failures: Failures) -> ProviderError | None:
    """OpenAI's codes, which gateways copy, and their own word for an empty account."""
    if complaint.code in _EMPTY_ACCOUNT:
        return failures.out_of_credit()
    return openai_signs(complaint, failures)
