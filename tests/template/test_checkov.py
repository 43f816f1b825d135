"""checkov's findings are exactly the exceptions below, each with its reason."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from deploy.stage import PROJECT
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


def test_every_finding_is_an_exception_with_a_reason(
    stack: Stack, record_figure: RecordFigure
) -> None:
    results = findings(stack)
    found = {check["check_id"] for check in results["failed_checks"]}
    record_figure(
        f"checkov {stack.stage}",
        passed=len(results["passed_checks"]),
        exceptions=len(found),
        unexplained=len(found - EXCEPTIONS.keys()),
    )
    assert not unexplained(results["failed_checks"])
    assert found == EXCEPTIONS.keys()


def unexplained(failed: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what was found where, for a finding without a reason to be looked into."""
    return [
        f"{check['check_id']} {check['resource']} {check['check_result'].get('evaluated_keys')}"
        for check in failed
        if check["check_id"] not in EXCEPTIONS
    ]


def findings(stack: Stack) -> dict[str, Any]:
    options = ["--framework", "cloudformation", "--output", "json", "--compact", "--soft-fail"]
    done = subprocess.run(
        [CHECKOV, *options, "--skip-download", "-f", stack.artefact.template],
        # What it finds can depend on the order in which it walks its graph.
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    results: dict[str, Any] = json.loads(done.stdout)["results"]
    return results
