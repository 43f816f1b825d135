"""The way to AWS: latency, faults, and the SDK's own retries, which repeat a lost answer's call."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from botocore.exceptions import ClientError, ReadTimeoutError

from tests.simulation.cloud import Pages
from tests.simulation.faults import Faults
from tests.simulation.scheduler import Scheduler

SDK_ATTEMPTS = 4
FASTEST_MS, SLOWEST_MS = 2.0, 12.0
"""One way; there and back is 4 to 24 ms."""
BACKOFF_MS = 1000.0
Fate = Literal["ok", "rejected", "lost", "throttled"]
T = TypeVar("T")
Note = Callable[[str], None]


class Network:
    """Carries calls out. A fault is rejected before it was applied, throttled, or its answer lost
    after it was applied: a third each."""

    def __init__(self, scheduler: Scheduler, faults: Faults, note: Note) -> None:
        self._scheduler = scheduler
        self._faults = faults
        self._note = note

    def call(self, operation: str, apply: Callable[[], T]) -> T:
        """One call of the SDK; raises what the SDK raises when all its attempts have failed."""
        dice = self._scheduler.process.dice
        outage = self._happens("outage")
        for attempt in range(SDK_ATTEMPTS):
            fate = self._fate(outage)
            answer = self._attempt(operation, apply, fate)
            if answer is not None:
                return answer()
            self._scheduler.sleep(dice.random() * BACKOFF_MS * 2**attempt)
        raise _problem(fate, operation)

    def _attempt(
        self, operation: str, apply: Callable[[], T], fate: Fate
    ) -> Callable[[], T] | None:
        """The answer, to be opened by the caller; None when none arrived."""
        self._travel()
        answer = None if fate in ("rejected", "throttled") else _envelope(apply)
        self._note(f"{operation} {fate}")
        self._travel()
        return None if fate == "lost" else answer

    def _travel(self) -> None:
        dice = self._scheduler.process.dice
        self._scheduler.point()
        self._scheduler.sleep(dice.uniform(FASTEST_MS, SLOWEST_MS))

    def _fate(self, outage: bool) -> Fate:
        dice = self._scheduler.process.dice
        if not (self._happens("aws_call") or outage):
            return "ok"
        return dice.choice(("rejected", "lost", "throttled"))

    def _happens(self, kind: str) -> bool:
        process = self._scheduler.process
        return self._faults.happens(kind, process.name, process.dice)


class Client:
    """A boto3 client whose every call goes over the network."""

    def __init__(self, network: Network, service: Any) -> None:
        self._network = network
        self._service = service
        self.exceptions = getattr(service, "exceptions", None)

    def get_paginator(self, operation: str) -> Pages:
        """Each page is a call of its own."""
        return Pages(getattr(self, operation))

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        serve = getattr(self._service, operation)

        def call(**request: Any) -> Any:
            return self._network.call(operation, lambda: serve(**request))

        return call


def _envelope(apply: Callable[[], T]) -> Callable[[], T]:
    """Applies now; the result, or the service's refusal, comes out when it is opened."""
    try:
        result = apply()
    except ClientError as refusal:
        problem = refusal

        def refuse() -> T:
            raise problem

        return refuse
    return lambda: result


def _problem(fate: Fate, operation: str) -> Exception:
    if fate == "lost":
        return ReadTimeoutError(endpoint_url=operation)
    code = "ThrottlingException" if fate == "throttled" else "InternalServerError"
    return ClientError({"Error": {"Code": code, "Message": ""}}, operation)
