"""Stability AI: multipart in, raw bytes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails

from devstack.simulators.backend import Order
from devstack.simulators.drawing import PictureSpec
from devstack.simulators.faults import Faults
from devstack.simulators.simulator import Simulator
from devstack.simulators.sizes import STABILITY_SIZES, StabilityRatio
from devstack.simulators.wire import Answer, WireError, bearer_key, field_of

MAX_REQUEST_BYTES = 10 * 1024 * 1024
SD3_MODELS = ("sd3.5-large", "sd3.5-large-turbo", "sd3.5-medium", "sd3.5-flash")
#: The empty part with which clients make a body multipart when there is no file to send.
EMPTY_PART = "none"


class _CoreForm(BaseModel):
    """Fields of a form, which arrive as text."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    prompt: str = Field(min_length=1, max_length=10_000)
    negative_prompt: str = Field(default="", max_length=10_000)
    aspect_ratio: StabilityRatio | None = None
    seed: int = Field(default=0, ge=0, le=4_294_967_294)
    output_format: Literal["png", "jpeg", "webp"] = "png"


class _Sd3Form(_CoreForm):
    output_format: Literal["png", "jpeg"] = "png"
    model: str = "sd3.5-large"
    cfg_scale: float = Field(default=4, ge=1, le=10)


_SERVICES: Mapping[str, type[_CoreForm]] = {
    "core": _CoreForm,
    "ultra": _CoreForm,
    "sd3": _Sd3Form,
}


def _error(status: int, name: str, *errors: str) -> Answer:
    return Answer(status, {"id": "simulated", "name": name, "errors": list(errors)})


class Stability(Simulator):
    """`/v2beta/stable-image/generate` of api.stability.ai."""

    id = "stability"
    base_path = "/stability"
    style = "halftone"
    fault_answers: ClassVar[Mapping[str, Answer]] = {
        "refuse": _error(
            403, "content_moderation", "Your request was flagged by our content moderation system."
        ),
        "rate_limit": _error(
            429, "rate_limit_exceeded", "You have exceeded 150 requests within 10 seconds."
        ),
        "server_error": _error(500, "internal_error", "An unexpected server error has occurred."),
        "no_credit": _error(
            402, "payment_required", "You lack sufficient credits to make this request."
        ),
        "retired": _error(404, "not_found", "model: the requested model is not available"),
        "bad_key": _error(401, "unauthorized", "authorization: invalid or missing API key"),
    }

    def routes(self) -> Sequence[web.RouteDef]:
        """Text to image, by service."""
        path = "/v2beta/stable-image/generate/{service:core|ultra|sd3}"
        return [web.post(self.base_path + path, self._generate)]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """Return the 400 for a form, one sentence for each problem."""
        named = [f"{field_of(problem) or 'form'}: {problem['msg']}" for problem in problems]
        return _error(400, "bad_request", *named)

    def check_key(self, request: web.Request) -> None:
        """Require the key in a Bearer header."""
        self.require_key(bearer_key(request), self.fault_answers["bad_key"])

    async def _generate(self, request: web.Request) -> web.Response:
        self.check_key(request)
        _check_accepted(request)
        service = request.match_info["service"]
        form = await self._read_form(request, _SERVICES[service])
        model = form.model if isinstance(form, _Sd3Form) else service
        if isinstance(form, _Sd3Form) and model not in SD3_MODELS:
            raise WireError(self.fault_answers["retired"])
        order = Order(self.id, model, form.prompt)
        faults = await self.backend.work(order, self.fault_answers)
        width, height = STABILITY_SIZES[form.aspect_ratio or "1:1"]
        seed = form.seed or order.number
        spec = self.spec(model, form.prompt, width, height, seed, form.output_format)
        return await self._bytes(spec, faults)

    async def _read_form(self, request: web.Request, shape: type[_CoreForm]) -> _CoreForm:
        if (request.content_length or 0) > MAX_REQUEST_BYTES:
            raise WireError(_error(413, "payload_too_large", "The request exceeds 10 MiB."))
        not_a_form = _error(400, "bad_request", "content-type: must be multipart/form-data")
        form = await self.read_form(request, not_a_form)
        fields = {name: value for name, value in form.items() if name != EMPTY_PART}
        return self.parse_form(fields, shape)

    async def _bytes(self, spec: PictureSpec, faults: Faults) -> web.Response:
        headers = {
            "finish-reason": "SUCCESS",
            "seed": str(spec.seed),
            "x-request-id": self.backend.new_id(),
        }
        return web.Response(
            body=await self.backend.picture(spec, faults),
            content_type=spec.content_type,
            headers=headers,
        )


def _check_accepted(request: web.Request) -> None:
    accept = request.headers.get("Accept", "image/*")
    if accept not in ("image/*", "*/*"):
        message = "accept: must be image/*"
        raise WireError(_error(400, "bad_request", message))
