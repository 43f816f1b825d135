"""What this installation is and what it can draw with."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from botocore.exceptions import BotoCoreError, ClientError
from chalice import Blueprint
from pydantic import WithJsonSchema

from chalicelib import VERSION
from chalicelib.callers import Caller
from chalicelib.config.accounts import Auth, Mfa, SignUp
from chalicelib.config.texts import Tier
from chalicelib.errors import InvalidInput, Unavailable
from chalicelib.providers.base import ASPECT_RATIOS, AspectRatio, Parameters, Quality, Resolution
from chalicelib.providers.models.catalog import dearest_image
from chalicelib.providers.models.prices import Price, holding
from chalicelib.providers.registry import Slot, TextSlot
from chalicelib.routes.answers import Answer
from chalicelib.routes.http import Api, Operation, Request, checked
from chalicelib.routes.requests import (
    GALLERY_MAX,
    PROMPT_MAX,
    SEED_MAX,
    GenerateRequest,
    ModelsQuery,
)
from chalicelib.wire import Wire, iso
from chalicelib.wiring import services

api = Api(Blueprint(__name__))
Number = Annotated[int | float, WithJsonSchema({"type": "number"})]
"""Whole numbers are written without a point: a typed client may read them as integers."""

AGE_S, AGE_WITH_SLEEPERS_S = 60, 30
"""How long an answer about the models may be kept."""


class Health(Wire):
    status: Literal["ok"]
    version: str
    stage: str
    simulated: bool
    models: int
    auth: Auth


class AuthView(Wire):
    """All that a client needs to sign in; only `mode` where nobody signs in."""

    mode: Auth
    sign_up: SignUp | None = None
    mfa: Mfa | None = None
    region: str | None = None
    user_pool_id: str | None = None
    client_id: str | None = None
    endpoint: str | None = None


class CapabilitiesView(Wire):
    """The settings a model takes."""

    seed: bool
    negative_prompt: bool
    steps: bool
    guidance: bool
    control: bool
    aspect_ratios: list[AspectRatio]
    qualities: list[Quality]
    resolutions: list[Resolution]
    edit: bool


class PriceView(Wire):
    """US dollars for one picture, of the choice that was asked about, as known on `asOf`.

    `changesOn` is the UTC day from which another price is known to hold.
    """

    amount: float | None
    basis: Literal["estimated", "unknown"]
    as_of: str
    changes_on: str | None = None


class Model(Wire):
    """One configured slot; `replaces` is the retired model that was asked for.

    `enabled` says whether it takes new work, `allowed`, where there are accounts, whether the
    caller may use it; `reason` is there where either is false.
    A `deferred` one answers minutes later if it sleeps; `warm` says whether it is awake.
    """

    index: int
    name: str
    provider: str
    model_id: str
    simulated: bool
    replaces: str | None = None
    enabled: bool
    allowed: bool | None = None
    reason: str | None = None
    deferred: bool | None = None
    warm: bool | None = None
    capabilities: CapabilitiesView
    price: PriceView


class TextPriceView(Wire):
    """US dollars per million tokens read and written, as known on `asOf`; null if unknown."""

    input: float | None
    output: float | None
    basis: Literal["estimated", "unknown"]
    as_of: str


class TextModelView(Wire):
    """One configured text model; `replaces` is the retired model that was asked for."""

    index: int
    name: str
    provider: str
    model_id: str
    tier: Tier
    price: TextPriceView
    simulated: bool
    replaces: str | None = None


class Range(Wire):
    """`default` is null where nothing is sent unless it is set."""

    min: Number
    max: Number
    default: Number | None


class SpendView(Wire):
    """The day's money for the whole installation, in US dollars.

    `unknownPrice` is what is set aside for a picture of a model without a price.
    """

    limit: float
    left: float
    unknown_price: float
    resets_at: str


class Limits(Wire):
    """Null means that there is no such limit; `batches` is whether this installation has them."""

    prompt_max_length: int
    negative_prompt_max_length: int
    gallery_page_max: int
    retention_days: int
    delete: bool
    """Whether runs can be deleted."""
    generate_per_hour: int
    generate_per_day_and_address: int | None
    spend: SpendView | None
    batches: bool


class ModelsResponse(Wire):
    models: list[Model]
    text_models: list[TextModelView]
    prompt_model: int | None
    parameters: dict[str, Range]
    aspect_ratios: list[AspectRatio]
    limits: Limits
    websocket_url: str


@api.operation(
    Operation(
        "GET",
        "/health",
        "health",
        "Is it up, and what is it",
        answers={200: Health},
        errors=(Unavailable,),
        access="public",
    )
)
def health(_: Request) -> Answer:
    _check_storage()
    settings = services().settings
    body = Health(
        status="ok",
        version=VERSION,
        stage=settings.stage,
        simulated=settings.models.simulated,
        models=len(services().ports.models.slots),
        auth=settings.accounts.auth,
    )
    return Answer(200, body)


def _check_storage() -> None:
    """Raise Unavailable where the table does not answer: then nothing works."""
    try:
        services().ground.switches.off()
    except (ClientError, BotoCoreError):
        raise Unavailable("The storage does not answer. Try again.") from None


@api.operation(
    Operation("GET", "/auth", "auth", "How to sign in", answers={200: AuthView}, access="public")
)
def auth(_: Request) -> Answer:
    accounts = services().settings.accounts
    if accounts.auth == "off":
        return Answer(200, AuthView(mode="off"))
    optional = {"endpoint": accounts.endpoint} if accounts.endpoint else {}
    body = AuthView(
        mode=accounts.auth,
        sign_up=accounts.sign_up,
        mfa=accounts.mfa,
        region=accounts.region,
        user_pool_id=accounts.user_pool_id,
        client_id=accounts.client_id,
        **optional,
    )
    return Answer(200, body)


@api.operation(
    Operation(
        "GET",
        "/models",
        "models",
        "The configured models and what they take",
        answers={200: ModelsResponse},
        errors=(InvalidInput,),
        query=ModelsQuery,
        scope="read",
    )
)
def models(request: Request) -> Answer:
    settings, configured = services().settings, services().ports.models
    now_ms = services().ports.clock()
    asked = checked(ModelsQuery, request.query).parameters()
    body = ModelsResponse(
        models=[
            _model(slot, asked, now_ms, _standing(slot.index, request.caller))
            for slot in configured.slots
        ],
        text_models=[_text_model(text, now_ms) for text in services().ports.texts],
        prompt_model=settings.models.prompt_model_index if configured.text() else None,
        parameters=_parameters(),
        aspect_ratios=list(ASPECT_RATIOS),
        limits=Limits(
            prompt_max_length=PROMPT_MAX,
            negative_prompt_max_length=PROMPT_MAX,
            gallery_page_max=GALLERY_MAX,
            retention_days=settings.storage.retention_days,
            delete=settings.accounts.can_delete,
            generate_per_hour=settings.limits.global_limit,
            generate_per_day_and_address=settings.limits.ip_limit,
            spend=_spend(),
            batches=services().has_batches,
        ),
        websocket_url=settings.network.ws_url,
    )
    age = AGE_WITH_SLEEPERS_S if any(slot.deferred for slot in configured.slots) else AGE_S
    kept = f"private, max-age={age}" if services().ground.has_accounts else f"max-age={age}"
    return Answer(200, body, {"Cache-Control": kept})


def _spend() -> SpendView | None:
    budget = services().ground.spending.today()
    if budget is None:
        return None
    return SpendView(
        limit=budget.limit,
        left=budget.left,
        unknown_price=dearest_image(services().ports.clock()),
        resets_at=iso(budget.resets_at),
    )


def price_view(known: Price, now_ms: int) -> PriceView:
    """Return the price that holds now, with the day of its next change where one is known."""
    price = holding(known, now_ms)
    change = {"changes_on": price.then.since} if price.then else {}
    return PriceView(amount=price.amount, basis=price.basis, as_of=price.as_of, **change)


def _standing(index: int, caller: Caller) -> dict[str, Any]:
    """Return whether a model takes new work, whether this caller's, and why not."""
    refusal = services().jobs.service.refusal(index, caller)
    mine = caller.limits.models
    allowed = {"allowed": mine is None or index in mine} if services().ground.has_accounts else {}
    reason = {"reason": refusal.sentence} if refusal else {}
    return {"enabled": index not in services().ground.switches.off(), **allowed, **reason}


def _model(slot: Slot, asked: Parameters, now_ms: int, standing: Mapping[str, Any]) -> Model:
    model = slot.model
    can = model.capabilities
    optional: dict[str, Any] = {"replaces": model.replaces} if model.replaces else {}
    if slot.deferred:
        optional |= {"deferred": True, "warm": services().ground.warmth.is_warm(model.model_id)}
    return Model(
        index=slot.index,
        name=slot.name,
        provider=model.provider,
        model_id=model.model_id,
        simulated=slot.simulated,
        capabilities=CapabilitiesView(
            seed=can.seed,
            negative_prompt=can.negative_prompt,
            steps=can.steps,
            guidance=can.guidance,
            control=False,
            aspect_ratios=list(can.aspect_ratios),
            qualities=list(can.qualities),
            resolutions=list(can.resolutions),
            edit=False,
        ),
        price=price_view(model.price_of(asked), now_ms),
        **optional,
        **standing,
    )


def _text_model(slot: TextSlot, now_ms: int) -> TextModelView:
    model = slot.model
    price = model.price(now_ms)
    optional = {"replaces": model.replaces} if model.replaces else {}
    return TextModelView(
        index=slot.index,
        name=slot.name,
        provider=model.provider,
        model_id=model.model_id,
        tier=model.tier,
        price=TextPriceView(
            input=price.input, output=price.output, basis=price.basis, as_of=price.as_of
        ),
        simulated=slot.simulated,
        **optional,
    )


def _parameters() -> dict[str, Range]:
    """The ranges as the request's own model has them, so that they cannot disagree."""
    ranges: dict[str, Range] = {}
    for name in ("steps", "guidance", "control"):
        field = GenerateRequest.model_fields[name]
        bounds = {type(m).__name__: m for m in field.metadata}
        ranges[name] = Range(min=bounds["Ge"].ge, max=bounds["Le"].le, default=field.default)
    return {**ranges, "seed": Range(min=0, max=SEED_MAX, default=None)}
