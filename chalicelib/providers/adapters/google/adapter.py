"""Google: the Gemini image models and, for enhancement, the Gemini text models."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from google import genai
from google.genai import errors, types

from chalicelib.providers.adapters.google.answer import Answer, Usage
from chalicelib.providers.base import (
    CallContext,
    Completion,
    Cost,
    Deadline,
    ImageRequest,
    Picture,
    Recovery,
    Shown,
)
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.family import TokenRates
from chalicelib.providers.models.prices import text_cost, token_cost
from chalicelib.providers.thinking import answer_in
from chalicelib.providers.transport import network
from chalicelib.providers.transport.attempts import finish_within, with_retries
from chalicelib.providers.transport.httpx_errors import no_answer
from chalicelib.providers.transport.openai_errors import is_refusal

GOOGLE = "google"
BASE_URL = "https://generativelanguage.googleapis.com/"
_UNFINISHED = (
    "MAX_TOKENS",
    "MALFORMED_RESPONSE",
    "FINISH_REASON_UNSPECIFIED",
    "OTHER",
    "IMAGE_OTHER",
    "NO_IMAGE",
    "MALFORMED_FUNCTION_CALL",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
    "MISSING_THOUGHT_SIGNATURE",
    "LANGUAGE",
)
"""Ends that are no refusal; every other end without a picture is one."""
_EMPTY_ACCOUNT = re.compile(
    r"prepay|credits|spend(ing)? (cap|limit)|\blimit: 0\b|(enable|requires) billing", re.IGNORECASE
)
"""A limit of 0 is a free tier that does not have the model at all: waiting never helps."""
_BAD_KEY = re.compile(r"api key (not valid|expired|not found)", re.IGNORECASE)
_DELAY = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s", re.ASCII)


def connect(credentials: Credentials) -> genai.Client:
    """Make a client of the Gemini API, or of what answers in its place."""
    url = credentials.base_url or BASE_URL
    authorities = network.tls(url)
    options = types.HttpOptions(
        base_url=url,
        client_args={
            "follow_redirects": False,
            "trust_env": False,
            "proxy": network.proxy_url(url),
            "verify": authorities,
        },
        # Never used, but made: without these it would read the variables itself.
        async_client_args={"trust_env": False, "verify": authorities, "ssl": authorities},
    )
    return genai.Client(api_key=credentials.key.reveal(), vertexai=False, http_options=options)


def image(client: genai.Client, model: CatalogModel) -> "GeminiImage":
    """Return the model as something that draws."""
    return GeminiImage(client, model.model_id, Failures.of(model), model.rates)


def text(client: genai.Client, failures: Failures, rates: TokenRates | None) -> "GeminiText":
    """Return the model as something that completes."""
    return GeminiText(client, failures.model_id, failures, rates)


@dataclass(frozen=True)
class GeminiImage:
    """One Gemini model that draws."""

    client: genai.Client
    model_id: str
    failures: Failures
    rates: TokenRates | None
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        return with_retries(lambda: self._draw(request, context), context)

    def _draw(self, request: ImageRequest, context: CallContext) -> Picture:
        config = types.GenerateContentConfig(
            response_modalities=["IMAGE"],
            image_config=types.ImageConfig(
                aspect_ratio=request.aspect_ratio,
                image_size=None if request.resolution == "1K" else request.resolution,
            ),
            seed=request.seed,
        )
        answer = _ask(
            self.client, self.model_id, request.prompt, config, context.deadline, self.failures
        )
        data = next(answer.pictures(), None)
        if not data:
            raise _why_none(answer, self.failures)
        return Picture(data=data, seed=request.seed, cost=self._cost(answer))

    def _cost(self, answer: Answer) -> Cost | None:
        """What the reported tokens cost, if the answer and the price table both tell."""
        usage = answer.usage
        return _image_cost(self.rates, usage) if self.rates and usage else None


@dataclass(frozen=True)
class GeminiText:
    """One Gemini model that writes."""

    client: genai.Client
    model_id: str
    failures: Failures
    rates: TokenRates | None

    def complete(
        self,
        system: str,
        user: str,
        max_tokens: int,
        deadline: Deadline,
        shown: Shown | None = None,
    ) -> Completion:
        """The model's words; raises Refused or BadResponse when it has none."""
        config = types.GenerateContentConfig(
            system_instruction=system or None, max_output_tokens=max_tokens
        )
        parts: list[types.PartUnionDict] = [user]
        if shown is not None:
            parts.append(types.Part.from_bytes(data=shown.data, mime_type=shown.content_type))
        answer = _ask(self.client, self.model_id, parts, config, deadline, self.failures)
        text = answer_in("".join(answer.texts))
        ended = answer.end
        if not text or (ended and ended not in (*_UNFINISHED, "STOP")):
            # What a policy cut short is refused, however much of it came.
            raise _why_none(answer, self.failures)
        usage = answer.usage or Usage(0, 0, 0, 0)
        tokens_in, tokens_out = usage.prompt, usage.answer + usage.thoughts
        cost = text_cost(self.rates if answer.usage else None, tokens_in, tokens_out)
        return Completion(text, tokens_in, tokens_out, cost, ended != "MAX_TOKENS")


def _ask(
    client: genai.Client,
    model_id: str,
    contents: types.ContentListUnionDict,
    config: types.GenerateContentConfig,
    deadline: Deadline,
    failures: Failures,
) -> Answer:
    """Makes one call within the deadline; every failure of it becomes a ProviderError."""
    config.should_return_http_response = True

    def call(seconds: float) -> Answer:
        config.http_options = types.HttpOptions(timeout=max(1, int(seconds * 1000)))
        with _translating(failures):
            answer = client.models.generate_content(
                model=model_id, contents=contents, config=config
            )
            raw = answer.sdk_http_response
            return Answer.read((raw.body if raw else None) or "")

    return finish_within(deadline, failures, call)


@contextmanager
def _translating(failures: Failures) -> Iterator[None]:
    try:
        yield
    except errors.APIError as problem:
        raise _classify(problem, failures) from None
    except httpx2.TransportError as problem:
        raise no_answer(problem, failures) from None
    except (httpx2.HTTPError, ValueError, TypeError, AttributeError):
        # What the SDK raises at an answer that has not the documented shape.
        raise failures.bad_response("unknown") from None


def _classify(problem: errors.APIError, failures: Failures) -> ProviderError:
    """Google's signs: a bad key is a 400, an empty account is told only by the message."""
    details = _details(problem)
    if any(detail.get("reason") == "API_KEY_INVALID" for detail in details):
        return failures.bad_key()
    if problem.code == 400 and _BAD_KEY.search(str(problem.message)):
        return failures.bad_key()
    if problem.code == 400 and is_refusal(str(problem.message)):
        return failures.refused()
    if problem.code == 404 and problem.status == "NOT_FOUND":
        return failures.retired()
    if problem.code in (400, 402, 403, 429) and _EMPTY_ACCOUNT.search(str(problem.message)):
        return failures.out_of_credit()
    return failures.from_status(problem.code, _retry_delay(details))


def _details(problem: errors.APIError) -> list[Mapping[str, Any]]:
    error = problem.details.get("error") if isinstance(problem.details, Mapping) else None
    details = error.get("details") if isinstance(error, Mapping) else None
    listed = details if isinstance(details, list) else []
    return [detail for detail in listed if isinstance(detail, Mapping)]


def _retry_delay(details: list[Mapping[str, Any]]) -> float | None:
    """The seconds of `RetryInfo`; Google sends no header for them."""
    found = (_DELAY.fullmatch(str(detail.get("retryDelay"))) for detail in details)
    return next((float(match[1]) for match in found if match), None)


def _why_none(answer: Answer, failures: Failures) -> ProviderError:
    """A refusal is HTTP 200 here, and has many names."""
    if answer.is_blocked:
        return failures.refused()
    ended = answer.end
    if ended is None or ended in _UNFINISHED:
        return failures.bad_response("unknown")
    if ended == "STOP" and not answer.texts:
        return failures.bad_response("unknown")
    return failures.refused("unknown")


def _image_cost(rates: TokenRates, usage: Usage) -> Cost | None:
    """Thoughts are priced as words, pictures apart; None where the usage tells of no picture."""
    if not usage.pictures:
        return None
    return token_cost(
        rates,
        text_in=usage.prompt,
        text_out=max(0, usage.answer - usage.pictures) + usage.thoughts,
        image_out=usage.pictures,
    )
