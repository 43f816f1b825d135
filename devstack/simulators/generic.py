"""A gateway that speaks the OpenAI protocol for whatever model it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from aiohttp import web
from pydantic import Field
from pydantic_core import ErrorDetails

from devstack.simulators.backend import Order
from devstack.simulators.openai_errors import (
    MISSING_KEY,
    OPENAI_FAILURES,
    model_not_found,
    openai_error,
    openai_invalid,
)
from devstack.simulators.openai_text import OpenAIText
from devstack.simulators.simulator import Simulator
from devstack.simulators.wire import Answer, Strict, WireError, bearer_key

MAX_EDGE = 4096


class _ImageBody(Strict):
    """Only what every gateway takes: anything more is refused."""

    model: str = Field(min_length=1, max_length=200)
    prompt: str = Field(min_length=1, max_length=32_000)
    n: Literal[1] = 1
    size: str = Field(default="1024x1024", pattern=r"^[1-9]\d{1,3}x[1-9]\d{1,3}$")


class Generic(Simulator):
    """An OpenAI-compatible gateway; a model whose id holds "url" answers with links."""

    id = "generic"
    base_path = "/generic/v1"
    style = "mosaic"
    fault_answers: ClassVar[Mapping[str, Answer]] = {
        **OPENAI_FAILURES,
        "refuse": openai_error(
            400,
            "Your request was rejected by our content policy.",
            code="content_policy_violation",
        ),
        "no_credit": openai_error(
            402, "Insufficient balance.", kind="insufficient_quota", code="insufficient_balance"
        ),
    }

    def routes(self) -> Sequence[web.RouteDef]:
        """Images and text."""
        return [
            web.post(f"{self.base_path}/images/generations", self._generate),
            *OpenAIText(self, _check_text_model).routes(),
        ]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """Return the 400 for a body, in the error envelope."""
        return openai_invalid(problems)

    def check_key(self, request: web.Request) -> None:
        """Require the key in a Bearer header."""
        self.require_key(bearer_key(request), MISSING_KEY)

    async def _generate(self, request: web.Request) -> web.Response:
        self.check_key(request)
        body = await self.read_json(request, _ImageBody)
        width, height = (int(edge) for edge in body.size.split("x"))
        if max(width, height) > MAX_EDGE:
            raise WireError(openai_error(400, f"No edge may exceed {MAX_EDGE}.", param="size"))
        faults = await self.backend.work(
            Order(self.id, body.model, body.prompt), self.fault_answers
        )
        spec = self.spec(body.model, body.prompt, width, height)
        if "url" in body.model.lower():
            data = {"url": await self.backend.picture_url(spec, faults)}
        else:
            data = {"b64_json": await self.backend.picture_base64(spec, faults)}
        return web.json_response({"created": self.backend.now(), "data": [data]})


def _check_text_model(model: str) -> None:
    if not re.fullmatch(r"[\w./:@-]{1,200}", model):
        raise WireError(model_not_found(model))
