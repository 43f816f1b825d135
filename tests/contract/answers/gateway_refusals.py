"""What gateways say when a policy refused the prompt or the picture."""

from typing import Any

from tests.contract.answers.wording import says

_says = says("some-image-model")


def _error(message: str, code: object = None, **more: object) -> dict[str, Any]:
    return {"error": {"message": message, "type": None, "param": None, "code": code, **more}}


REPLAYS = (
    _says(
        "OpenAI: the safety system", 400,
        _error("Your request was rejected by the safety system. If you believe this is an error, "
               "contact us.", None, type="image_generation_user_error"),
        "REFUSED",
    ),
    _says(
        "Azure: an inner error", 400,
        _error("The request was rejected.", "400",
               inner_error={"code": "ResponsibleAIPolicyViolation"}),
        "REFUSED",
    ),
    _says(
        "Azure: content_policy_violation", 400,
        _error("This request has been blocked by our content filters.",
               "content_policy_violation"),
        "REFUSED",
    ),
    _says(
        "xAI: a picture that was rejected", 400,
        {"code": "Client specified an invalid argument",
         "error": "Generated image rejected by content moderation."},
        "REFUSED",
    ),
    _says(
        "xAI: usage guidelines", 403,
        {"code": "The caller does not have permission to execute the specified operation",
         "error": "Content violates usage guidelines. Team: t, API key ID: k, Model: m."},
        "REFUSED",
    ),
    _says(
        "Together: NSFW", 422,
        _error("NSFW content detected in the prompt.", type="invalid_request_error"),
        "REFUSED",
    ),
    _says(
        "OpenRouter: reasons beside a neutral sentence", 403,
        _error("The model requires this.", 403, metadata={"reasons": ["violence"]}),
        "REFUSED",
    ),
    _says(
        "Ark: a picture", 400,
        _error("The request failed because the output image may contain sensitive information.",
               "OutputImageSensitiveContentDetected"),
        "REFUSED",
    ),
    _says(
        "Ark: a risk", 400,
        _error("The request failed.", "InputTextRiskDetection"), "REFUSED",
    ),
    _says(
        "Ark: a refusal beside pictures", 200,
        {"data": [{"error": {"code": "OutputImageSensitiveContentDetected", "message": "no"}}]},
        "REFUSED", billed="unknown",
    ),
    _says(
        "fal: a list of details", 422,
        {"detail": [{"loc": ["body", "prompt"], "type": "content_policy_violation",
                     "msg": "The content could not be processed."}]},
        "REFUSED",
    ),
    _says(
        "fal: a flagged prompt", 422,
        {"detail": [{"loc": ["body", "prompt"], "type": "value_error",
                     "msg": "It contained material flagged by a content checker."}]},
        "REFUSED",
    ),
    _says(
        "LiteLLM: what it asks said so", 400,
        _error("litellm.BadRequestError: litellm.ContentPolicyViolationError: refused", "400"),
        "REFUSED",
    ),
    _says(
        "Zhipu: unsafe", 400,
        _error("System detected potentially unsafe content in input or generation.", "1301"),
        "REFUSED",
    ),
    _says("SiliconFlow: for legal reasons", 451, {"message": "no"}, "REFUSED"),
    _says("in Chinese alone", 400, _error("输入内容包含敏感信息，已被拦截"), "REFUSED"),
    _says(
        "Cloudflare: a list of errors", 400,
        {"success": False, "errors": [{"code": 3030, "message": "Input prompt contains NSFW"}]},
        "REFUSED",
    ),
    _says(
        "MiniMax: a refusal in a 200", 200,
        {"base_resp": {"status_code": 1026, "status_msg": "input new_sensitive"}},
        "REFUSED", billed="unknown",
    ),
    _says(
        "a refusal in a 200", 200,
        {"error": {"message": "Your request was rejected by the safety system.",
                   "code": "moderation_blocked"}},
        "REFUSED", billed="unknown",
    ),
    _says(
        "a sentence in a 200", 200,
        {"error": "Blocked by content moderation."}, "REFUSED", billed="unknown",
    ),
    _says("xAI: neither picture nor reason", 200,
          {"data": [{"url": "", "b64_json": None, "respect_moderation": False}]}, "REFUSED"),
)  # fmt: skip
