"""Workers that die anywhere: nothing is lost, made twice, paid twice, or over the budget."""

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.batches.runs.model import Batch
from tests.figures import RecordFigure
from tests.unit.batches.deaths import dying
from tests.unit.batches.factory import NOBODY, PRICE_MICROS, Factory
from tests.unit.cloud import Cloud

FULL = int(os.environ.get("BATCH_ROWS", "0"))
"""Rows of the full size; `make proof SETS="R7 R14"`."""
PICTURES = """
name: Pictures
steps:
  - {id: picture, kind: image, prompt: "{{ name }}"}
"""


@pytest.fixture
def factory(cloud: Cloud) -> Factory:
    return Factory(cloud, rows=1, pictures=1)


def check_books(factory: Factory, batch: Batch) -> None:
    """What was billed is what is said to be spent, or less where nobody knows."""
    factory.check_money(batch)
    balance = factory.department._money.balance(batch.id)
    assert balance.reserved == 0
    assert balance.spent >= factory.bill.micros >= balance.spent - balance.unknown
    assert max(factory.bill.calls.values(), default=0) <= 1, "nothing is asked for twice"


def test_a_worker_may_die_at_any_point(factory: Factory, record_figure: RecordFigure) -> None:
    ends: Counter[str] = Counter()
    # Every fifth point here, and all of them at the full size.
    after, died = 0, True
    while died:
        factory.bill.calls.clear()
        factory.bill.micros = 0
        factory.seeds.data = [{"name": f"lamp {after}"}]
        batch = factory.make(stop_after=100)
        factory.start(batch)
        with dying(factory, after) as points:
            factory.work()
        died = points.is_dead
        factory.check_money(batch)
        factory.queue.messages.clear()
        ended = factory.finish(batch)
        assert ended.done + ended.failed == ended.handed == 1, after
        assert (ended.running, ended.seated) == (0, False)
        check_books(factory, batch)
        [row] = factory.department.reader.page(ended, None, 0, 10)[0]
        codes = {cell.code for cell in row.cells.values()}
        assert codes <= {"", "INTERRUPTED"}
        ends[ended.state] += 1
        after += 1 if FULL else 5
    assert ends["completed"] > ends["completed_with_failures"] > 0
    record_figure("R7", deaths=sum(ends.values()), who="a row", over_limit_micros=0, billed_twice=0)


@pytest.mark.parametrize("seed", range(2 if FULL else 1))
def test_a_batch_is_paused_resumed_and_killed_at_random(
    cloud: Cloud, seed: int, record_figure: RecordFigure
) -> None:
    dice = random.Random(seed)
    rows = FULL or 8
    factory = Factory(cloud, rows=rows, pictures=1)
    batch = factory.make(concurrency=4, stop_after=rows)
    factory.start(batch)
    shocks = 0
    for _ in range(rows * 4):
        shocks += shake(factory, batch, dice)
        factory.check_money(batch)
    ended = factory.finish(batch)
    while ended.state not in ("completed", "completed_with_failures"):
        factory.service.resume(batch.id, NOBODY)
        ended = factory.finish(batch)
    assert ended.done + ended.failed == rows
    found, after = [], 0
    while True:
        page, after = factory.department.reader.page(ended, None, after, 50)
        found += page
        if not after:
            break
    assert [row.number for row in found] == list(range(1, rows + 1))
    assert {row.state for row in found} <= {"done", "failed"}
    assert sum(row.state == "done" for row in found) == ended.done
    check_books(factory, batch)
    cells = [cell for row in found for cell in row.cells.values()]
    assert ended.pictures == sum(cell.image is not None for cell in cells)
    assert sum(each.calls for each in ended.spent_by) == len(cells)
    record_figure("R14", rows=rows, shocks=shocks, missing=0, billed_twice=0)


def shake(factory: Factory, batch: Batch, dice: random.Random) -> bool:
    """One message is delivered, and perhaps something happens to who has it."""
    act = dice.random()
    if act < 0.05 and factory.current(batch).state == "running":
        factory.service.pause(batch.id, NOBODY)
        factory.sweep(0.1)
        return True
    if act < 0.2 and factory.current(batch).state in ("paused", "pausing"):
        factory.service.resume(batch.id, NOBODY)
        return True
    if not factory.queue.messages:
        factory.sweep(1)
        return False
    message = factory.queue.messages.pop(dice.randrange(len(factory.queue.messages)))
    after = dice.randrange(120) if act > 0.8 else 10_000
    with dying(factory, after) as points:
        factory.department.worker.work(message, 1)
    return points.is_dead


def test_many_workers_spend_the_last_dollar_and_no_more(
    cloud: Cloud, record_figure: RecordFigure
) -> None:
    workers, room = (50, FULL // 2) if FULL else (10, 10)
    factory = Factory(cloud, rows=room + 5, pictures=1, real_time=True)
    batch = factory.make(PICTURES, budget=room * PRICE_MICROS + 7, concurrency=workers)
    factory.start(batch)
    with ThreadPoolExecutor(workers) as pool:
        for _ in range(40):
            messages, factory.queue.messages = factory.queue.messages, []
            list(pool.map(lambda each: factory.department.worker.work(each, 10_000_000), messages))
            factory.check_money(batch)
            if factory.current(batch).state == "out_of_budget":
                break
            factory.sweep(0)
    ended = factory.current(batch)
    assert (ended.state, ended.done, ended.failed) == ("out_of_budget", room, 0)
    assert factory.bill.micros == room * PRICE_MICROS
    assert factory.department._money.balance(batch.id).left == 7
    factory.service.change_budget(batch.id, (room + 5) * PRICE_MICROS, NOBODY)
    factory.work()
    ended = factory.finish(batch)
    assert (ended.state, ended.done) == ("completed", room + 5)
    check_books(factory, batch)
    record_figure("R7", workers=workers, rows=room, over_limit_micros=0, usable_percent=100.0)
