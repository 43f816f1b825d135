"""What AWS would ask for the calls that a run made, beside what the models ask.

Counted: calls, the units of the table by what its items weigh, and how long workers worked. A
picture is taken to weigh what the bench takes it to weigh, and to be kept for a month.
"""

from bench.pricing import Usage as Amounts
from bench.pricing import dollars
from bench.usage import LOG_GB_PER_SLOT, MONTHS, PICTURE_GB
from tests.simulation.batches.usage import Usage

WORKER_GB = 448 / 1024
PUTS, GETS = ("put_object", "list_objects_v2"), ("get_object", "head_object")
MESSAGES = 3
"""A message is sent, received and deleted; it is counted where it is sent, ten in a request."""


def amounts(usage: Usage, rows: int, models: int) -> Amounts:
    """Return what one row uses on average, in the units of the price list."""
    calls = usage.calls
    return {
        "table write unit": usage.write_units / rows,
        "table read unit": usage.read_units / rows,
        "object PUT or LIST": sum(calls[name] for name in PUTS) / rows,
        "object GET": sum(calls[name] for name in GETS) / rows,
        "queue request": calls["send_message_batch"] * MESSAGES / rows,
        "lambda request": usage.workers / rows,
        "worker GB-second": usage.worker_ms / 1000 * WORKER_GB / rows,
        "object GB-month": models * PICTURE_GB * MONTHS,
        "log GB": (models + 1) * LOG_GB_PER_SLOT,
    }


def calls_a_row(usage: Usage, rows: int) -> float:
    return sum(usage.calls.values()) / rows


def dollars_a_thousand(usage: Usage, rows: int, models: int) -> float:
    return dollars(amounts(usage, rows, models))
