"""What an older version makes of items that a newer one wrote."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest

from chalicelib.errors import Unavailable
from chalicelib.images.addresses import PictureAddresses
from chalicelib.jobs import items
from chalicelib.jobs.model import JobSlot
from chalicelib.jobs.view import job_view
from tests.unit.jobs import samples


def written(**changes: Any) -> dict[str, Any]:
    """Return the item of a finished job with a picture and a failure."""
    job: dict[str, Any] = dict(items.from_job(samples.job()))
    job["claims"] = {"M": {"1": items.from_lease(samples.lease())}}
    results = {"1": samples.picture(1), "2": samples.failure()}
    job["results"] = {"M": {name: items.from_outcome(o) for name, o in results.items()}}
    return job | changes


def more(raw: str, **fields: Any) -> dict[str, str]:
    return {"S": json.dumps(json.loads(raw) | fields)}


def test_what_is_written_is_read() -> None:
    job = items.to_job(written())
    assert job.outcomes == {1: samples.picture(1), 2: samples.failure()}
    drawer = JobSlot(1, "Another", "generic", "model-1", 1000, simulated=False)
    lease = replace(samples.lease(ticket="t"), drawn_by=drawer, resumed=True)
    assert items.to_lease(cast(Any, items.from_lease(lease))["M"]) == lease
    outcome = replace(samples.picture(1), drawn_by=drawer)
    assert items.to_outcome(cast(Any, items.from_outcome(outcome))["S"]) == outcome


def test_fields_of_a_newer_version_are_passed_over() -> None:
    item = written(novelty={"S": "?"})
    item["parameters"] = more(item["parameters"]["S"], style="oil")
    slots = [slot | {"novelty": 1} for slot in json.loads(item["slots"]["S"])]
    item["slots"] = {"S": json.dumps(slots)}
    results = item["results"]["M"]
    image = json.loads(results["1"]["S"])["image"]
    results["1"] = more(results["1"]["S"], novelty=1, image=image | {"novelty": 1})
    failure = json.loads(results["2"]["S"])["failure"]
    cost = {"amount": 1, "basis": "guessed", "novelty": 1}
    results["2"] = more(results["2"]["S"], failure=failure | {"code": "NOVEL"}, cost=cost)
    item["claims"]["M"]["1"]["M"]["novelty"] = {"S": "?"}
    shown = job_view(items.to_job(item), PictureAddresses().of)
    assert [result.status for result in shown.results] == ["completed", "error"]
    assert shown.results[1].error_code == "INTERRUPTED"
    assert shown.results[1].error == "The provider refused this prompt."
    assert (c := shown.results[1].cost)
    assert (c.amount, c.basis) == (None, "unknown")


def lacking(name: str) -> dict[str, Any]:
    return {key: value for key, value in written().items() if key != name}


@pytest.mark.parametrize(
    "item",
    [
        lacking("slots"),
        lacking("claims"),
        written(parameters={"M": {}}),
        written(results={"M": {"1": {"S": "{}"}}}),
        written(parameters=more(written()["parameters"]["S"], aspect_ratio="5:4")),
    ],
    ids=["no-slots", "no-claims", "other-type", "empty-result", "unknown-ratio"],
)
def test_what_cannot_be_understood_is_told_in_a_sentence(item: dict[str, Any]) -> None:
    with pytest.raises(Unavailable) as refused:
        items.to_job(item)
    assert "newer version" in refused.value.sentence
