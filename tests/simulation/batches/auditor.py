"""Watches every write of batches, rows and budgets, every call and every picture."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chalicelib.batches.runs.items import COUNTERS, row_of
from chalicelib.batches.runs.model import ENDED, Cell, Row
from tests.simulation.expressions import Item
from tests.simulation.scheduler import Process, Scheduler

CANARY = "canary-5309"
KEY = re.compile(r"group-images/batch-(\w+)/(\d+)-(\w+)-(\d+)/.*-(\d+)-(\d+)\.\w+$")
MOST_RUNNING = 3


class Place(NamedTuple):
    """One attempt of one cell."""

    batch: str
    row: int
    cell: str
    attempt: int


@dataclass(frozen=True)
class Answer:
    """What reached a worker: when, within its deadline or not, and whose it was."""

    data: bytes
    in_time: bool
    process: Process


@dataclass
class BatchAuditor:
    """Holds the models' books beside the product's, and says which promise was broken."""

    scheduler: Scheduler
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    billed: dict[Place, int] = field(default_factory=dict)
    answers: dict[Place, Answer] = field(default_factory=dict)
    stored: set[Place] = field(default_factory=set)
    looks: int = 0
    lost_with_worker: int = 0
    _batches: dict[str, str] = field(default_factory=dict)
    _billed_since: dict[tuple[str, int, str], int] = field(default_factory=dict)
    _objects: dict[Place, bytes] = field(default_factory=dict)

    @property
    def batches(self) -> Mapping[str, str]:
        """Ids of batches by their seed data."""
        return self._batches

    def on_write(self, old: Item | None, new: Item) -> None:
        """Judge one change of one item."""
        key = new or old or {}
        kind, sort = key["pk"]["S"].partition("#")[0], key["sk"]["S"]
        if kind == "SPEND" and "marks" in new:
            self._check_budget(key["sk"]["S"], new)
        elif kind == "BATCHES" and sort == "SEATS" and len(new["seats"]["M"]) > MOST_RUNNING:
            self.broken(f"{len(new['seats']['M'])} batches have a seat")
        elif kind == "BATCH" and sort == "WANTED":
            wanted = json.loads(new["wanted"]["S"])
            self._batches[wanted["seed_data_id"]] = key["pk"]["S"].partition("#")[2]
        elif kind == "BATCH" and sort == "BATCH" and old and new:
            self._check_batch(old, new)
        elif kind == "BATCH" and sort.startswith("ROW#") and old and new:
            self._check_row(row_of(old), row_of(new))

    def on_call(self, seed: str, number: int, cell: str, caller: str) -> Place:
        """A model is called by whoever has the row, for a cell that is written down as called."""
        batch = self._batches[seed]
        row = row_of(self.items[f"BATCH#{batch}", f"ROW#{number:09d}"])
        known = row.cells.get(cell)
        if known is None or known.state != "calling":
            self.broken(f"{batch} row {number}: {cell} is called and not written down")
        self._check_holder(row, caller)
        return Place(batch, number, cell, known.attempt if known else 0)

    def on_resumed(self, place: Place, caller: str) -> None:
        """A ticket is taken up by whoever has the row."""
        self._check_holder(self._row(place), caller)

    def on_bill(self, place: Place, micros: int) -> None:
        """A cell is billed once, and once more each time that somebody asks for it again."""
        cell = place[:3]
        self._billed_since[cell] = self._billed_since.get(cell, 0) + 1
        if place in self.billed or self._billed_since[cell] > 1:
            self.broken(f"{place} was billed {self._billed_since[cell]} times")
        self.billed[place] = micros

    def on_answer(self, place: Place, data: bytes, in_time: bool) -> None:
        self.answers[place] = Answer(data, in_time, self.scheduler.process)

    def on_put(self, key: str, body: bytes, is_new: bool) -> None:
        """A picture is stored as it was sent, and never replaced."""
        found = KEY.match(key)
        if found is None:
            return
        batch, row, step, point, model, attempt = found.groups()
        place = Place(batch, int(row), f"{step}.{model}.{point}", int(attempt))
        sent = self.answers.get(place)
        if sent is None or sent.data != body or not is_new:
            self.broken(f"{key} is not what the model sent")
        self.stored.add(place)

    def broken(self, sentence: str) -> None:
        """Note it, and stop the run."""
        self.violations.append(sentence)
        self.scheduler.stopped = True

    def log_watch(self) -> logging.Handler:
        return _LogWatch(self)

    def _check_budget(self, name: str, new: Item) -> None:
        self.looks += 1
        amounts = {each: int(new[each]["N"]) for each in ("limit", "left", "reserved", "spent")}
        if amounts["left"] + amounts["reserved"] + amounts["spent"] != amounts["limit"]:
            self.broken(f"budget {name} does not add up: {amounts}")
        if amounts["left"] < 0 or amounts["reserved"] < 0:
            self.broken(f"budget {name} is over its limit: {amounts}")

    def _check_batch(self, old: Item, new: Item) -> None:
        before, after = _counters(old), _counters(new)
        name = new["pk"]["S"]
        if after["seq"] != before["seq"] + 1:
            self.broken(f"{name} changed and its seq went from {before['seq']} to {after['seq']}")
        if min(after.values()) < 0:
            self.broken(f"{name} counts below nothing: {after}")
        wanted = json.loads(self.items[name, "WANTED"]["wanted"]["S"])
        if after["running"] > max(wanted["concurrency"], before["running"]):
            self.broken(f"{name} has {after['running']} rows under way")
        if after["handed"] > after["quota"]:
            self.broken(f"{name} began {after['handed']} rows of {after['quota']}")
        ended, state = old["state"]["S"] in ENDED, new["state"]["S"]
        if ended and state not in (old["state"]["S"], "queued", "running"):
            self.broken(f"{name} ended and is {state} now")
        if state == "running" and "seated" not in new:
            self.broken(f"{name} runs without a seat")

    def _check_row(self, old: Row, new: Row) -> None:
        where = f"{new.batch_id} row {new.number}"
        for name, cell in old.cells.items():
            if cell.state == "done" and _kept(new.cells.get(name)) != _kept(cell):
                self.broken(f"{where}: {name} was done and has changed")
        if old.state == "done" and new.state != "done":
            self.broken(f"{where} was done and is {new.state}")
        if old.state == "failed" and new.state not in ("failed", "waiting"):
            self.broken(f"{where} had failed and is {new.state}")
        if new.state == "running" and old.state == "running" and old.holder != new.holder:
            self.broken(f"{where} was taken from {old.holder}")
        if new.forgiven > old.forgiven:
            for name, cell in new.cells.items():
                if cell.state != "done":
                    self._billed_since.pop((new.batch_id, new.number, name), None)

    def _check_holder(self, row: Row, caller: str) -> None:
        if row.state != "running" or not row.holder.partition("-")[2].startswith(f"{caller}/"):
            self.broken(f"{row.batch_id} row {row.number} is made by {caller}, not {row.holder}")

    def _row(self, place: Place) -> Row:
        return row_of(self.items[f"BATCH#{place.batch}", f"ROW#{place.row:09d}"])


def _counters(item: Item) -> dict[str, int]:
    return {name: int(item[name]["N"]) for name in COUNTERS}


def _kept(cell: Cell | None) -> Any:
    return cell and (cell.state, cell.image, cell.text, cell.attempt, cell.cost, cell.hold)


class _LogWatch(logging.Handler):
    """No prompt in a log line."""

    def __init__(self, auditor: BatchAuditor) -> None:
        super().__init__()
        self._auditor = auditor

    def emit(self, record: logging.LogRecord) -> None:
        if CANARY in self.format(record):
            self._auditor.broken("a log line holds the prompt")
