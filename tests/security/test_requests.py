"""S1: whatever is sent, the answer is the contract's."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from chalicelib.routes.openapi import document
from tests.figures import RecordFigure
from tests.security.malformed import malformed
from tests.security.requests import attack, figures, objection
from tests.support.product import Product

REQUESTS, SEED = 1500, 5309
EXAMPLES = 25
KNOWN_ONLY_TO_THE_INSTALLATION = {"cursor", "models", "expiresAt"}
"""Whether a cursor was given out, which models exist and what is over by now, no schema can say."""
Case = schemathesis.Case[Any]
load_all_checks()


schema = schemathesis.openapi.from_dict(document())


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_answers_are_as_the_openapi_document_says(case: Case, product: Product) -> None:
    answer = case.call(base_url=product.api)
    unknown = answer.status_code == 400 and _unknown_here(answer.content)
    case.validate_response(answer, excluded_checks=[positive_data_acceptance] if unknown else [])
    assert answer.status_code < 500


def test_malformed_requests_get_typed_refusals_and_no_traceback(
    product: Product, record_figure: RecordFigure
) -> None:
    findings = attack(product.url, REQUESTS, SEED)
    measured = figures(product, findings)
    record_figure("S1 requests", **measured)
    assert findings.wrong == []
    assert measured["tracebacks"] == 0
    assert measured["requests"] == REQUESTS


def test_a_seed_replays_the_same_requests() -> None:
    first, second = random.Random(SEED), random.Random(SEED)
    assert [malformed(first) for _ in range(200)] == [malformed(second) for _ in range(200)]


@pytest.mark.parametrize(
    ("status", "content"),
    [(500, b"{}"), (503, b""), (404, b"<html>"), (400, b'{"error":"Something."}')],
)
def test_a_wrong_answer_is_noticed(status: int, content: bytes) -> None:
    assert objection(malformed(random.Random(SEED)), status, content)


def _unknown_here(content: bytes) -> bool:
    details = json.loads(content).get("details", [])
    # What has a line is wrong inside a text, of which no schema knows what it may say.
    fields = {detail["field"] for detail in details if "line" not in detail}
    return fields <= KNOWN_ONLY_TO_THE_INSTALLATION
