"""checkov's findings are exactly the exceptions below, each with its reason."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy.stage import PROJECT, STAGES
from tests.figures import RecordFigure
from tests.template.conftest import Stack

CHECKOV = PROJECT / ".venv-tools" / "bin" / "checkov"
OWN_KEY = "a customer's own KMS key costs more than all the rest; AWS's keys encrypt it"
ACCESS_LOG = "the functions log every request; a second log costs and holds addresses"
EXCEPTIONS = {
    "CKV_AWS_18": ACCESS_LOG,
    "CKV_AWS_19": "encrypted always; with whose key is a condition, which it cannot read",
    "CKV_AWS_21": "pictures are written once and never changed; versions would outlive expiry",
    "CKV_AWS_26": "CloudWatch cannot publish to a topic under AWS's own key; alarms hold no data",
    "CKV_AWS_76": ACCESS_LOG,
    "CKV_AWS_86": ACCESS_LOG,
    "CKV_AWS_95": ACCESS_LOG,
    "CKV_AWS_115": "an account's default concurrency leaves too little to reserve for each",
    "CKV_AWS_116": "worker and previews are invoked asynchronously, and have their destinations",
    "CKV_AWS_117": "everything it calls is public AWS or a provider; a VPC would need a NAT",
    "CKV_AWS_120": "answers are private to a job and change by the second",
    "CKV_AWS_149": OWN_KEY,
    "CKV_AWS_158": OWN_KEY,
    "CKV_AWS_173": OWN_KEY,
    "CKV_AWS_174": "CloudFront's own certificate fixes it; an own domain gets TLSv1.2_2021",
    "CKV_AWS_192": "nothing here is Java, and a prompt may hold what this rule looks for",
}


@pytest.fixture(scope="module")
def checks(stacks: Mapping[str, Stack]) -> dict[str, list[dict[str, Any]]]:
    """Every check of each stage's template, all found by one process: most of it is its start."""
    options = ["--framework", "cloudformation", "--output", "json", "--compact", "--soft-fail"]
    files = [word for stack in stacks.values() for word in ("-f", str(stack.artefact.template))]
    done = subprocess.run(
        [CHECKOV, *options, "--skip-download", *files],
        # What it finds can depend on the order in which it walks its graph.
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    results = json.loads(done.stdout)["results"]
    every = [*results["passed_checks"], *results["failed_checks"]]
    return {
        stage: [each for each in every if Path(each["file_abs_path"]) == stack.artefact.template]
        for stage, stack in stacks.items()
    }


@pytest.mark.parametrize("stage", STAGES)
def test_every_finding_is_an_exception_with_a_reason(
    checks: Mapping[str, Sequence[Mapping[str, Any]]], stage: str, record_figure: RecordFigure
) -> None:
    failed = [each for each in checks[stage] if each["check_result"]["result"] == "FAILED"]
    found = {check["check_id"] for check in failed}
    record_figure(
        f"checkov {stage}",
        passed=len(checks[stage]) - len(failed),
        exceptions=len(found),
        unexplained=len(found - EXCEPTIONS.keys()),
    )
    assert not unexplained(failed)
    assert found == EXCEPTIONS.keys()


def unexplained(failed: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what was found where, for a finding without a reason to be looked into."""
    return [
        f"{check['check_id']} {check['resource']} {check['check_result'].get('evaluated_keys')}"
        for check in failed
        if check["check_id"] not in EXCEPTIONS
    ]
