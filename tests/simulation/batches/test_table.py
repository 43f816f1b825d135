"""The simulated table does what moto's does, whatever the stores of batches ask of it."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.batches.runs.model import (
    Batch,
    Cell,
    Done,
    Failed,
    HandedBack,
    Model,
    Plan,
    Selection,
    Wanted,
)
from chalicelib.batches.runs.row_store import Lease, LeaseLost, RowStore
from chalicelib.batches.runs.store import BatchStore, UnknownBatch
from chalicelib.batches.runs.table import Refused, Table
from chalicelib.batches.templates.model import Template
from tests.simulation.cloud import DynamoDB
from tests.unit.cloud import TABLE, cloud

NOW, MINUTE = 1_795_000_000_000, 60_000
HOLDERS = ("w1", "w2", "w3")
WANTED = Wanted(
    name="Lamps",
    owner="ann",
    template_id="t",
    version=1,
    template=Template("Lamps", (), ()),
    seed_data_id="lamps",
    selection=Selection(1, 6),
    models={"brief": (Model(1, "Writer", "writer"),)},
    concurrency=3,
)
PLANNED = Batch("b1", WANTED, Plan(6, 6, 0, 1, 1, 1), "planned", 1, NOW, NOW, quota=6)
Stores = tuple[BatchStore, RowStore]
Step = Callable[[Stores], Any]


def stores(client: Any) -> Stores:
    table = Table(client, TABLE, lambda _: None, lambda: 0.5)
    return BatchStore(table), RowStore(table)


def step(dice: random.Random) -> Step:
    """Some call of a store that somebody could make."""
    now, number = NOW + dice.randrange(20 * MINUTE), dice.randint(1, 6)
    lease = Lease(dice.choice(HOLDERS), now + dice.randint(1, 10) * MINUTE)
    end = dice.choice((Done(), Failed("REFUSED", "No."), HandedBack(MINUTE)))
    cell = Cell("brief", 1, 0, dice.choice(("calling", "done")), 1, "h", now, tokens_in=3, cost=5)

    def batch(at: Stores) -> Batch:
        return at[0].get("b1")

    def row(at: Stores) -> Any:
        return at[1].get("b1", number)

    def place(at: Stores) -> str:
        return (at[0].next_in_queue() or ("QUEUE#1#none", ""))[0]

    steps: tuple[Step, ...] = (
        lambda at: at[1].next_row(batch(at), lease, now),
        lambda at: at[1].begin(batch(at), number, lease, now),
        lambda at: at[1].take(batch(at), number, lease, now),
        lambda at: at[1].note_cells(row(at), [cell], now) if row(at) else None,
        lambda at: at[1].end(batch(at), row(at), end, now) if row(at) else None,
        lambda at: at[1].take_from_dead(batch(at), row(at), now) if row(at) else None,
        lambda at: [at[1].adopt(batch(at), entry, now) for entry in sorted(batch(at).entries)],
        lambda at: at[1].try_again(batch(at), number, now),
        lambda at: sorted(at[1].due("b1", now, 10)),
        lambda at: at[1].page("b1", None, 0, 10),
        lambda at: at[0].enqueue(batch(at), ["planned", "paused"], now),
        lambda at: at[0].seat("b1", place(at), 1, now),
        lambda at: at[0].vacate(batch(at), now),
        lambda at: at[0].move(batch(at), ["running"], "paused", now),
        lambda at: at[0].run_on(batch(at), ["paused"], now),
        lambda at: at[0].leave_queue(batch(at), "paused", now),
        lambda at: at[0].rest(batch(at), "paused", "BAD_KEY", "The key is wrong.", now),
        lambda at: at[0].set_quota(batch(at), number, now),
        lambda at: at[0].seated(),
    )
    return dice.choice(steps)


def answer(act: Step, at: Stores) -> object:
    try:
        return act(at)
    except (Refused, LeaseLost, UnknownBatch) as refusal:
        return type(refusal)


@pytest.mark.parametrize("seed", range(2))
def test_calls_are_answered_alike(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    with cloud(monkeypatch) as real:
        true, simulated = stores(real.dynamodb), stores(DynamoDB())
        for at in (true, simulated):
            at[0].create(PLANNED)
            at[0].make_seats()
        for number in range(200):
            act = step(dice)
            expected = answer(act, true)
            assert answer(act, simulated) == expected, f"call {number}"
            assert simulated[0].get("b1") == true[0].get("b1"), f"call {number}"
        assert true[0].get("b1").handed > 0
        assert [true[1].get("b1", n) for n in range(1, 7)] == [
            simulated[1].get("b1", n) for n in range(1, 7)
        ]
