"""Black Forest Labs: submit, poll the address that was given, collect without the key.

A submission is billed once and never repeated; its ticket lets any worker go on polling.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from chalicelib.providers.attempts import with_retries
from chalicelib.providers.base import CallContext, Cost, ImageRequest, Picture, Recovery
from chalicelib.providers.catalog import CatalogModel
from chalicelib.providers.collecting import collect
from chalicelib.providers.connection import Account
from chalicelib.providers.errors import ProviderDown, ProviderError, TimedOut
from chalicelib.providers.failures import Failures, retry_hint
from chalicelib.providers.fetch import Fetcher
from chalicelib.providers.prices import credits_cost
from chalicelib.providers.rest import Reply, open_session, send
from chalicelib.providers.sizes import MULTIPLES_OF_16, MULTIPLES_OF_32

BASE_URL = "https://api.bfl.ai"
OWN_HOSTS = ".bfl.ai"
CREDITS_PER_DOLLAR = 100
FIRST_POLL, SLOWEST_POLL = 0.5, 1.5
POLL_SECONDS = 10.0
"""How long one poll may take before it is given up and made again."""
_WORKING = ("Pending", "Reasoning", "Generating")
_BROKEN = ("Error", "Failed")


@dataclass(frozen=True)
class Ticket:
    """What a submission left behind: where to poll, and the credits that it cost."""

    polling_url: str
    cost: float | None

    def price(self) -> Cost | None:
        return credits_cost(self.cost, CREDITS_PER_DOLLAR)


def connect(account: Account) -> "Connection":
    """A connection to Black Forest Labs, or to what answers in its place."""
    fetcher = Fetcher((f"*{OWN_HOSTS}",), account.base_url)
    return Connection(open_session(), account, fetcher)


@dataclass(frozen=True)
class Connection:
    session: requests.Session
    account: Account
    fetcher: Fetcher

    def image(self, model: CatalogModel) -> "Flux":
        return Flux(self, model.model_id, Failures.of(model))

    @property
    def base_url(self) -> str:
        return self.account.base_url or BASE_URL

    @property
    def headers(self) -> dict[str, str]:
        return {"x-key": self.account.key.reveal()}

    def may_see_the_key(self, url: str) -> bool:
        """True for https addresses of the provider, and for the configured host as configured."""
        try:
            parts, own = urlsplit(url), urlsplit(self.base_url)
        except ValueError:
            return False
        host = parts.hostname or ""
        if host == own.hostname and parts.scheme == own.scheme:
            return True
        return parts.scheme == "https" and host.endswith(OWN_HOSTS)


@dataclass(frozen=True)
class Flux:
    """One FLUX model."""

    connection: Connection
    model_id: str
    failures: Failures
    recovery = Recovery.RESUMABLE

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        if context.ticket is None:
            ticket = with_retries(lambda: self._submit(request, context), context)
            context.save_ticket(json.dumps(asdict(ticket)))
        else:
            ticket = self._resumed(context.ticket)
        sample = self._poll_until_ready(ticket, context)
        data = collect(self.connection.fetcher, sample, context)
        return Picture(data, seed=request.seed, cost=ticket.price())

    def _submit(self, request: ImageRequest, context: CallContext) -> Ticket:
        reply = send(
            self.connection.session,
            "POST",
            f"{self.connection.base_url}/v1/{self.model_id}",
            context.deadline,
            self.failures,
            headers=self.connection.headers,
            json=body_for(self.model_id, request),
        )
        if reply.status != 200:
            raise self._refusal(reply)
        return self._ticket(reply.json())

    def _ticket(self, fields: dict[str, Any]) -> Ticket:
        url, cost = fields.get("polling_url"), fields.get("cost")
        if not isinstance(url, str) or not self.connection.may_see_the_key(url):
            raise self.failures.bad_response()
        return Ticket(url, cost if isinstance(cost, int | float) else None)

    def _resumed(self, ticket: str) -> Ticket:
        try:
            return self._ticket(json.loads(ticket))
        except (ValueError, AttributeError):
            raise self.failures.interrupted() from None

    def _poll_until_ready(self, ticket: Ticket, context: CallContext) -> str:
        """The address of the finished picture; waits a little longer after each poll."""
        pause = FIRST_POLL
        while not context.cancelled():
            context.sleep(min(pause, max(0.0, context.deadline.remaining())))
            sample = self._poll(ticket, context)
            if sample is not None:
                return sample
            pause = min(pause * 1.2, SLOWEST_POLL)
        raise self.failures.interrupted("yes")

    def _poll(self, ticket: Ticket, context: CallContext) -> str | None:
        """The address of the picture once it is ready.

        Polling costs nothing, so it goes on through broken connections and overload.
        """
        try:
            reply = send(
                self.connection.session,
                "GET",
                ticket.polling_url,
                context.deadline,
                self.failures,
                limit=POLL_SECONDS,
                headers=self.connection.headers,
            )
        except (ProviderDown, TimedOut):
            if context.deadline.remaining() <= 0:
                raise self.failures.timed_out() from None
            return None
        return self._sample(reply)

    def _sample(self, reply: Reply) -> str | None:
        """What the poll says; its body counts before its HTTP status does."""
        fields = reply.json()
        status = fields.get("status")
        if status in _WORKING:
            return None
        if status == "Ready":
            return self._sample_url(fields)
        if status == "Request Moderated":
            raise self.failures.refused()
        if status == "Content Moderated":
            raise self.failures.refused("unknown")
        if status in _BROKEN:
            raise self.failures.down()
        if status == "Task not found":
            raise self.failures.interrupted()
        if reply.status == 429 or reply.status >= 500:
            return None
        raise self._lost(reply)

    def _sample_url(self, fields: dict[str, Any]) -> str:
        result = fields.get("result")
        sample = result.get("sample") if isinstance(result, dict) else None
        if not isinstance(sample, str):
            raise self.failures.bad_response()
        return sample

    def _lost(self, reply: Reply) -> ProviderError:
        """Why a poll leads nowhere; the submission was taken, so nobody knows what it cost."""
        if reply.status == 404:
            return self.failures.interrupted()
        error = self._refusal(reply)
        error.billed = "unknown"
        return error

    def _refusal(self, reply: Reply) -> ProviderError:
        if reply.status == 200:
            return self.failures.bad_response("unknown")
        return self.failures.from_status(reply.status, retry_hint(reply.headers))


def body_for(model_id: str, request: ImageRequest) -> dict[str, Any]:
    """The request in the shape of the model's family; FLUX.3 refuses every field of the others."""
    fields: dict[str, Any] = {"prompt": request.prompt}
    if model_id.startswith("flux-3"):
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
