"""Telling the connected browsers: the whole job in every message, best effort."""

import random
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient

Delivery = Literal["sent", "gone", "dropped"]
PARALLEL_POSTS = 16


class Publisher:
    """Posts messages to connections; a failing one never fails the caller."""

    def __init__(
        self,
        client: "ApiGatewayManagementApiClient",
        sleep: Callable[[float], None],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._client = client
        self._sleep = sleep
        self._jitter = jitter

    def send(self, connection: str, message: bytes) -> Delivery:
        """`gone` means that the connection has ended; a full buffer is tried once more."""
        delivery = self._post(connection, message)
        if delivery == "dropped":
            self._sleep(0.05 + 0.1 * self._jitter())
            delivery = self._post(connection, message)
        return delivery

    def disconnect(self, connection: str) -> None:
        """Ends the connection; one that is gone already is ended."""
        try:
            self._client.delete_connection(ConnectionId=connection)
        except (ClientError, BotoCoreError):
            logs.event("disconnect_failed", connection=connection)

    def broadcast(self, connections: Collection[str], message: bytes) -> dict[str, Delivery]:
        """Sends to all at once and returns what became of each."""
        if len(connections) <= 1:
            return {connection: self.send(connection, message) for connection in connections}
        with ThreadPoolExecutor(min(PARALLEL_POSTS, len(connections))) as pool:
            return dict(pool.map(lambda c: (c, self.send(c, message)), connections))

    def _post(self, connection: str, message: bytes) -> Delivery:
        try:
            self._client.post_to_connection(ConnectionId=connection, Data=message)
        except self._client.exceptions.GoneException:
            return "gone"
        except (ClientError, BotoCoreError):
            return "dropped"
        return "sent"
