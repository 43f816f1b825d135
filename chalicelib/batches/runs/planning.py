"""What a batch is expected to take, from a few of its rows as they are really rendered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.batches.runs.calls import Calls
from chalicelib.batches.runs.grid import Place, places
from chalicelib.batches.runs.model import Plan, Wanted
from chalicelib.batches.runs.seeds import SeedData
from chalicelib.batches.runs.selection import source_row
from chalicelib.batches.templates.filters import tokens_of
from chalicelib.batches.templates.model import Step
from chalicelib.batches.templates.renderer import NotRendered, NotStarted, Renderer
from chalicelib.batches.templates.trial import stand_in
from chalicelib.errors import Detail, InvalidInput, Unavailable
from chalicelib.spend.model import micros

SAMPLED = 20
BYTES_A_TOKEN = 4
USUAL_SHOWN = 1_500
"""Tokens that a picture usually counts for."""
SECONDS: Mapping[str, float] = {"text": 4.0, "image": 12.0}
"""What a call is taken to last: providers tell nothing of it before."""
PATIENCE_MS = 8_000


@dataclass(frozen=True)
class Load:
    """What one row takes: calls, pictures, micro-dollars as expected and at worst, and seconds."""

    calls: int = 0
    pictures: int = 0
    expected: int = 0
    worst: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Planner:
    """Makes plans; spends nothing. `clock` in epoch milliseconds."""

    calls: Calls
    seed: SeedData
    open_renderer: Callable[[], Renderer]
    clock: Callable[[], int]

    def plan(self, wanted: Wanted) -> Plan:
        """Return the plan; raise InvalidInput where none of the rows looked at can be rendered."""
        loads, problems = self._loads(wanted)
        if not loads:
            raise InvalidInput(
                f"No row can be made: {problems[0]}.", (Detail("seedDataId", problems[0]),)
            )
        total, count = wanted.selection.total, len(loads)
        worst = max(load.worst for load in loads) * total
        seconds = sum(load.seconds for load in loads) * total / count
        return Plan(
            rows=total,
            calls=sum(load.calls for load in loads) * total // count,
            pictures=sum(load.pictures for load in loads) * total // count,
            expected=min(worst, sum(load.expected for load in loads) * total // count),
            worst=worst,
            seconds=max(1, round(seconds / min(wanted.concurrency, total))),
        )

    def _loads(self, wanted: Wanted) -> tuple[list[Load], list[str]]:
        loads: list[Load] = []
        problems: list[str] = []
        until = self.clock() + PATIENCE_MS
        with self.open_renderer() as renderer:
            for row in sampled(wanted.selection.total):
                source = source_row(wanted.selection, row)
                data = self.seed.rows(wanted.seed_owner, wanted.seed_data_id, source, 1)
                try:
                    loads.append(self._load(wanted, row, data[0] if data else {}, renderer))
                except NotRendered as problem:
                    problems.append(f"row {row}: {problem.problem}")
                except NotStarted:
                    raise Unavailable("Templates cannot be rendered now. Try again.") from None
                if self.clock() >= until:
                    break
        return loads, problems

    def _load(self, wanted: Wanted, row: int, data: Mapping[str, Any], renderer: Renderer) -> Load:
        usual: dict[str, Any] = {}
        long: dict[str, Any] = {}
        load = Load()
        for step in wanted.template.steps:
            seed = f"{row}:{step.id}"
            context = {**data, "steps": usual}
            if step.without(usual):
                continue
            if step.when and not renderer.holds(step.when, context, seed):
                continue
            prompt = renderer.render(step.prompt, context, seed)
            longest = renderer.render(step.prompt, {**data, "steps": long}, seed)
            load = self._added(load, step, places(wanted, step), prompt, longest)
            usual[step.id] = {"output": _output(step, 0.5)}
            long[step.id] = {"output": _output(step, 1.0)}
        return load

    def _added(self, load: Load, step: Step, grid: list[Place], prompt: str, longest: str) -> Load:
        image = step.kind == "image"
        return Load(
            calls=load.calls + len(grid),
            pictures=load.pictures + len(grid) * image,
            expected=load.expected + sum(self._expected(place, prompt) for place in grid),
            worst=load.worst + sum(self.calls.worst(place, longest) for place in grid),
            seconds=load.seconds + SECONDS["image" if image else "text"],
        )

    def _expected(self, place: Place, prompt: str) -> int:
        if place.step.kind == "image":
            return self.calls.worst(place, prompt)
        rates = self.calls.text(place).model.rates(self.clock())
        if rates is None:
            return self.calls.worst(place, prompt)
        shown = USUAL_SHOWN if place.step.kind == "judge" else 0
        read, written = tokens_of(prompt) + shown, place.step.max_tokens / 2
        dollars = (read * rates.text_in + written * rates.text_out) / 1_000_000
        return micros(dollars)


def sampled(total: int) -> list[int]:
    """Return a few rows, the first and the last among them, evenly apart."""
    count = min(SAMPLED, total)
    if count == 1:
        return [1]
    return sorted({1 + round(n * (total - 1) / (count - 1)) for n in range(count)})


def _output(step: Step, share: float) -> Any:
    """Return something as long as a part of what the step may write."""
    if step.kind != "text" or step.schema is not None:
        return stand_in(step)
    return ("word " * int(step.max_tokens * share * BYTES_A_TOKEN / 5 + 1)).strip()
