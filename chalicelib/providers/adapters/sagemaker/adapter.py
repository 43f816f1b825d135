"""A SageMaker asynchronous endpoint: the call is handed over, and its answer comes by callback.

The endpoint may sleep at zero instances. The id of a call is our own, so that its end is found
again even where the answer to the call was lost.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
)
from botocore.httpsession import URLLib3Session

from chalicelib.providers.adapters.sagemaker.notices import output_place
from chalicelib.providers.base import CallContext, Deferred, ImageRequest, Picture, Recovery
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.sizes import MULTIPLES_OF_16
from chalicelib.providers.transport import network
from chalicelib.providers.transport.attempts import finish_within, with_retries

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
"""Handing over takes a moment; an answer that takes longer is not waited for."""
POOL_SIZE = 20
TTL_SECONDS = (60, 21_600)
DRAWING_SECONDS = (1, 3_600)
CREDENTIALS = "the role's credentials"
_NEVER_REACHED = (ConnectTimeoutError, EndpointConnectionError, ProxyConnectionError)


class Runtime(Protocol):
    """The one call of boto3's client that is used here."""

    def invoke_endpoint_async(self, **request: Any) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Endpoints:
    """The account's endpoints: how they are called, and how they are looked at."""

    runtime: Runtime
    control: "Control"


def connect(credentials: Credentials) -> Endpoints:
    """Make a client with the role's credentials; a base URL is that of both services."""
    url, session = credentials.base_url, boto3.Session()
    address = url or f"https://runtime.sagemaker.{_region(session)}.amazonaws.com"
    proxy = network.proxy_url(address)
    config = Config(
        proxies={"http": proxy, "https": proxy} if proxy else {},
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        max_pool_connections=POOL_SIZE,
    )
    runtime: Runtime = session.client(
        "sagemaker-runtime",
        region_name=_region(session),
        endpoint_url=address,
        verify=network.certificate_file(address),
        config=config,
    )
    return Endpoints(runtime, Control(session, url))


def image(client: Endpoints, model: CatalogModel) -> "OwnModel":
    """Return the model as something that draws."""
    return OwnModel(client, model, Failures.of(model))


def is_warm(client: Endpoints, model: CatalogModel) -> bool | None:
    """Return whether the endpoint has an instance now, None when nobody says."""
    return client.control.has_instances(model.model_id)


@dataclass(frozen=True)
class OwnModel:
    """One endpoint."""

    client: Endpoints
    model: CatalogModel
    failures: Failures
    recovery = Recovery.RESUMABLE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        """Hand the request over; raise Deferred once it was, and never return."""
        raise Deferred(with_retries(lambda: self._hand_over(request, context), context))

    def _hand_over(self, request: ImageRequest, context: CallContext) -> str | None:
        left = max(0.0, context.deadline.remaining())
        folder, file = output_place(context.name)
        call: dict[str, Any] = {
            "EndpointName": self.model.model_id,
            "ContentType": "application/json",
            "Accept": "image/png",
            "InferenceId": context.name,
            "S3OutputPathExtension": folder,
            "Filename": file,
            "RequestTTLSeconds": _within(left, TTL_SECONDS),
            "InvocationTimeoutSeconds": _within(left, DRAWING_SECONDS),
            "Body": json.dumps(body_for(self.model, request)).encode(),
        }
        return finish_within(context.deadline, self.failures, lambda _: self._invoke(call))

    def _invoke(self, call: Mapping[str, Any]) -> str | None:
        """Return where a failure would be told, None when there was no answer at all.

        Where the picture will lie needs no answer: its key follows from the call's name.
        """
        try:
            answer = self.client.runtime.invoke_endpoint_async(**call)
        except ClientError as problem:
            raise _classify(problem, self.failures) from None
        except (NoCredentialsError, PartialCredentialsError):
            raise self.failures.bad_key(CREDENTIALS) from None
        except _NEVER_REACHED:
            raise self.failures.unreachable() from None
        except BotoCoreError:
            # The request may have been taken: its notice, or its picture, will tell.
            return None
        return str(answer.get("FailureLocation") or "")


def body_for(model: CatalogModel, request: ImageRequest) -> dict[str, Any]:
    """Return the container's request; what nobody asked for is the pipeline's own choice."""
    fields = {
        "prompt": request.prompt,
        "negativePrompt": request.negative_prompt,
        "steps": request.steps,
        "guidance": request.guidance,
        "seed": request.seed,
        **_size(model, request),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _size(model: CatalogModel, request: ImageRequest) -> dict[str, int]:
    if model.size in ("none", "auto"):
        return {}
    fixed = model.size.split("x") if model.size else MULTIPLES_OF_16[request.aspect_ratio]
    width, height = fixed
    return {"width": int(width), "height": int(height)}


def _region(session: boto3.Session) -> str:
    return session.region_name or "us-east-1"


def _within(seconds: float, limits: tuple[int, int]) -> int:
    low, high = limits
    return min(max(int(seconds), low), high)


def _classify(problem: ClientError, failures: Failures) -> ProviderError:
    error = problem.response.get("Error", {})
    code, message = str(error.get("Code")), str(error.get("Message"))
    status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
    if "not found" in message.lower():
        return failures.retired()
    if "Throttling" in code:
        return failures.rate_limited()
    if status in (401, 403) or "UnrecognizedClient" in code or "ExpiredToken" in code:
        return failures.bad_key(CREDENTIALS)
    return failures.from_status(status)


@dataclass(frozen=True)
class Control:
    """The one question to SageMaker's control plane.

    Asked without its client, whose description of four hundred operations takes a small function
    half a second to load.
    """

    session: boto3.Session
    base_url: str | None

    def has_instances(self, endpoint: str) -> bool | None:
        """Return whether the endpoint runs on any instance now; None when nobody says."""
        try:
            answer = URLLib3Session(timeout=5).send(self._signed(endpoint).prepare())
            variants = json.loads(answer.content)["ProductionVariants"]
            return any(int(each["CurrentInstanceCount"]) > 0 for each in variants)
        except (BotoCoreError, ValueError, KeyError, TypeError):
            return None

    def _signed(self, endpoint: str) -> AWSRequest:
        region = _region(self.session)
        request = AWSRequest(
            "POST",
            f"{self.base_url or f'https://api.sagemaker.{region}.amazonaws.com'}/",
            data=json.dumps({"EndpointName": endpoint}).encode(),
            headers={
                "Content-Type": "application/x-amz-json-1.1",
                "X-Amz-Target": "SageMaker.DescribeEndpoint",
            },
        )
        credentials = self.session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        SigV4Auth(credentials, "sagemaker", region).add_auth(request)
        return request
