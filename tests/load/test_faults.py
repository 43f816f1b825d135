"""R2: over real connections to an AWS that fails, nothing is lost and nobody is billed twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.figures import RecordFigure
from tests.load.faults import Trial, illegal_steps
from tests.load.faulty_aws import faulty_aws

JOBS, SEED = 20, 5309


@pytest.mark.timeout(240)
def test_every_job_ends_with_all_its_pictures_and_one_bill_each(
    tmp_path: Path, record_figure: RecordFigure
) -> None:
    with faulty_aws(tmp_path) as aws:
        tally = Trial(aws, JOBS, SEED).run()
        kinds = set(aws.fired())
    record_figure("R2", **vars(tally))
    assert (tally.billed_twice, tally.lost, tally.stuck, tally.illegal) == (0, 0, 0, 0)
    assert tally.faults >= JOBS
    assert tally.completed > JOBS * 7
    assert {kind.split()[0] for kind in kinds} == {"dynamodb", "s3"}


def test_a_state_that_contradicts_an_earlier_one_is_noticed() -> None:
    def push(seq: int, status: str) -> bytes:
        results = [{"index": 1, "status": status}]
        return json.dumps({"job": {"jobId": "a", "seq": seq, "results": results}}).encode()

    assert illegal_steps([push(1, "pending"), push(2, "completed"), push(1, "pending")]) == 0
    assert illegal_steps([push(1, "pending"), push(1, "completed")]) == 1
    assert illegal_steps([push(1, "completed"), push(2, "error")]) == 1
