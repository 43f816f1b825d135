"""What gateways say of accounts that are empty, and of rates that only look as if they were."""

from typing import Any

from tests.contract.answers.wording import says

_says = says("some-image-model")


def _error(message: str, kind: str | None = None, code: object = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


EMPTY = (
    _says(
        "xAI: credits used up",
        429,
        {
            "code": "Some resource has been exhausted",
            "error": "Your team has either used all available credits or reached its monthly "
            "spending limit. Please purchase more credits or raise your spending limit.",
        },
        "OUT_OF_CREDIT",
    ),
    _says(
        "OpenRouter: insufficient credits",
        402,
        _error(
            "Insufficient credits. Add more using https://openrouter.ai/settings/credits", code=402
        ),
        "OUT_OF_CREDIT",
    ),
    _says(
        "OpenRouter: a key's own limit",
        403,
        _error(
            "Key limit exceeded (monthly limit). Manage it using "
            "https://openrouter.ai/settings/keys",
            code=403,
        ),
        "OUT_OF_CREDIT|BAD_KEY",
    ),
    _says(
        "LiteLLM: over budget",
        400,
        _error(
            "ExceededBudget: User=default over budget. Spend=5.1, Budget=1.0",
            "budget_exceeded",
            "400",
        ),
        "OUT_OF_CREDIT",
    ),
    _says(
        "LiteLLM: the quota of whom it asks",
        429,
        _error(
            "litellm.RateLimitError: RateLimitError: OpenAIException - You exceeded your "
            "current quota, please check your plan and billing details.",
            None,
            "429",
        ),
        "OUT_OF_CREDIT",
    ),
    _says(
        "SiliconFlow: 30001 as 400",
        400,
        {"code": 30001, "message": "Sorry, your account balance is insufficient", "data": None},
        "OUT_OF_CREDIT",
    ),
    _says(
        "Ark: the free trial is used up",
        429,
        _error(
            "Your account has exhausted its free trial quota for the model. Please activate "
            "the service in the console to continue.",
            "TooManyRequests",
            "QuotaExceeded",
        ),
        "OUT_OF_CREDIT",
    ),
    _says(
        "Ark: a limit that was set",
        429,
        _error(
            "Your account has reached the set inference limit for the model, and the model "
            "service has been paused.",
            "TooManyRequests",
            "SetLimitExceeded",
        ),
        "OUT_OF_CREDIT",
    ),
    _says(
        "Together: credit limit",
        402,
        _error(
            "Credit limit exceeded, please navigate to https://api.together.xyz/settings/billing",
            "credit_limit",
        ),
        "OUT_OF_CREDIT",
    ),
    _says(
        "Fireworks: suspended",
        412,
        _error(
            "Account is suspended, possibly due to reaching the monthly spending limit or "
            "failure to pay past invoices.",
            "error",
        ),
        "OUT_OF_CREDIT",
    ),
    _says(
        "Novita: a reason",
        403,
        {"code": 403, "reason": "NOT_ENOUGH_BALANCE", "message": "no"},
        "OUT_OF_CREDIT",
    ),
    _says(
        "Replicate: title and detail",
        402,
        {"title": "Insufficient credit", "detail": "You have insufficient credit.", "status": 402},
        "OUT_OF_CREDIT",
    ),
    _says("DeepInfra: a bare 402", 402, {"detail": "Payment Required"}, "OUT_OF_CREDIT"),
    _says(
        "Zhipu: in arrears",
        429,
        _error("Your account is in arrears, please recharge and try again", None, "1113"),
        "OUT_OF_CREDIT",
    ),
    _says(
        "new-api: a user's quota",
        403,
        _error("用户额度不足", "new_api_error", "insufficient_user_quota"),
        "OUT_OF_CREDIT",
    ),
    _says("new-api: in Chinese alone", 403, _error("余额不足, 请充值"), "OUT_OF_CREDIT"),
    _says(
        "OpenAI's own code by a gateway",
        429,
        _error("no", "insufficient_quota", "insufficient_quota"),
        "OUT_OF_CREDIT",
    ),
    _says(
        "MiniMax: an error in a 200",
        200,
        {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}},
        "OUT_OF_CREDIT",
        billed="no",
    ),
    _says(
        "an empty account in a 200",
        200,
        {"code": 30001, "message": "Sorry, your account balance is insufficient", "data": None},
        "OUT_OF_CREDIT",
        billed="no",
    ),
)
BUSY = (
    _says(
        "OpenAI: a rate that a payment method would raise", 429,
        _error("Rate limit reached on images per min. Limit: 5 / 1min. Please try again in 12s. "
               "You can increase your rate limit by adding a payment method to your account at "
               "https://platform.openai.com/account/billing.", "requests", "rate_limit_exceeded"),
        "RATE_LIMITED",
    ),
    _says(
        "Groq: a day's tokens, with an advertisement", 429,
        _error("Rate limit reached for model on tokens per day (TPD): Limit 100000. Please try "
               "again in 7m. Upgrade today at https://console.groq.com/settings/billing",
               "tokens", "rate_limit_exceeded"),
        "RATE_LIMITED",
    ),
    _says(
        "Gemini through OpenAI's protocol", 429,
        [{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED",
                    "message": "You exceeded your current quota, please check your plan and "
                               "billing details. * Quota exceeded for metric: requests, limit: "
                               "10. Please retry in 34.07s."}}],
        "RATE_LIMITED",
    ),
    _says(
        "OpenRouter: a day's free calls", 429,
        _error("Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free "
               "model requests per day", code=429),
        "RATE_LIMITED",
    ),
    _says(
        "Together: a model's own rate", 429,
        _error("You have reached the rate limit specific to this model. The maximum rate limit "
               "for this model is 6.0 queries per minute.", "model_rate_limit"),
        "RATE_LIMITED",
    ),
    _says(
        "Azure: a tier's call rate", 429,
        _error("Requests to the ImageGenerations_Create Operation have exceeded call rate limit "
               "of your current pricing tier. Please retry after 20 seconds.", code="429"),
        "RATE_LIMITED",
    ),
    _says("SiliconFlow: pictures a minute", 429, {"message": "IPM limit reached."},
          "RATE_LIMITED"),
    _says(
        "Ark: a burst", 429,
        _error("Rate limit exceeded for the endpoint.", "TooManyRequests",
               "RateLimitExceeded.EndpointRPMExceeded"),
        "RATE_LIMITED",
    ),
    _says("a bare 429", 429, "", "RATE_LIMITED", headers={"Retry-After": "60"}),
    _says("new-api: the group is saturated", 429, _error("当前分组上游负载已饱和", "new_api_error"),
          "RATE_LIMITED"),
)  # fmt: skip
REPLAYS = (*EMPTY, *BUSY)
