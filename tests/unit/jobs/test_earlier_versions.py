"""Runs that earlier versions wrote are read, and those of 2026-11-26 can read what is written now.

`earlier_runs.json` holds one run as the code of each day wrote it (commits 6e50dc4 and 5e52287).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.generation.model import StoredImage
from chalicelib.jobs import items
from chalicelib.jobs.model import Job, Lease, Outcome, Reserved
from chalicelib.providers.base import Cost, Parameters
from tests.unit.jobs import samples
from tests.unit.jobs.samples import MINUTE, NOW, TARGET

EARLIER: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("earlier_runs.json").read_text()
)
BACK_TO = "2026-11-26"
"""The oldest version that one can go back to, as docs/operations.md says."""


def run() -> Job:
    """Return the run that each version wrote: a picture, a refusal after a retry, a cancel."""
    end = NOW + 2 * MINUTE
    image = StoredImage(
        f"group-images/{TARGET}/model-1-1-1.png",
        "image/png",
        64,
        32,
        70,
        7,
        ("negativePrompt",),
        "A calmer sea",
    )
    return replace(
        samples.job(1, 2, 3),
        parameters=Parameters(seed=7, explicit=("seed",)),
        leases={1: Lease("w1", NOW, end), 2: Lease("w1", NOW, end, '{"id": "t"}')},
        outcomes={
            1: Outcome(1, NOW, NOW + 9000, Cost(0.04, "estimated"), image=image),
            2: samples.failure(attempt=2),
            3: samples.cancelled(),
        },
        attempts={2: 2},
        reserved={index: Reserved(BACK_TO, "tag") for index in (1, 2, 3)},
        is_open=True,
    )


def written() -> dict[str, Any]:
    """Return the run's item as it is written now."""
    job = run()
    item: dict[str, Any] = dict(items.from_job(job))
    item["claims"] = {"M": {str(i): items.from_lease(lease) for i, lease in job.leases.items()}}
    item["results"] = {"M": {str(i): items.from_outcome(o) for i, o in job.outcomes.items()}}
    item["attempts"] = {"M": {str(i): {"N": str(n)} for i, n in job.attempts.items()}}
    return item


def shape(found: object, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield every place in an item with the type of what stands there, inside of JSON too."""
    if isinstance(found, str) and found.startswith(("{", "[")) and not place.endswith("ticket.S"):
        found = json.loads(found)
    if isinstance(found, Mapping):
        for name, inner in found.items():
            yield from shape(inner, f"{place}.{name}")
    elif isinstance(found, list):
        for inner in found:
            yield from shape(inner, f"{place}[]")
    else:
        yield place, "number" if type(found) in (int, float) else type(found).__name__


@pytest.mark.parametrize("day", EARLIER)
def test_a_run_that_an_earlier_version_wrote_is_read_as_it_was(day: str) -> None:
    # The ledger of the first day kept its money otherwise: all of it counts as spent.
    reserved = run().reserved if day == BACK_TO else {}
    assert items.to_job(EARLIER[day]) == replace(run(), reserved=reserved)


def test_what_is_written_now_is_read_as_it_was() -> None:
    assert items.to_job(written()) == run()


def test_what_is_written_now_holds_all_that_the_version_one_can_go_back_to_reads() -> None:
    """That version passes over what it does not know, and fails where something is missing."""
    missing = set(shape(EARLIER[BACK_TO])) - set(shape(written()))
    assert not missing
