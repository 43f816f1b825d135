"""Queries of large partitions: only the items that can be in the answer are looked at.

The emulator sorts a whole partition for every page, and tests every item of it: of a batch of a
hundred thousand rows, seconds. Here the sort keys of a large partition are kept in their order.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import dynamodb

LARGE = 500
"""Items, from which on it is worth it."""
MOST_IN_PAGE = 100_000
"""Items that 1 MB, which a page has at most, can hold: each has a key of two parts."""
LAST = "\U0010ffff"
_CONDITION = re.compile(
    r"pk = (?P<pk>:\w+)(?: AND (?:sk BETWEEN (?P<first>:\w+) AND (?P<last>:\w+)"
    r"|begins_with\(sk, (?P<begin>:\w+)\)|sk < (?P<before>:\w+)))?"
)
"""The conditions that the product asks with."""
Item = dict[str, Any]
Query = Callable[[Mapping[str, Any]], Any]


class Ranges:
    """Stands before the emulator's query; is told of every key that comes or goes."""

    def __init__(self) -> None:
        self._query: Query = dynamodb._query
        self._sorted: dict[tuple[str, str], list[str]] = {}

    def follow(self) -> None:
        dynamodb._query = self._asked

    def put(self, table: Any, partition: str, sort: str) -> None:
        """Note a new sort key."""
        if keys := self._sorted.get((table["TableArn"], partition)):
            insort(keys, sort)

    def take(self, table: Any, partition: str, sort: str) -> None:
        """Note that a sort key is gone."""
        if keys := self._sorted.get((table["TableArn"], partition)):
            del keys[bisect_left(keys, sort)]

    def forget(self) -> None:
        """Look at the keys anew: something else than these operations has changed them."""
        self._sorted.clear()

    def _asked(self, data: Mapping[str, Any]) -> Any:
        table = dynamodb._tables.get(dynamodb._normalize_table_name(data.get("TableName")))
        partition, near = self._near(table, data) if table else ("", None)
        if near is None:
            return self._query(data)
        everything = table["items"]
        held = everything[partition]
        table["items"] = {partition: {sort: held[sort] for sort in near}}
        try:
            return self._query(data)
        finally:
            table["items"] = everything

    def _near(self, table: Any, data: Mapping[str, Any]) -> tuple[str, list[str] | None]:
        """Return the partition and the sort keys of what may be on this page; None for all."""
        asked = _CONDITION.fullmatch(data.get("KeyConditionExpression") or "")
        values = data.get("ExpressionAttributeValues") or {}
        if asked is None or data.get("IndexName") or table.get("sk_name") != "sk":
            return "", None
        told = {
            name: values.get(ref, {}).get("S") for name, ref in asked.groupdict().items() if ref
        }
        partition, items = told["pk"], table["items"].get(told["pk"], ())
        if len(items) < LARGE or None in told.values():
            return "", None
        keys = self._sorted.setdefault((table["TableArn"], partition), [])
        if len(keys) != len(items):
            keys[:] = sorted(items)
        first = told.get("first") or told.get("begin") or ""
        last = told.get("last") or told.get("before") or f"{told.get('begin', '')}{LAST}"
        most = min(int(data.get("Limit") or MOST_IN_PAGE), MOST_IN_PAGE) + 2
        after = (data.get("ExclusiveStartKey") or {}).get("sk", {}).get("S")
        if data.get("ScanIndexForward", True):
            begin = bisect_left(keys, max(first, after or ""))
            return partition, keys[begin : min(begin + most, bisect_left(keys, last) + 1)]
        end = bisect_left(keys, min(last, after or last)) + 1
        return partition, keys[max(bisect_left(keys, first), end - most) : end]
