"""Structured log lines and metrics: ids, codes and figures, never a prompt or a key.

A line is one JSON object on standard output. Metrics ride on a line in CloudWatch's embedded
metric format, so that they cost no call (docs.aws.amazon.com: CloudWatch Embedded Metric Format).
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Any, Literal

Value = str | int | float | bool | None
Metric = Literal[
    "ProviderLatency",
    "ProviderFailures",
    "ProviderCost",
    "PushFailures",
    "ReaperFindings",
    "DispatchFailures",
    "UnexpectedFailures",
]
UNITS: Mapping[Metric, str] = {
    "ProviderLatency": "Milliseconds",
    "ProviderFailures": "Count",
    "ProviderCost": "None",
    "PushFailures": "Count",
    "ReaperFindings": "Count",
    "DispatchFailures": "Count",
    "UnexpectedFailures": "Count",
}
NAMESPACE = "PixelPrompt"
_TRACE_LIMIT = 4000

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request or invocation that is being served; every line carries it."""


class _Stdout(logging.StreamHandler[Any]):
    """Writes to whatever standard output is at that moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stdout


_log = logging.getLogger("pixel_prompt")
_log.setLevel(logging.INFO)
_log.propagate = False
_log.addHandler(_Stdout())


def event(name: str, **fields: Value) -> None:
    """One line; the caller gives ids, codes, counts and durations only."""
    _log.info(_line(name, fields))


def failure(name: str, **fields: Value) -> None:
    """One line with the traceback of the exception being handled, counted as unexpected."""
    trace = traceback.format_exc()[-_TRACE_LIMIT:]
    counted = _metrics({"UnexpectedFailures": 1}, ())
    _log.error(_line(name, {**fields, "trace": trace}, counted))


def measure(
    name: str, metrics: Mapping[Metric, float], by: Mapping[str, str], **fields: Value
) -> None:
    """One line whose metrics CloudWatch counts, by the dimensions in `by`."""
    _log.info(_line(name, {**fields, **by}, _metrics(metrics, by)))


def _line(name: str, fields: Mapping[str, Value], extra: Mapping[str, Any] | None = None) -> str:
    known = {"requestId": request_id.get()} if request_id.get() else {}
    return json.dumps({"event": name, **known, **fields, **(extra or {})})


def _metrics(metrics: Mapping[Metric, float], by: Iterable[str]) -> dict[str, Any]:
    described = [{"Name": metric, "Unit": UNITS[metric]} for metric in metrics]
    directive = {"Namespace": NAMESPACE, "Dimensions": [list(by)], "Metrics": described}
    stamp = int(time.time() * 1000)
    values: dict[str, Any] = {str(metric): value for metric, value in metrics.items()}
    return {"_aws": {"Timestamp": stamp, "CloudWatchMetrics": [directive]}, **values}
