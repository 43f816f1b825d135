"""What crosses the pipe between the engine and the processes that run the app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Json = dict[str, Any]
"""An event or an answer: JSON whose shape API Gateway and Lambda decide."""

GATEWAY_SECONDS = 29.0
"""API Gateway's limit for one request or socket message."""


@dataclass(frozen=True)
class FunctionSpec:
    """One Lambda function; `every` is its schedule's period in seconds."""

    name: str
    timeout: float
    memory: int
    reserved: int | None = None
    every: float | None = None


@dataclass(frozen=True)
class AppDescription:
    """What a process that imported the app says about it."""

    name: str
    functions: tuple[FunctionSpec, ...]
    socket_routes: tuple[str, ...]

    def to_json(self) -> Json:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> AppDescription:
        functions = tuple(FunctionSpec(**spec) for spec in data["functions"])
        return cls(data["name"], functions, tuple(data["socket_routes"]))


@dataclass(frozen=True)
class Invocation:
    """One call of the app: `target` is `http`, `socket:<route>` or `function:<name>`."""

    target: str
    event: Json
    request_id: str
    timeout: float = GATEWAY_SECONDS


class FunctionFailed(Exception):
    """The function raised, ran out of time or lost its process."""

    def __init__(self, kind: str, message: str, trace: tuple[str, ...] = ()) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.trace = trace

    def payload(self) -> Json:
        """As Lambda shows it to a caller who waits."""
        shown: Json = {"errorMessage": self.message, "errorType": self.kind}
        return {**shown, "stackTrace": list(self.trace)} if self.trace else shown


class TimedOut(FunctionFailed):
    def __init__(self, request_id: str, seconds: float) -> None:
        text = f"{request_id} Task timed out after {seconds:.2f} seconds"
        super().__init__("Sandbox.Timedout", text)


class ProcessLost(FunctionFailed):
    def __init__(self, request_id: str) -> None:
        text = f"RequestId: {request_id} Error: Runtime exited without providing a reason"
        super().__init__("Runtime.ExitError", text)
