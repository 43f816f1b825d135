"""SageMaker's asynchronous endpoints: calls are taken, pictures delivered, notices published.

Speaks the runtime's wire (`InvokeEndpointAsync` with an inline body) and the one question of the
control plane (`DescribeEndpoint`). An endpoint sleeps without an instance until somebody asks,
draws one picture at a time once it is awake, and falls asleep again when nobody asks for a while.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol

from aiohttp import web
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from devstack.own_model.answers import REFUSED, Answered, telling
from devstack.simulators import faults as fault
from devstack.simulators.backend import Backend, Order
from devstack.simulators.faults import Faults
from devstack.simulators.simulator import Simulator
from devstack.simulators.wire import Answer, ConnectionDropped, Strict, WireError, field_of

MOST_BODY_BYTES = 128_000
WAKING_S, AWAKE_S = 12.0, 60.0
"""At pace 1; the real ones take minutes for the first and a quarter of an hour for the second."""
NEVER = float("inf")
_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)/\d{8}/[a-z0-9-]+/sagemaker/")
_HEADER = "X-Amzn-SageMaker-"
_LIMITS = {"RequestTTLSeconds": (60, 21_600), "InvocationTimeoutSeconds": (1, 3_600)}


class Delivery(Protocol):
    """Where what was drawn goes, and who is told of it."""

    @property
    def output(self) -> str:
        """Return the `s3://bucket/prefix` of the endpoint's configuration."""
        ...

    async def put(self, location: str, data: bytes) -> None:
        """Write an object under its `s3://` address."""
        ...

    async def publish(self, subject: str, message: str, attributes: Mapping[str, str]) -> None:
        """Publish a notice on the topic of the endpoint's configuration."""
        ...


class _Body(Strict):
    model_config = ConfigDict(alias_generator=to_camel)
    prompt: str = Field(min_length=1, max_length=10_000)
    negative_prompt: str | None = Field(default=None, max_length=10_000)
    width: int = Field(default=1024, ge=64, le=2048)
    height: int = Field(default=1024, ge=64, le=2048)
    steps: int | None = Field(default=None, ge=1, le=100)
    guidance: float | None = Field(default=None, ge=0, le=20)
    seed: int | None = Field(default=None, ge=0, le=4_294_967_295)


def _error(status: int, name: str, message: str) -> Answer:
    return Answer(status, {"Message": message}, {"x-amzn-ErrorType": name})


class Container(Protocol):
    """What draws for an endpoint, in the place of the simulated one."""

    async def start(self) -> None:
        """Return once it draws, or cannot."""
        ...

    async def invoke(self, body: bytes, name: str) -> Answered:
        """Return what it answers to the body of a call."""
        ...

    async def stop(self) -> None:
        """Let go of its memory."""
        ...


@dataclass
class _Sleeper:
    """One endpoint: when its instance is there, and the lock that it draws under."""

    container: Container | None = None
    awake_at: float = NEVER
    used_at: float = 0.0
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True)
class _Taken:
    """A call that was taken, where its picture goes, and where its failure would be told."""

    endpoint: str
    inference_id: str
    attributes: str
    location: str
    failure_location: str
    sent: bytes


class OwnEndpoint(Simulator):
    """The endpoints of one account; every name but `no-such-endpoint` is one."""

    id = "sagemaker"
    base_path = "/sagemaker"
    fault_answers: ClassVar[Mapping[str, Answer]] = {
        "rate_limit": _error(400, "ThrottlingException", "Rate exceeded"),
        "server_error": _error(500, "InternalFailure", "Internal failure"),
        "retired": _error(400, "ValidationError", "Endpoint own of account 1 not found."),
        "bad_key": _error(
            403,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        ),
    }

    def __init__(
        self,
        backend: Backend,
        delivery: Delivery,
        pace: float = 1.0,
        container: Callable[[], Container | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(backend)
        self.delivery, self._pace, self._container = delivery, pace, container
        self._clock, self._sleep = clock, sleep
        self._sleepers: dict[str, _Sleeper] = {}
        self._work: set[asyncio.Task[None]] = set()

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the routes of both services at one address."""
        path = f"{self.base_path}/endpoints/{{name}}/async-invocations"
        return [web.post(path, self._invoke), web.post(f"{self.base_path}/", self._describe)]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        listed = "; ".join(f"{field_of(problem)}: {problem['msg']}" for problem in problems)
        return _error(400, "ValidationError", listed)

    def check_key(self, request: web.Request) -> None:
        """Require the access key in a SigV4 header that is signed for SageMaker."""
        signed = _CREDENTIAL.match(request.headers.get("Authorization", ""))
        missing = _error(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
        self.require_key(signed[1] if signed else None, missing)

    async def _describe(self, request: web.Request) -> web.Response:
        self.check_key(request)
        if request.headers.get("X-Amz-Target") != "SageMaker.DescribeEndpoint":
            raise WireError(_error(400, "UnknownOperationException", ""))
        asked = json.loads(await request.read())
        name = self._known(str(asked["EndpointName"]))
        count = int(self._is_awake(name))
        variant = {"VariantName": "one", "CurrentInstanceCount": count, "DesiredInstanceCount": 1}
        told = {
            "EndpointName": name,
            "EndpointStatus": "InService",
            "ProductionVariants": [variant],
        }
        return web.json_response(told, content_type="application/x-amz-json-1.1")

    async def _invoke(self, request: web.Request) -> web.Response:
        self.check_key(request)
        name = self._known(request.match_info["name"])
        raw = await request.read()
        taken = self._taken(name, request, raw)
        if len(raw) > MOST_BODY_BYTES:
            raise WireError(_error(400, "ValidationError", "The inline body is too large."))
        body = self.parse(raw, _Body)
        order = Order(self.id, name, body.prompt)
        faults = self.backend.accept(order, self.fault_answers)
        self._wake(name)
        self._begin(self._work_off(taken, order, body, faults))
        if fault.DROP in faults:
            raise ConnectionDropped
        headers = {
            f"{_HEADER}OutputLocation": taken.location,
            f"{_HEADER}FailureLocation": taken.failure_location,
        }
        return web.json_response({"InferenceId": taken.inference_id}, status=202, headers=headers)

    def _known(self, name: str) -> str:
        if name == "no-such-endpoint":
            raise WireError(self.fault_answers["retired"])
        return name

    def _taken(self, name: str, request: web.Request, raw: bytes) -> _Taken:
        """Read the call's headers; raise the answer to those that SageMaker refuses."""
        told = {n: request.headers.get(_HEADER + n, "") for n in (*_LIMITS, "Inference-Id")}
        for limited, (low, high) in _LIMITS.items():
            if told[limited] and not low <= int(told[limited]) <= high:
                raise WireError(_error(400, "ValidationError", f"{limited} is out of range."))
        if not re.fullmatch(r"\S[\x20-\x7e]{0,63}", told["Inference-Id"]):
            raise WireError(_error(400, "ValidationError", "InferenceId is malformed."))
        if request.headers.get(f"{_HEADER}InputLocation") or not raw:
            raise WireError(_error(400, "ValidationError", "Provide exactly one of Body, Input."))
        extension = request.headers.get(f"{_HEADER}S3OutputPathExtension", "")
        file = request.headers.get(f"{_HEADER}Filename") or f"{told['Inference-Id']}.out"
        location = "/".join(filter(None, (self.delivery.output, extension, file)))
        custom = request.headers.get(f"{_HEADER}Custom-Attributes", "")
        failure = f"{self.delivery.output}/failures/{self.backend.new_id()}-error.out"
        return _Taken(name, told["Inference-Id"], custom, location, failure, raw)

    def _sleeper(self, name: str) -> _Sleeper:
        if name not in self._sleepers:
            self._sleepers[name] = _Sleeper(self._container())
        return self._sleepers[name]

    def _is_awake(self, name: str) -> bool:
        sleeper, now = self._sleeper(name), self._clock()
        idle = now >= sleeper.used_at + self._pace * AWAKE_S and not sleeper.drawing.locked()
        if sleeper.awake_at <= now and idle:
            sleeper.awake_at = NEVER
        return sleeper.awake_at <= now

    def _wake(self, name: str) -> None:
        sleeper = self._sleeper(name)
        if not self._is_awake(name) and sleeper.container is None and sleeper.awake_at == NEVER:
            sleeper.awake_at = self._clock() + self._pace * WAKING_S
        sleeper.used_at = max(self._clock(), min(sleeper.awake_at, self._clock() + WAKING_S))

    async def _work_off(self, taken: _Taken, order: Order, body: _Body, faults: Faults) -> None:
        """Draw once the endpoint is awake and has no other call, then deliver and tell."""
        if fault.HANG in faults:
            return
        sleeper = self._sleeper(taken.endpoint)
        async with sleeper.drawing:
            answered = await self._answer(sleeper, taken, order, body, faults)
            sleeper.used_at = self._clock()
            place = taken.location if answered.is_picture else taken.failure_location
            await self.delivery.put(place, answered.body)
        await self._tell(taken, answered)
        if sleeper.container:
            await self._sleep(self._pace * AWAKE_S)
            await self._put_to_sleep(taken.endpoint)

    async def _answer(
        self, sleeper: _Sleeper, taken: _Taken, order: Order, body: _Body, faults: Faults
    ) -> Answered:
        """Return what the container answers, once it is awake."""
        if sleeper.container is None:
            await self._sleep(max(0.0, sleeper.awake_at - self._clock()))
            await self._sleep(self.backend.seconds(order, faults))
            if "refuse" in faults:
                return REFUSED
            return Answered(200, await self._picture(taken, order, body, faults))
        await sleeper.container.start()
        sleeper.awake_at = min(sleeper.awake_at, self._clock())
        return await sleeper.container.invoke(taken.sent, taken.inference_id)

    async def _picture(self, taken: _Taken, order: Order, body: _Body, faults: Faults) -> bytes:
        """Return a picture that tells how it was made, as the container's do."""
        seed = order.number if body.seed is None else body.seed
        spec = self.spec(taken.endpoint, body.prompt, body.width, body.height, seed)
        return telling(await self.backend.picture(spec, faults), {"seed": seed})

    async def _put_to_sleep(self, name: str) -> None:
        """End the container of an endpoint that nobody has asked for long enough."""
        sleeper = self._sleeper(name)
        if self._is_awake(name):
            return
        async with sleeper.drawing:
            if sleeper.container and sleeper.awake_at == NEVER:
                await sleeper.container.stop()

    async def _tell(self, taken: _Taken, answered: Answered) -> None:
        """Publish the notice as SageMaker writes it."""
        status = "Completed" if answered.is_picture else "Failed"
        told: dict[str, Any] = {
            "awsRegion": "us-east-1",
            "eventTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "receivedTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "invocationStatus": status,
            "requestParameters": {
                "accept": "image/png",
                "contentType": "application/json",
                "customAttributes": taken.attributes,
                "endpointName": taken.endpoint,
            },
            "inferenceId": taken.inference_id,
            "eventVersion": "1.0",
            "eventSource": "aws:sagemaker",
            "eventName": "InferenceResult",
        }
        if answered.is_picture:
            place = {"contentType": "image/png", "outputLocation": taken.location}
            told["responseParameters"] = place
        else:
            told["failureReason"] = answered.reason
        subject = f"Amazon SageMaker Async Inference {status}"
        await self.delivery.publish(subject, json.dumps(told), {"invocationStatus": status})

    def _begin(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)
