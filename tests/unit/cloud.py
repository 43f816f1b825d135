"""DynamoDB and S3 in this process, as the deployed template describes them."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ReadTimeoutError
from moto import mock_aws
from moto.core.botocore_stubber import BotocoreStubber

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

TEMPLATE = Path(__file__).parents[2] / ".chalice" / "resources.json"
TABLE, BUCKET, REGION = "pixel-prompt", "pixel-prompt-images", "us-east-1"
SDK_ATTEMPTS = 4
_CONFIG = Config(retries={"total_max_attempts": SDK_ATTEMPTS, "mode": "standard"})
_NOT_FOR_CREATING = ("TimeToLiveSpecification", "PointInTimeRecoverySpecification")


@dataclass(frozen=True)
class Cloud:
    """The clients, and the faults that they can be made to have."""

    dynamodb: "DynamoDBClient"
    s3: "S3Client"

    @contextmanager
    def losing_answers(
        self,
        operation: str,
        times: int = 1,
        then: Callable[[], object] = lambda: None,
        skip: int = 0,
    ) -> Iterator[list[str]]:
        """The next calls of `Service.Operation` are applied, and their answers are lost.

        `then` is what happens before the SDK tries again; the first `skip` are answered.
        """
        lost: list[str] = []
        answered = iter(range(skip))

        def lose(request: Any, **_: Any) -> None:
            if len(lost) < times and next(answered, None) is None:
                lost.append(operation)
                _stubber()("before-send", request)
                then()
                raise ReadTimeoutError(endpoint_url=request.url)

        with self._interfering(operation, lose):
            yield lost

    @contextmanager
    def just_before(self, operation: str, act: Callable[[], None]) -> Iterator[None]:
        """`act` happens once, right before the next call of `Service.Operation` is applied."""
        waiting = [act]

        def interfere(**_: Any) -> None:
            if waiting:
                waiting.pop()()

        with self._interfering(operation, interfere):
            yield

    @contextmanager
    def failing(self, operation: str, times: int, at: str = "") -> Iterator[list[str]]:
        """The next attempts of `Service.Operation`, at an address with `at`, never arrive."""
        failed: list[str] = []

        def fail(request: Any, **_: Any) -> None:
            if len(failed) < times and at in request.url:
                failed.append(operation)
                raise ReadTimeoutError(endpoint_url=request.url)

        with self._interfering(operation, fail):
            yield failed

    @contextmanager
    def noting(self, journal: list[str]) -> Iterator[None]:
        """Every call is noted by its operation, an object's with the last part of its key."""

        def note(params: Any, model: Any, **_: Any) -> None:
            key = params["url_path"].rpartition("/")[2]
            journal.append(f"{model.name} {key}".strip())

        emitters = [client.meta.events for client in (self.dynamodb, self.s3)]
        for emitter in emitters:
            emitter.register("before-call", note)
        try:
            yield
        finally:
            for emitter in emitters:
                emitter.unregister("before-call", note)

    @contextmanager
    def _interfering(self, operation: str, handler: Callable[..., None]) -> Iterator[None]:
        service, _, _ = operation.partition(".")
        event = f"before-send.{operation}"
        emitter = (self.s3 if service == "s3" else self.dynamodb).meta.events
        emitter.register_first(event, handler)
        try:
            yield
        finally:
            emitter.unregister(event, handler)


@contextmanager
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    """An empty table and bucket; retries of the SDK are real but do not wait."""
    _make_calls_atomic(monkeypatch)
    monkeypatch.setattr("botocore.endpoint.time", _NoWaiting)
    with mock_aws():
        ready = _clients()
        ready.dynamodb.create_table(TableName=TABLE, **_table_definition())
        ready.s3.create_bucket(Bucket=BUCKET)
        yield ready


class _NoWaiting:
    @staticmethod
    def sleep(_: float) -> None:
        return


def _make_calls_atomic(monkeypatch: pytest.MonkeyPatch) -> None:
    """One call at a time reaches an item, as in the real service; moto itself has no lock."""
    lock, call = threading.RLock(), BotocoreStubber.__call__

    def one_at_a_time(self: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
        with lock:
            return call(self, event_name, request, **kwargs)

    monkeypatch.setattr(BotocoreStubber, "__call__", one_at_a_time)


def _stubber() -> Any:
    from moto.core.models import botocore_stubber

    return botocore_stubber


@cache
def _clients() -> Cloud:
    return Cloud(
        boto3.client("dynamodb", REGION, config=_CONFIG),
        boto3.client("s3", REGION, config=_CONFIG),
    )


@cache
def _table_definition() -> Any:
    properties = json.loads(TEMPLATE.read_text())["Resources"]["Table"]["Properties"]
    return {
        k: v for k, v in properties.items() if k not in (*_NOT_FOR_CREATING, "SSESpecification")
    }
