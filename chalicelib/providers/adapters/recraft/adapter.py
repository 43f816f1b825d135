"""Recraft, through OpenAI's client: its own sizes, seeds, credits and errors.

Pictures are asked for as base64, so that mostly nothing has to be collected from an address.
"""

from dataclasses import dataclass
from typing import Any

from openai.types import ImagesResponse

from chalicelib.providers.base import CallContext, Cost, ImageRequest, Picture, Recovery
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.prices import credits_cost
from chalicelib.providers.transport.attempts import with_retries
from chalicelib.providers.transport.fetch import Fetcher
from chalicelib.providers.transport.openai_errors import ErrorBody, classify_words
from chalicelib.providers.transport.openai_protocol import (
    Client,
    ask,
    chosen_fields,
    first_image,
    open_client,
    picture_of,
)

BASE_URL = "https://external.api.recraft.ai/v1"
CREDITS_PER_DOLLAR = 1000


def connect(credentials: Credentials) -> Client:
    """Make a client of Recraft, or of what answers in its place."""
    fetcher = Fetcher(("*.recraft.ai",), credentials.base_url)
    return Client(open_client(credentials, BASE_URL), fetcher)


def image(client: Client, model: CatalogModel) -> "RecraftImage":
    """Return the model as something that draws."""
    return RecraftImage(client, model, Failures.of(model))


@dataclass(frozen=True)
class RecraftImage:
    """One Recraft model that draws pixels."""

    client: Client
    model: CatalogModel
    failures: Failures
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        answer = with_retries(lambda: self._ask(request, context), context)
        drawn = first_image(answer, self.failures, classify)
        return Picture(
            data=picture_of(drawn, self.client.fetcher, context, self.failures),
            seed=request.seed,
            revised_prompt=drawn.revised_prompt,
            cost=_cost(answer),
        )

    def _ask(self, request: ImageRequest, context: CallContext) -> ImagesResponse:
        return ask(
            lambda timeout: self.client.api.images.generate(
                model=self.model.model_id,
                prompt=request.prompt,
                response_format="b64_json",
                n=1,
                extra_body=_own_fields(request) | chosen_fields(self.model, request.aspect_ratio),
                timeout=timeout,
            ),
            context.deadline,
            self.failures,
            classify,
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
