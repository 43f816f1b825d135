"""DynamoDB and S3 as the product's clients see them: what each call does, without any fault."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from botocore.exceptions import ClientError

from tests.simulation.expressions import Item, Names, condition, number, update

Key = tuple[str, str]
OnWrite = Callable[[Item | None, Item], None]
OnPut = Callable[[str, bytes, bool], None]


class ConditionalCheckFailed(ClientError):
    """A condition did not hold; carries the item as it stands if the request asked for that."""

    def __init__(self, operation: str, item: Item | None) -> None:
        code = "ConditionalCheckFailedException"
        super().__init__({"Error": {"Code": code, "Message": ""}}, operation)
        if item is not None:
            self.response["Item"] = item  # type: ignore[typeddict-unknown-key]


class TransactionCanceled(ClientError):
    """A transaction of which some condition did not hold: nothing of it was applied."""

    def __init__(self, codes: Sequence[str]) -> None:
        code = "TransactionCanceledException"
        super().__init__({"Error": {"Code": code, "Message": ""}}, "TransactWriteItems")
        self.response["CancellationReasons"] = [{"Code": code, "Message": ""} for code in codes]


@dataclass(frozen=True)
class Pages:
    """What boto3 calls a paginator, with everything on one page."""

    read: Callable[..., Mapping[str, Any]]

    def paginate(self, **request: Any) -> Iterator[Mapping[str, Any]]:
        yield self.read(**request)


class DynamoDB:
    """One table. Items are never changed in place, so an answer stays what it was."""

    class exceptions:  # noqa: N801  As boto3 spells it.
        ConditionalCheckFailedException = ConditionalCheckFailed

    def __init__(self, on_write: OnWrite = lambda old, new: None) -> None:
        self.items: dict[Key, Item] = {}
        self._open: dict[Key, Item] = {}
        self._partitions: dict[str, dict[Key, Item]] = {}
        self._on_write = on_write

    def put_item(self, **request: Any) -> Mapping[str, Any]:
        key, item = _key(request["Item"]), dict(request["Item"])
        self._check("PutItem", request, self.items.get(key))
        self._store(key, item)
        return {}

    def get_item(self, **request: Any) -> Mapping[str, Any]:
        item = self.items.get(_key(request["Key"]))
        return {} if item is None else {"Item": item}

    def batch_get_item(self, **request: Any) -> Mapping[str, Any]:
        """One table's items; nothing is left unread."""
        ((table, wanted),) = request["RequestItems"].items()
        keys = [_key(key) for key in wanted["Keys"]]
        return {"Responses": {table: [self.items[key] for key in keys if key in self.items]}}

    def delete_item(self, **request: Any) -> Mapping[str, Any]:
        key = _key(request["Key"])
        self._check("DeleteItem", request, self.items.get(key))
        if old := self.items.pop(key, None):
            self._partition(key).pop(key)
            self._on_write(old, {})
        return {}

    def update_item(self, **request: Any) -> Mapping[str, Any]:
        key = _key(request["Key"])
        old = self.items.get(key)
        self._check("UpdateItem", request, old)
        apply = update(request["UpdateExpression"], _names(request))
        start = dict(request["Key"]) if old is None else old
        new = apply(start, request.get("ExpressionAttributeValues", {}))
        self._store(key, new)
        return {"Attributes": new} if request.get("ReturnValues") == "ALL_NEW" else {}

    def transact_write_items(self, **request: Any) -> Mapping[str, Any]:
        """All or nothing. Without a token: a repeat of what was applied is judged anew."""
        parts = [
            (f"{k}Item", part) for each in request["TransactItems"] for k, part in each.items()
        ]
        codes = [self._code(name, part) for name, part in parts]
        if any(code != "None" for code in codes):
            raise TransactionCanceled(codes)
        apply = {"PutItem": self.put_item, "UpdateItem": self.update_item}
        for name, part in parts:
            apply.get(name, self.delete_item)(**part)
        return {}

    def _code(self, operation: str, part: Mapping[str, Any]) -> str:
        try:
            self._check(operation, part, self.items.get(_key(part.get("Item") or part["Key"])))
        except ConditionalCheckFailed:
            return "ConditionalCheckFailed"
        return "None"

    def query(self, **request: Any) -> Mapping[str, Any]:
        names, values = _names(request), request["ExpressionAttributeValues"]
        chosen = condition(request["KeyConditionExpression"], names)
        found = [i for i in self._in_order(request) if chosen(i, values)]
        read = found[: request.get("Limit", len(found))]
        more = {"LastEvaluatedKey": _keys(read[-1])} if len(read) < len(found) else {}
        if "FilterExpression" in request:
            kept = condition(request["FilterExpression"], names)
            read = [i for i in read if kept(i, values)]
        return {"Items": read, **more}

    def get_paginator(self, _query: str) -> Pages:
        return Pages(self.query)

    def _in_order(self, request: Mapping[str, Any]) -> list[Item]:
        if "IndexName" in request:
            return sorted(self._open.values(), key=lambda i: (number(i["wake"]), i["pk"]["S"]))
        backwards = not request.get("ScanIndexForward", True)
        partition = self._partitions.get(_queried(request), {})
        return sorted(partition.values(), key=lambda i: str(i["sk"]["S"]), reverse=backwards)

    def _partition(self, key: Key) -> dict[Key, Item]:
        return self._partitions.setdefault(key[0], {})

    def _check(self, operation: str, request: Mapping[str, Any], item: Item | None) -> None:
        if "ConditionExpression" not in request:
            return
        holds = condition(request["ConditionExpression"], _names(request))
        if not holds(item or {}, request.get("ExpressionAttributeValues", {})):
            asked = request.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            raise ConditionalCheckFailed(operation, item if asked else None)

    def _store(self, key: Key, item: Item) -> None:
        old = self.items.get(key)
        self.items[key] = self._partition(key)[key] = item
        if "open" in item and "wake" in item:
            self._open[key] = item
        else:
            self._open.pop(key, None)
        self._on_write(old, item)


@dataclass(frozen=True)
class Object:
    body: bytes
    metadata: Mapping[str, str]


@dataclass
class S3:
    """One bucket; an object is written at most once when the request says so."""

    on_put: OnPut = lambda key, body, is_new: None
    objects: dict[str, Object] = field(default_factory=dict)
    _folders: dict[str, list[str]] = field(default_factory=dict)

    def put_object(self, **request: Any) -> Mapping[str, Any]:
        key = request["Key"]
        if request.get("IfNoneMatch") == "*" and key in self.objects:
            raise ClientError({"Error": {"Code": "PreconditionFailed", "Message": ""}}, "PutObject")
        self.on_put(key, request["Body"], key not in self.objects)
        self.objects[key] = Object(request["Body"], request["Metadata"])
        self._folders.setdefault(key.rpartition("/")[0], []).append(key)
        return {}

    def list_objects_v2(self, **request: Any) -> Mapping[str, Any]:
        prefix = request["Prefix"]
        folder = self._folders.get(prefix.rpartition("/")[0], [])
        return {"Contents": [{"Key": key} for key in sorted(folder) if key.startswith(prefix)]}

    def get_paginator(self, _list_objects_v2: str) -> Pages:
        return Pages(self.list_objects_v2)

    def head_object(self, **request: Any) -> Mapping[str, Any]:
        return {"Metadata": self.objects[request["Key"]].metadata}

    def delete_object(self, **request: Any) -> Mapping[str, Any]:
        self._remove(request["Key"])
        return {}

    def delete_objects(self, **request: Any) -> Mapping[str, Any]:
        for entry in request["Delete"]["Objects"]:
            self._remove(entry["Key"])
        return {}

    def _remove(self, key: str) -> None:
        if self.objects.pop(key, None):
            self._folders[key.rpartition("/")[0]].remove(key)

    def get_object(self, **request: Any) -> Mapping[str, Any]:
        return {"Body": BytesIO(self.objects[request["Key"]].body)}


def _key(item: Mapping[str, Any]) -> Key:
    return item["pk"]["S"], item["sk"]["S"]


def _queried(request: Mapping[str, Any]) -> str:
    """Return the partition that a query asks for: its condition begins with `pk = :name`."""
    name = request["KeyConditionExpression"].split()[2]
    return str(request["ExpressionAttributeValues"][name]["S"])


def _keys(item: Item) -> Item:
    return {"pk": item["pk"], "sk": item["sk"]}


def _names(request: Mapping[str, Any]) -> Names:
    return tuple(request.get("ExpressionAttributeNames", {}).items())
