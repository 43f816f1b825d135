"""Seed data from its upload to its rows: what a check seals, and what becomes of one that dies."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import IncompleteReadError

from chalicelib.batches.seed_data import check as checks
from chalicelib.batches.seed_data import parts
from chalicelib.batches.seed_data.check import Checking
from chalicelib.batches.seed_data.dispatch import CheckDispatcher
from chalicelib.batches.seed_data.files import PREFIX, SeedFiles, upload_key
from chalicelib.batches.seed_data.model import Format, SeedDataSet, Wanted
from chalicelib.batches.seed_data.samples import samples
from chalicelib.batches.seed_data.sealed import NotReady, Sealed, UnknownSeedData
from chalicelib.batches.seed_data.service import STARTS_MS, SeedData
from chalicelib.batches.seed_data.store import SeedDataStore
from chalicelib.callers import Caller
from tests.unit.batches.deaths import Died
from tests.unit.cloud import BUCKET, TABLE, Cloud

ANN, BEN = Caller(user_id="ann"), Caller(user_id="ben")


@dataclass
class Bench:
    """Seed data on a cloud of its own; what is sent to be checked lies in `events`."""

    cloud: Cloud
    now: int = 1_800_000_000_000
    events: list[dict[str, str]] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def __post_init__(self) -> None:
        def clock() -> int:
            return self.now

        def new_id() -> str:
            return f"{next(self.ids):012x}"

        self.store = SeedDataStore(self.cloud.dynamodb, TABLE)
        self.files = SeedFiles(self.cloud.s3, lambda: self.cloud.s3, BUCKET)
        sealed, functions = Sealed(self.store, self.files), CheckDispatcher(self, "check")  # type: ignore[arg-type]
        self.seed = SeedData(self.store, self.files, sealed, functions, samples, clock, new_id)
        self.checking = Checking(self.store, self.files, clock, new_id)

    def invoke(self, **call: Any) -> None:
        self.events.append(json.loads(call["Payload"]))

    def make(self, data: bytes, kind: Format = "jsonl", caller: Caller = ANN) -> str:
        """Upload a file and return its id."""
        made = self.seed.make(Wanted("rows", kind, len(data)), caller).seed_data
        key = upload_key(caller.user_id, made.seed_data_id)
        self.cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=data)
        return made.seed_data_id

    def find(self, seed_data_id: str, owner: str = "ann") -> SeedDataSet:
        return self.seed.find(owner, seed_data_id)

    def check(self) -> None:
        """Do what was sent to be done."""
        waiting, self.events = self.events, []
        for event in waiting:
            self.checking.run(event["owner"], event["seedDataId"])

    def sealed(self, data: bytes, kind: Format = "jsonl") -> SeedDataSet:
        seed_data_id = self.make(data, kind)
        self.find(seed_data_id)
        self.check()
        return self.find(seed_data_id)

    def stored(self) -> list[str]:
        listed = self.cloud.s3.list_objects_v2(Bucket=BUCKET)
        return [entry["Key"] for entry in listed.get("Contents", [])]


@pytest.fixture
def bench(cloud: Cloud) -> Bench:
    return Bench(cloud)


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_a_file_is_sent_to_be_checked_once_it_has_arrived(bench: Bench) -> None:
    made = bench.seed.make(Wanted("rows", "csv", 10), ANN).seed_data
    assert bench.find(made.seed_data_id).state == "waiting"
    assert bench.events == []
    key = upload_key("ann", made.seed_data_id)
    bench.cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=b"a,b\n1,2\n3,")
    for _ in range(3):
        assert bench.find(made.seed_data_id).state == "checking"
    assert bench.events == [{"owner": "ann", "seedDataId": made.seed_data_id}]
    bench.check()
    found = bench.find(made.seed_data_id)
    assert (found.state, found.rows, found.problem_count) == ("ready", 2, 0)
    assert [stat.path for stat in found.paths] == ["a", "b"]
    assert [stat.missing for stat in found.paths] == [0, 1]
    assert upload_key("ann", made.seed_data_id) not in bench.stored()


def test_rows_are_read_by_their_numbers_across_parts_and_blocks(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 700)
    monkeypatch.setattr(parts, "BLOCK_BYTES", 100)
    wanted = [{"n": n, "t": "é" * (n % 40)} for n in range(1, 101)]
    found = bench.sealed(lines(*wanted[:50], [], *wanted[50:]))
    assert (found.rows, found.problem_count) == (100, 1)
    assert len([key for key in bench.stored() if key.endswith(".jsonl")]) > 5
    for first in (1, 2, 33, 50, 51, 99, 100, 101):
        for count in (0, 1, 7, 100):
            rows = bench.seed.rows("ann", found.seed_data_id, first, count)
            assert rows == wanted[first - 1 : first - 1 + count]


def test_a_row_is_read_without_what_is_far_from_it(bench: Bench) -> None:
    found = bench.sealed(lines(*({"n": n, "t": "x" * 1000} for n in range(9000))))
    bench.seed.rows("ann", found.seed_data_id, 1, 1)
    asked: list[str] = []
    emitter = bench.cloud.s3.meta.events

    def note(params: Any, **_: Any) -> None:
        asked.append(params["headers"].get("Range", "all"))

    emitter.register("before-call.s3.GetObject", note)
    try:
        [row] = bench.seed.rows("ann", found.seed_data_id, 8765, 1)
    finally:
        emitter.unregister("before-call.s3.GetObject", note)
    assert row["n"] == 8764
    [(begin, end)] = [each.removeprefix("bytes=").split("-") for each in asked]
    assert int(end) - int(begin) < 70_000


def test_problems_are_counted_and_the_first_hundred_told(bench: Bench) -> None:
    found = bench.sealed(b'{"a":1}\n\n' + b"x\n" * 250 + b'{"a":2}\n')
    assert (found.state, found.rows, found.problem_count) == ("ready", 2, 250)
    shown = bench.seed.look(ANN, found.seed_data_id)
    assert len(shown.manifest.problems) == 100
    first = shown.manifest.problems[0]
    assert (first.row, first.line) == (2, 3)
    assert first.problem == "The row is no valid JSON: Expecting value at character 1."
    assert shown.preview == ({"a": 1}, {"a": 2})


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        ("jsonl", b"\n\n", "The file has no row that can be used."),
        ("csv", b"a,b\n", "The file has no row that can be used."),
        ("csv", b"a,b,\n1,2,3\n", "Column 3 has no name."),
        ("csv", b"\n", "The file is empty."),
        ("json", b"[]", "The file has no row that can be used."),
        ("json", b'{"a":1}', "The file is one object with the keys a."),
        ("jsonl", b"[1]\n", "The row is a list; a row must be an object."),
        ("json", b"PK\x03\x04", "The file is a spreadsheet or an archive"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_refused(
    bench: Bench, kind: Format, data: bytes, told: str
) -> None:
    found = bench.sealed(data, kind)
    assert (found.state, found.rows) == ("refused", 0)
    problems = bench.seed.look(ANN, found.seed_data_id).manifest.problems
    assert problems[0].problem.startswith(told)
    with pytest.raises(NotReady, match="cannot be used"):
        bench.seed.rows("ann", found.seed_data_id, 1, 1)


def test_too_many_rows_are_refused(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MOST_ROWS", 5)
    assert bench.sealed(lines(*({"n": n} for n in range(5)))).state == "ready"
    found = bench.sealed(lines(*({"n": n} for n in range(6))))
    assert found.state == "refused"
    [problem] = bench.seed.look(ANN, found.seed_data_id).manifest.problems
    assert (problem.line, problem.problem) == (6, "The file has more than 5 rows.")


def test_a_preview_has_twenty_rows_and_no_more_than_an_answer_holds(bench: Bench) -> None:
    small = bench.sealed(lines(*({"n": n} for n in range(50))))
    assert [r["n"] for r in bench.seed.look(ANN, small.seed_data_id).preview] == [*range(20)]
    large = bench.sealed(lines(*({"t": "x" * 300_000} for _ in range(20))))
    assert len(bench.seed.look(ANN, large.seed_data_id).preview) == 6


def test_what_rows_lack_of_a_templates_paths_is_counted(bench: Bench) -> None:
    rows = [{"product": {"name": "x"} if n % 3 else {"name": None}, "n": n} for n in range(90)]
    found = bench.sealed(lines(*rows))
    requires = ("n", "product", "product.name", "product.size", "style")
    _, lacks = bench.seed.check(ANN, found.seed_data_id, requires)
    told = {each.problem: (each.count, each.rows[:3]) for each in lacks}
    assert told == {
        "Missing required field: product.name": (30, (1, 4, 7)),
        "Missing required field: product.size": (90, (1, 2, 3)),
        "Missing required field: style": (90, (1, 2, 3)),
    }
    assert all(len(each.rows) == 20 for each in lacks)


def test_a_check_that_died_is_taken_up_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 100)
    seed_data_id = bench.make(lines(*({"n": n} for n in range(100))))
    bench.find(seed_data_id)
    with bench.cloud.just_before("s3.PutObject", _die), pytest.raises(Died):
        bench.check()
    assert bench.find(seed_data_id).state == "checking"
    assert bench.events == []
    bench.now += checks.LIVES_MS + 1
    assert bench.find(seed_data_id).state == "checking"
    bench.check()
    found = bench.find(seed_data_id)
    assert (found.state, found.rows, found.attempt) == ("ready", 100, 2)
    assert {key.split("/")[3] for key in bench.stored()} == {"2"}


def test_a_check_that_never_began_is_sent_again(bench: Bench) -> None:
    seed_data_id = bench.make(lines({"n": 1}))
    bench.find(seed_data_id)
    bench.events.clear()
    bench.now += STARTS_MS + 1
    bench.find(seed_data_id)
    bench.check()
    assert bench.find(seed_data_id).state == "ready"


def test_two_checks_of_one_file_are_one(bench: Bench) -> None:
    seed_data_id = bench.make(lines({"n": 1}))
    bench.find(seed_data_id)
    bench.events *= 2
    with bench.cloud.just_before("s3.PutObject", lambda: bench.checking.run("ann", seed_data_id)):
        bench.check()
    found = bench.find(seed_data_id)
    assert (found.state, found.attempt) == ("ready", 1)


def test_a_file_whose_check_dies_every_time_is_refused(bench: Bench) -> None:
    seed_data_id = bench.make(lines({"n": 1}))
    for _ in range(checks.MOST_ATTEMPTS):
        bench.find(seed_data_id)
        with bench.cloud.just_before("s3.PutObject", _die), pytest.raises(Died):
            bench.check()
        bench.now += checks.LIVES_MS + 1
    bench.find(seed_data_id)
    bench.check()
    assert bench.find(seed_data_id).state == "refused"


def test_a_check_shows_how_far_it_is_and_that_it_lives(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 8000)
    seed_data_id = bench.make(lines(*({"n": f"{n:091}"} for n in range(1000))))
    bench.find(seed_data_id)
    seen: list[tuple[int, int]] = []
    emitter = bench.cloud.s3.meta.events

    def look(**_: Any) -> None:
        bench.now += 1000
        found = bench.store.find("ann", seed_data_id)
        assert found is not None
        seen.append((found.rows, found.until_ms - bench.now))

    emitter.register("before-call.s3.PutObject", look)
    try:
        bench.check()
    finally:
        emitter.unregister("before-call.s3.PutObject", look)
    assert {rows for rows, _ in seen} == {0, 400, 800}
    assert min(left for _, left in seen) > checks.LIVES_MS - checks.TELLS_MS - 2000
    assert bench.find(seed_data_id).state == "ready"


def test_a_stream_goes_on_after_its_connection_broke(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = lines(*({"n": n} for n in range(40_000)))
    seed_data_id = bench.make(data)
    bench.find(seed_data_id)
    whole, broken = bench.cloud.s3.get_object, iter(range(3))

    def breaking(**call: Any) -> Any:
        found: Any = whole(**call)
        if next(broken, None) is not None:
            found["Body"] = _Breaking(found["Body"].read())
        return found

    monkeypatch.setattr(bench.cloud.s3, "get_object", breaking)
    bench.check()
    monkeypatch.undo()
    assert bench.find(seed_data_id).rows == 40_000
    rows = bench.seed.rows("ann", seed_data_id, 1, 40_000)
    assert [row["n"] for row in rows] == [*range(40_000)]


class _Breaking:
    """A body that ends in the middle."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data[: len(data) // 2])

    def read(self, most: int) -> bytes:
        if data := self._data.read(most):
            return data
        raise IncompleteReadError(actual_bytes=0, expected_bytes=1)


def test_what_is_deleted_leaves_nothing(bench: Bench) -> None:
    found = bench.sealed(lines({"n": 1}))
    waiting = bench.make(lines({"n": 1}))
    for seed_data_id in (found.seed_data_id, waiting):
        bench.seed.delete(seed_data_id, ANN)
        with pytest.raises(UnknownSeedData):
            bench.find(seed_data_id)
        with pytest.raises(UnknownSeedData):
            bench.seed.delete(seed_data_id, ANN)
    assert bench.stored() == []
    assert bench.cloud.dynamodb.scan(TableName=TABLE)["Items"] == []


@pytest.mark.parametrize("moment", range(4))
def test_what_is_deleted_while_it_is_checked_leaves_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    monkeypatch.setattr(parts, "PART_BYTES", 2000)
    seed_data_id = bench.make(lines(*({"n": n} for n in range(600))))
    bench.find(seed_data_id)
    calls = iter(range(10**6))

    def delete(**_: Any) -> None:
        if next(calls) == moment:
            bench.now += checks.TELLS_MS
            bench.seed.delete(seed_data_id, ANN)

    emitter = bench.cloud.s3.meta.events
    emitter.register("before-call.s3.PutObject", delete)
    try:
        bench.check()
    finally:
        emitter.unregister("before-call.s3.PutObject", delete)
    assert bench.stored() == []
    assert bench.cloud.dynamodb.scan(TableName=TABLE)["Items"] == []


def test_a_delete_that_broke_off_is_finished_by_the_next(bench: Bench) -> None:
    found = bench.sealed(lines({"n": 1}))
    with bench.cloud.just_before("s3.DeleteObject", _die), pytest.raises(Died):
        bench.seed.delete(found.seed_data_id, ANN)
    with pytest.raises(UnknownSeedData):
        bench.find(found.seed_data_id)
    assert bench.store.page(ANN.user_id, "~", 20) == []
    assert [key for key in bench.stored() if key.startswith(PREFIX)]
    bench.seed.delete(found.seed_data_id, ANN)
    assert bench.stored() == []


def test_seed_data_is_its_makers(bench: Bench) -> None:
    found = bench.sealed(lines({"n": 1}))
    assert bench.seed.of(ANN, found.seed_data_id) == found
    for act in (
        lambda: bench.seed.of(BEN, found.seed_data_id),
        lambda: bench.seed.look(BEN, found.seed_data_id),
        lambda: bench.seed.check(BEN, found.seed_data_id, ()),
        lambda: bench.seed.delete(found.seed_data_id, BEN),
        lambda: bench.seed.rows("ben", found.seed_data_id, 1, 1),
        lambda: bench.seed.find("", found.seed_data_id),
    ):
        with pytest.raises(UnknownSeedData):
            act()


def test_samples_can_be_read_by_everybody(bench: Bench) -> None:
    for sample_id, sample in samples().items():
        found = bench.seed.find("ben", sample_id)
        assert (found.state, found.sample) == ("ready", True)
        assert bench.seed.rows("ann", sample_id, 2, 10) == sample.rows[1:11]
        assert found.rows == len(sample.rows) >= 3
        assert bench.seed.look(BEN, sample_id).preview == sample.rows[:20]


def test_a_lost_answer_changes_nothing(bench: Bench) -> None:
    seed_data_id = bench.make(lines({"n": 1}))
    with bench.cloud.losing_answers("dynamodb.UpdateItem", times=1):
        bench.find(seed_data_id)
    bench.now += STARTS_MS + 1
    bench.find(seed_data_id)
    with bench.cloud.losing_answers("dynamodb.UpdateItem", times=2):
        bench.check()
    found = bench.find(seed_data_id)
    assert (found.state, found.rows, found.attempt) == ("ready", 1, 1)


def _die() -> None:
    raise Died
