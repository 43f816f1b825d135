"""Batches in the table: every write of a batch's own item, its place in the queue and its seat."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice

from chalicelib.batches.runs.change import Change
from chalicelib.batches.runs.items import (
    batch_item,
    batch_key,
    batch_of,
    listed_key,
    troubled,
    wanted_item,
    wanted_key,
    wanted_of,
)
from chalicelib.batches.runs.model import PRIORITIES, Batch, State, Wanted
from chalicelib.batches.runs.table import Put, Refused, Removal, Table
from chalicelib.dynamo import Item, key, number, text
from chalicelib.errors import NotFound

REMEMBERED = 64
LOOKED_AT = 32
"""Batches that wait, among which the next is chosen; what each was made with is remembered."""
SEATS = "SEATS"


class UnknownBatch(NotFound):
    """There is no such batch, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("There is no such batch.")


@dataclass(frozen=True)
class BatchStore:
    """What never changes of a batch is read once by a process."""

    table: Table
    _wanted: dict[str, Wanted] = field(default_factory=dict)

    def create(self, batch: Batch) -> None:
        """Keep a new batch; one with the same id stays as it is."""
        listed: Item = {
            **listed_key(batch.wanted.owner, batch.id),
            "made": number(batch.created_ms),
        }
        try:
            self.table.together(
                Put(batch_item(batch), fresh=True), Put(wanted_item(batch)), Put(listed)
            )
        except Refused:
            return

    def get(self, batch_id: str) -> Batch:
        """Return the batch as it is now; raise UnknownBatch."""
        found = self.table.get(batch_key(batch_id))
        if not found or "gone" in found:
            raise UnknownBatch
        return batch_of(found, self.wanted(batch_id))

    def wanted(self, batch_id: str) -> Wanted:
        """Return what the batch was made with; raise UnknownBatch."""
        if batch_id not in self._wanted:
            found = self.table.get(wanted_key(batch_id))
            if not found:
                raise UnknownBatch
            while len(self._wanted) >= REMEMBERED:
                self._wanted.pop(next(iter(self._wanted)), None)
            self._wanted[batch_id] = wanted_of(found)
        return self._wanted[batch_id]

    def page(self, owners: Iterable[str], before: str, most: int) -> list[str]:
        """Return ids of batches, the newest first, from those made before the one named."""
        lists = [self._ids(owner, before, most) for owner in owners]
        return list(islice(merge(*lists, reverse=True), most))

    def _ids(self, owner: str, before: str, most: int) -> list[str]:
        values: Item = {":owner": text(f"BATCHES#{owner}"), ":before": text(before)}
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :owner AND sk < :before",
            ExpressionAttributeValues=values,
            ScanIndexForward=False,
            Limit=most,
        )
        return [str(item["sk"]["S"]) for item in answer["Items"]]

    def move(self, batch: Batch, before: Collection[State], after: State, now: int) -> Batch:
        """Change the state if it is one of those before; raise Refused."""
        return self._moved(self._changed(batch, now), batch, before, after)

    def run_on(self, batch: Batch, before: Collection[State], now: int) -> Batch:
        """Let a batch run that has its seat still; raise Refused."""
        change = self._changed(batch, now).set(streak=number(0)).require_there("seated")
        return self._moved(change, batch, before, "running")

    def _moved(
        self, change: Change, batch: Batch, before: Collection[State], after: State
    ) -> Batch:
        change.set(state=text(after))
        change.require_one_of("state", [text(state) for state in sorted(before)])
        return batch_of(self.table.update(change), batch.wanted)

    def rest(self, batch: Batch, state: State, code: str, sentence: str, now: int) -> None:
        """Let a running batch rest for a reason; one that does not run stays as it is."""
        change = self._changed(batch, now).set(state=text(state))
        try:
            self.table.update(
                troubled(change, code, sentence).require("state", "=", text("running"))
            )
        except Refused:
            return

    def set_quota(self, batch: Batch, quota: int, now: int) -> Batch:
        """Let the batch run up to this row; raise UnknownBatch where it was deleted meanwhile."""
        change = self._changed(batch, now).set(quota=number(quota)).require_there("pk")
        try:
            return batch_of(self.table.update(change), batch.wanted)
        except Refused:
            raise UnknownBatch from None

    def enqueue(self, batch: Batch, before: Collection[State], now: int) -> None:
        """Let the batch wait for a seat; raise Refused where it is in none of those states."""
        place = f"QUEUE#{PRIORITIES.index(batch.wanted.priority)}#{now:013d}#{batch.id}"
        change = self._changed(batch, now).set(state=text("queued"), queued_as=text(place))
        change.set(streak=number(0))
        change.require_one_of("state", [text(state) for state in sorted(before)])
        queued: Item = {**key("BATCHES", place), "batch": text(batch.id)}
        self.table.together(change.require_there("pk"), Put(queued))

    def leave_queue(self, batch: Batch, after: State, now: int) -> None:
        """Take a waiting batch out of the queue; raise Refused where it waits no more."""
        change = self._changed(batch, now).set(state=text(after)).remove("queued_as")
        change.require("state", "=", text("queued"))
        self.table.together(change, Removal(key("BATCHES", batch.queued_as)))

    def next_in_queue(self) -> tuple[str, str] | None:
        """Return the place and the id of the batch that is next.

        Of those with the highest priority that is the first of whoever has the fewest seats.
        """
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :queue)",
            ExpressionAttributeValues={":pk": text("BATCHES"), ":queue": text("QUEUE#")},
            ConsistentRead=True,
            Limit=LOOKED_AT,
        )
        waiting = [(item["sk"]["S"], item["batch"]["S"]) for item in answer["Items"]]
        if not waiting:
            return None
        level = len("QUEUE#0")
        equals = [each for each in waiting if each[0][:level] == waiting[0][0][:level]]
        owners = {batch_id: self._owner(batch_id) for _, batch_id in equals}
        if len(set(owners.values())) == 1:
            return equals[0]
        seats = Counter(self._owner(batch_id) for batch_id in self.seated())
        return min(equals, key=lambda each: seats[owners[each[1]]])

    def _owner(self, batch_id: str) -> str:
        try:
            return self.wanted(batch_id).owner
        except UnknownBatch:
            return ""

    def seat(self, batch_id: str, place: str, most: int, now: int) -> bool:
        """Let the first of the queue run, if a seat is free; False if not, or it left the queue."""
        change = Change(batch_key(batch_id)).add({"seq": 1})
        change.set(state=text("running"), seated=number(1), updated_ms=number(now))
        change.set(began_ms=number(now)).copy("began_done", "done").remove("queued_as")
        change.require("state", "=", text("queued")).require("queued_as", "=", text(place))
        seats = Change(key("BATCHES", SEATS)).set_in("seats", batch_id, number(now))
        seats.require_room("seats", most)
        try:
            self.table.together(change, seats, Removal(key("BATCHES", place)))
        except Refused:
            return False
        return True

    def drop_place(self, place: str) -> None:
        """Forget a place in the queue whose batch is gone."""
        self.table.remove(key("BATCHES", place))

    def vacate(self, batch: Batch, now: int) -> bool:
        """Give the seat back of a batch that does not run and has no row under way."""
        change = self._changed(batch, now).remove("seated").require_there("seated")
        change.require("running", "=", number(0))
        change.require("state", "=", text(batch.state))
        seats = Change(key("BATCHES", SEATS)).remove_in("seats", batch.id)
        try:
            self.table.together(change, seats)
        except Refused:
            return False
        return True

    def free_seat(self, batch_id: str) -> None:
        """Give back the seat of a batch that is gone."""
        self.table.update(Change(key("BATCHES", SEATS)).remove_in("seats", batch_id))

    def seated(self) -> list[str]:
        """Return the ids of the batches that have a seat."""
        found = self.table.get(key("BATCHES", SEATS))
        return sorted(found["seats"]["M"]) if found else []

    def make_seats(self) -> None:
        """Have the item of the seats, which all of the above need."""
        try:
            self.table.put(Put({**key("BATCHES", SEATS), "seats": {"M": {}}}, fresh=True))
        except Refused:
            return

    def mark_gone(self, batch: Batch, now: int) -> None:
        """Hide a batch at once; what it made goes after it."""
        gone: Item = {**key("BATCHES", f"GONE#{batch.id}"), "batch": text(batch.id)}
        change = Change(batch_key(batch.id)).set(gone=number(now), state=text("cancelled"))
        self.table.together(
            change.require_there("pk"),
            Put(gone),
            Removal(listed_key(batch.wanted.owner, batch.id)),
        )

    def gone(self, most: int) -> list[str]:
        """Return ids of batches whose remains are not removed yet."""
        answer = self.table.client.query(
            TableName=self.table.name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :gone)",
            ExpressionAttributeValues={":pk": text("BATCHES"), ":gone": text("GONE#")},
            Limit=most,
        )
        return [str(item["batch"]["S"]) for item in answer["Items"]]

    def remains(self, batch_id: str) -> Iterator[Item]:
        """Yield the key of every item of a batch, its own last."""
        pages = self.table.client.get_paginator("query").paginate(
            TableName=self.table.name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": batch_key(batch_id)["pk"]},
            ProjectionExpression="pk, sk",
        )
        for page in pages:
            for item in page["Items"]:
                if item["sk"]["S"] != "BATCH":
                    yield {"pk": item["pk"], "sk": item["sk"]}
        yield batch_key(batch_id)

    def forget_gone(self, batch_id: str) -> None:
        """Note that nothing of a batch is left."""
        self.table.remove(key("BATCHES", f"GONE#{batch_id}"))

    def _changed(self, batch: Batch, now: int) -> Change:
        return Change(batch_key(batch.id)).add({"seq": 1}).set(updated_ms=number(now))
