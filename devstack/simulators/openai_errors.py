"""OpenAI's error envelope, which compatible services copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic_core import ErrorDetails

from devstack.simulators.wire import Answer, field_of


def openai_error(
    status: int,
    message: str,
    *,
    kind: str = "invalid_request_error",
    code: str | None = None,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return an answer in the envelope `{"error": {message, type, param, code}}`."""
    error = {"message": message, "type": kind, "param": param, "code": code}
    return Answer(status, {"error": error}, headers or {})


def openai_invalid(problems: Sequence[ErrorDetails]) -> Answer:
    """Return the 400 for the first invalid field of a body."""
    problem = problems[0]
    name = field_of(problem)
    if problem["type"] == "json_invalid":
        return openai_error(400, "We could not parse the JSON body of your request.")
    if problem["type"] == "extra_forbidden":
        return openai_error(
            400, f"Unknown parameter: '{name}'.", code="unknown_parameter", param=name
        )
    if problem["type"] == "missing":
        return openai_error(
            400,
            f"Missing required parameter: '{name}'.",
            code="missing_required_parameter",
            param=name,
        )
    return openai_error(
        400, f"Invalid value for '{name}': {problem['msg']}.", code="invalid_value", param=name
    )


def model_not_found(model: str) -> Answer:
    """Return the answer for an unknown or retired model."""
    message = f"The model '{model}' does not exist or you do not have access to it."
    return openai_error(404, message, code="model_not_found", param="model")


MISSING_KEY = openai_error(
    401, "You didn't provide an API key. Send it in the Authorization header as a Bearer token."
)
OPENAI_FAILURES: Mapping[str, Answer] = {
    "refuse": Answer(
        400,
        {
            "error": {
                "message": "Your request was rejected by the safety system.",
                "type": "image_generation_user_error",
                "param": None,
                "code": "moderation_blocked",
                "moderation_details": {"moderation_stage": "input", "categories": ["violence"]},
            }
        },
    ),
    "rate_limit": openai_error(
        429,
        "Rate limit reached for images per minute. Try again in 1s.",
        kind="rate_limit_exceeded",
        code="rate_limit_exceeded",
        headers={"Retry-After": "1", "x-ratelimit-remaining-requests": "0"},
    ),
    "server_error": openai_error(
        500,
        "The server had an error while processing your request.",
        kind="server_error",
        code="server_error",
    ),
    "no_credit": openai_error(
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        kind="insufficient_quota",
        code="insufficient_quota",
    ),
    "retired": openai_error(
        404,
        "The model has been retired and is no longer available. Choose a current model.",
        code="model_not_found",
        param="model",
    ),
    "bad_key": openai_error(401, "Incorrect API key provided.", code="invalid_api_key"),
}
