"""Lines of the container's log: one JSON object each, with ids and figures, never a prompt."""

import json
import sys
import traceback

TRACE_LIMIT = 4000


def line(event: str, **fields: str | int | float | bool) -> None:
    """One line on standard output, which SageMaker keeps."""
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()


def failure(event: str, **fields: str | int | float | bool) -> None:
    """The same with the trace of the exception that is being handled."""
    line(event, trace=traceback.format_exc()[-TRACE_LIMIT:], **fields)
