"""Exports in the table: an item for each beside its batch's, with which it goes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, cast

from chalicelib.batches.exports.model import Export, Progress, Spec, State
from chalicelib.batches.runs.change import Change
from chalicelib.batches.runs.table import Put, Refused, Table
from chalicelib.dynamo import Item, key, number, text
from chalicelib.errors import NotFound

_SORT = "EXPORT#"
LONGEST_ERROR = 500
MOST_LISTED = 100
_COUNTERS = ("rows", "records", "bytes", "lacking")


class UnknownExport(NotFound):
    """There is no such export, or no longer, or it is of somebody else's batch."""

    def __init__(self) -> None:
        super().__init__("There is no such export.")


class Lost(Exception):
    """The export is gone, or another makes it now."""


@dataclass(frozen=True)
class ExportStore:
    """Every write of an export. Times in epoch milliseconds."""

    table: Table

    def create(self, made: Export) -> None:
        self.table.put(Put(_item(made)))

    def get(self, batch_id: str, export_id: str, now: int) -> Export:
        """Return the export; raise UnknownExport."""
        found = self.table.get(_key(batch_id, export_id))
        if not found or (export := _export(found)).expires_ms <= now:
            raise UnknownExport
        return export

    def page(self, batch_id: str, now: int) -> list[Export]:
        """Return the newest exports of a batch."""
        values: Item = {":pk": _key(batch_id, "")["pk"], ":first": text(_SORT)}
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :first)",
            ExpressionAttributeValues=values,
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=MOST_LISTED,
        )
        found = [_export(item) for item in answer["Items"]]
        return [export for export in found if export.expires_ms > now]

    def begin(self, seen: Export, until_ms: int) -> Export:
        """Have an export made again whose function is dead; raise Lost where another did."""
        change = self._change(seen).set(until_ms=number(until_ms)).add({"asked": 1})
        change.require("state", "=", text("running"))
        return self._applied(change.require("until_ms", "=", number(seen.until_ms)))

    def take(self, seen: Export, holder: str, now: int, until_ms: int) -> Export:
        """Begin an attempt, unless another lives; raise Lost."""
        change = self._change(seen).add({"attempt": 1}).set(holder=text(holder))
        change.set(until_ms=number(until_ms), lives_ms=number(until_ms))
        change.require("state", "=", text("running")).require_before("lives_ms", number(now))
        try:
            return _export(self.table.update(change))
        except Refused as refused:
            if refused.item.get("holder") != text(holder):
                raise Lost from None
            return _export(refused.item)  # Applied before; the answer was lost.

    def keep(self, taken: Export, holder: str, progress: Progress, until_ms: int) -> None:
        """Show how far it is and that it lives; raise Lost."""
        change = self._progressed(self._change(taken), progress).set(until_ms=number(until_ms))
        change.set(lives_ms=number(until_ms))
        self._applied(change.require("holder", "=", text(holder)))

    def end(self, taken: Export, holder: str, progress: Progress) -> None:
        """Let it be done; raise Lost."""
        change = self._progressed(self._change(taken), progress).set(state=text("done"))
        self._applied(change.require("holder", "=", text(holder)))

    def fail(self, seen: Export, sentence: str) -> Export:
        """Let it have failed; raise Lost where it has ended meanwhile."""
        change = self._change(seen).set(state=text("failed"))
        change.set(error=text(sentence[:LONGEST_ERROR]))
        change.require("attempt", "=", number(seen.attempt))
        return self._applied(change.require("state", "=", text("running")))

    def release(self, taken: Export, holder: str) -> None:
        """Let another begin it at once; raise Lost."""
        change = self._change(taken).set(until_ms=number(0)).remove("lives_ms")
        self._applied(change.require("holder", "=", text(holder)))

    def _change(self, seen: Export) -> Change:
        return Change(_key(seen.batch_id, seen.export_id)).require_there("pk")

    def _progressed(self, change: Change, progress: Progress) -> Change:
        return change.set(**{name: number(getattr(progress, name)) for name in _COUNTERS})

    def _applied(self, change: Change) -> Export:
        try:
            return _export(self.table.update(change))
        except Refused:
            raise Lost from None


def _key(batch_id: str, export_id: str) -> Item:
    return key(f"BATCH#{batch_id}", f"{_SORT}{export_id}")


def _item(made: Export) -> Item:
    return {
        **_key(made.batch_id, made.export_id),
        "spec": text(json.dumps(asdict(made.spec))),
        "state": text(made.state),
        "made_ms": number(made.made_ms),
        "expires_ms": number(made.expires_ms),
        "expires": number(made.expires_ms // 1000),
        "until_ms": number(made.until_ms),
        "attempt": number(0),
        "asked": number(1),
        "name": text(made.name),
    }


def _export(item: Mapping[str, Any]) -> Export:
    def whole(name: str) -> int:
        return int(item[name]["N"]) if name in item else 0

    return Export(
        export_id=item["sk"]["S"].removeprefix(_SORT),
        batch_id=item["pk"]["S"].removeprefix("BATCH#"),
        spec=Spec(**json.loads(item["spec"]["S"])),
        state=cast(State, item["state"]["S"]),
        made_ms=whole("made_ms"),
        expires_ms=whole("expires_ms"),
        name=item["name"]["S"],
        progress=Progress(**{name: whole(name) for name in _COUNTERS}),
        attempt=whole("attempt"),
        asked=whole("asked"),
        until_ms=whole("until_ms"),
        error=item["error"]["S"] if "error" in item else "",
    )
