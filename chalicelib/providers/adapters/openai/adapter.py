"""OpenAI: the GPT Image models and, for enhancement, the chat models."""

from dataclasses import dataclass
from typing import Any

from openai.types import ImagesResponse

from chalicelib.providers.base import CallContext, Cost, ImageRequest, Picture, Recovery
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.family import TokenRates
from chalicelib.providers.models.prices import token_cost
from chalicelib.providers.models.sizes import MULTIPLES_OF_16, MULTIPLES_OF_16_AT_2K
from chalicelib.providers.transport.attempts import with_retries
from chalicelib.providers.transport.fetch import Fetcher
from chalicelib.providers.transport.openai_errors import ErrorBody, classify_words
from chalicelib.providers.transport.openai_protocol import (
    ChatText,
    Client,
    ask,
    chosen_fields,
    first_image,
    open_client,
    picture_of,
)

OPENAI = "openai"
BASE_URL = "https://api.openai.com/v1"
_FIXED_SIZES = {"3:2": "1536x1024", "2:3": "1024x1536"}
"""What the models before GPT Image 2 draw beside a square."""
_LIMITS_OF_THE_ACCOUNT = (
    "insufficient_quota",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
)
_OWN_HOSTS = ("*.openai.com", "*.blob.core.windows.net")


def connect(credentials: Credentials) -> Client:
    """Make a client of OpenAI, or of the gateway in its place, whose pictures may lie anywhere."""
    hosts = ("*",) if credentials.base_url else _OWN_HOSTS
    return Client(open_client(credentials, BASE_URL), Fetcher(hosts, credentials.base_url))


def image(client: Client, model: CatalogModel) -> "GptImage":
    """Return the model as something that draws."""
    return GptImage(client, model, Failures.of(model))


def text(client: Client, failures: Failures, rates: TokenRates | None) -> ChatText:
    """Return the model as something that completes."""
    return ChatText(
        client.api, failures.model_id, failures, classify, rates, "max_completion_tokens"
    )


@dataclass(frozen=True)
class GptImage:
    """One GPT Image model. A lost answer is lost, and billed all the same."""

    client: Client
    model: CatalogModel
    failures: Failures
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        answer = with_retries(lambda: self._ask(request, context), context)
        drawn = first_image(answer, self.failures, classify)
        return Picture(
            data=picture_of(drawn, self.client.fetcher, context, self.failures),
            revised_prompt=drawn.revised_prompt,
            cost=self._cost(answer),
        )

    def _ask(self, request: ImageRequest, context: CallContext) -> ImagesResponse:
        return ask(
            lambda timeout: self.client.api.images.generate(
                model=self.model.model_id,
                prompt=request.prompt,
                n=1,
                timeout=timeout,
                extra_body=chosen_fields(self.model, self._size(request), _quality(request)),
            ),
            context.deadline,
            self.failures,
            classify,
        )

    def _size(self, request: ImageRequest) -> str:
        if self.model.model_id.startswith(("gpt-image-1", "chatgpt-image")):
            return _FIXED_SIZES.get(request.aspect_ratio, "1024x1024")
        sizes = MULTIPLES_OF_16_AT_2K if request.resolution == "2K" else MULTIPLES_OF_16
        width, height = sizes[request.aspect_ratio]
        return f"{width}x{height}"

    def _cost(self, answer: ImagesResponse) -> Cost | None:
        """What the reported tokens cost, if the answer and the price table both tell."""
        rates = self.model.rates
        usage: Any = getattr(answer, "usage", None)
        if rates is None or not getattr(usage, "output_tokens", None):
            return None  # No picture is drawn without a token.
        try:
            return token_cost(
                rates,
                text_in=usage.input_tokens_details.text_tokens,
                image_in=usage.input_tokens_details.image_tokens,
                image_out=usage.output_tokens,
            )
        except AttributeError:
            # The client checks no types; a picture is worth more than its receipt.
            return None


def _quality(request: ImageRequest) -> str:
    """Return the quality to send: without a wish the one that the price table is for."""
    return "medium" if request.quality == "auto" else request.quality


def classify(error: ErrorBody, failures: Failures) -> ProviderError | None:
    """Read OpenAI's codes, then the words. A 429 may be an empty account, a 400 a refusal."""
    if error.code == "server_is_overloaded":
        return failures.down("no")
    by_words = classify_words(error, failures)
    if by_words:
        return by_words
    if error.code in _LIMITS_OF_THE_ACCOUNT or error.kind in _LIMITS_OF_THE_ACCOUNT:
        return failures.out_of_credit()
    return failures.bad_request(error.field) if error.status == 400 else None
