"""The core: one row, its steps in order, within its deadline and its batch's budget.

Its cells are the checkpoint. A cell's money is reserved, then the cell is written down as being
called, then its model is called, then what came of it is written down, and then the money settled:
whoever goes on after a crash finds at each of these points what to do, and makes nothing again that
may have been paid for.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.batches.runs.calls import AGAIN, Asked, Calls
from chalicelib.batches.runs.grid import Place, places, shown
from chalicelib.batches.runs.model import (
    Batch,
    Cell,
    Done,
    Failed,
    HandedBack,
    Row,
    RowEnd,
)
from chalicelib.batches.runs.money import (
    BatchMoney,
    OutOfBudget,
    hold_name,
    row_of_hold,
    try_of_hold,
)
from chalicelib.batches.runs.outputs import output_of
from chalicelib.batches.runs.ports import PromptFilter, SeedRows
from chalicelib.batches.runs.rendering import Renderers
from chalicelib.batches.runs.row_store import LeaseLost, RowStore
from chalicelib.batches.runs.selection import source_row
from chalicelib.batches.runs.together import together
from chalicelib.batches.templates.model import Step
from chalicelib.batches.templates.renderer import NotRendered, NotStarted, Renderer
from chalicelib.batches.templates.trial import check_length
from chalicelib.callers import Caller
from chalicelib.errors import NotFound, RateLimited, Unavailable
from chalicelib.generation.fanout import Fanout

MOST_TRIES = 10
"""So often a row goes on whose calls meet a provider that takes none."""
RECORD_MS = 5_000
"""Left after the calls for writing down what came of them."""
APART_MS = 5_000
"""Pictures that end within so long are written down together."""
BUSY_MS = 20_000
ROOM_MS = 200
"""Until a row looks again whether the calls under way have left room in the budget."""
LONG_TEXT = 2_000
"""Bytes; a longer output has an item of its own."""
STOPPING = ("BAD_KEY", "OUT_OF_CREDIT", "MODEL_RETIRED")
"""What every row would meet: the batch is paused with that sentence."""


class Stopped(Exception):
    """The row ends here, with this end."""

    def __init__(self, end: RowEnd) -> None:
        super().__init__("stopped")
        self.end = end


@dataclass(frozen=True)
class RowRun:
    """Makes rows. `clock` in epoch milliseconds.

    `caller_of` tells who pays by the batch's owner, `off` which image models take no new work and
    why, `address` where a picture is shown by its key.
    """

    rows: RowStore
    money: BatchMoney
    renderers: Renderers
    calls: Calls
    seed: SeedRows
    content_filter: PromptFilter
    caller_of: Callable[[str], Caller]
    off: Callable[[], Mapping[int, str]]
    address: Callable[[str], str]
    clock: Callable[[], int]
    fanout: Callable[[], Fanout]

    def run(self, batch: Batch, row: Row, deadline_ms: int) -> tuple[Row, RowEnd]:
        """Make what the row lacks; return it with its cells, and how it ends.

        Raises LeaseLost where somebody else has it now.
        """
        with self.renderers.lent(batch.id) as renderer:
            making = _Making(self, batch, row, deadline_ms, renderer)
            try:
                end = making.steps()
            except Stopped as stopped:
                end = stopped.end
            return making.row, end


@dataclass
class _Making:
    """One row while it is made; `row` is what is known of it."""

    run: RowRun
    batch: Batch
    row: Row
    deadline_ms: int
    renderer: Renderer
    outputs: dict[str, Any] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    has_called: bool = False
    unwritten: dict[str, Cell] = field(default_factory=dict)
    written_ms: int = 0

    def steps(self) -> RowEnd:
        if self.row.tries > 1:
            self._recover()
        data = self._data()
        for step in self.batch.wanted.template.steps:
            self._step(step, data)
        return Done()

    def _data(self) -> Mapping[str, Any]:
        wanted = self.batch.wanted
        source = source_row(wanted.selection, self.row.number)
        try:
            found = self.run.seed.rows(wanted.seed_owner, wanted.seed_data_id, source, 1)
        except NotFound:
            found = ()
        if not found:
            sentence = "The seed data of this batch is gone, or no longer has all of its rows."
            raise Stopped(HandedBack(code="SEED_DATA_GONE", sentence=sentence, rests="paused"))
        return found[0]

    def _step(self, step: Step, data: Mapping[str, Any]) -> None:
        if step.without(self.outputs):
            return
        context, seed = {**data, "steps": self.outputs}, f"{self.row.number}:{step.id}"
        try:
            if step.when and not self.renderer.holds(step.when, context, seed):
                return
            grid = places(self.batch.wanted, step)
            wanted = [each for each in grid if not self._is_done(each)]
            self._check_failed(wanted)
            if wanted:
                prompt = self.renderer.render(step.prompt, context, seed)
                check_length(step, prompt)
                self._make(step, prompt, wanted)
        except NotRendered as problem:
            sentence = f"Step {step.id}, line {problem.line}: {problem.problem}."
            raise Stopped(Failed("TEMPLATE", sentence)) from None
        except NotStarted:
            raise Stopped(HandedBack(BUSY_MS)) from None
        self._judge([self.row.cells[each.id] for each in grid])
        self.outputs[step.id] = {"output": self._output(step, grid)}

    def _check_failed(self, wanted: Sequence[Place]) -> None:
        """End the row where an earlier try ended a call that may have been billed.

        Such a call is made again only if somebody asks for it.
        """
        cells = [self.row.cells[each.id] for each in wanted if each.id in self.row.cells]
        for cell in cells:
            is_free = cell.cost == 0 and cell.code in (*AGAIN, *STOPPING)
            if not is_free and try_of_hold(cell.hold) > self.row.forgiven:
                raise Stopped(Failed(cell.code, cell.error))

    def _is_done(self, place: Place) -> bool:
        cell = self.row.cells.get(place.id)
        return cell is not None and cell.state == "done"

    def _make(self, step: Step, prompt: str, wanted: Sequence[Place]) -> None:
        """Reserve, write down, call, write down, settle."""
        caller = self.run.caller_of(self.batch.wanted.owner)
        self._check_usable(step, wanted)
        self._check_time(wanted)
        self._check_words(step, prompt, caller)
        hold = hold_name(self.row.number, self.row.tries, step.id)
        self._reserve(
            hold, {each.id: self.run.calls.worst(each, prompt) for each in wanted}, caller
        )
        begun = [self._begun(each, hold) for each in wanted]
        try:
            cells = [*self.unwritten.values(), *begun]
            self.row = self.run.rows.note_cells(self.row, cells, self.run.clock())
            self.unwritten = {}
        except LeaseLost:
            self.run.money.release(self.batch, hold)
            raise
        self.has_called, self.written_ms = True, self.run.clock()
        self._call(
            [self._asked(place, cell, prompt) for place, cell in zip(wanted, begun, strict=True)]
        )
        self._settle([self.row.cells[each.id] for each in wanted])

    def _check_usable(self, step: Step, wanted: Sequence[Place]) -> None:
        off = self.run.off() if step.kind == "image" else {}
        for place in wanted:
            if place.model.index in off:
                sentence = off[place.model.index] or "An administrator has switched it off."
                told = f"{place.model.name} is switched off: {sentence}"
                raise Stopped(HandedBack(code="MODEL_OFF", sentence=told, rests="paused"))
            try:
                self.run.calls.seconds(place)
            except LookupError:
                told = (
                    f"{place.model.name} is not configured any more as it was when this batch was "
                    "made. Put it back, or make a new batch."
                )
                raise Stopped(
                    HandedBack(code="MODEL_CHANGED", sentence=told, rests="paused")
                ) from None

    def _check_time(self, wanted: Sequence[Place]) -> None:
        """With too little time for the slowest, the row goes on in another worker."""
        needed = max(self.run.calls.seconds(each) for each in wanted) * 1000 + RECORD_MS
        if self.has_called and self.deadline_ms - self.run.clock() < needed:
            raise Stopped(HandedBack())

    def _check_words(self, step: Step, prompt: str, caller: Caller) -> None:
        judge = self.run.content_filter
        try:
            fine = (
                judge.allows(prompt, caller)
                if step.kind == "image"
                else (judge.keywords_allow(prompt))
            )
        except (RateLimited, Unavailable) as refusal:
            raise Stopped(self._no_money_today(refusal)) from None
        if not fine:
            sentence = f"The content filter refused the prompt of step {step.id}."
            raise Stopped(Failed("CONTENT_BLOCKED", sentence))

    def _no_money_today(self, refusal: RateLimited | Unavailable) -> HandedBack:
        if isinstance(refusal, Unavailable):
            return HandedBack(BUSY_MS)
        return HandedBack(code=refusal.code, sentence=refusal.sentence, rests="out_of_budget")

    def _reserve(self, hold: str, parts: Mapping[str, int], caller: Caller) -> None:
        try:
            self.run.money.reserve(self.batch, hold, parts, caller)
        except OutOfBudget as refusal:
            if refusal.may_free:
                raise Stopped(HandedBack(ROOM_MS)) from None
            most = sum(parts.values()) / 1_000_000
            sentence = (
                f"The budget has no room for the next step, which may take ${most:.6f}. Raise it "
                "to go on."
            )
            raise Stopped(
                HandedBack(code="OUT_OF_BUDGET", sentence=sentence, rests="out_of_budget")
            ) from None
        except (RateLimited, Unavailable) as refusal:
            raise Stopped(self._no_money_today(refusal)) from None

    def _begun(self, place: Place, hold: str) -> Cell:
        earlier = self.row.cells.get(place.id)
        return Cell(
            step=place.step.id,
            model=place.model.index,
            point=place.point,
            state="calling",
            attempt=earlier.attempt + 1 if earlier else 1,
            hold=hold,
            started_ms=self.run.clock(),
        )

    def _asked(self, place: Place, cell: Cell, prompt: str) -> Asked:
        return Asked(
            batch=self.batch,
            row=self.row.number,
            place=place,
            cell=cell,
            prompt=prompt,
            deadline_ms=self.deadline_ms - RECORD_MS,
            save_ticket=partial(self._keep_ticket, cell),
            picture=shown(self.batch.wanted, place, self.row.cells),
        )

    def _keep_ticket(self, cell: Cell, ticket: str) -> None:
        """Keep it if that is possible at all: without it the call goes on, unprotected."""
        try:
            self._note(replace(cell, ticket=ticket))
        except (LeaseLost, ClientError, BotoCoreError):
            logs.failure("ticket_not_kept", batchId=self.batch.id, row=self.row.number)

    def _call(self, asked: Sequence[Asked]) -> None:
        """Make all calls at the same time, and write each end down as it comes."""
        over = threading.Event()
        acts = [partial(self._one, each, over) for each in asked]
        problems = together(acts, self.run.fanout(), self._seconds_left)
        with self.lock:
            over.set()
            self._write()
        late = [
            self.run.calls.too_late(self.row.cells[each.cell.id])
            for each in asked
            if self.row.cells[each.cell.id].state == "calling"
        ]
        for cell in late:
            self._note(cell)
        for problem in problems:
            raise problem

    def _seconds_left(self) -> float:
        return (self.deadline_ms - self.run.clock()) / 1000

    def _one(self, asked: Asked, over: threading.Event) -> None:
        cell = self.run.calls.make(asked, lambda: self.renderer)
        with self.lock:
            if not over.is_set():
                self._note(self._shortened(cell), may_wait=cell.image is not None)

    def _note(self, cell: Cell, *, may_wait: bool = False) -> None:
        """Keep the end of a cell.

        A picture lies in the bucket with its cell: whoever goes on finds it there, so that it may
        wait a little for its neighbours.
        """
        with self.lock:
            self.row = replace(self.row, cells={**self.row.cells, cell.id: cell})
            self.unwritten[cell.id] = cell
            if not may_wait or self.run.clock() - self.written_ms >= APART_MS:
                self._write()

    def _write(self) -> None:
        """Write down what has ended. What cannot be written now goes with what is written next."""
        if not self.unwritten:
            return
        self.written_ms = self.run.clock()
        try:
            self.run.rows.note_cells(self.row, self.unwritten.values(), self.written_ms)
            self.unwritten = {}
        except (ClientError, BotoCoreError):
            logs.failure("cell_not_noted", batchId=self.batch.id, row=self.row.number)

    def _shortened(self, cell: Cell) -> Cell:
        if len(cell.text.encode(errors="replace")) <= LONG_TEXT:
            return cell
        self.run.rows.put_output(self.row, cell.id, cell.text)
        return replace(cell, text="", long=True)

    def _settle(self, cells: Sequence[Cell]) -> None:
        """What cannot be settled now is reserved still, and is settled by the next sweep."""
        try:
            self.run.money.settle(self.batch, cells)
        except (ClientError, BotoCoreError, Unavailable):
            logs.failure("row_not_settled", batchId=self.batch.id, row=self.row.number)

    def _recover(self) -> None:
        """End what an earlier try left under way, and settle its money."""
        open_cells = [cell for cell in self.row.cells.values() if cell.state == "calling"]
        by_id = {each.id: each for each in self._all_places()}
        resumed = []
        for cell in open_cells:
            place = by_id[cell.id]
            stored = None
            if place.step.kind == "image":
                stored = self.run.calls.stored(self.batch.id, self.row.number, place, cell)
            if stored is None and cell.ticket:
                resumed.append(self._asked(place, cell, ""))
                continue
            self._note(stored or self.run.calls.lost(cell))
        if resumed:
            self.has_called = True
            self._call(resumed)
        holds = [h for h in self.run.money.holds(self.batch) if row_of_hold(h) == self.row.number]
        self.run.money.reconcile(self.batch, self.row, holds)

    def _all_places(self) -> list[Place]:
        steps = self.batch.wanted.template.steps
        return [place for step in steps for place in places(self.batch.wanted, step)]

    def _judge(self, cells: Sequence[Cell]) -> None:
        """Raise Stopped where a cell of the step has failed."""
        failed = [cell for cell in cells if cell.state == "failed"]
        if not failed:
            return
        stopping = next((cell for cell in failed if cell.code in STOPPING), None)
        if stopping:
            raise Stopped(HandedBack(code=stopping.code, sentence=stopping.error, rests="paused"))
        passing = all(cell.code in AGAIN and cell.cost == 0 for cell in failed)
        if passing and self.row.tries < MOST_TRIES:
            raise Stopped(HandedBack(BUSY_MS))
        raise Stopped(Failed(failed[0].code, failed[0].error))

    def _output(self, step: Step, grid: Sequence[Place]) -> Any:
        cells = [self.row.cells[each.id] for each in grid]
        return output_of(self.batch.wanted, step, cells, self._text, self.run.address)

    def _text(self, cell: Cell) -> str:
        if not cell.long:
            return cell.text
        return self.run.rows.output(self.batch.id, self.row.number, cell.id)
