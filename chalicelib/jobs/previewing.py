"""Draw the previews that a job's pictures lack, and record them in one write.

Previews are a convenience: a picture that cannot be decoded keeps its address and says so.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.generation.fanout import Fanout
from chalicelib.images.previews import Previews
from chalicelib.images.sniff import BadImage
from chalicelib.jobs.lifecycle import Lifecycle
from chalicelib.jobs.model import Job, Outcome, PreviewState, preview_mark
from chalicelib.jobs.pictures import JobPictures
from chalicelib.jobs.store import JobStore, Superseded, UnknownJob
from chalicelib.spend.ledger import Contended

GONE = "NoSuchKey"
_AT_ONCE = 2
"""While one picture is drawn another is read or written; more would only take memory."""
_PATIENCE_S = 60.0


@dataclass(frozen=True)
class Previewing:
    """The previews of jobs. `draw` raises BadImage; `clock` in epoch milliseconds."""

    store: JobStore
    pictures: JobPictures
    lifecycle: Lifecycle
    draw: Callable[[bytes], Previews]
    fanout: Callable[[], Fanout]
    clock: Callable[[], int]

    def run(self, job_id: str, indices: Collection[int]) -> None:
        """Draw what is missing among these slots' pictures; a repeated request finds nothing."""
        try:
            job = self.store.get(job_id, self.clock())
        except UnknownJob:
            logs.event("job_unknown", jobId=job_id)
            return
        wanted = [index for index in job.unpreviewed if index in indices]
        states = self._draw_all(job, wanted)
        if not states:
            return
        try:
            self._record(job, states)
        except UnknownJob:
            logs.event("previews_of_deleted_job", jobId=job_id)

    def _draw_all(self, job: Job, wanted: list[int]) -> dict[int, PreviewState]:
        states: dict[int, PreviewState] = {}
        fanout, waiting, under_way = self.fanout(), list(wanted), 0
        while waiting or under_way:
            while waiting and under_way < _AT_ONCE:
                index = waiting.pop(0)
                fanout.start(index, partial(self._draw, job, index, states))
                under_way += 1
            if fanout.next_finished(_PATIENCE_S) is None:
                break
            under_way -= 1
        return dict(states)

    def _draw(self, job: Job, index: int, states: dict[int, PreviewState]) -> None:
        """Note what becomes of one picture; nothing where AWS failed: the reaper asks again."""
        began = self.clock()
        try:
            states[index] = self._state(job.outcomes[index])
        except (ClientError, BotoCoreError):
            logs.failure("preview_failed", jobId=job.id, slot=index)
            return
        took = self.clock() - began
        logs.event("preview", jobId=job.id, slot=index, state=states[index], durationMs=took)

    def _state(self, outcome: Outcome) -> PreviewState:
        image = outcome.image
        try:
            if image is None:
                return "broken"
            self.pictures.put_previews(image.key, self.draw(self.pictures.get(image.key)))
        except BadImage:
            return "broken"
        except ClientError as problem:
            if problem.response["Error"]["Code"] != GONE:
                raise
            return "broken"
        return "drawn"

    def _record(self, job: Job, states: dict[int, PreviewState]) -> None:
        """Record in one write, which also ends a finished job that lacks nothing else."""
        try:
            current = self._close(job, states)
        except Superseded as conflict:
            current = self._add(conflict.job, job, states)
        self.lifecycle.events.broadcast(current)
        if current.finished and current.is_open:
            self.lifecycle.finish(current)

    def _close(self, job: Job, states: dict[int, PreviewState]) -> Job:
        if not job.finished or set(job.unpreviewed) - states.keys():
            return self.store.record_previews(job, states, self.clock())
        marks = {preview_mark(i, job.attempt(i), state) for i, state in states.items()}
        seen = replace(job, previewed=job.previewed | marks, seq=job.seq + 1)
        try:
            self.lifecycle.list_and_settle(seen)
        except (ClientError, BotoCoreError, Contended):
            logs.failure("finish_failed", jobId=job.id)
            return self.store.record_previews(job, states, self.clock())
        return self.store.record_previews(job, states, self.clock(), closes=True)

    def _add(self, current: Job, drawn: Job, states: dict[int, PreviewState]) -> Job:
        """Record beside somebody else's change, what is of attempts that still stand."""
        standing = {i: s for i, s in states.items() if current.attempt(i) == drawn.attempt(i)}
        if not standing:
            return current
        try:
            return self.store.record_previews(current, standing, self.clock())
        except Superseded as conflict:
            return conflict.job
