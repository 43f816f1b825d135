"""Black Forest Labs: submit, poll the given URL, collect without the key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from aiohttp import web
from pydantic_core import ErrorDetails

from devstack.simulators.backend import Backend, Order
from devstack.simulators.bfl_bodies import (
    MEGAPIXEL,
    Flux1Body,
    Flux1DevBody,
    Flux1UltraBody,
    Flux2Body,
    Flux2FlexBody,
    Flux3Body,
    FluxBody,
)
from devstack.simulators.queued import Job, Queue
from devstack.simulators.simulator import Simulator
from devstack.simulators.wire import Answer, WireError, plain_problems

REASONING_MODEL = "flux-3-image"


@dataclass(frozen=True)
class _Model:
    body: type[FluxBody]
    #: Credits (cents) for the first megapixel, and for each further one.
    credits: float
    further_credits: float = 0.0

    def cost(self, megapixels: float) -> float:
        """Return the credits of one picture."""
        return round(self.credits + self.further_credits * max(0, round(megapixels) - 1), 2)


_MODELS: Mapping[str, _Model] = {
    REASONING_MODEL: _Model(Flux3Body, 4.8, 1.6),
    "flux-2-pro": _Model(Flux2Body, 3.0, 1.5),
    "flux-2-max": _Model(Flux2Body, 7.0, 3.0),
    "flux-2-flex": _Model(Flux2FlexBody, 5.0, 5.0),
    "flux-2-klein-4b": _Model(Flux2Body, 1.4, 0.1),
    "flux-2-klein-9b": _Model(Flux2Body, 1.5, 0.2),
    "flux-pro-1.1": _Model(Flux1Body, 4.0),
    "flux-pro-1.1-ultra": _Model(Flux1UltraBody, 6.0),
    "flux-dev": _Model(Flux1DevBody, 2.5),
}


class BlackForestLabs(Simulator):
    """`/v1` of api.bfl.ai; polling answers on a host of its own."""

    id = "bfl"
    base_path = "/bfl"
    style = "brushwork"
    fault_answers: ClassVar[Mapping[str, Answer]] = {
        "rate_limit": Answer(429, {"detail": "Too many active tasks."}, {"Retry-After": "1"}),
        "server_error": Answer(500, {"detail": "Internal Server Error"}),
        "no_credit": Answer(402, {"detail": "Insufficient credits."}),
        "retired": Answer(404, {"detail": "Not Found"}),
        "bad_key": Answer(403, {"detail": "Not authenticated"}),
    }

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend)
        self._queue = Queue(backend)

    def routes(self) -> Sequence[web.RouteDef]:
        """Submission, and nothing else: a rebuilt polling URL ends in a 404."""
        return [web.post(f"{self.base_path}/v1/{{model}}", self._submit)]

    def polling_routes(self) -> Sequence[web.RouteDef]:
        """Return the routes of the polling host."""
        return [web.get("/v1/get_result", self._poll)]

    def invalid(self, problems: Sequence[ErrorDetails]) -> Answer:
        """Return the 422 for a body: every problem with its place."""
        return Answer(422, {"detail": plain_problems(problems)})

    def check_key(self, request: web.Request) -> None:
        """Require the key in `x-key`."""
        self.require_key(request.headers.get("x-key"), self.fault_answers["bad_key"])

    async def _submit(self, request: web.Request) -> web.Response:
        self.check_key(request)
        model = request.match_info["model"]
        if model not in _MODELS:
            raise WireError(self.fault_answers["retired"])
        body = await self.read_json(request, _MODELS[model].body)
        width, height = body.pixels
        order = Order(self.id, model, body.prompt)
        seed = order.number if body.picture_seed is None else body.picture_seed
        spec = self.spec(model, body.prompt, width, height, seed, body.picture_format)
        job = await self._queue.submit(order, spec, self.fault_answers)
        return web.json_response(self._ticket(job))

    def _ticket(self, job: Job) -> dict[str, object]:
        spec = job.spec
        megapixels = round(spec.width * spec.height / MEGAPIXEL, 2)
        return {
            "id": job.id,
            "polling_url": f"{self.polling_url}/v1/get_result?id={job.id}",
            "cost": _MODELS[spec.model].cost(megapixels),
            "input_mp": 0.0,
            "output_mp": megapixels,
        }

    async def _poll(self, request: web.Request) -> web.Response:
        self.check_key(request)
        job = self._queue.poll(request.query.get("id", ""))
        if job is None:
            return web.json_response(_state(request.query.get("id"), "Task not found"), status=404)
        return web.json_response(await self._state_of(job))

    async def _state_of(self, job: Job) -> dict[str, object]:
        progress, model = job.progress, job.spec.model
        if progress < 1:
            return _state(job.id, _working_status(model, progress), progress=progress)
        if job.is_refused:
            reasons = {"Moderation Reasons": ["Safety Filter"]}
            return _state(job.id, "Request Moderated", details=reasons)
        result: dict[str, object] = {
            "sample": await self._queue.picture_url(job),
            "prompt": job.spec.prompt,
            "duration": job.seconds,
        }
        if model != REASONING_MODEL:
            result["seed"] = job.spec.seed
        return _state(job.id, "Ready", result=result)


def _state(
    job_id: str | None,
    status: str,
    *,
    progress: float | None = None,
    result: dict[str, object] | None = None,
    details: dict[str, list[str]] | None = None,
) -> dict[str, object]:
    return {
        "id": job_id,
        "status": status,
        "result": result,
        "progress": progress,
        "details": details,
        "preview": None,
    }


def _working_status(model: str, progress: float) -> str:
    if progress < 0.2:
        return "Pending"
    if model == REASONING_MODEL and progress < 0.5:
        return "Reasoning"
    return "Generating"
