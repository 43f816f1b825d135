"""Which batch an Idempotency-Key stands for."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.batches.runs.table import Put, Refused, Table
from chalicelib.dynamo import Item, key, number, text
from chalicelib.errors import IdempotencyConflict

KEPT_FOR_S = 24 * 3600


@dataclass(frozen=True)
class KeyStore:
    """One item per key; the first request with a key decides what it means."""

    table: Table
    clock: Callable[[], int]

    def known(self, name: str, batch_id: str, fingerprint: str) -> str:
        """Return the id that the key stands for, which is `batch_id` for its first request.

        Raise IdempotencyConflict where it was used with another body.
        """
        where = key(f"KEY#{hashlib.sha256(f'batches {name}'.encode()).hexdigest()}", "KEY")
        item: Item = {
            **where,
            "batch": text(batch_id),
            "fingerprint": text(fingerprint),
            "expires": number(self.clock() // 1000 + KEPT_FOR_S),
        }
        try:
            self.table.put(Put(item, fresh=True))
        except Refused as refused:
            if refused.item["fingerprint"]["S"] != fingerprint:
                raise IdempotencyConflict(
                    "This Idempotency-Key was used with another body."
                ) from None
            return str(refused.item["batch"]["S"])
        return batch_id
