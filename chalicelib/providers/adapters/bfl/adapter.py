"""Black Forest Labs: submit, poll the address that was given, collect without the key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.providers.base import CallContext, Cost, ImageRequest, Picture, Recovery
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.prices import credits_cost
from chalicelib.providers.models.sizes import MULTIPLES_OF_16, MULTIPLES_OF_32
from chalicelib.providers.transport.fetch import Fetcher
from chalicelib.providers.transport.openai_errors import classify_words, error_body
from chalicelib.providers.transport.queued import LOST, WORKING, Queue, Ready, State, Ticket
from chalicelib.providers.transport.rest import Reply, RestClient, open_session

BASE_URL = "https://api.bfl.ai"
OWN_HOSTS = ".bfl.ai"
CREDITS_PER_DOLLAR = 100
_MODERATED = ("Request Moderated", "Content Moderated")
_BROKEN = ("Error", "Failed")
_UNKNOWN = "Task not found"


def connect(credentials: Credentials) -> RestClient:
    """Make a client of Black Forest Labs, or of what answers in its place."""
    fetcher = Fetcher((f"*{OWN_HOSTS}",), credentials.base_url)
    headers = {"x-key": credentials.key.reveal()}
    return RestClient(open_session(), credentials.base_url or BASE_URL, headers, fetcher)


def image(client: RestClient, model: CatalogModel) -> "Flux":
    """Return the model as something that draws."""
    return Flux(client, model.model_id, Failures.of(model))


@dataclass(frozen=True)
class Flux:
    """One FLUX model."""

    client: RestClient
    model_id: str
    failures: Failures
    recovery = Recovery.RESUMABLE
    own_hosts = OWN_HOSTS

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        return Queue(self.client, self.failures, self).generate(request, context)

    def submission(self, request: ImageRequest) -> tuple[str, dict[str, Any]]:
        return f"/v1/{self.model_id}", body_for(self.model_id, request)

    def ticket(self, reply: Mapping[str, Any]) -> Ticket | None:
        url, cost = reply.get("polling_url"), reply.get("cost")
        known = {"cost": cost} if isinstance(cost, int | float) else {}
        return Ticket(url, known) if isinstance(url, str) else None

    def state(self, reply: Reply, ticket: Ticket, request: ImageRequest) -> State:
        """The body counts before the HTTP status does; a state with a new name is no end."""
        fields = reply.json()
        status = fields.get("status")
        if status == "Ready":
            return self._ready(fields, ticket, request)
        if status in _MODERATED:
            # Neither is charged, the service says, whenever it was noticed.
            raise self.failures.refused("unknown" if _charged(fields) else "no")
        if status in _BROKEN:
            raise self.failures.down()
        if status == _UNKNOWN:
            return LOST
        return WORKING if isinstance(status, str) else None

    def _ready(self, fields: dict[str, Any], ticket: Ticket, request: ImageRequest) -> Ready:
        """What was drawn, with the seed, the prompt and the cost that the service names."""
        found = fields.get("result")
        result = found if isinstance(found, dict) else {}
        url, seed, prompt = (result.get(name) for name in ("sample", "seed", "prompt"))
        if not isinstance(url, str):
            raise self.failures.bad_response()
        charged = _charged(fields)
        told = Picture(
            data=b"",
            seed=seed if type(seed) is int else request.seed,
            revised_prompt=prompt if isinstance(prompt, str) and prompt != request.prompt else None,
            cost=_cost(ticket.told.get("cost") if charged is None else charged),
        )
        return Ready(url, told)

    def refusal(self, reply: Reply) -> ProviderError:
        fields = reply.json()
        if fields.get("status") in _MODERATED:
            return self.failures.refused()
        if reply.status == 404:
            return self.failures.retired()
        worded = classify_words(error_body(fields, reply.status), self.failures)
        return worded or self.failures.from_status(reply.status, retry_hint(reply.headers))


def _charged(fields: Mapping[str, Any]) -> float | None:
    """The credits that a finished task says it took, where it says so."""
    result = fields.get("result")
    for place in (fields, result if isinstance(result, Mapping) else {}):
        cost = place.get("cost")
        if isinstance(cost, int | float):
            return float(cost)
    return None


def _cost(charged: object) -> Cost | None:
    return credits_cost(charged, CREDITS_PER_DOLLAR)


def body_for(model_id: str, request: ImageRequest) -> dict[str, Any]:
    """The request in the shape of the model's family; FLUX.3 refuses every field of the others."""
    fields: dict[str, Any] = {"prompt": request.prompt}
    if model_id.startswith("flux-3"):
        if request.resolution != "1K":
            fields["resolution"] = request.resolution.lower()
        return {**fields, "aspect_ratio": request.aspect_ratio}
    if request.seed is not None:
        fields["seed"] = request.seed
    if model_id.endswith("-ultra"):
        return {**fields, "aspect_ratio": request.aspect_ratio}
    sizes = MULTIPLES_OF_16 if model_id.startswith("flux-2") else MULTIPLES_OF_32
    fields["width"], fields["height"] = sizes[request.aspect_ratio]
    if request.steps is not None:
        fields["steps"] = request.steps
    if request.guidance is not None:
        fields["guidance"] = request.guidance
    return fields
