"""The emulator's memory: killed, on a full disk, damaged, of an earlier version, and too old."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from devstack.settings import PROJECT, EngineError
from devstack.state.bootstrap import BUCKET, REGION, TABLE, bootstrap
from devstack.state.emulator import Emulator
from devstack.template import Template
from tests.figures import RecordFigure

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

DAY_S = 86_400.0
RETENTION_DAYS = 30
RUN = "2026-11-27-09-00-00-0b9d"
"""A run's folder."""
NO_ROOM = 1
"""Bytes that a file may have when the disk counts as full."""


@dataclass(frozen=True)
class State:
    """A running emulator with the product's table and bucket."""

    dynamodb: DynamoDBClient
    s3: S3Client
    pid: int

    def put(self, name: str, **attributes: Any) -> None:
        self.dynamodb.put_item(TableName=TABLE, Item={**key(name), **attributes})

    def holds(self, name: str) -> bool:
        return "Item" in self.dynamodb.get_item(TableName=TABLE, Key=key(name))

    def put_picture(self, name: str, body: bytes) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=f"group-images/{name}", Body=body)

    def picture(self, name: str) -> bytes:
        body: bytes = self.s3.get_object(Bucket=BUCKET, Key=f"group-images/{name}")["Body"].read()
        return body

    def kill(self) -> None:
        os.killpg(self.pid, signal.SIGKILL)

    @contextmanager
    def full_disk(self) -> Iterator[None]:
        """No file may grow, as the emulator sees it."""
        before = resource.prlimit(
            self.pid, resource.RLIMIT_FSIZE, (NO_ROOM, resource.RLIM_INFINITY)
        )
        try:
            yield
        finally:
            resource.prlimit(self.pid, resource.RLIMIT_FSIZE, before)


def key(name: str) -> dict[str, Any]:
    return {"pk": {"S": name}, "sk": {"S": "only"}}


@contextmanager
def state(data: Path, ahead_s: float = 0) -> Iterator[State]:
    with asyncio.Runner() as loop:
        emulator = Emulator(data, ahead_s=ahead_s)
        child = loop.run(emulator.begin())
        try:
            bootstrap(emulator.url, Template.read(PROJECT), RETENTION_DAYS)
            client: Any = boto3.Session("local", "local", region_name=REGION).client
            once = Config(retries={"total_max_attempts": 1})
            dynamodb, s3 = (
                client(name, endpoint_url=emulator.url, config=once) for name in ("dynamodb", "s3")
            )
            yield State(dynamodb, s3, child.pid)
        finally:
            loop.run(child.stop())


def refused(data: Path) -> str:
    with pytest.raises(EngineError) as problem, state(data):
        pass
    return str(problem.value)


def code(problem: pytest.ExceptionInfo[ClientError]) -> str:
    return str(problem.value.response["Error"]["Code"])


def test_every_kind_of_write_is_there_after_a_kill(tmp_path: Path) -> None:
    with state(tmp_path) as before:
        table = before.dynamodb
        for name in ("kept", "changed", "removed", "of a transaction"):
            before.put(name, n={"N": "1"})
        table.update_item(
            TableName=TABLE,
            Key=key("changed"),
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
        table.delete_item(TableName=TABLE, Key=key("removed"))
        table.batch_write_item(
            RequestItems={TABLE: [{"PutRequest": {"Item": {**key("batch"), "n": {"N": "7"}}}}]}
        )
        table.transact_write_items(
            TransactItems=[
                {"Delete": {"TableName": TABLE, "Key": key("of a transaction")}},
                {"Put": {"TableName": TABLE, "Item": {**key("instead"), "n": {"N": "8"}}}},
            ]
        )
        before.put_picture("a.png", b"first")
        before.put_picture("a.png", b"second")
        before.kill()
    with state(tmp_path) as after:
        items = after.dynamodb.scan(TableName=TABLE)["Items"]
        assert {item["pk"]["S"]: item["n"]["N"] for item in items} == {
            "kept": "1",
            "changed": "2",
            "batch": "7",
            "instead": "8",
        }
        assert after.picture("a.png") == b"second"
    assert len(files(tmp_path / "pictures")) == 1


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_write_on_a_full_disk_is_an_error_and_changes_nothing(
    tmp_path: Path, record_figure: RecordFigure
) -> None:
    with state(tmp_path) as running:
        running.put("before", n={"N": "1"})
        running.put_picture("before.png", b"before")
        with running.full_disk():
            for write in (
                lambda: running.put("later"),
                lambda: running.put("before", n={"N": "2"}),
                lambda: running.dynamodb.delete_item(TableName=TABLE, Key=key("before")),
            ):
                with pytest.raises(ClientError) as problem:
                    write()
                assert code(problem) == "InternalServerError"
            for name in ("later.png", "before.png"):
                with pytest.raises(ClientError) as problem:
                    running.put_picture(name, bytes(100_000))
                assert code(problem) == "InternalError"
                assert "cannot be written" in problem.value.response["Error"]["Message"]
            assert running.holds("before")
            assert not running.holds("later")
            assert running.picture("before.png") == b"before"
            with pytest.raises(ClientError, match="NoSuchKey"):
                running.picture("later.png")
        running.put("later")
        running.put_picture("later.png", b"later")
        running.kill()
    with state(tmp_path) as after:
        assert after.dynamodb.get_item(TableName=TABLE, Key=key("before"))["Item"]["n"] == {
            "N": "1"
        }
        assert after.holds("later")
        assert (after.picture("before.png"), after.picture("later.png")) == (b"before", b"later")
    assert len(files(tmp_path / "pictures")) == 2
    record_figure("R13", case="full disk", lost=0)


def test_a_transaction_that_met_a_full_disk_is_not_taken_for_done(tmp_path: Path) -> None:
    request: Any = {
        "TransactItems": [{"Put": {"TableName": TABLE, "Item": key("item")}}],
        "ClientRequestToken": "the same token",
    }
    with state(tmp_path) as running:
        with running.full_disk(), pytest.raises(ClientError):
            running.dynamodb.transact_write_items(**request)
        assert not running.holds("item")
        running.dynamodb.transact_write_items(**request)
        assert running.holds("item")


def test_of_many_writers_on_a_filling_disk_each_is_told_what_is_true(tmp_path: Path) -> None:
    with state(tmp_path) as running, ThreadPoolExecutor(8) as writers:

        def wrote(number: int) -> bool:
            try:
                running.put(f"item-{number}", filler={"S": "x" * 2_000})
            except ClientError:
                return False
            return True

        first = list(writers.map(wrote, range(20)))
        with running.full_disk():
            told = [*first, *writers.map(wrote, range(20, 60))]
        told += writers.map(wrote, range(60, 80))
        running.kill()
    assert told == [True] * 20 + [False] * 40 + [True] * 20
    with state(tmp_path) as after:
        assert [after.holds(f"item-{number}") for number in range(80)] == told


def test_readers_of_an_object_that_is_overwritten_see_one_of_its_versions(tmp_path: Path) -> None:
    versions = {bytes([number]) * 50_000 for number in range(40)}
    with state(tmp_path) as running, ThreadPoolExecutor(6) as people:
        running.put_picture("a", next(iter(versions)))
        writing = [people.submit(running.put_picture, "a", version) for version in versions]
        reading = [people.submit(running.picture, "a") for _ in range(150)]
        for written in writing:
            written.result()
        assert {read.result() for read in reading} <= versions
        last = running.picture("a")
        running.kill()
    with state(tmp_path) as after:
        assert after.picture("a") == last
    assert len(files(tmp_path / "pictures")) == 1


@pytest.mark.parametrize("by", [1, 100, 8_000])
def test_a_damaged_state_is_named_and_kept(
    tmp_path: Path, by: int, record_figure: RecordFigure
) -> None:
    with state(tmp_path) as running:
        running.put("item")
    file = tmp_path / "state" / "state.db"
    os.truncate(file, file.stat().st_size - by)
    held = file.read_bytes()
    for _ in range(2):
        sentence = refused(tmp_path)
        assert sentence.startswith(f"{file} is damaged (")
        assert "choose another directory with DATA_DIR=…" in sentence
    assert file.read_bytes() == held
    record_figure("R13", case=f"state without its last {by} bytes", lost=0)


def test_a_log_that_lost_answered_writes_is_refused_and_kept(tmp_path: Path) -> None:
    with state(tmp_path) as running:
        running.put("item")
        running.kill()
    log = tmp_path / "state" / "state.db-wal"
    os.truncate(log, log.stat().st_size - 100)
    held = log.read_bytes()
    for _ in range(2):
        assert "the end of what was written is missing" in refused(tmp_path)
    assert log.read_bytes() == held


def test_pictures_without_their_state_are_no_empty_gallery(tmp_path: Path) -> None:
    with state(tmp_path) as running:
        running.put_picture("a.png", b"picture")
    (tmp_path / "state").rename(tmp_path / "elsewhere")
    assert "it is missing, and there are pictures" in refused(tmp_path)
    (tmp_path / "elsewhere").rename(tmp_path / "state")
    (tmp_path / "pictures").rename(tmp_path / "elsewhere")
    assert refused(tmp_path).startswith(f"{tmp_path / 'pictures'} is missing; nothing was changed.")
    (tmp_path / "elsewhere").rename(tmp_path / "pictures")
    with state(tmp_path) as running:
        assert running.picture("a.png") == b"picture"


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_picture_is_an_error_and_never_served(tmp_path: Path, damage: str) -> None:
    with state(tmp_path) as running:
        running.put_picture("a.png", b"picture")
        running.put_picture("b.png", b"other")
        [file] = [path for path in files(tmp_path / "pictures") if path.read_bytes() == b"picture"]
        if damage == "gone":
            file.unlink()
        else:
            file.write_bytes(b"pict" if damage == "cut" else b"pictuRe")
        with pytest.raises(ClientError) as problem:
            running.picture("a.png")
        assert problem.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        assert running.picture("b.png") == b"other"


def test_what_is_past_its_time_is_deleted_here_too(tmp_path: Path) -> None:
    now_s = time.time()
    with state(tmp_path) as running:
        running.put("short", expires={"N": str(int(now_s + DAY_S))})
        running.put("long", expires={"N": str(int(now_s + 40 * DAY_S))})
        running.put("for ever")
        running.put_picture(f"{RUN}/a.png", b"picture")
        running.put_picture("batch-b/a.png", b"a row's")
        running.s3.put_object(Bucket=BUCKET, Key="site/index.html", Body=b"page")
    with state(tmp_path, ahead_s=RETENTION_DAYS * DAY_S - 60) as running:
        assert not running.holds("short")
        assert running.holds("long")
        assert running.picture(f"{RUN}/a.png") == b"picture"
    with state(tmp_path, ahead_s=(RETENTION_DAYS + 1) * DAY_S + 60) as running:
        with pytest.raises(ClientError, match="NoSuchKey"):
            running.picture(f"{RUN}/a.png")
        assert running.picture("batch-b/a.png") == b"a row's"
        assert running.s3.get_object(Bucket=BUCKET, Key="site/index.html")["Body"].read() == b"page"
        assert running.holds("long")
        assert running.holds("for ever")
        assert len(files(tmp_path / "pictures")) == 2
        running.kill()
    with state(tmp_path) as running:
        assert [running.holds(name) for name in ("short", "long", "for ever")] == [0, 1, 1]
        with pytest.raises(ClientError, match="NoSuchKey"):
            running.picture("a.png")


def former_table() -> dict[str, Any]:
    """The table as an earlier version of the engine wrote it down, with one item."""
    wanted = Template.read(PROJECT).table()
    return {
        "TableName": TABLE,
        "TableArn": f"arn:aws:dynamodb:{REGION}:000000000000:table/{TABLE}",
        "TableStatus": "ACTIVE",
        "pk_name": "pk",
        "sk_name": "sk",
        "items": {"old": {"only": {**key("old"), "n": {"N": "1"}}}},
        **{name: wanted[name] for name in ("KeySchema", "AttributeDefinitions")},
        "GlobalSecondaryIndexes": [
            {**index, "IndexStatus": "ACTIVE"} for index in wanted["GlobalSecondaryIndexes"]
        ],
        "LocalSecondaryIndexes": [],
        "ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0},
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "CreationDateTime": 1,
        "ItemCount": 1,
    }


def leave_former_state(data: Path) -> Path:
    """What an earlier version left: a JSON document, and a picture under its own name."""
    stored = {f"000000000000\0{REGION}\0{TABLE!r}": former_table()}
    payload = {"tables": {"__account_region_scoped__": True, "data": stored}}
    document = data / "state" / "dynamodb.json"
    document.parent.mkdir(parents=True)
    document.write_text(json.dumps({"__ministack_format__": 2, "payload": payload}))
    picture = data / "objects" / "000000000000" / BUCKET / "group-images" / "old.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"old picture")
    return document


def test_what_an_earlier_version_kept_is_taken_over_once(tmp_path: Path) -> None:
    document = leave_former_state(tmp_path)
    for _ in range(2):
        with state(tmp_path) as running:
            assert running.holds("old")
            assert running.picture("old.png") == b"old picture"
            running.put("new")
            running.kill()
    assert not document.exists()
    assert (tmp_path / "state.previous" / "dynamodb.json").exists()
    with state(tmp_path) as running:
        running.s3.delete_object(Bucket=BUCKET, Key="group-images/old.png")
    assert not files(tmp_path / "objects")


def test_a_damaged_state_of_an_earlier_version_is_named_and_kept(tmp_path: Path) -> None:
    document = leave_former_state(tmp_path)
    os.truncate(document, document.stat().st_size - 100)
    held = document.read_bytes()
    for _ in range(2):
        assert refused(tmp_path).startswith(f"{document} is damaged (")
    assert document.read_bytes() == held
    assert not (tmp_path / "state" / "state.db").exists()
