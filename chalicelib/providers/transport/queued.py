"""Submit, poll, collect: what providers that answer by ticket have in common.

The promises about money and key stand here once: a submission is billed once and never repeated,
its ticket is saved before the first poll, polls pause and stop when nobody wants the picture any
more, and the key goes to the provider's own hosts only.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from chalicelib.providers.base import CallContext, Deadline, ImageRequest, Picture, leaving
from chalicelib.providers.errors import ProviderDown, ProviderError, TimedOut
from chalicelib.providers.failures import Failures
from chalicelib.providers.transport.attempts import with_retries
from chalicelib.providers.transport.collecting import GRACE_S, collect
from chalicelib.providers.transport.rest import Reply, RestClient, send

FIRST_POLL_S, SLOWEST_POLL_S = 0.5, 1.5
LOST_POLLS = 3
"""How many polls in a row have to find nothing."""
POLL_LIMIT_S = 10.0
"""How long one poll may take before it is given up and made again."""
OVERSLEPT_S = 2.0
"""Being this late means that the machine slept: the picture may be ready for long."""


@dataclass(frozen=True)
class Ticket:
    """What a submission left behind: where to poll, and the provider's own words about it."""

    polling_url: str
    told: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps({**self.told, "polling_url": self.polling_url})


@dataclass(frozen=True)
class Ready:
    """A picture to be collected, and what is to be said of it."""

    url: str
    picture: Picture


WORKING: Literal["working"] = "working"
"""What a poll says while the picture is being drawn."""
LOST: Literal["lost"] = "lost"
"""What a poll says when the service does not know the ticket, as many do for a moment."""
State = Ready | Literal["working", "lost"] | None
"""None for a poll of which only the HTTP status tells anything."""


class Service(Protocol):
    """One provider's own part: how it is asked, and what its answers mean."""

    @property
    def own_hosts(self) -> str:
        """The end of every host name that may see the key, such as ".bfl.ai"."""
        ...

    def submission(self, request: ImageRequest) -> tuple[str, dict[str, Any]]:
        """Return the path below the base URL and the JSON body."""
        ...

    def ticket(self, reply: Mapping[str, Any]) -> Ticket | None:
        """Read the ticket of a submission, or of what `Ticket.to_json` kept; None if it is none."""
        ...

    def state(self, reply: Reply, ticket: Ticket, request: ImageRequest) -> State:
        """Return what a poll says; raise the ProviderError that ended the drawing."""
        ...

    def refusal(self, reply: Reply) -> ProviderError:
        """Classify an answer without a ticket, or a poll that leads nowhere."""
        ...


@dataclass(frozen=True)
class Queue:
    """Draws through one provider's queue."""

    client: RestClient
    failures: Failures
    service: Service

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        """Return the picture; `context.ticket` goes on polling instead of submitting again."""
        if context.ticket is None:
            ticket = with_retries(lambda: self._submit(request, context), context)
            context.save_ticket(ticket.to_json())
        else:
            ticket = self._resumed(context.ticket)
        ready = self._await(ticket, request, context)
        data = collect(self.client.fetcher, ready.url, context)
        return Picture(data, ready.picture.seed, ready.picture.revised_prompt, ready.picture.cost)

    def _submit(self, request: ImageRequest, context: CallContext) -> Ticket:
        path, body = self.service.submission(request)
        reply = self.client.post(path, context.deadline, self.failures, json=body)
        if reply.status != 200:
            raise self.service.refusal(reply)
        ticket = self.service.ticket(reply.json())
        if ticket is None:
            raise self.service.refusal(reply)
        if not self._trusted(ticket):
            # It was taken, and may be billed, but nobody can say where it is drawn.
            raise self.failures.bad_response("unknown")
        return ticket

    def _resumed(self, kept: str) -> Ticket:
        try:
            ticket = self._trusted(self.service.ticket(json.loads(kept)))
        except (ValueError, AttributeError):
            ticket = None
        if ticket is None:
            raise self.failures.interrupted()
        return ticket

    def _trusted(self, ticket: Ticket | None) -> Ticket | None:
        return ticket if ticket and self.may_see_the_key(ticket.polling_url) else None

    def may_see_the_key(self, url: str) -> bool:
        """Return True for https at the provider's hosts, and for the configured host as it is."""
        try:
            parts, own = urlsplit(url), urlsplit(self.client.base_url)
        except ValueError:
            return False
        host = parts.hostname or ""
        if host == own.hostname and parts.scheme == own.scheme:
            return True
        return parts.scheme == "https" and host.endswith(self.service.own_hosts)

    def _await(self, ticket: Ticket, request: ImageRequest, context: CallContext) -> Ready:
        """Poll until it is ready; wait a little longer after each poll."""
        pause_s, lost, deadline = FIRST_POLL_S, 0, context.deadline
        while not context.cancelled():
            context.sleep(min(pause_s, max(0.0, deadline.remaining())))
            if deadline is context.deadline and deadline.remaining() < -OVERSLEPT_S:
                deadline = leaving(GRACE_S, deadline)
            found = self._poll(ticket, request, deadline)
            if isinstance(found, Ready):
                return found
            lost = lost + 1 if found == LOST else 0
            if lost == LOST_POLLS:
                raise self.failures.interrupted()
            pause_s = min(pause_s * 1.2, SLOWEST_POLL_S)
        raise self.failures.interrupted("yes")

    def _poll(self, ticket: Ticket, request: ImageRequest, deadline: Deadline) -> State:
        """Ask once. Polling costs nothing, so broken connections and overload do not end it."""
        try:
            reply = send(
                self.client.session,
                "GET",
                ticket.polling_url,
                deadline,
                self.failures,
                limit=POLL_LIMIT_S,
                headers=self.client.headers,
            )
        except (ProviderDown, TimedOut):
            if deadline.remaining() <= 0:
                raise self.failures.timed_out() from None
            return WORKING
        state = self.service.state(reply, ticket, request)
        if state is not None:
            return state
        if reply.status == 429 or reply.status >= 500:
            return WORKING
        if reply.status == 404:
            return LOST
        # Its submission was taken, so its cost is unknown.
        error = self.service.refusal(reply)
        error.billed = "unknown"
        raise error
