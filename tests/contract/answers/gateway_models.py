"""What gateways say of keys, models and addresses, and what is no picture in a 200."""

from typing import Any

from tests.contract.answers.wording import PAGE, PLAIN, says

_says = says("some-image-model")


def _error(message: str, code: object = None, **more: object) -> dict[str, Any]:
    return {"error": {"message": message, "type": None, "param": None, "code": code, **more}}


KEYS = (
    _says(
        "LiteLLM: a token that is not known",
        401,
        _error("Authentication Error, Invalid proxy server token passed.", "401"),
        "BAD_KEY",
    ),
    _says(
        "Azure: a subscription key",
        401,
        _error("Access denied due to invalid subscription key or wrong API endpoint.", "401"),
        "BAD_KEY",
    ),
    _says("OpenRouter: nobody", 401, _error("User not found.", 401), "BAD_KEY"),
    _says("SiliconFlow: a bare sentence", 401, '"Api key is invalid"', "BAD_KEY"),
    _says(
        "Ark: missing or invalid",
        401,
        _error("The API key in the request is missing or invalid.", "AuthenticationError"),
        "BAD_KEY",
    ),
    _says(
        "xAI: as a 400",
        400,
        {"code": "invalid-argument", "error": "Invalid API key: xa***"},
        "BAD_KEY",
    ),
    _says(
        "OpenAI: an organisation that is not verified",
        403,
        _error(
            "Your organization must be verified to use the model.", type="invalid_request_error"
        ),
        "BAD_KEY",
    ),
    _says(
        "a region",
        403,
        _error(
            "Country, region, or territory not supported", "unsupported_country_region_territory"
        ),
        "BAD_KEY",
    ),
    _says(
        "Ark: a model that was not activated",
        404,
        _error(
            "Your account has not activated the model. Please activate the model service.",
            "ModelNotOpen",
        ),
        "BAD_KEY",
    ),
    _says("in Chinese alone", 401, _error("无效的令牌"), "BAD_KEY"),
)
GONE = (
    _says(
        "Ark: model or endpoint",
        404,
        _error(
            "The model or endpoint m does not exist or you do not have access to it.",
            "InvalidEndpointOrModel.NotFound",
        ),
        "MODEL_RETIRED",
    ),
    _says(
        "OpenRouter: no valid id", 400, _error("m is not a valid model ID", 400), "MODEL_RETIRED"
    ),
    _says(
        "OpenRouter: no endpoints", 404, _error("No endpoints found for m.", 404), "MODEL_RETIRED"
    ),
    _says(
        "SiliconFlow: disabled", 403, {"code": 30003, "message": "Model disabled."}, "MODEL_RETIRED"
    ),
    _says(
        "SiliconFlow: does not exist",
        400,
        {"code": 20012, "message": "Model does not exist. Please check it carefully."},
        "MODEL_RETIRED",
    ),
    _says(
        "Together: not available",
        404,
        _error(
            "Unable to access model m. Please visit our site to view the list.",
            "model_not_available",
        ),
        "MODEL_RETIRED",
    ),
    _says(
        "Azure: a deployment",
        404,
        _error("The API deployment for this resource does not exist.", "DeploymentNotFound"),
        "MODEL_RETIRED",
    ),
    _says(
        "Azure: deprecated",
        410,
        _error("The model has been deprecated.", "ModelDeprecated"),
        "MODEL_RETIRED",
    ),
    _says(
        "xAI: not found",
        400,
        {"code": "invalid-argument", "error": "Model not found: grok-2-image"},
        "MODEL_RETIRED",
    ),
    _says(
        "xAI: no access",
        404,
        {
            "code": "Some requested entity was not found",
            "error": "The model m does not exist or your team does not have access to it. Please "
            "ensure you're using the correct API key.",
        },
        "MODEL_RETIRED",
    ),
    _says(
        "LiteLLM: an invalid name",
        400,
        _error("Invalid model name passed in model=m.", "400"),
        "MODEL_RETIRED",
    ),
    _says("Recraft's word", 400, {"code": "invalid_model", "message": "no"}, "MODEL_RETIRED"),
    _says(
        "Ollama: not found", 404, _error("model 'm' not found", type="api_error"), "MODEL_RETIRED"
    ),
    _says(
        "vLLM: an error as the whole answer",
        404,
        {"object": "error", "message": "The model `m` does not exist.", "code": 404},
        "MODEL_RETIRED",
    ),
    _says(
        "Hugging Face: not supported",
        400,
        {"error": "Model m is not supported by provider x"},
        "MODEL_RETIRED",
    ),
)
NOT_OUR_MODEL = (
    _says(
        "a parameter of a model",
        400,
        _error("Model m: the parameter 'background' is not supported.", param="background"),
        "BAD_REQUEST",
        contains="background",
    ),
    _says(
        "a value",
        400,
        _error(
            "Invalid value: 'hd'. Supported values are: low, high.",
            "invalid_value",
            param="quality",
        ),
        "BAD_REQUEST",
    ),
    _says(
        "a prompt that is too long",
        400,
        _error("Invalid 'prompt': string too long.", "string_above_max_length", param="prompt"),
        "BAD_REQUEST",
    ),
)
ELSEWHERE = (
    _says(
        "a bare 404",
        404,
        "404 page not found",
        "BAD_REQUEST",
        headers=PLAIN,
        billed="no",
        contains="MODEL_<i>_BASE_URL",
    ),
    _says(
        "Kong",
        404,
        {"message": "no Route matched with those values"},
        "BAD_REQUEST",
        contains="MODEL_<i>_BASE_URL",
    ),
    _says(
        "Express",
        404,
        {"statusCode": 404, "message": "Cannot POST /images/generations"},
        "BAD_REQUEST",
        contains="MODEL_<i>_BASE_URL",
    ),
    _says(
        "an endpoint that is none",
        404,
        {"error": "Endpoint not found"},
        "BAD_REQUEST",
        contains="MODEL_<i>_BASE_URL",
    ),
    _says(
        "Azure: a resource",
        404,
        _error("Resource not found", "404"),
        "BAD_REQUEST",
        contains="MODEL_<i>_BASE_URL",
    ),
    _says(
        "a method that is not allowed",
        405,
        {"detail": "Method Not Allowed"},
        "BAD_REQUEST",
        contains="MODEL_<i>_BASE_URL",
    ),
    _says(
        "a page that is not found",
        404,
        "<html><h1>404 Not Found</h1></html>",
        "BAD_REQUEST",
        headers=PAGE,
        contains="MODEL_<i>_BASE_URL",
    ),
    _says(
        "LM Studio: an error in a 200",
        200,
        {"error": "Unexpected endpoint or method. (POST /images/generations)"},
        "BAD_REQUEST",
        billed="no",
        contains="MODEL_<i>_BASE_URL",
    ),
    _says(
        "a page that blocks",
        403,
        "<html>Just a moment...</html>",
        "BAD_REQUEST",
        headers=PAGE,
    ),
)
DOWN = (
    _says(
        "Cloudflare: 524",
        524,
        "<html>A timeout occurred</html>",
        "UNAVAILABLE|TIMEOUT",
        headers=PAGE,
        billed="unknown",
    ),
    _says("overloaded: 529", 529, _error("Overloaded"), "UNAVAILABLE"),
    _says(
        "SiliconFlow: overloaded",
        503,
        {"code": 50505, "message": "Model overloaded."},
        "UNAVAILABLE",
        billed="no",
    ),
    _says(
        "Ark: overloaded",
        429,
        _error("server overload. Please retry later.", "ServerOverloaded"),
        "RATE_LIMITED|UNAVAILABLE",
    ),
)
NOT_PAID = (
    _says("an error object in a 200", 200, {"error": {"message": "no"}}, "BAD_RESPONSE",
          billed="unknown"),
    _says("a code in a 200", 200, {"code": 50001, "message": "something", "data": None},
          "BAD_RESPONSE", billed="unknown"),
    _says("details in a 200", 200, {"detail": "something"}, "BAD_RESPONSE", billed="unknown"),
    _says("success: false in a 200", 200, {"success": False, "errors": [{"message": "no"}]},
          "BAD_RESPONSE", billed="unknown"),
    _says("nothing in a 200", 200, "", "BAD_RESPONSE", billed="unknown"),
    _says("words in a 200", 200, "It works!", "BAD_RESPONSE|BAD_REQUEST", headers=PLAIN),
    _says("no pictures in a 200", 200, {"created": 1, "data": []}, "BAD_RESPONSE",
          billed="unknown"),
    _says("an item of nothing in a 200", 200, {"created": 1, "data": [{"url": None}]},
          "BAD_RESPONSE", billed="unknown"),
    _says("a page in a 200", 200, " \n<!DOCTYPE html><p>Sign in</p>", "BAD_REQUEST", headers=PAGE,
          billed="no", contains="MODEL_<i>_BASE_URL"),
)  # fmt: skip
REPLAYS = (*KEYS, *GONE, *NOT_OUR_MODEL, *ELSEWHERE, *DOWN, *NOT_PAID)
