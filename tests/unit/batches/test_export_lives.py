"""Exports from being asked for to being gone, and what dies on the way."""

import pytest
from botocore.exceptions import BotoCoreError

from chalicelib.batches.exports.service import GAVE_UP, MOST_ASKED, NEVER_BEGAN
from chalicelib.batches.exports.store import Lost, UnknownExport
from chalicelib.batches.runs.store import UnknownBatch
from chalicelib.errors import WrongState
from tests.unit.batches.exported import asked, deliver, keys, look
from tests.unit.batches.factory import LAMBDA_MS, NOBODY, Factory
from tests.unit.cloud import Cloud


@pytest.fixture
def factory(cloud: Cloud) -> Factory:
    return Factory(cloud)


def test_an_export_goes_with_its_batch(factory: Factory) -> None:
    batch = factory.run(factory.make())
    export = asked(factory, batch, format="jsonl")
    deliver(factory)
    factory.service.delete(batch.id, NOBODY)
    assert keys(factory, "exports/") == keys(factory, "group-images/") == []
    with pytest.raises(UnknownBatch):
        look(factory, export)


def test_an_export_of_a_batch_that_is_deleted_meanwhile_leaves_nothing(factory: Factory) -> None:
    batch = factory.run(factory.make())
    asked(factory, batch, format="jsonl")
    with factory.cloud.just_before(
        "s3.PutObject", lambda: factory.service.delete(batch.id, NOBODY)
    ):
        deliver(factory)
    assert keys(factory, "exports/") == []
    rest = factory.cloud.dynamodb.scan(TableName=factory.department._table)["Items"]
    assert not [item for item in rest if item["pk"]["S"] == f"BATCH#{batch.id}"]


def test_an_export_whose_function_died_is_made_by_another(factory: Factory) -> None:
    batch = factory.run(factory.make())
    export = asked(factory, batch, format="jsonl")
    factory.functions.events.clear()
    assert look(factory, export).export.state == "running"
    assert factory.functions.events == []
    factory.now += 31_000
    look(factory, export)
    deliver(factory)
    assert look(factory, export).export.state == "done"


def test_only_one_attempt_lives_and_after_three_it_has_failed(factory: Factory) -> None:
    batch = factory.run(factory.make())
    export = asked(factory, batch, format="jsonl")
    store = factory.department._export_store
    for attempt in (1, 2, 3):
        taken = store.take(export, f"holder {attempt}", factory.now, factory.now + 1000)
        assert taken.attempt == attempt
        with pytest.raises(Lost):
            store.take(export, "another", factory.now, factory.now + 1000)
        factory.now += 1001
    with pytest.raises(Lost):
        store.end(taken, "holder 1", taken.progress)
    shown = look(factory, export).export
    assert (shown.state, shown.error) == ("failed", GAVE_UP)


def test_an_export_whose_function_never_begins_fails_in_words(factory: Factory) -> None:
    batch = factory.run(factory.make())
    export = asked(factory, batch, format="jsonl")
    for _ in range(MOST_ASKED):
        assert look(factory, export).export.state == "running"
        factory.now += 31_000
    shown = look(factory, export).export
    assert (shown.state, shown.error) == ("failed", NEVER_BEGAN)
    assert len(factory.functions.events) == MOST_ASKED
    deliver(factory)
    assert look(factory, export).export.state == "failed"
    assert keys(factory, "exports/") == []


def test_what_goes_wrong_lets_another_try_at_once(factory: Factory) -> None:
    batch = factory.run(factory.make())
    export = asked(factory, batch, format="jsonl")
    [(_, event)] = factory.functions.events
    with factory.cloud.failing("s3.PutObject", 9), pytest.raises(BotoCoreError):
        deliver(factory)
    factory.department.exporting.run(event["batchId"], event["exportId"], LAMBDA_MS)
    assert look(factory, export).export.state == "done"


def test_an_export_that_takes_too_long_says_so(factory: Factory) -> None:
    batch = factory.run(factory.make())
    export = asked(factory, batch, format="jsonl")
    factory.department.exporting.run(batch.id, export.export_id, 20_000)
    shown = look(factory, export).export
    assert shown.state == "failed"
    assert "fifteen minutes" in shown.error


def test_few_exports_are_made_at_once_and_old_ones_are_gone(factory: Factory) -> None:
    batch = factory.run(factory.make())
    exports = [asked(factory, batch, format="csv") for _ in range(3)]
    with pytest.raises(WrongState):
        asked(factory, batch, format="csv")
    deliver(factory)
    listed = [s.export.export_id for s in factory.department.exports.page(batch.id, NOBODY)]
    assert sorted(listed) == sorted(export.export_id for export in exports)
    factory.now += 7 * 86_400_000
    assert factory.department.exports.page(batch.id, NOBODY) == []
    with pytest.raises(UnknownExport):
        look(factory, exports[0])
