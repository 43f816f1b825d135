"""What AWS asks for amounts of its units, from a list of prices that has its date."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

JOBS = 1000
Usage = Mapping[str, float]
"""Amounts that one job uses, by the list's units; `worker GB-second` is a Lambda's."""

PRICES: Usage = json.loads(Path(__file__).with_name("cost_prices.json").read_text())["usd"]
SERVICES: Mapping[str, str] = {
    "worker GB-second": "worker",
    "lambda GB-second": "other functions",
    "lambda request": "other functions",
    "REST request": "API and sockets",
    "socket message": "API and sockets",
    "socket connection-minute": "API and sockets",
    "queue request": "API and sockets",
    "table write unit": "table",
    "table read unit": "table",
    "object PUT or LIST": "bucket requests",
    "object GET": "bucket requests",
    "object GB-month": "storage",
    "CDN request": "delivery",
    "CDN GB": "delivery",
    "secret call": "logs, traces, secrets",
    "log GB": "logs, traces, secrets",
    "trace": "logs, traces, secrets",
}


def together(*usages: Usage) -> dict[str, float]:
    """The sum of what each of them uses."""
    summed: dict[str, float] = {}
    for usage in usages:
        for unit, amount in usage.items():
            summed[unit] = summed.get(unit, 0.0) + amount
    return summed


def dollars(usage: Usage) -> float:
    """Of 1,000 jobs."""
    return round(sum(_cost(unit, amount) for unit, amount in usage.items()), 3)


def by_service(usage: Usage) -> dict[str, float]:
    """Of 1,000 jobs, the dearest first."""
    costs: dict[str, float] = {}
    for unit, amount in usage.items():
        service = SERVICES[unit]
        costs[service] = costs.get(service, 0.0) + _cost(unit, amount)
    dearest = sorted(costs.items(), key=lambda cost: cost[1], reverse=True)
    return {service: round(cost, 4) for service, cost in dearest}


def _cost(unit: str, amount: float) -> float:
    return amount * PRICES[unit.replace("worker", "lambda")] * JOBS
