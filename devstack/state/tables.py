"""The emulator's tables: every change of an item is noted, and all of them come back at a start."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

from ministack.services import dynamodb

from devstack.state.ranges import Ranges
from devstack.state.store import Key

ITEM = "item"
NO_SORT_KEY = "__no_sort__"
ONE_PARTITION = re.compile(r"#?\w+ = :\w+")
"""A key condition that every item of the partition meets."""
Note = Callable[[Key, bytes | None], None]
Item = dict[str, Any]


class Tables:
    """Stands between the emulator's operations and its items, from the start of the process."""

    def __init__(self) -> None:
        self._set, self._remove = dynamodb._set_item, dynamodb._remove_item
        self._meets = dynamodb._evaluate_condition
        self._thread = threading.get_ident()
        self._note: Note | None = None
        self._ranges = Ranges()

    def load(self, name: str, value: bytes) -> None:
        """Put back an item as it was noted; its table must be there."""
        arn, partition, sort = json.loads(name)
        self._table(arn)["items"].setdefault(partition, {})[sort] = json.loads(value)

    def follow(self, note: Note) -> None:
        """Note every change of an item from now on."""
        for _, table in dynamodb._tables.all_items():
            dynamodb._items_replaced(table)
        self._note = note
        self._ranges.follow()
        dynamodb._set_item, dynamodb._remove_item = self._put, self._take
        dynamodb._evaluate_condition = self._meets_condition

    def everything(self) -> Iterator[tuple[Key, bytes]]:
        """Yield every item as it would be noted."""
        for _, table in dynamodb._tables.all_items():
            for partition, items in table["items"].items():
                for sort, item in items.items():
                    yield _key(table, partition, sort), _bytes(item)

    def restore(self, name: str, value: bytes | None) -> None:
        """Make one item what it is on the disk: its change could not be kept."""
        arn, partition, sort = json.loads(name)
        self._ranges.forget()
        if value is None:
            self._remove(self._table(arn), partition, sort)
        else:
            self._set(self._table(arn), partition, sort, json.loads(value))
        # A transaction that comes again must not count as done.
        dynamodb._txn_idempotency.clear()

    def expire(self, now_s: float) -> int:
        """Remove what is past its table's time to live; return how many items."""
        removed = 0
        for (account, region, name), table in dynamodb._tables.all_items():
            setting = dynamodb._ttl_settings.get_scoped(account, region, name) or {}
            if setting.get("TimeToLiveStatus") != "ENABLED":
                continue
            for partition, sort in _past(table, setting["AttributeName"], now_s):
                dynamodb._remove_item(table, partition, sort)
                removed += 1
        return removed

    def _meets_condition(self, condition: str, *arguments: Any, **options: Any) -> Any:
        """Spare a query of one partition the look at each of its items: ten thousand take 0.2 s."""
        by_key = options.get("slot") == "KeyConditionExpression"
        if by_key and ONE_PARTITION.fullmatch(condition):
            return True
        return self._meets(condition, *arguments, **options)

    def _put(self, table: Any, partition: str, sort: str, item: Item) -> Item | None:
        old: Item | None = self._set(table, partition, sort, item)
        if old is None:
            self._ranges.put(table, partition, sort)
        self._noted(table, partition, sort, _bytes(item))
        return old

    def _take(self, table: Any, partition: str, sort: str) -> Item | None:
        if threading.get_ident() != self._thread:
            # The emulator's own clean-up, beside its operations; `expire` does that work.
            return None
        old: Item | None = self._remove(table, partition, sort)
        if old is not None:
            self._ranges.take(table, partition, sort)
            self._noted(table, partition, sort, None)
        return old

    def _noted(self, table: Any, partition: str, sort: str, value: bytes | None) -> None:
        assert self._note is not None, "followed by then"
        self._note(_key(table, partition, sort), value)

    def _table(self, arn: str) -> Any:
        region, account, name = arn.split(":", 3)[3].replace(":table/", ":").split(":")
        return dynamodb._tables.get_scoped(account, region, name)


def definitions() -> dict[str, Any]:
    """Return what the emulator keeps of its tables, without their items."""
    tables = type(dynamodb._tables)()
    for (account, region, name), table in dynamodb._tables.all_items():
        tables.set_scoped(account, region, name, _without_items(table))
    return {
        "tables": tables,
        "tags": dynamodb._tags,
        "ttl_settings": dynamodb._ttl_settings,
        "pitr_settings": dynamodb._pitr_settings,
    }


def _without_items(table: Any) -> Item:
    derived = ("items", "ItemCount", "TableSizeBytes", dynamodb._INDEX_MEMBERS)
    return {**{k: v for k, v in table.items() if k not in derived}, "items": {}}


def _past(table: Any, attribute: str, now_s: float) -> list[tuple[str, str]]:
    return [
        (partition, sort)
        for partition, items in table["items"].items()
        for sort, item in items.items()
        if "N" in item.get(attribute, ()) and float(item[attribute]["N"]) <= now_s
    ]


def _key(table: Any, partition: str, sort: str) -> Key:
    return ITEM, json.dumps([table["TableArn"], partition, sort])


def _bytes(item: Item) -> bytes:
    return json.dumps(item, separators=(",", ":"), ensure_ascii=False).encode()
