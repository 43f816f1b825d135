"""Notices of handed-over calls in every order, and without any (R11; small, see the score card)."""

import logging
import os
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.generation.outputs import Outputs
from chalicelib.jobs.callbacks import Callbacks
from chalicelib.jobs.model import Job
from chalicelib.jobs.store import JobStore
from tests.figures import RecordFigure
from tests.simulation.callbacks import Broken, Sequence

SEQUENCES = int(os.environ.get("SEQUENCES", "150"))


@pytest.fixture(autouse=True)
def silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sequence is replayed by its number; a million lines are not kept."""
    monkeypatch.setattr(logging.getLogger("pixel_prompt"), "disabled", True)


def test_each_slot_ends_once_whatever_becomes_of_its_notices(record_figure: RecordFigure) -> None:
    ends = lost = adopted = calls = 0
    for number in range(SEQUENCES):
        sequence = Sequence(number)
        try:
            sequence.run()
        except Broken as problem:
            pytest.fail(f"sequence {number}: {problem}", pytrace=False)
        ends, lost = ends + len(sequence.ends), lost + sequence.lost
        adopted, calls = adopted + sequence.adopted, calls + len(sequence.calls)
    assert adopted > 0 < lost
    record_figure(
        "R11",
        sequences=SEQUENCES,
        handed_over=calls,
        ends=ends,
        ended_twice=0,
        notices_lost=lost,
        found_by_reaper=adopted,
        seconds_waited=0,
    )


def run_all(sequences: int) -> None:
    for number in range(sequences):
        Sequence(number).run()


def _always_awaited(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Job, "awaits_callback", lambda self, index, attempt: self.leases.get(index))


def _never_looked_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Callbacks, "adopt", lambda self, job, index: None)


def _failures_not_looked_for(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Outputs, "failure", lambda self, address: None)


def _left_behind(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Outputs, "remove", lambda self, name, failure="": None)


def _never_due(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(JobStore, "due", lambda self, now, limit=1000: [])


@pytest.mark.parametrize(
    "mistake",
    [_always_awaited, _never_looked_for, _failures_not_looked_for, _left_behind, _never_due],
)
def test_a_mistake_is_noticed(
    mistake: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake(monkeypatch)
    with pytest.raises(Broken):
        run_all(60)
