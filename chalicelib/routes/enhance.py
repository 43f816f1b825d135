"""Prompt enhancement over HTTP."""

from chalice import Blueprint

from chalicelib.errors import ContentBlocked, RateLimited
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import BODY_ERRORS, Api, Operation, Request
from chalicelib.routes.requests import EnhanceRequest
from chalicelib.wire import CostView, Wire
from chalicelib.wiring import services

api = Api(Blueprint(__name__))


class TokensView(Wire):
    """What the text model read and wrote."""

    input: int
    output: int


class EnhanceResponse(Wire):
    """`enhanced` is the original when no model could enhance it; `note` then says why."""

    original: str
    enhanced: str
    model: str | None
    note: str | None = None
    cost: CostView | None = None
    tokens: TokensView | None = None


@api.operation(
    Operation(
        "POST",
        "/enhance",
        "enhance",
        "Let a language model make a prompt richer",
        answers={200: EnhanceResponse},
        errors=(*BODY_ERRORS, ContentBlocked, RateLimited),
        body=EnhanceRequest,
        scope="generate",
    )
)
def enhance(request: Request) -> Answer:
    prompt = request.json(EnhanceRequest).prompt
    if not services().ground.content_filter.keywords_allow(prompt):
        raise ContentBlocked("The content filter refused this prompt. Change it and try again.")
    services().ground.enhance_limiter.admit(request.caller)
    result = services().ground.enhancer.enhance(prompt, request.caller)
    optional: dict[str, object] = {}
    if result.note:
        optional["note"] = result.note
    if result.cost:
        optional["cost"] = CostView(amount=result.cost.amount, basis=result.cost.basis)
        optional["tokens"] = TokensView(input=result.input_tokens, output=result.output_tokens)
    body = EnhanceResponse.model_validate(
        {
            "original": result.original,
            "enhanced": result.enhanced,
            "model": result.model,
            **optional,
        }
    )
    return Answer(200, body)
