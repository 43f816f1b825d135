"""What OpenAI, Recraft and every compatible gateway have in common: the official client.

The client's own retries are off, because a second call is a second bill.
"""

import re
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
from openai import (
    APIConnectionError,
    APIStatusError,
    DefaultHttpxClient,
    OpenAI,
    OpenAIError,
)
from openai.types import ImagesResponse
from openai.types.chat import (
    ChatCompletion,
    ChatCompletionContentPartParam,
    ChatCompletionMessageParam,
)

from chalicelib.providers.base import CallContext, Completion, Deadline, Shown
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import BadRequest, ProviderError, Refused
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.family import TokenRates
from chalicelib.providers.models.prices import text_cost
from chalicelib.providers.thinking import answer_in
from chalicelib.providers.transport import network
from chalicelib.providers.transport.attempts import finish_within
from chalicelib.providers.transport.collecting import collect
from chalicelib.providers.transport.decoding import decoded, is_picture
from chalicelib.providers.transport.fetch import Fetcher
from chalicelib.providers.transport.httpx_errors import no_answer
from chalicelib.providers.transport.openai_errors import Classifier, ErrorBody, error_body

T = TypeVar("T")

CONNECT_SECONDS = 5.0
_FILTERED = re.compile(r"content.?filter|refusal|safety|sensitive|moderat", re.IGNORECASE)
"""How gateways name the end of a text that a policy cut short."""


def open_client(credentials: Credentials, default_base_url: str | None = None) -> OpenAI:
    """A client that calls once per call and follows no redirects; safe to share by threads."""
    url = credentials.base_url or default_base_url or ""
    http_client = DefaultHttpxClient(
        follow_redirects=False,
        trust_env=False,
        proxy=network.proxy_url(url),
        verify=network.tls(url),
    )
    client = OpenAI(
        api_key=credentials.key.reveal(),
        base_url=url,
        max_retries=0,
        http_client=http_client,
    )
    # What the SDK found in the environment is OpenAI's, and this may be another provider.
    client.organization = client.project = None
    client._custom_headers = {}
    # The SDK closes only what it has opened itself.
    weakref.finalize(client, http_client.close)
    return client


@dataclass(frozen=True)
class Client:
    """OpenAI's client of some address, and who collects the pictures that are named there."""

    api: OpenAI
    fetcher: Fetcher


def ask(
    call: Callable[[httpx2.Timeout], T],
    deadline: Deadline,
    failures: Failures,
    classify: Classifier,
) -> T:
    """Makes one call within the deadline; every failure of it becomes a ProviderError."""

    def attempt(seconds: float) -> T:
        try:
            return call(httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)))
        except (OpenAIError, ValueError, TypeError, AttributeError) as problem:
            # The client raises the last three at an answer that has not the documented shape.
            raise _translate(problem, failures, classify) from None

    return finish_within(deadline, failures, attempt)


@dataclass(frozen=True)
class Drawn:
    """One picture of an answer, of which the client has checked nothing."""

    b64_json: str | None
    url: str | None
    revised_prompt: str | None


def chosen_fields(model: CatalogModel, size: str, quality: str | None = None) -> dict[str, Any]:
    """Return the size and quality to send: the operator's own where there are any.

    Gateways know other sizes and qualities than the client's types do.
    """
    fields = {"size": None if model.size == "none" else model.size or size}
    fields["quality"] = model.quality or quality
    return {name: value for name, value in fields.items() if value}


def first_image(answer: ImagesResponse, failures: Failures, classify: Classifier) -> Drawn:
    """Return the one picture of an answer; raise what an answer without one means."""
    data = getattr(answer, "data", None)
    if not isinstance(data, list) or not data:
        raise _why_none(answer, failures, classify)
    image = data[0]
    drawn = Drawn(*(_text(image, name) for name in ("b64_json", "url", "revised_prompt")))
    if drawn.b64_json or drawn.url:
        return drawn
    if getattr(image, "respect_moderation", None) is False:
        raise failures.refused("unknown")
    raise _why_none(image, failures, classify)


def _why_none(answer: object, failures: Failures, classify: Classifier) -> ProviderError:
    """A web page and an error object are no pictures, and nothing that is known to be paid for."""
    if isinstance(answer, str) and answer.lstrip().startswith("<"):
        return failures.wrong_address()
    told = error_body(getattr(answer, "model_extra", None), 404)
    known = classify(told, failures)
    if known is None or type(known) is BadRequest:
        return failures.bad_response("unknown")
    if isinstance(known, Refused):
        known.billed = "unknown"
    return known


def picture_of(drawn: Drawn, fetcher: Fetcher, context: CallContext, failures: Failures) -> bytes:
    """Return the bytes, from wherever they can be had: a paid picture is not given up."""
    inline = decoded(drawn.b64_json)
    if inline and (is_picture(inline) or not drawn.url):
        return inline
    if not drawn.url:
        raise failures.bad_response()
    return collect(fetcher, drawn.url, context)


@dataclass(frozen=True)
class ChatText:
    """A text model behind `/chat/completions`."""

    client: OpenAI
    model_id: str
    failures: Failures
    classify: Classifier
    rates: TokenRates | None = None
    limit_field: str = "max_tokens"

    def complete(
        self,
        system: str,
        user: str,
        max_tokens: int,
        deadline: Deadline,
        shown: Shown | None = None,
    ) -> Completion:
        """The model's words; raises BadResponse when it has none."""
        limit = {self.limit_field: max_tokens}
        instructed: list[ChatCompletionMessageParam] = (
            [{"role": "system", "content": system}] if system else []
        )
        answer = ask(
            lambda timeout: self.client.chat.completions.create(
                model=self.model_id,
                messages=[*instructed, {"role": "user", "content": _content(user, shown)}],
                extra_body=limit,
                timeout=timeout,
            ),
            deadline,
            self.failures,
            self.classify,
        )
        return self._completion(answer)

    def _completion(self, answer: ChatCompletion) -> Completion:
        choices = getattr(answer, "choices", None)
        if not choices:
            raise _why_none(answer, self.failures, self.classify)
        first = choices[0] if isinstance(choices, list) and choices else None
        message = getattr(first, "message", None)
        filtered = _FILTERED.search(_text(first, "finish_reason") or "")
        if _text(message, "refusal") or filtered:
            raise self.failures.refused("unknown")
        text = answer_in(_plain(getattr(message, "content", None)))
        if not text:
            raise self.failures.bad_response("unknown")
        usage = getattr(answer, "usage", None)
        tokens_in, tokens_out = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
        rates = self.rates if usage else None
        cost = text_cost(rates, tokens_in, tokens_out)
        finished = _text(first, "finish_reason") != "length"
        return Completion(text, tokens_in, tokens_out, cost, finished)


def _content(user: str, shown: Shown | None) -> str | list[ChatCompletionContentPartParam]:
    if shown is None:
        return user
    address = f"data:{shown.content_type};base64,{shown.base64}"
    return [
        {"type": "text", "text": user},
        {"type": "image_url", "image_url": {"url": address}},
    ]


def _translate(problem: Exception, failures: Failures, classify: Classifier) -> ProviderError:
    if isinstance(problem, APIStatusError):
        if page := failures.from_page(problem.status_code, problem.response.headers):
            return page
        error = _error_body(problem)
        classified = classify(error, failures)
        return classified or failures.from_status(error.status, error.retry_after)
    if isinstance(problem, APIConnectionError):
        return no_answer(problem.__cause__, failures)
    return failures.bad_response("unknown")


def _error_body(problem: APIStatusError) -> ErrorBody:
    try:
        found = problem.response.json()
    except ValueError:
        found = None
    return error_body(found, problem.status_code, retry_hint(problem.response.headers))


def _plain(content: object) -> object:
    """The parts of a message as mappings: the client makes none of what it does not know."""
    if isinstance(content, list):
        return [part if isinstance(part, Mapping) else vars(part) for part in content]
    return content


def _text(found: object, name: str) -> str | None:
    value = getattr(found, name, None)
    return value if isinstance(value, str) and value else None


def _count(found: object, name: str) -> int:
    value = getattr(found, name, None)
    return value if isinstance(value, int) and value > 0 else 0
