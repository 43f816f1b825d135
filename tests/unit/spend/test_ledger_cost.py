"""What the ledger costs: as much with five hundred open reservations as with one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from chalicelib.spend.model import Budget, Reservation
from tests.figures import RecordFigure
from tests.unit.cloud import TABLE, Cloud
from tests.unit.spend.books import LIMIT, Books


@dataclass
class Meter:
    """Counts calls, and write units as DynamoDB bills them: the whole item, in whole kilobytes."""

    cloud: Cloud
    units: int = 0
    calls: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        handlers: dict[str, Callable[..., None]] = {
            "provide-client-params": self._before,
            "after-call": self._after,
        }
        for event, handler in handlers.items():
            self.cloud.dynamodb.meta.events.register(event, handler)
        try:
            yield
        finally:
            for event, handler in handlers.items():
                self.cloud.dynamodb.meta.events.unregister(event, handler)

    def _before(self, params: Any, model: Any, context: Any, **_: Any) -> None:
        if model.name in ("UpdateItem", "PutItem", "DeleteItem"):
            source = params.get("Key") or params["Item"]
            key = {name: source[name] for name in ("pk", "sk")}
            context["written"] = key, self._size(key)
        self.calls += 1

    def _after(self, context: Any, **_: Any) -> None:
        if written := context.pop("written", None):
            key, before = written
            self.units += max(1, -(-max(before, self._size(key)) // 1024))

    def _size(self, key: Any) -> int:
        """The item's bytes now; to look does not count."""
        counted = self.calls
        item = self.cloud.dynamodb.get_item(TableName=TABLE, Key=key).get("Item", {})
        self.calls = counted
        return size(item)


def size(item: Any) -> int:
    """The bytes of an item, names and values, by DynamoDB's rules."""
    return sum(len(name) + value_size(value) for name, value in item.items())


def value_size(value: Any) -> int:
    ((kind, content),) = value.items()
    if kind == "N":
        return len(content) // 2 + 2
    if kind == "M":
        return 3 + len(content) + size(content)
    if kind == "L":
        return 3 + sum(1 + value_size(each) for each in content)
    return sum(map(len, content)) if kind == "SS" else len(content)


@pytest.mark.timeout(600)
def test_a_reservation_costs_the_same_however_many_are_open(
    cloud: Cloud, record_figure: RecordFigure
) -> None:
    books, costs, calls, pairs = Books(cloud), {}, {}, 10
    parts = {str(slot): 40_000 for slot in range(1, 10)}
    day = Budget("2026-11-18", 1000 * LIMIT, 1_795_100_000_000)
    opened = 0

    def reserve() -> Reservation:
        books.now += 7
        name = f"00000000-0000-4000-8000-{books.ids:012d}#0f1e2d3c"
        return books.ledger.reserve(name, parts, (day,))

    for count in (1, 50, 500):
        for _ in range(opened, count):
            reserve()
        opened, meter = count, Meter(cloud)
        with meter.running():
            for _ in range(pairs):
                books.ledger.settle(reserve(), dict.fromkeys(parts, 35_000))
        costs[count], calls[count] = meter.units / pairs, meter.calls / pairs
    record_figure(
        "write units of reserving and settling a nine-model job",
        **{f"open_{count}": round(units, 2) for count, units in costs.items()},
        calls=round(calls[500], 2),
    )
    assert max(costs.values()) <= 1.2 * costs[1]
    assert costs[500] <= 5.5
    books.check(day)
