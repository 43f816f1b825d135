"""Every failure tells a person what to do."""

import pytest

from chalicelib.providers.errors import BadRequest, NotReached, ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import resolve
from chalicelib.providers.transport.openai_errors import classify_words, error_body

FAILURES = Failures("Somebody", "some-model", "newer-model")


@pytest.mark.parametrize(
    ("status", "code", "billed"),
    [
        (200, "BAD_RESPONSE", "unknown"),
        (302, "BAD_REQUEST", "no"),
        (400, "BAD_REQUEST", "no"),
        (401, "BAD_KEY", "no"),
        (402, "OUT_OF_CREDIT", "no"),
        (403, "BAD_KEY", "no"),
        (404, "BAD_REQUEST", "no"),
        (499, "UNAVAILABLE", "unknown"),
        (408, "TIMEOUT", "unknown"),
        (405, "BAD_REQUEST", "no"),
        (410, "MODEL_RETIRED", "no"),
        (451, "REFUSED", "no"),
        (413, "BAD_REQUEST", "no"),
        (422, "BAD_REQUEST", "no"),
        (429, "RATE_LIMITED", "no"),
        (500, "UNAVAILABLE", "unknown"),
        (502, "UNAVAILABLE", "unknown"),
        (503, "UNAVAILABLE", "no"),
        (504, "TIMEOUT", "unknown"),
        (599, "UNAVAILABLE", "unknown"),
    ],
)
def test_a_status_without_a_sign_has_its_plain_meaning(status: int, code: str, billed: str) -> None:
    error = FAILURES.from_status(status)

    assert (error.code, error.billed) == (code, billed)


@pytest.mark.parametrize(
    "error",
    [
        FAILURES.bad_key(),
        FAILURES.out_of_credit(),
        FAILURES.rate_limited(),
        FAILURES.rate_limited(2.2),
        FAILURES.refused(),
        FAILURES.retired(),
        FAILURES.bad_request(),
        FAILURES.timed_out(),
        FAILURES.unreachable(),
        FAILURES.lost(),
        FAILURES.down(),
        FAILURES.bad_response(),
        FAILURES.interrupted(),
    ],
    ids=lambda error: str(error.code),
)
def test_a_sentence_names_the_provider_and_what_to_do(error: ProviderError) -> None:
    sentence = error.sentence.lower()

    assert error.sentence.startswith("Somebody ")
    assert error.sentence.endswith(".")
    advice = ("try again", "check", "add credit", "rephrase", "use ", "change")
    assert any(word in sentence for word in advice)


def test_a_rate_limit_tells_whole_seconds() -> None:
    assert "in 3 s" in FAILURES.rate_limited(2.2).sentence


def test_a_retired_model_names_its_successor() -> None:
    assert "use newer-model instead" in FAILURES.retired().sentence
    assert "choose a current model" in Failures("Somebody", "some-model").retired().sentence


def test_a_catalogued_model_knows_its_provider_and_successor() -> None:
    failures = Failures.of(resolve("Flux Dev"))

    assert failures == Failures("Black Forest Labs", "flux-dev", "flux-3-image")


@pytest.mark.parametrize("field", ["size", "negative_prompt"])
def test_a_bad_request_names_the_field(field: str) -> None:
    assert f"({field})" in FAILURES.bad_request(field).sentence


@pytest.mark.parametrize("field", ["sk-12345", "a secret prompt", "x" * 41, 7, None, ""])
def test_what_is_no_field_name_is_not_repeated(field: object) -> None:
    assert FAILURES.bad_request(field).sentence == FAILURES.bad_request().sentence


@pytest.mark.parametrize(
    ("status", "content_type", "error"),
    [
        (200, "text/html", NotReached),
        (404, "text/html; charset=utf-8", NotReached),
        (405, "TEXT/HTML", NotReached),
        (403, "text/html", BadRequest),
        (500, "text/html", None),
        (200, "application/json", None),
    ],
)
def test_a_page_is_another_address_and_one_that_forbids_minds_what_was_sent(
    status: int, content_type: str, error: type[BadRequest] | None
) -> None:
    """Whoever was not reached has judged nothing; a firewall may have."""
    found = Failures("A gateway", "a-model").from_page(status, {"Content-Type": content_type})
    assert (type(found) if found else None) is error


@pytest.mark.parametrize(("status", "error"), [(400, None), (404, NotReached), (405, NotReached)])
def test_what_a_prompt_repeats_never_says_that_nobody_was_reached(
    status: int, error: type[BadRequest] | None
) -> None:
    body = error_body({"error": {"message": "Rejected: 'unknown endpoint'"}}, status)
    found = classify_words(body, Failures("A gateway", "a-model"))
    assert (type(found) if found else None) is error
