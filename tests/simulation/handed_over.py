"""A call that was handed over, and what SageMaker says and leaves of it."""

import json
from dataclasses import dataclass, field
from typing import Any

from chalicelib.jobs.model import CallName
from chalicelib.providers.adapters.sagemaker.notices import FAILURES


@dataclass
class Call:
    """One call that was handed over: what became of it, and when.

    `tells_failures` says whether the endpoint has a place for them.
    """

    name: CallName
    data: bytes
    tells_failures: bool
    drawn_at: int | None = None
    refused_at: int | None = None
    failed_at: list[int] = field(default_factory=list)
    told_at: list[int] = field(default_factory=list)


def notice(name: str, *, failed: bool = False) -> str:
    """Return what SageMaker says of a call."""
    told: dict[str, Any] = {
        "awsRegion": "us-east-1",
        "eventTime": "2026-11-26T18:00:00.000Z",
        "eventSource": "aws:sagemaker",
        "eventVersion": "1.0",
        "eventName": "InferenceResult",
        "inferenceId": name,
        "invocationStatus": "Failed" if failed else "Completed",
        "requestParameters": {"endpointName": "own", "inputLocation": ""},
    }
    if failed:
        told["failureReason"] = "ServerError: Received server error (500) from model container"
    else:
        told["responseParameters"] = {"contentType": "image/png", "outputLocation": "s3://other/x"}
    return json.dumps(told)


def failure_place(call: Call) -> str:
    """Where the endpoint writes why it has drawn nothing, under a name of its own."""
    return f"{FAILURES}{call.name.index}-{call.name.job_id}-{call.name.attempt}-error.out"
