"""OpenAI: the GPT Image models and, for enhancement, the chat models."""

from dataclasses import dataclass

from openai import OpenAI
from openai.types import ImagesResponse

from chalicelib.providers.attempts import with_retries
from chalicelib.providers.base import CallContext, Cost, ImageRequest, Picture, Recovery
from chalicelib.providers.catalog import CatalogModel
from chalicelib.providers.connection import Account
from chalicelib.providers.decoding import from_base64
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.openai_protocol import (
    ChatText,
    Complaint,
    ask,
    first_image,
    open_client,
)
from chalicelib.providers.prices import token_rates
from chalicelib.providers.sizes import MULTIPLES_OF_16

BASE_URL = "https://api.openai.com/v1"
_FIXED_SIZES = {"3:2": "1536x1024", "2:3": "1024x1536"}
"""What the models before GPT Image 2 draw beside a square."""
_REFUSALS = ("moderation_blocked", "content_policy_violation")
_EMPTY_ACCOUNT = (
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
)


def connect(account: Account) -> "Connection":
    """A connection to OpenAI, or to what answers in its place."""
    return Connection(open_client(account, BASE_URL))


@dataclass(frozen=True)
class Connection:
    client: OpenAI

    def image(self, model: CatalogModel) -> "GptImage":
        return GptImage(self.client, model.model_id, Failures.of(model))

    def text(self, model_id: str) -> ChatText:
        failures = Failures.of_text("openai", model_id)
        rates = token_rates("openai", model_id)
        return ChatText(self.client, model_id, failures, signs, rates, "max_completion_tokens")


@dataclass(frozen=True)
class GptImage:
    """One GPT Image model. A lost answer is lost, and billed all the same."""

    client: OpenAI
    model_id: str
    failures: Failures
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        return with_retries(lambda: self._draw(request, context), context)

    def _draw(self, request: ImageRequest, context: CallContext) -> Picture:
        answer = ask(
            lambda timeout: self.client.images.generate(
                model=self.model_id,
                prompt=request.prompt,
                size=self._size(request),
                quality="medium",
                n=1,
                timeout=timeout,
            ),
            context.deadline,
            self.failures,
            signs,
        )
        image = first_image(answer, self.failures)
        return Picture(
            data=from_base64(image.b64_json, self.failures),
            revised_prompt=image.revised_prompt,
            cost=self._cost(answer),
        )

    def _size(self, request: ImageRequest) -> str:
        if self.model_id.startswith(("gpt-image-1", "chatgpt-image")):
            return _FIXED_SIZES.get(request.aspect_ratio, "1024x1024")
        width, height = MULTIPLES_OF_16[request.aspect_ratio]
        return f"{width}x{height}"

    def _cost(self, answer: ImagesResponse) -> Cost | None:
        """What the reported tokens cost, if the answer and the price table both tell."""
        rates, usage = token_rates("openai", self.model_id), answer.usage
        if rates is None or usage is None:
            return None
        try:
            return rates.cost(
                text_in=usage.input_tokens_details.text_tokens,
                image_in=usage.input_tokens_details.image_tokens,
                image_out=usage.output_tokens,
            )
        except AttributeError:
            # The client checks no types; a picture is worth more than its receipt.
            return None


def signs(complaint: Complaint, failures: Failures) -> ProviderError | None:
    """OpenAI's codes. A 429 may be an empty account, a 400 a refusal."""
    if complaint.code in _EMPTY_ACCOUNT or complaint.kind in _EMPTY_ACCOUNT:
        return failures.out_of_credit()
    if complaint.code in _REFUSALS:
        return failures.refused("no" if complaint.stage in (None, "input") else "unknown")
    if complaint.code == "model_not_found":
        return failures.retired()
    if complaint.code == "server_is_overloaded":
        return failures.down("no")
    if complaint.status == 400:
        return failures.bad_request(complaint.field)
    return None
