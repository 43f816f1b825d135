"""Watches boto3: counts its calls, adds up capacity, times each call, and can slow them down."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.awsrequest import AWSResponse, HTTPHeaders

if TYPE_CHECKING:
    from boto3 import Session

NO_LATENCY: Mapping[str, float] = {}
AWS_LATENCY: Mapping[str, float] = {"s3": 0.020, "dynamodb": 0.005}
"""Seconds added to each call, as they are within one region."""
ELSEWHERE = ("lambda", "apigatewaymanagementapi")
"""Services that only take note of a call; they are answered here, with success."""


@dataclass(frozen=True)
class Span:
    """One stretch of work, in seconds of the monotonic clock."""

    name: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass
class Meter:
    """Counts by `Service.Operation`; safe to use from many threads."""

    latency: Mapping[str, float] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    write_units: float = 0.0
    spans: list[Span] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def watch(self, session: Session) -> None:
        """Every client that the session makes from now on is watched."""
        events = session.events
        events.register("provide-client-params.dynamodb", _ask_for_capacity)
        events.register("before-call", self._begin)
        events.register_first("before-send", self._send)  # type: ignore[arg-type]
        events.register("after-call", self._end)

    def reset(self, latency: Mapping[str, float] = NO_LATENCY) -> None:
        """Forgets everything; from now on calls take that much longer."""
        with self._lock:
            self.latency = latency
            self.calls, self.write_units, self.spans = Counter(), 0.0, []

    def count(self, *services: str) -> int:
        """Calls to these services."""
        return sum(n for call, n in self.calls.items() if _service(call) in services)

    def note(self, span: Span) -> None:
        with self._lock:
            self.spans.append(span)

    def _begin(self, model: Any, context: dict[str, Any], **_: Any) -> None:
        context["began"] = time.perf_counter()
        with self._lock:
            self.calls[_call(model)] += 1

    def _send(self, request: Any, event_name: str, **_: Any) -> AWSResponse | None:
        service = event_name.split(".")[1]
        if service in ELSEWHERE:
            status = 202 if service == "lambda" else 200
            return AWSResponse(request.url, status, HTTPHeaders(), _Empty())
        if service in self.latency:
            time.sleep(self.latency[service])
        return None

    def _end(self, model: Any, parsed: Any, context: dict[str, Any], **_: Any) -> None:
        self.note(Span(_call(model), context["began"], time.perf_counter()))
        used = parsed.get("ConsumedCapacity")
        if used and model.name in ("PutItem", "UpdateItem", "DeleteItem"):
            with self._lock:
                self.write_units += float(used["CapacityUnits"])


class _Empty:
    """The body of an answer that says nothing."""

    def stream(self) -> list[bytes]:
        return [b""]


def _ask_for_capacity(params: dict[str, Any], **_: Any) -> None:
    params["ReturnConsumedCapacity"] = "INDEXES"


def _call(model: Any) -> str:
    return f"{model.service_model.service_name}.{model.name}"


def _service(call: str) -> str:
    return call.partition(".")[0]
