"""What OpenAI, Recraft and every compatible gateway have in common: the official client.

The client's own retries are off, because a second call is a second bill.
"""

import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpx2
from openai import (
    APIConnectionError,
    APIStatusError,
    DefaultHttpxClient,
    OpenAI,
    OpenAIError,
)
from openai.types import ImagesResponse
from openai.types.chat import ChatCompletion

from chalicelib.providers.attempts import finish_within
from chalicelib.providers.base import Completion, Deadline
from chalicelib.providers.connection import Account
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.httpx_errors import no_answer
from chalicelib.providers.prices import TokenRates, text_cost

T = TypeVar("T")

CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class Complaint:
    """A failed answer's own words: the codes that a provider's signs are made of.

    `stage` is where a moderation took place: at the prompt or at the picture.
    """

    status: int
    code: str
    kind: str
    field: object
    retry_after: float | None
    stage: object = None


Signs = Callable[[Complaint, Failures], ProviderError | None]
"""A provider's own reading of a complaint; None leaves it to the HTTP status."""


def open_client(account: Account, default_base_url: str | None = None) -> OpenAI:
    """A client that calls once per call and follows no redirects; safe to share by threads."""
    http_client = DefaultHttpxClient(follow_redirects=False)
    client = OpenAI(
        api_key=account.key.reveal(),
        base_url=account.base_url or default_base_url,
        max_retries=0,
        http_client=http_client,
    )
    # What the SDK found in the environment is OpenAI's, and this may be another provider.
    client.organization = client.project = None
    client._custom_headers = {}
    # The SDK closes only what it has opened itself.
    weakref.finalize(client, http_client.close)
    return client


def ask(
    call: Callable[[httpx2.Timeout], T], deadline: Deadline, failures: Failures, signs: Signs
) -> T:
    """Makes one call within the deadline; every failure of it becomes a ProviderError."""

    def attempt(seconds: float) -> T:
        try:
            return call(httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)))
        except (OpenAIError, ValueError, TypeError, AttributeError) as problem:
            # The client raises the last three at an answer that has not the documented shape.
            raise _translate(problem, failures, signs) from None

    return finish_within(deadline, failures, attempt)


@dataclass(frozen=True)
class Drawn:
    """One picture of an answer, of which the client has checked nothing."""

    b64_json: str | None
    url: str | None
    revised_prompt: str | None


def first_image(answer: ImagesResponse, failures: Failures) -> Drawn:
    """The one picture of an answer, or BadResponse."""
    data = getattr(answer, "data", None)
    if not isinstance(data, list) or not data:
        raise failures.bad_response()
    image = data[0]
    return Drawn(*(_text(image, name) for name in ("b64_json", "url", "revised_prompt")))


@dataclass(frozen=True)
class ChatText:
    """A text model behind `/chat/completions`."""

    client: OpenAI
    model_id: str
    failures: Failures
    signs: Signs
    rates: TokenRates | None = None
    limit_field: str = "max_tokens"

    def complete(self, system: str, user: str, max_tokens: int, deadline: Deadline) -> Completion:
        """The model's words; raises BadResponse when it has none."""
        limit = {self.limit_field: max_tokens}
        answer = ask(
            lambda timeout: self.client.chat.completions.create(
                model=self.model_id,
                messages=[
                    {"role": "system", "content": system},
                    {"role": "user", "content": user},
                ],
                extra_body=limit,
                timeout=timeout,
            ),
            deadline,
            self.failures,
            self.signs,
        )
        return self._completion(answer)

    def _completion(self, answer: ChatCompletion) -> Completion:
        choices = getattr(answer, "choices", None)
        first = choices[0] if isinstance(choices, list) and choices else None
        message = getattr(first, "message", None)
        if _text(message, "refusal"):
            raise self.failures.refused("unknown")
        text = _text(message, "content")
        if not text:
            raise self.failures.bad_response("unknown")
        usage = getattr(answer, "usage", None)
        tokens_in, tokens_out = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
        rates = self.rates if usage else None
        cost = text_cost(rates, tokens_in, tokens_out)
        finished = _text(first, "finish_reason") != "length"
        return Completion(text, tokens_in, tokens_out, cost, finished)


def _translate(problem: Exception, failures: Failures, signs: Signs) -> ProviderError:
    if isinstance(problem, APIStatusError):
        complaint = _complaint(problem)
        by_sign = signs(complaint, failures)
        return by_sign or failures.from_status(complaint.status, complaint.retry_after)
    if isinstance(problem, APIConnectionError):
        return no_answer(problem.__cause__, failures)
    return failures.bad_response("unknown")


def _complaint(problem: APIStatusError) -> Complaint:
    body = problem.body if isinstance(problem.body, Mapping) else {}
    moderation = body.get("moderation_details")
    return Complaint(
        status=problem.status_code,
        code=str(body.get("code") or ""),
        kind=str(body.get("type") or ""),
        field=body.get("param"),
        retry_after=retry_hint(problem.response.headers),
        stage=moderation.get("moderation_stage") if isinstance(moderation, Mapping) else None,
    )


def _text(found: object, name: str) -> str | None:
    value = getattr(found, name, None)
    return value if isinstance(value, str) and value else None


def _count(found: object, name: str) -> int:
    value = getattr(found, name, None)
    return value if isinstance(value, int) and value > 0 else 0
