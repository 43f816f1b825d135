"""The same failures in other words of the providers that have an API of their own."""

from typing import Any

from tests.contract.answers.wording import PAGE, says

_google = says("gemini-nano-banana-2.1")
_qwen = says("qwen-image-3.0")
_bedrock = says("stability.sd3-5-large-v1:0")
_stability = says("sd3.5-large")
_bfl = says("flux-2-pro")
_recraft = says("recraftv4_1")


def _status(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    error = {"code": code, "message": message, "status": status, "details": list(details)}
    return {"error": error}


def _ended(reason: str) -> dict[str, Any]:
    return {"candidates": [{"finishReason": reason, "index": 0}]}


GOOGLE = (
    *(
        _google(f"ended: {reason}", 200, _ended(reason), "BAD_RESPONSE", billed="unknown")
        for reason in (
            "UNEXPECTED_TOOL_CALL",
            "TOO_MANY_TOOL_CALLS",
            "MALFORMED_RESPONSE",
            "OTHER",
            "LANGUAGE",
            "NO_IMAGE",
            "IMAGE_OTHER",
            "FINISH_REASON_UNSPECIFIED",
        )
    ),
    *(
        _google(f"ended: {reason}", 200, _ended(reason), "REFUSED")
        for reason in ("RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY")
    ),
    _google(
        "prepaid credits",
        429,
        _status(
            429,
            "RESOURCE_EXHAUSTED",
            "Your prepayment credits are depleted. Please go "
            "to AI Studio to manage your project and billing.",
        ),
        "OUT_OF_CREDIT",
    ),
    _google(
        "billing disabled",
        403,
        _status(
            403,
            "PERMISSION_DENIED",
            "This API method requires billing to be enabled. Please enable billing on project #1.",
        ),
        "OUT_OF_CREDIT",
    ),
    _google(
        "a country without the free tier",
        400,
        _status(
            400,
            "FAILED_PRECONDITION",
            "Gemini API free tier is not available in your "
            "country. Please enable billing on your project.",
        ),
        "OUT_OF_CREDIT",
    ),
    _google(
        "a spend limit",
        429,
        _status(
            429, "RESOURCE_EXHAUSTED", "Your billing account has exceeded its monthly spend limit."
        ),
        "OUT_OF_CREDIT",
    ),
    _google(
        "a day's free calls",
        429,
        _status(
            429,
            "RESOURCE_EXHAUSTED",
            "You exceeded your current quota, please check your "
            "plan and billing details. Quota exceeded for "
            "metric: requests, limit: 100. Please retry in 2s.",
        ),
        "RATE_LIMITED",
    ),
    _google(
        "an expired key",
        400,
        _status(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key."),
        "BAD_KEY",
    ),
    _google(
        "a leaked key",
        403,
        _status(403, "PERMISSION_DENIED", "Your API key was reported as leaked."),
        "BAD_KEY",
    ),
    _google(
        "a page that is not found",
        404,
        "<html>Error 404 (Not Found)!!1</html>",
        "BAD_REQUEST",
        headers=PAGE,
        contains="MODEL_<i>_BASE_URL",
    ),
    _google(
        "a page", 200, "<!doctype html><p>Sign in</p>", "BAD_RESPONSE|BAD_REQUEST", headers=PAGE
    ),
    _google(
        "the error of another API",
        404,
        {"detail": "Not Found"},
        "BAD_REQUEST",
        contains="MODEL_<i>_BASE_URL",
    ),
)
QWEN = (
    *(
        _qwen(
            f"{status} {code}",
            status,
            {"code": code, "message": message, "request_id": "r"},
            wanted,
        )
        for status, code, message, wanted in (
            (
                400,
                "data_inspection_failed",
                "Input text data may contain inappropriate content.",
                "REFUSED",
            ),
            (400, "InvalidParameter", "Output data may contain inappropriate content.", "REFUSED"),
            (400, "CustomRoleBlocked", "Input or output data is against a custom rule.", "REFUSED"),
            (400, "FaqRuleBlocked", "Input or output data is blocked by faq rule.", "REFUSED"),
            (400, "IPInfringementSuspect.Output", "no", "REFUSED"),
            (
                400,
                "Arrearage",
                "Please make sure your account is in good standing.",
                "OUT_OF_CREDIT",
            ),
            (429, "PrepaidBillOverdue", "The prepaid bill is overdue.", "OUT_OF_CREDIT"),
            (429, "CommodityNotPurchased", "Commodity has not purchased yet.", "OUT_OF_CREDIT"),
            (
                429,
                "insufficient_quota",
                "You exceeded your current quota, please check your plan and billing details.",
                "OUT_OF_CREDIT",
            ),
            (
                403,
                "FreeTierOnly",
                "The free tier of the model has been exhausted.",
                "OUT_OF_CREDIT",
            ),
            (
                429,
                "Throttling.RateQuota",
                "Requests rate limit exceeded, try again later.",
                "RATE_LIMITED",
            ),
            (
                429,
                "Throttling.AllocationQuota",
                "Allocated quota exceeded, please increase your quota limit.",
                "RATE_LIMITED",
            ),
            (403, "AccessDenied.Unpurchased", "Access to model denied.", "BAD_KEY"),
            (401, "invalid_api_key", "Incorrect API key provided.", "BAD_KEY"),
            (
                404,
                "model_not_found",
                "The model m does not exist or you do not have access to it.",
                "MODEL_RETIRED",
            ),
            (404, "ModelNotFound", "Model not found (m)!", "MODEL_RETIRED"),
            (400, "InvalidParameter", "url error, please check url!", "BAD_REQUEST"),
            (503, "ModelServingError", "Too many requests.", "UNAVAILABLE"),
            (
                500,
                "RequestTimeOut",
                "Request timed out, please try again later.",
                "UNAVAILABLE|TIMEOUT",
            ),
        )
    ),
    _qwen(
        "words in place of a picture",
        200,
        {"output": {"choices": [{"message": {"content": [{"text": "I cannot."}]}}]}},
        "BAD_RESPONSE|REFUSED",
        billed="unknown",
    ),
    _qwen(
        "a task in place of a picture",
        200,
        {"output": {"task_id": "t", "task_status": "PENDING"}, "request_id": "r"},
        "BAD_RESPONSE",
        billed="unknown",
    ),
    _qwen(
        "an empty account in a 200", 200, {"code": "Arrearage", "message": "no"}, "OUT_OF_CREDIT"
    ),
)
BEDROCK = (
    *(
        _bedrock(
            f"{status} {name}: {message[:30]}",
            status,
            {"message": message},
            wanted,
            headers={"x-amzn-ErrorType": name},
        )
        for status, name, message, wanted in (
            (
                400,
                "ValidationException",
                "This request has been blocked by our content filters. "
                "Please adjust your text prompt.",
                "REFUSED",
            ),
            (
                400,
                "ValidationException",
                "The generated image(s) has been blocked: AWS Responsible AI Policy.",
                "REFUSED",
            ),
            (
                400,
                "ValidationException",
                "Malformed input request: extraneous key [steps] is not permitted.",
                "BAD_REQUEST",
            ),
            (
                400,
                "ValidationException",
                "The provided model identifier is invalid.",
                "MODEL_RETIRED",
            ),
            (400, "IncompleteSignatureException", "no", "BAD_KEY"),
            (
                400,
                "ExpiredTokenException",
                "The security token in the request is expired",
                "BAD_KEY",
            ),
            (400, "UnrecognizedClientException", "The security token is invalid.", "BAD_KEY"),
            (
                403,
                "AccessDeniedException",
                "User is not authorized to perform: bedrock:InvokeModel",
                "BAD_KEY",
            ),
            (403, "AccessDeniedException", "Your account has a payment problem.", "OUT_OF_CREDIT"),
            (400, "ServiceQuotaExceededException", "Your request exceeds a quota.", "RATE_LIMITED"),
            (429, "ThrottlingException", "Too many requests, please wait.", "RATE_LIMITED"),
            (408, "ModelTimeoutException", "The model timed out.", "TIMEOUT"),
            (
                404,
                "ResourceNotFoundException",
                "This model version has reached the end of its life.",
                "MODEL_RETIRED",
            ),
        )
    ),
    _bedrock(
        "a filter in a 200",
        200,
        {"images": [], "error": "This request has been blocked by our content filters."},
        "REFUSED",
    ),
    _bedrock("Content Moderated", 200, {"status": "Content Moderated", "result": None}, "REFUSED"),
    _bedrock("a message in a 200", 200, {"message": "no"}, "BAD_RESPONSE", billed="unknown"),
)
STABILITY = (
    *(
        _stability(f"{status} {name}", status, {"id": "1", "name": name, "errors": ["no"]}, wanted)
        for status, name, wanted in (
            (400, "content_moderation", "REFUSED"),
            (403, "invalid_prompts", "REFUSED"),
            (403, "invalid_language", "BAD_REQUEST"),
            (402, "insufficient_credits", "OUT_OF_CREDIT"),
            (429, "insufficient_credits", "OUT_OF_CREDIT"),
            (403, "permission_denied", "BAD_KEY"),
            (422, "unprocessable_entity", "BAD_REQUEST"),
        )
    ),
    _stability(
        "an error in a 200",
        200,
        {"name": "content_moderation", "errors": ["no"]},
        "REFUSED",
        billed="unknown",
    ),
    _stability(
        "a filtered picture in JSON",
        200,
        {"image": "{png}", "seed": 7, "finish_reason": "CONTENT_FILTERED"},
        "REFUSED",
        billed="unknown",
    ),
    _stability("a page", 200, "<!doctype html>", "BAD_REQUEST", headers=PAGE, billed="no"),
    _stability("an object in a 200", 200, {"errors": ["no"]}, "BAD_RESPONSE", billed="unknown"),
)
BFL = (
    _bfl(
        "moderated at the submission",
        200,
        {"id": "t1", "status": "Request Moderated"},
        "REFUSED",
        billed="no",
    ),
    _bfl(
        "no credits",
        402,
        {"detail": "Insufficient credits. Please purchase more credits."},
        "OUT_OF_CREDIT",
    ),
    _bfl("no credits as a 403", 403, {"detail": "Insufficient credits"}, "OUT_OF_CREDIT"),
    _bfl("an error at the submission", 200, {"detail": "no"}, "BAD_RESPONSE", billed="unknown"),
    _bfl("a page", 200, "<!doctype html>", "BAD_REQUEST", headers=PAGE, billed="no"),
)
RECRAFT = (
    _recraft("a prohibited prompt", 400, {"code": "invalid_prompt", "message": "no"}, "REFUSED"),
    _recraft("NSFW", 422, {"code": "nsfw_content", "message": "no"}, "REFUSED"),
    _recraft("a long prompt", 400, {"code": "invalid_request_parameter",
                                    "message": "Prompt is too long"}, "BAD_REQUEST"),
    _recraft("no credits in a 200", 200, {"code": "not_enough_credits", "message": "no"},
             "OUT_OF_CREDIT"),
    _recraft("a page", 200, "<!doctype html>", "BAD_REQUEST", headers=PAGE, billed="no"),
)  # fmt: skip
