"""Telling those who listen how a batch stands, at most twice a second."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.batches.runs.change import Change
from chalicelib.batches.runs.items import batch_key
from chalicelib.batches.runs.model import Batch
from chalicelib.batches.runs.store import UnknownBatch
from chalicelib.batches.runs.table import Refused, Table
from chalicelib.dynamo import Item, key, number
from chalicelib.errors import AppError, TooManySubscribers
from chalicelib.events.listeners import Listeners
from chalicelib.events.publisher import Publisher

APART_MS = 500
MOST_LISTENERS = 100


@dataclass(frozen=True)
class BatchEvents:
    """Best effort: the next message, or a poll, heals a lost one. `clock` in epoch ms.

    `message` is what is sent of a batch: as it stands then, so that none tells of an earlier state.
    """

    table: Table
    publisher: Publisher
    message: Callable[[Batch], bytes]
    clock: Callable[[], int]
    sleep: Callable[[float], None]
    listeners: Listeners | None = None

    def subscribe(self, batch: Batch, connection: str) -> None:
        """Add a listener; raise TooManySubscribers."""
        values: Item = {":one": {"SS": [connection]}, ":most": number(MOST_LISTENERS)}
        try:
            self.table.client.update_item(
                TableName=self.table.name,
                Key=_where(batch.id),
                UpdateExpression="ADD heard :one",
                ConditionExpression="attribute_not_exists(heard) OR size(heard) < :most",
                ExpressionAttributeValues=values,
            )
        except self.table.client.exceptions.ConditionalCheckFailedException:
            raise TooManySubscribers(MOST_LISTENERS, "batch") from None

    def unsubscribe(self, batch_id: str, connections: list[str]) -> None:
        """Remove listeners."""
        self.table.client.update_item(
            TableName=self.table.name,
            Key=_where(batch_id),
            UpdateExpression="DELETE heard :gone",
            ExpressionAttributeValues={":gone": {"SS": connections}},
        )

    def tell(self, batch: Batch) -> None:
        """Tell of a change of state, as soon as there may be another message. Never raises."""
        self._tell(batch, patient=True)

    def tell_now_and_then(self, batch: Batch) -> None:
        """Tell of progress, unless something was told just now. Never raises."""
        self._tell(batch, patient=batch.running == 0)

    def _tell(self, batch: Batch, *, patient: bool) -> None:
        try:
            heard = self._heard(batch)
            if not heard:
                return
            while not self._may(batch):
                if not patient:
                    return
                self.sleep(APART_MS / 1000)
            sent = self.publisher.broadcast(heard, self.message(batch))
            gone = [connection for connection, how in sent.items() if how == "gone"]
            if gone:
                self.unsubscribe(batch.id, gone)
        except UnknownBatch:
            return
        except (ClientError, BotoCoreError, AppError):
            logs.failure("batch_not_told", batchId=batch.id)

    def _heard(self, batch: Batch) -> list[str]:
        found = self.table.get(_where(batch.id))
        connections = list(found["heard"]["SS"]) if "heard" in found else []
        if not connections or self.listeners is None:
            return connections
        return self.listeners.of(connections, batch.wanted.owner)

    def _may(self, batch: Batch) -> bool:
        """Return whether half a second has passed since anybody told of the batch.

        Raise UnknownBatch where it was deleted meanwhile, and leave nothing in its place.
        """
        now = self.clock()
        change = Change(batch_key(batch.id)).set(told_ms=number(now)).require_there("pk")
        try:
            self.table.update(change.require_before("told_ms", number(now - APART_MS)))
        except Refused as refused:
            if not refused.item:
                raise UnknownBatch from None
            return False
        return True


def _where(batch_id: str) -> Item:
    return key(f"BATCH#{batch_id}", "LISTENERS")
