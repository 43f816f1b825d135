"""What one job uses of AWS in both designs: its counted calls, and what no emulator can know.

Assumed of both: the slowest provider takes a minute, a picture is a PNG of 1024 pixels square and
is kept for a month, one person watches, functions are warm, and there is no free tier. Of the
product: its page shows every thumbnail and every preview, and loads the originals that are opened.
On a fast line a card loads the original, too, where it is there before its preview.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from bench.pricing import Usage, together

SLOWEST_SECONDS: Final = 60.0
PICTURE_GB, PREVIEW_GB, THUMBNAIL_GB = 0.00182, 0.000086, 0.000013
PREVIEW_SECONDS: Final = 0.15
"""The previews function's time for one picture of nine: drawing on a whole core, and storing."""
DOCUMENT_GB, ZIPPED_DOCUMENT_GB = 0.00243, 0.00184
"""The same picture as base64 in JSON, and what a CDN makes of that."""
MONTHS: Final = 1.0
API_SECONDS, SOCKET_SECONDS = 0.05, 0.03
API_MB, SOCKET_MB, ORIGINALS_MB = 512, 256, 3008
POLL_SECONDS: Final = 2.0
MESSAGE_STEP: Final = 32 * 1024
LOG_GB_PER_CALL, LOG_GB_PER_SLOT = 1e-6, 2e-6
READS: Final = frozenset({"GetItem", "Query"})
FETCHES: Final = frozenset({"GetObject", "HeadObject"})
UNITS: Final[Mapping[str, str]] = {
    "execute-api": "socket message",
    "secretsmanager": "secret call",
    "lambda": "lambda request",
}


@dataclass(frozen=True)
class Memory:
    """Megabytes of the functions whose time counts."""

    worker_mb: int
    previews_mb: int


def of_calls(calls: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """What the metered calls of functions use, in the units of the price list."""
    return together(*({_unit(call): _amount(call)} for call in calls))


def of_product(calls: Usage, models: int, memory: Memory, opened: int = 0) -> dict[str, float]:
    """One job of this product, of whose originals so many are opened."""
    return together(calls, _answering(models), _drawing(models, memory), _looking(models, opened))


def of_originals(calls: Usage, models: int, worker_mb: int = ORIGINALS_MB) -> dict[str, float]:
    """One job of the originals, whose page polls and loads every picture whole."""
    requests = 1 + SLOWEST_SECONDS / POLL_SECONDS
    asked = {
        "REST request": requests,
        "lambda request": requests + 1,
        "lambda GB-second": requests * API_SECONDS * worker_mb / 1024,
        "object GET": requests - 1 + models,
        "CDN request": models,
        "CDN GB": models * ZIPPED_DOCUMENT_GB,
        "object GB-month": models * DOCUMENT_GB * MONTHS,
        "log GB": requests * LOG_GB_PER_CALL + models * LOG_GB_PER_SLOT,
    }
    return together(calls, asked, _waiting(worker_mb))


def _unit(call: Mapping[str, Any]) -> str:
    if call["service"] == "dynamodb":
        return "table read unit" if call["operation"] in READS else "table write unit"
    if call["service"] == "s3":
        return "object GET" if call["operation"] in FETCHES else "object PUT or LIST"
    return UNITS[call["service"]]


def _amount(call: Mapping[str, Any]) -> float:
    if call["service"] == "execute-api":
        return float(max(1, ceil(call["bytes"] / MESSAGE_STEP)))
    return float(call.get("units", 1.0))


def _answering(models: int) -> Usage:
    """Two requests of the page, and a socket that opens, subscribes, lives a minute and closes."""
    small = 2 * API_SECONDS * API_MB + 3 * SOCKET_SECONDS * SOCKET_MB
    return {
        "REST request": 2,
        "CDN request": 2,
        "socket message": 2,
        "socket connection-minute": SLOWEST_SECONDS / 60,
        "lambda request": 5,
        "lambda GB-second": small / 1024,
        "trace": 6,
        "log GB": 6 * LOG_GB_PER_CALL + models * LOG_GB_PER_SLOT,
    }


def _drawing(models: int, memory: Memory) -> Usage:
    stored = models * (PICTURE_GB + PREVIEW_GB + THUMBNAIL_GB)
    previews = {
        "lambda GB-second": models * PREVIEW_SECONDS * memory.previews_mb / 1024,
        "object GB-month": stored * MONTHS,
        "trace": 1,
        "log GB": models * LOG_GB_PER_CALL,
    }
    return together(_waiting(memory.worker_mb), previews)


def _waiting(worker_mb: int) -> Usage:
    return {"worker GB-second": SLOWEST_SECONDS * worker_mb / 1024}


def _looking(models: int, opened: int) -> Usage:
    """Every thumbnail and every preview, and the originals that are opened."""
    return {
        "CDN request": 2 * models + opened,
        "object GET": 2 * models + opened,
        "CDN GB": models * (THUMBNAIL_GB + PREVIEW_GB) + opened * PICTURE_GB,
    }
