"""Providers with tickets keep the promises about money and key; one that breaks one is found."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from chalicelib.providers.base import CallContext, ImageProvider, ImageRequest, Picture, Recovery
from chalicelib.providers.errors import ProviderDown
from chalicelib.providers.failures import Failures
from chalicelib.providers.transport.fetch import Fetcher
from chalicelib.providers.transport.rest import RestClient, open_session, send
from tests.contract import tickets
from tests.contract.case import ADAPTERS, MODELS, PROVIDERS, Answer, ModelCase
from tests.contract.conftest import RecordCell
from tests.contract.driving import CANARY_KEY, Driver, driver_at
from tests.contract.servers import closed_port

CHECKS = "adapter x check"
NOBODY = closed_port()
RECOVERY = {case.provider: driver_at(case, NOBODY).provider.recovery for case in ADAPTERS}
RESUMABLE = [case for case in MODELS if RECOVERY[case.provider] is Recovery.RESUMABLE]
SUBMISSION = Answer(200, {"polling_url": "{origin}/jobs/1"})
WORKING = Answer(200, {"state": "working"})
MOST_POLLS = 20
Promise = Callable[[Callable[[str], Driver], Answer, Answer], None]


@pytest.mark.parametrize("promise", tickets.PROMISES, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("case", RESUMABLE, ids=str)
def test_a_provider_with_tickets_keeps_every_promise(
    case: ModelCase, promise: Promise, record_cell: RecordCell
) -> None:
    record_cell(CHECKS, str(case), promise.__name__, "ok")
    declared = PROVIDERS[case.provider]
    assert declared.submission is not None, "declare how it answers a submission"
    assert declared.working is not None, "declare how it answers a poll that still works"

    promise(partial(driver_at, case), declared.submission, declared.working)


def test_only_providers_with_tickets_declare_how_they_are_polled() -> None:
    declaring = {name for name, tests in PROVIDERS.items() if tests.submission or tests.working}

    assert declaring == {case.provider for case in RESUMABLE}
    assert declaring


@dataclass(frozen=True)
class Careless:
    """A provider with tickets that is written by hand, and breaks one promise or none."""

    base_url: str
    broken: str = ""
    recovery = Recovery.RESUMABLE

    @property
    def client(self) -> RestClient:
        headers = {"x-key": CANARY_KEY}
        return RestClient(open_session(), self.base_url, headers, Fetcher((), self.base_url))

    @property
    def failures(self) -> Failures:
        return Failures("Careless", "careless-1")

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        url = context.ticket and _address(context.ticket)
        if context.ticket is None:
            url = self._submit(context)
            if self.broken != "no ticket is saved":
                context.save_ticket(json.dumps({"polling_url": url}))
        if not url or not url.startswith(self.base_url):
            raise self.failures.bad_response("unknown")
        for _ in range(MOST_POLLS):
            if context.cancelled() and self.broken != "polls ignore a cancel":
                break
            if self.broken != "polls do not pause":
                context.sleep(0.5)
            self._poll(url, context)
        raise self.failures.interrupted()

    def _submit(self, context: CallContext) -> Any:
        try:
            reply = self.client.post("/jobs", context.deadline, self.failures)
        except ProviderDown as error:
            if self.broken == "a lost submission is free":
                error.billed = "no"
            raise
        return reply.json().get("polling_url")

    def _poll(self, url: str, context: CallContext) -> None:
        client = self.client
        reply = send(client.session, "GET", url, context.deadline, self.failures)
        if reply.status != 200:
            raise self.failures.interrupted()


def _address(ticket: str) -> Any:
    try:
        return json.loads(ticket).get("polling_url")
    except (ValueError, AttributeError):
        return None


class CarelessDriver(Driver):
    """Drives the careless provider as it drives a configured one."""

    def __init__(self, broken: str, origin: str) -> None:
        super().__init__(driver_at(ADAPTERS[0], origin).settings)
        self.careless = Careless(origin, broken)

    @property
    def provider(self) -> ImageProvider:
        return self.careless


def complaint(promise: Promise, broken: str) -> str | None:
    """What a check says of the provider that is written by hand; None when it is content."""
    try:
        promise(partial(CarelessDriver, broken), SUBMISSION, WORKING)
    except (AssertionError, pytest.fail.Exception) as error:
        return str(error)
    return None


@pytest.mark.parametrize("promise", tickets.PROMISES, ids=lambda promise: promise.__name__)
def test_a_careful_one_written_by_hand_keeps_them_too(promise: Promise) -> None:
    assert complaint(promise, broken="") is None


@pytest.mark.parametrize(
    ("broken", "promise", "said"),
    [
        ("no ticket is saved", tickets.ticket_before_the_first_poll, "no ticket was saved"),
        ("polls ignore a cancel", tickets.polling_stops_when_cancelled, "polled after a cancel"),
        ("polls do not pause", tickets.polls_pause, "polled without a pause"),
        (
            "a lost submission is free",
            tickets.lost_submission_is_not_free,
            "answer made it no",
        ),
    ],
)
def test_a_broken_promise_turns_the_suite_red(broken: str, promise: Promise, said: str) -> None:
    assert said in (complaint(promise, broken) or "")
