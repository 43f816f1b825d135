"""Places for workers: a message says that a batch may have rows for one more.

Messages are hints: whoever gets one looks in the table whether there is a row to be had. One that
is lost is sent again by the sweep, one too many finds nothing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs

A_REQUEST = 10
TRIES = 3
MOST = 200
"""At once: never a message for each of ten thousand rows."""


@dataclass(frozen=True)
class RowQueue:
    """The queue by its address. Sending never raises."""

    client: Callable[[], Any]
    url: str

    def send(self, batch_id: str, count: int) -> None:
        """Offer the batch's rows to so many workers."""
        waiting = min(count, MOST)
        while waiting > 0:
            some, waiting = min(A_REQUEST, waiting), waiting - A_REQUEST
            body = json.dumps({"batchId": batch_id})
            entries = [{"Id": str(n), "MessageBody": body} for n in range(some)]
            try:
                refused = self._sent(entries)
            except (ClientError, BotoCoreError):
                logs.failure("rows_not_offered", batchId=batch_id, messages=some)
                return
            if refused:
                logs.event("rows_not_offered", batchId=batch_id, messages=len(refused))
                return

    def _sent(self, entries: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
        """Send the entries; return those that were refused again and again while others went.

        Whatever is left the next sweep offers.
        """
        for _ in range(TRIES):
            answer = self.client().send_message_batch(QueueUrl=self.url, Entries=entries)
            refused = {each["Id"] for each in answer.get("Failed", ())}
            entries = [entry for entry in entries if entry["Id"] in refused]
            if not entries:
                break
        return entries


def batch_in(body: str) -> str:
    """Return whose rows a message offers."""
    return str(json.loads(body)["batchId"])
