"""Recraft, through OpenAI's client: its own sizes, seeds, credits and errors.

Pictures are asked for as base64, so that nothing has to be collected from an address.
"""

from dataclasses import dataclass
from typing import Any

from openai import OpenAI
from openai.types import ImagesResponse

from chalicelib.providers.attempts import with_retries
from chalicelib.providers.base import CallContext, Cost, ImageRequest, Picture, Recovery
from chalicelib.providers.catalog import CatalogModel
from chalicelib.providers.connection import Account
from chalicelib.providers.decoding import from_base64
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.openai_protocol import Complaint, ask, first_image, open_client
from chalicelib.providers.prices import credits_cost

BASE_URL = "https://external.api.recraft.ai/v1"
CREDITS_PER_DOLLAR = 1000


def connect(account: Account) -> "Connection":
    """A connection to Recraft, or to what answers in its place."""
    return Connection(open_client(account, BASE_URL))


@dataclass(frozen=True)
class Connection:
    client: OpenAI

    def image(self, model: CatalogModel) -> "RecraftImage":
        return RecraftImage(self.client, model.model_id, Failures.of(model))


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
            signs,
        )
        image = first_image(answer, self.failures)
        return Picture(
            data=from_base64(image.b64_json, self.failures),
            seed=request.seed,
            revised_prompt=image.revised_prompt,
            cost=_cost(answer),
        )


def signs(complaint: Complaint, failures: Failures) -> ProviderError | None:
    """Recraft documents no error bodies; these codes have been seen."""
    if "moderation" in complaint.code or "policy" in complaint.code:
        return failures.refused()
    if "insufficient" in complaint.code:
        return failures.out_of_credit()
    if complaint.code == "model_not_found":
        return failures.retired()
    return None


def _own_fields(request: ImageRequest) -> dict[str, Any]:
    fields = {"random_seed": request.seed, "negative_prompt": request.negative_prompt}
    return {name: value for name, value in fields.items() if value is not None}


def _cost(answer: ImagesResponse) -> Cost | None:
    """The credits that were charged, which OpenAI's answer does not have."""
    return credits_cost((answer.model_extra or {}).get("credits"), CREDITS_PER_DOLLAR)
