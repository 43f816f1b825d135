"""Imports the Chalice app and finds its handlers by name, as Lambda does."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from chalice.app import (
    BaseEventSourceConfig,
    Chalice,
    EventSourceHandler,
    LambdaFunction,
    ScheduledEventConfig,
)
from chalice.cli.factory import CLIFactory
from chalice.config import Config
from chalice.local import LambdaContext, LocalChalice

from devstack.lambdas.gateway import HttpGateway
from devstack.lambdas.model import AppDescription, FunctionSpec, Invocation, Json

STAGE = "local"
DEFAULT_TIMEOUT, DEFAULT_MEMORY = 60, 128
UNIT_SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}

Handler = Callable[[Json, LambdaContext], Any]
Declared = LambdaFunction | BaseEventSourceConfig


class Context(LambdaContext):
    """Chalice's context with whole milliseconds, as Lambda's has."""

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int(super().get_remaining_time_in_millis()))


class Application:
    """The app's entries by target, ready to be called from many threads."""

    def __init__(self, project: Path) -> None:
        self._config: Config = CLIFactory(str(project)).create_config_obj(STAGE)
        self._app = _thread_safe(self._config.chalice_app)
        self._specs = {spec.name: spec for spec in self._functions()}
        self._handlers = dict(self._entries())

    def describe(self) -> AppDescription:
        return AppDescription(
            self._app.app_name, tuple(self._specs.values()), tuple(self._app.websocket_handlers)
        )

    def call(self, invocation: Invocation) -> Any:
        """Runs one invocation to its end; whatever the app raises passes through."""
        context = self._context(invocation)
        if invocation.target == "http":
            return HttpGateway(self._app, self._config, invocation.event, context).answer()
        return self._handlers[invocation.target](invocation.event, context)

    def _declared(self) -> list[Declared]:
        return [*self._app.pure_lambda_functions, *self._app.event_sources]

    def _functions(self) -> Iterator[FunctionSpec]:
        for entry in self._declared():
            scope = self._config.scope(STAGE, entry.name)
            yield FunctionSpec(
                name=entry.name,
                timeout=scope.lambda_timeout or DEFAULT_TIMEOUT,
                memory=scope.lambda_memory_size or DEFAULT_MEMORY,
                reserved=scope.reserved_concurrency,
                every=_period(entry),
            )

    def _entries(self) -> Iterator[tuple[str, Handler]]:
        for entry in self._declared():
            yield f"function:{entry.name}", _resolve(entry.handler_string)
        for route, entry in self._app.websocket_handlers.items():
            yield f"socket:{route}", _resolve(entry.handler_string)

    def _context(self, invocation: Invocation) -> LambdaContext:
        short = invocation.target.removeprefix("function:")
        spec = self._specs.get(short)
        name = f"{self._app.app_name}-{STAGE}-{short}"
        memory = spec.memory if spec else DEFAULT_MEMORY
        context = Context(name, memory, int(invocation.timeout * 1000))
        context.aws_request_id = invocation.request_id
        context.invoked_function_arn = f"arn:aws:lambda:us-east-1:000000000000:function:{name}"
        return context


def _resolve(handler_string: str) -> Handler:
    module, name = handler_string.rsplit(".", 1)
    handler: Handler = getattr(importlib.import_module(module), name)
    if isinstance(handler, EventSourceHandler):
        # Chalice keeps a generator here and consumes it at the first call: threads would race.
        handler.middleware_handlers = list(handler.middleware_handlers)
    return handler


def _thread_safe(app: Chalice) -> Chalice:
    """Gives each thread its own current request, as `chalice local` does."""
    app.__class__ = type("LocalApp", (LocalChalice, type(app)), {})
    return app


def _period(entry: object) -> float | None:
    if not isinstance(entry, ScheduledEventConfig):
        return None
    expression = entry.schedule_expression
    text = expression if isinstance(expression, str) else expression.to_string()
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", text)
    if rate is None:
        raise ValueError(f"{entry.name}: the local engine runs rate schedules only, not {text}")
    return int(rate[1]) * UNIT_SECONDS[rate[2]]
