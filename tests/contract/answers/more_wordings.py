"""Yet other words for refusals, empty accounts and models that are gone."""

from typing import Any

from tests.contract.answers.wording import says

_says = says("some-image-model")
_google = says("gemini-nano-banana-2.1")
_stability = says("sd3.5-large")
_bfl = says("flux-2-pro")


def _error(message: str, code: object = None, **more: object) -> dict[str, Any]:
    return {"error": {"message": message, "code": code, **more}}


GENERIC = tuple(
    _says(f"{status} {message}", status, _error(message, code), wanted)
    for status, code, message, wanted in (
        (400, None, "Your credit balance is too low to access the API.", "OUT_OF_CREDIT"),
        (400, None, "The account is suspended because of an unpaid invoice.", "OUT_OF_CREDIT"),
        (
            429,
            "usage_limit_reached",
            "You have reached your limit for this month.",
            "OUT_OF_CREDIT",
        ),
        (403, None, "Quota exhausted", "OUT_OF_CREDIT"),
        (402, None, "no", "OUT_OF_CREDIT"),
        (429, None, "Too Many Requests", "RATE_LIMITED"),
        (403, "content_blocked", "Blocked by our content moderation filters", "REFUSED"),
        (400, "DataInspectionFailed", "Input data may contain inappropriate content.", "REFUSED"),
        (400, "policy_violation", "no", "REFUSED"),
        (400, None, "The prompt violates our content guidelines.", "REFUSED"),
        (400, None, "The prompt contains banned words.", "REFUSED"),
        (422, None, "Sexual content was detected.", "REFUSED"),
        (400, None, "It may infringe the rights of others.", "REFUSED"),
        (403, None, "Insufficient permissions for this operation", "BAD_KEY"),
        (403, None, "Access denied: this address is not allowed", "BAD_KEY"),
        (401, "invalid_api_key", "no", "BAD_KEY"),
        (403, "model_not_found", "The project does not have access to the model", "MODEL_RETIRED"),
        (404, "model_not_found", "The model has been deprecated", "MODEL_RETIRED"),
        (404, None, "Model 'm' was not found.", "MODEL_RETIRED"),
        (404, None, "model m not found, try pulling it first", "MODEL_RETIRED"),
        (404, None, "Deployment m not found", "MODEL_RETIRED"),
        (400, None, "m is not a supported model", "MODEL_RETIRED"),
        (400, "unsupported_model", "no", "MODEL_RETIRED"),
        (404, None, "The requested model is not available in your region", "MODEL_RETIRED"),
        (
            400,
            "string_above_max_length",
            "Expected a string with maximum length 1000",
            "BAD_REQUEST",
        ),
        (413, None, "Payload too large", "BAD_REQUEST"),
        (500, None, "litellm.InternalServerError", "UNAVAILABLE"),
        (503, None, "Model is loading", "UNAVAILABLE"),
    )
)
GOOGLE = (
    _google(
        "sensitive words",
        400,
        {
            "error": {
                "code": 400,
                "status": "INVALID_ARGUMENT",
                "message": "This prompt contains sensitive words that violate the "
                "Responsible AI practices.",
            }
        },
        "REFUSED",
    ),
)
STABILITY = tuple(
    _stability(
        f"{status} {message}", status, {"id": "1", "name": name, "errors": [message]}, wanted
    )
    for status, name, message, wanted in (
        (
            400,
            "bad_request",
            "Your request was flagged by our content moderation system.",
            "REFUSED",
        ),
        (403, "forbidden", "You lack sufficient credits to make this request.", "OUT_OF_CREDIT"),
        (400, "bad_request", "prompt: required", "BAD_REQUEST"),
        (
            429,
            "too_many",
            "You have exceeded the rate limit of 150 requests within a 10 second period.",
            "RATE_LIMITED",
        ),
    )
)
BFL = tuple(
    _bfl(f"{status} {detail}", status, {"detail": detail}, wanted)
    for status, detail, wanted in (
        (403, "Not authenticated - Invalid Authentication", "BAD_KEY"),
        (403, "Your organization has no credits left.", "OUT_OF_CREDIT"),
        (429, "Rate limit exceeded", "RATE_LIMITED"),
        (422, "Prompt was flagged by moderation", "REFUSED"),
        (400, "Invalid image", "BAD_REQUEST"),
    )
)  # fmt: skip
