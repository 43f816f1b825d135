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
from openai.types.chat import ChatCompletion

from chalicelib.providers.base import CallContext, Completion, Deadline
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import BadRequest, ProviderError
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.family import TokenRates
from chalicelib.providers.models.prices import text_cost
from chalicelib.providers.thinking import answer_in
from chalicelib.providers.transport import network
from chalicelib.providers.transport.attempts import finish_within
from chalicelib.providers.transport.collecting import collect
from chalicelib.providers.transport.decoding import decoded, from_data_url
from chalicelib.providers.transport.fetch import Fetcher
from chalicelib.providers.transport.httpx_errors import no_answer

T = TypeVar("T")

CONNECT_SECONDS = 5.0


@dataclass(frozen=True)
class ErrorBody:
    """What a failed answer says: `words` is its code, type and message, never shown to anybody.

    `stage` is where a moderation took place: at the prompt or at the picture.
    """

    status: int
    code: str
    kind: str
    field: object
    retry_after: float | None
    stage: object = None
    words: str = ""


Classifier = Callable[[ErrorBody, Failures], ProviderError | None]
"""A provider's own reading of an error; None leaves it to the HTTP status."""

_REFUSAL = re.compile(
    r"moderation|content.?(policy|filter)|contentfilter|safety|sensitive|flagged|inappropriate"
    r"|usage policy|invalid_prompt|responsible.?ai|nsfw|prohibited",
    re.IGNORECASE,
)
_EMPTY_ACCOUNT = re.compile(
    r"credits?\b|balance|billing|budget|overdue|arrear|spend(ing)?.?(limit|cap)|payment"
    r"|insufficient.?(quota|funds|units)|top.?up|recharge",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(
    r"(incorrect|invalid|wrong|missing|expired|revoked).{0,20}(api.?key|token)"
    r"|(api.?key|token).{0,20}(invalid|incorrect|not valid|expired|revoked)|authentication",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"model.?not.?found|(model|endpoint).{0,60}(does not exist|not exist|not found|deprecated"
    r"|retired|no longer|not supported)|(unknown|invalid|unsupported|no such) model",
    re.IGNORECASE,
)


def classify_words(error: ErrorBody, failures: Failures) -> ProviderError | None:
    """Read the words of an error whose codes nobody documents, the clearest sign first."""
    client_side = 400 <= error.status < 500
    if client_side and error.status != 429 and _REFUSAL.search(error.words):
        return failures.refused("no" if error.stage in (None, "input") else "unknown")
    if client_side and _BAD_KEY.search(error.words):
        return failures.bad_key()
    if client_side and _EMPTY_ACCOUNT.search(error.words):
        return failures.out_of_credit()
    if error.status in (400, 404, 410, 422) and _GONE.search(error.words):
        return failures.retired()
    return None


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
    if not drawn.b64_json and not drawn.url:
        refused = getattr(image, "respect_moderation", None) is False
        raise failures.refused("unknown") if refused else failures.bad_response()
    return drawn


def _why_none(answer: object, failures: Failures, classify: Classifier) -> ProviderError:
    """A web page and an error object are no pictures, and nothing that anybody paid for."""
    if isinstance(answer, str) and answer.lstrip().startswith("<"):
        return failures.wrong_address()
    told = (getattr(answer, "model_extra", None) or {}).get("error")
    if not told:
        return failures.bad_response()
    error = _parsed({"error": told}, 400, None)
    known = classify(error, failures)
    if known is None or isinstance(known, BadRequest):
        return failures.bad_response("unknown")
    return known


def picture_of(drawn: Drawn, fetcher: Fetcher, context: CallContext, failures: Failures) -> bytes:
    """Return the bytes, from wherever they can be had: a paid picture is not given up."""
    inline = decoded(drawn.b64_json) or (drawn.url and from_data_url(drawn.url, failures))
    if inline:
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
            self.classify,
        )
        return self._completion(answer)

    def _completion(self, answer: ChatCompletion) -> Completion:
        choices = getattr(answer, "choices", None)
        first = choices[0] if isinstance(choices, list) and choices else None
        message = getattr(first, "message", None)
        filtered = _text(first, "finish_reason") in ("content_filter", "contentFilter")
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


def _translate(problem: Exception, failures: Failures, classify: Classifier) -> ProviderError:
    if isinstance(problem, APIStatusError):
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
    hint = retry_hint(problem.response.headers)
    return _parsed(found if isinstance(found, Mapping) else {}, problem.status_code, hint)


def _parsed(answer: Mapping[str, Any], status: int, retry_after: float | None) -> ErrorBody:
    """An error stands in `error`, as an object or a sentence, or is the whole answer."""
    inner = answer.get("error")
    body = inner if isinstance(inner, Mapping) else answer
    moderation, metadata = body.get("moderation_details"), body.get("metadata")
    reasons = metadata.get("reasons") if isinstance(metadata, Mapping) else None
    said = [body.get(name) for name in ("code", "type", "message", "detail", "error")]
    return ErrorBody(
        status=status,
        code=str(body.get("code") or ""),
        kind=str(body.get("type") or ""),
        field=body.get("param"),
        retry_after=retry_after,
        stage=moderation.get("moderation_stage") if isinstance(moderation, Mapping) else None,
        words=" ".join([*(w for w in said if isinstance(w, str)), "flagged" if reasons else ""]),
    )


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
