"""The check that seals an upload: reads it once from end to end, holding a few megabytes.

One attempt has the file at a time. It says again and again that it lives; when it does not, whoever
looks at the file next has another one begun, which starts anew in a folder of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from chalicelib import logs
from chalicelib.batches.seed_data.files import Gone, SeedFiles
from chalicelib.batches.seed_data.model import (
    MOST_ROWS,
    PROBLEMS_TOLD,
    Manifest,
    Problem,
    SeedDataSet,
    State,
)
from chalicelib.batches.seed_data.parts import PartWriter
from chalicelib.batches.seed_data.paths import Paths
from chalicelib.batches.seed_data.reading import read
from chalicelib.batches.seed_data.rows import Good, Trouble
from chalicelib.batches.seed_data.store import Lost, SeedDataStore
from chalicelib.batches.seed_data.text import Unreadable

LIVES_MS, TELLS_MS = 45_000, 5_000
"""For how long a check is believed to live after it has said so, and how often it says so."""
MOST_ATTEMPTS = 5
_LOOKS_AT_CLOCK = 200
"""Rows between two looks at the clock."""


@dataclass(frozen=True)
class Checking:
    """Checks uploads. `clock` in epoch milliseconds."""

    store: SeedDataStore
    files: SeedFiles
    clock: Callable[[], int]
    new_id: Callable[[], str]

    def run(self, owner: str, seed_data_id: str) -> None:
        """Check a file, unless it is gone or another check of it lives."""
        now, holder = self.clock(), self.new_id()
        seen = self.store.find(owner, seed_data_id)
        if seen is None:
            self._clear(owner, seed_data_id)
            return
        try:
            taken = self.store.take(seen, holder, now, now + LIVES_MS)
        except Lost:
            logs.event("seed_data_taken", seedDataId=seed_data_id)
            return
        try:
            self._seal(taken, holder)
        except Lost:
            logs.event("seed_data_lost", seedDataId=seed_data_id)
            if self.store.find(owner, seed_data_id) is None:
                self._clear(owner, seed_data_id)

    def _seal(self, taken: SeedDataSet, holder: str) -> None:
        began = self.clock()
        found = self._found(taken, holder)
        state: State = "ready" if found.rows and found.parts else "refused"
        self.files.put_manifest(taken, found)
        self.store.end(taken, holder, state, found)
        logs.event(
            "seed_data_checked",
            seedDataId=taken.seed_data_id,
            state=state,
            rows=found.rows,
            problems=found.problem_count,
            durationMs=self.clock() - began,
        )
        self.files.remove_upload(taken)
        self.files.remove_earlier(taken)

    def _found(self, taken: SeedDataSet, holder: str) -> Manifest:
        if taken.attempt > MOST_ATTEMPTS:
            return _refused((None, "The file could not be checked in several attempts."))
        told_ms = self.clock()

        def tell(rows: int) -> None:
            nonlocal told_ms
            now = self.clock()
            if now >= told_ms + TELLS_MS:
                self.store.keep(taken, holder, rows, now + LIVES_MS)
                told_ms = now

        try:
            return _Sieve(taken, self.files, tell).run()
        except Gone:
            return _refused((None, "The uploaded file is no longer there. Upload it again."))

    def _clear(self, owner: str, seed_data_id: str) -> None:
        """A file was deleted meanwhile: leave nothing of it behind."""
        self.files.remove_all(owner, seed_data_id)
        self.store.remove(owner, seed_data_id)
        logs.event("seed_data_gone", seedDataId=seed_data_id)


@dataclass
class _Sieve:
    """One attempt's way through the file; `tell` is called with the rows so far, often."""

    taken: SeedDataSet
    files: SeedFiles
    tell: Callable[[int], None]
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0

    def __post_init__(self) -> None:
        self.writer = PartWriter(self._put)

    def _put(self, first: int, data: bytes) -> None:
        self.files.put_part(self.taken, first, data)
        self.tell(self.writer.rows)

    def run(self) -> Manifest:
        """Return what the file holds; raise Gone."""
        try:
            return self._run()
        except Unreadable as problem:
            return _refused(*problem.problems, seen=self)

    def _run(self) -> Manifest:
        reading = read(self.taken.format, self.files.open_upload(self.taken))
        paths = Paths(reading.empty_is_missing)
        number = 0
        for found in reading.found:
            if isinstance(found, Trouble) and found.of_file:
                self._problem(Problem(found.problem, found.line))
                continue
            number += 1
            if number > MOST_ROWS:
                raise Unreadable((found.line, f"The file has more than {MOST_ROWS:,} rows."))
            if isinstance(found, Good):
                paths.add(found.row)
                self.writer.add(found.data)
            else:
                self._problem(Problem(f"The row {found.problem}.", found.line, number))
            if number % _LOOKS_AT_CLOCK == 0:
                self.tell(self.writer.rows)
        self.writer.close()
        if not self.writer.rows:
            self._problem(Problem("The file has no row that can be used."))
        return Manifest(
            rows=self.writer.rows,
            parts=tuple(self.writer.parts),
            paths=paths.stats(),
            problems=tuple(self.problems),
            problem_count=self.problem_count,
            notes=tuple(reading.notes),
        )

    def _problem(self, problem: Problem) -> None:
        self.problem_count += 1
        if len(self.problems) < PROBLEMS_TOLD:
            self.problems.append(problem)


def _refused(*problems: tuple[int | None, str], seen: _Sieve | None = None) -> Manifest:
    """Return the manifest of a file of which nothing can be used: why, and what else was wrong."""
    why = tuple(Problem(sentence, line) for line, sentence in problems)
    before = tuple(seen.problems) if seen else ()
    told = (*why, *before)[:PROBLEMS_TOLD]
    return Manifest(0, problems=told, problem_count=len(why) + (seen.problem_count if seen else 0))
