"""Recraft, through OpenAI's client: its own sizes, seeds, credits and errors.

Pictures are asked for as base64, so that nothing has to be collected from an address.
"""

from dataclasses import dataclass
from typing import Any

from openai import OpenAI
from openai.types import ImagesResponse

from chalicelib.providers.base import CallContext, Cost, ImageRequest, Picture, Recovery
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.prices import credits_cost
from chalicelib.providers.transport.attempts import with_retries
from chalicelib.providers.transport.decoding import from_base64
from chalicelib.providers.transport.openai_protocol import (
    ErrorBody,
    ask,
    classify_words,
    first_image,
    open_client,
)

BASE_URL = "https://external.api.recraft.ai/v1"
CREDITS_PER_DOLLAR = 1000


def connect(credentials: Credentials) -> OpenAI:
    """Make a client of Recraft, or of what answers in its place."""
    return open_client(credentials, BASE_URL)


def image(client: OpenAI, model: CatalogModel) -> "RecraftImage":
    """Return the model as something that draws."""
    return RecraftImage(client, model.model_id, Failures.of(model))


@dataclass(frozen=True)
class RecraftImage:
    """One Recraft model that draws pixels."""

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
                size=request.aspect_ratio,
                response_format="b64_json",
                n=1,
                extra_body=_own_fields(request),
                timeout=timeout,
            ),
            context.deadline,
            self.failures,
            classify,
        )
        image = first_image(answer, self.failures, classify)
        return Picture(
            data=from_base64(image.b64_json, self.failures),
            seed=request.seed,
            revised_prompt=image.revised_prompt,
            cost=_cost(answer),
        )


def classify(error: ErrorBody, failures: Failures) -> ProviderError | None:
    """Recraft documents no error bodies: the words say what happened."""
    return classify_words(error, failures)


def _own_fields(request: ImageRequest) -> dict[str, Any]:
    fields = {"random_seed": request.seed, "negative_prompt": request.negative_prompt}
    return {name: value for name, value in fields.items() if value is not None}


def _cost(answer: ImagesResponse) -> Cost | None:
    """The credits that were charged, which OpenAI's answer does not have."""
    return credits_cost((answer.model_extra or {}).get("credits"), CREDITS_PER_DOLLAR)
