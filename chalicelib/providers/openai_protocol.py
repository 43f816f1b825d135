"""What OpenAI, Recraft and every compatible gateway have in common: the official client.

The client's own retries are off, because a second call is a second bill.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpx2
from openai import APIConnectionError, APIStatusError, OpenAI, OpenAIError
from openai.types import Image, ImagesResponse
from openai.types.chat import ChatCompletion

from chalicelib.providers.attempts import finish_within
from chalicelib.providers.base import UNKNOWN_COST, Completion, Deadline
from chalicelib.providers.connection import Account
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.httpx_errors import no_answer
from chalicelib.providers.prices import TokenRates, text_cost

T = TypeVar("T")

CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class Complaint:
    """A failed answer's own words: the codes that a provider's signs are made of."""

    status: int
    code: str
    kind: str
    field: object
    retry_after: float | None


Signs = Callable[[Complaint, Failures], ProviderError | None]
"""A provider's own reading of a complaint; None leaves it to the HTTP status."""


def open_client(account: Account, default_base_url: str | None = None) -> OpenAI:
    """A client that calls once per call; safe to share between threads."""
    return OpenAI(
        api_key=account.key.reveal(),
        base_url=account.base_url or default_base_url,
        max_retries=0,
    )


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


def first_image(answer: object, failures: Failures) -> Image:
    """The one picture of an answer, or BadResponse."""
    data = answer.data if isinstance(answer, ImagesResponse) else None
    if not isinstance(data, list) or not data or not isinstance(data[0], Image):
        raise failures.bad_response()
    return data[0]


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

    def _completion(self, answer: object) -> Completion:
        choices = answer.choices if isinstance(answer, ChatCompletion) else None
        message = choices[0].message if choices else None
        if message is not None and message.refusal:
            raise self.failures.refused()
        if message is None or not message.content or not isinstance(answer, ChatCompletion):
            raise self.failures.bad_response("unknown")
        usage = answer.usage
        if usage is None:
            return Completion(message.content, 0, 0, UNKNOWN_COST)
        return Completion(
            message.content,
            usage.prompt_tokens,
            usage.completion_tokens,
            text_cost(self.rates, usage.prompt_tokens, usage.completion_tokens),
        )


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
    return Complaint(
        status=problem.status_code,
        code=str(body.get("code") or ""),
        kind=str(body.get("type") or ""),
        field=body.get("param"),
        retry_after=retry_hint(problem.response.headers),
    )
