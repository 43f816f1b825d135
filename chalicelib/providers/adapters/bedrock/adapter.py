"""Amazon Bedrock: Stability's models and, for enhancement, every model that speaks Converse."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
)

from chalicelib.providers.base import (
    CallContext,
    Completion,
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
from chalicelib.providers.models.prices import text_cost
from chalicelib.providers.thinking import answer_in
from chalicelib.providers.transport import network
from chalicelib.providers.transport.attempts import finish_within, with_retries
from chalicelib.providers.transport.decoding import from_base64
from chalicelib.providers.transport.openai_errors import is_refusal

T = TypeVar("T")

_BAD_KEY = re.compile(
    r"ExpiredToken|UnrecognizedClient|Signature|InvalidClientTokenId|AuthenticationToken"
)
BEDROCK = "bedrock"
REGION = "us-west-2"
"""The only region that serves Stability's models."""
BASE_URL = f"https://bedrock-runtime.{REGION}.amazonaws.com"
CONNECT_SECONDS = 5.0
POOL_SIZE = 20
CREDENTIALS = "the credentials (AWS_ID and AWS_SECRET, or the role)"


class BedrockRuntime(Protocol):
    """The two calls of boto3's client that are used here."""

    def invoke_model(self, *, modelId: str, body: bytes, contentType: str) -> Mapping[str, Any]: ...  # noqa: N803

    def converse(
        self,
        *,
        modelId: str,  # noqa: N803
        messages: list[Any],
        system: list[Any],
        inferenceConfig: dict[str, Any],  # noqa: N803
    ) -> Mapping[str, Any]: ...


def connect(credentials: Credentials) -> BedrockRuntime:
    """Make a client with the explicit credentials, or else with the role's.

    The address is always given, because AWS_ENDPOINT_URL may point other services elsewhere; the
    signature is, where a bearer token in the environment would be sent in its place.
    """
    secret = credentials.aws_secret
    explicit = bool(credentials.aws_id or credentials.base_url)
    url = credentials.base_url or BASE_URL
    proxy = network.proxy_url(url)
    config = Config(
        proxies={"http": proxy, "https": proxy} if proxy else {},
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=credentials.timeout_s,
        max_pool_connections=POOL_SIZE,
        signature_version="v4" if explicit else None,
    )
    session = boto3.Session(
        aws_access_key_id=credentials.aws_id,
        aws_secret_access_key=secret.reveal() if secret else None,
        region_name=REGION,
    )
    client: BedrockRuntime = session.client(
        "bedrock-runtime",
        endpoint_url=url,
        verify=network.certificate_file(url),
        config=config,
    )
    return client


def image(client: BedrockRuntime, model: CatalogModel) -> "StabilityOnBedrock":
    """Return the model as something that draws."""
    return StabilityOnBedrock(client, model.model_id, Failures.of(model))


def text(client: BedrockRuntime, failures: Failures, rates: TokenRates | None) -> "ConverseText":
    """Return the model as something that completes."""
    return ConverseText(client, failures.model_id, failures, rates)


@dataclass(frozen=True)
class StabilityOnBedrock:
    """One of Stability's models, which share one shape of request and answer."""

    client: BedrockRuntime
    model_id: str
    failures: Failures
    recovery = Recovery.UNSAFE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        return with_retries(lambda: self._draw(request, context), context)

    def _draw(self, request: ImageRequest, context: CallContext) -> Picture:
        answer = _ask(lambda: self._invoke(request), context.deadline, self.failures)
        reasons, images, seeds = (
            _first(answer, name) for name in ("finish_reasons", "images", "seeds")
        )
        if isinstance(reasons, str) and reasons.upper() != "SUCCESS":
            raise self._filtered(reasons)
        if images is None:
            told = " ".join(str(answer.get(name)) for name in ("status", "error", "message"))
            refused = is_refusal(told) or "moderated" in told.lower()
            raise (self.failures.refused if refused else self.failures.bad_response)("unknown")
        return Picture(
            data=from_base64(images, self.failures),
            seed=seeds if isinstance(seeds, int) else request.seed,
        )

    def _invoke(self, request: ImageRequest) -> object:
        fields = {
            "prompt": request.prompt,
            "aspect_ratio": request.aspect_ratio,
            "seed": request.seed,
            "negative_prompt": request.negative_prompt,
            "output_format": "png",
        }
        body = json.dumps({name: value for name, value in fields.items() if value is not None})
        answer = self.client.invoke_model(
            modelId=self.model_id, body=body.encode(), contentType="application/json"
        )
        return json.loads(answer["body"].read())

    def _filtered(self, reason: str) -> ProviderError:
        """A refusal is HTTP 200 here; so is a fault of the model's own."""
        if "inference error" in reason.lower():
            return self.failures.down()
        return self.failures.refused("no" if "prompt" in reason else "unknown")


@dataclass(frozen=True)
class ConverseText:
    """One text model behind Converse."""

    client: BedrockRuntime
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
        answer = _ask(
            lambda: self.client.converse(
                modelId=self.model_id,
                messages=[{"role": "user", "content": _content(user, shown)}],
                system=[{"text": system}] if system else [],
                inferenceConfig={"maxTokens": max_tokens},
            ),
            deadline,
            self.failures,
        )
        if answer.get("stopReason") in ("guardrail_intervened", "content_filtered", "refusal"):
            raise self.failures.refused("unknown")
        try:
            blocks = answer["output"]["message"]["content"]
            text = answer_in([block for block in blocks if "text" in block])
            usage = answer["usage"]
            tokens_in, tokens_out = int(usage["inputTokens"]), int(usage["outputTokens"])
        except (KeyError, TypeError, ValueError):
            raise self.failures.bad_response("unknown") from None
        if not text:
            raise self.failures.bad_response()
        cost = text_cost(self.rates, tokens_in, tokens_out)
        finished = answer.get("stopReason") != "max_tokens"
        return Completion(text, tokens_in, tokens_out, cost, finished)


def _content(user: str, shown: Shown | None) -> list[Mapping[str, Any]]:
    text = {"text": user}
    if shown is None:
        return [text]
    kind = shown.content_type.removeprefix("image/")
    return [text, {"image": {"format": kind, "source": {"bytes": shown.data}}}]


def _ask(call: Callable[[], object], deadline: Deadline, failures: Failures) -> Mapping[str, Any]:
    """Makes one call within the deadline; every failure of it becomes a ProviderError."""

    def attempt(_: float) -> Mapping[str, Any]:
        try:
            answer = call()
        except ClientError as problem:
            raise _classify(problem, failures) from None
        except BotoCoreError as problem:
            raise _no_answer(problem, failures) from None
        except (ValueError, TypeError):
            # What the client raises at an answer that has not the documented shape.
            raise failures.bad_response("unknown") from None
        if not isinstance(answer, Mapping):
            raise failures.bad_response("unknown")
        return answer

    return finish_within(deadline, failures, attempt)


def _classify(problem: ClientError, failures: Failures) -> ProviderError:
    """Bedrock's signs are the names of its exceptions."""
    error = problem.response.get("Error", {})
    code, message = str(error.get("Code")), str(error.get("Message"))
    status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    if code == "ResourceNotFoundException" or "Legacy" in message or "identifier" in message:
        return failures.retired()
    if code in ("ServiceQuotaExceededException", "ThrottlingException"):
        return failures.rate_limited()
    if "PAYMENT" in message.upper():
        return failures.out_of_credit()
    if code == "ValidationException" and is_refusal(message):
        return failures.refused()
    if code == "ModelNotReadyException":
        return failures.down("no")
    if code == "ModelErrorException":
        return failures.down()
    if status in (401, 403) or _BAD_KEY.search(code):
        return failures.bad_key(CREDENTIALS)
    return failures.from_status(status)


def _no_answer(problem: BotoCoreError, failures: Failures) -> ProviderError:
    if isinstance(problem, NoCredentialsError | PartialCredentialsError):
        return failures.bad_key(CREDENTIALS)
    if isinstance(problem, ConnectTimeoutError | EndpointConnectionError | ProxyConnectionError):
        return failures.unreachable()
    if isinstance(problem, ReadTimeoutError):
        return failures.timed_out()
    return failures.lost()


def _first(answer: Mapping[str, Any], name: str) -> object:
    values = answer.get(name)
    return values[0] if isinstance(values, list) and values else None
