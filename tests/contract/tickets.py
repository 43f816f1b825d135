"""What every provider with tickets promises about money and key, as checks of one driver.

They are functions, so that `test_tickets.py` can hold every provider to them, and a provider that
breaks a promise on purpose to each.
"""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.providers.base import EndsAt
from chalicelib.providers.errors import Interrupted, ProviderError
from tests.contract.case import Answer
from tests.contract.driving import CANARY_KEY, Driver
from tests.contract.servers import replay_server

At = Callable[[str], Driver]
"""Makes a driver of the provider at an address."""
POLLS, DEADLINE_S = 3, 2.0
FORGED = (
    "",
    "nonsense",
    "[]",
    "{}",
    '{"polling_url": "https://evil.example/v1", "cost": 1}',
    '{"status_url": "https://evil.example/v1", "response_url": "https://evil.example/v1"}',
)


class Died(BaseException):
    """The worker is gone."""


def ticket_before_the_first_poll(at: At, submission: Answer, working: Answer) -> None:
    """The ticket is saved before the provider is polled, so that another worker can go on."""
    with replay_server((submission, working)) as server:
        driver, tickets = at(server.origin), list[str]()

        def save(ticket: str) -> None:
            assert len(server.paths) == 1, "polled before the ticket was saved"
            tickets.append(ticket)

        cancelled = _after(driver, 1)
        with pytest.raises(ProviderError):
            driver.draw("a bottle", driver.context(save_ticket=save, cancelled=cancelled))
    assert len(tickets) == 1, "no ticket was saved"


def ticket_carries_on(at: At, submission: Answer, working: Answer) -> None:
    """A second worker polls the ticket of the first, and submits nothing."""
    with replay_server((submission, working)) as server:
        first, tickets = at(server.origin), list[str]()
        with pytest.raises(ProviderError):
            first.draw(
                "a bottle", first.context(save_ticket=tickets.append, cancelled=_after(first, 1))
            )
        asked, second = len(server.paths), at(server.origin)
        with pytest.raises(ProviderError):
            second.draw("a bottle", second.context(ticket=tickets[0], cancelled=_after(second, 1)))
        assert server.paths[asked:], "the ticket was not polled"
        assert server.paths[0] not in server.paths[asked:], "it was submitted a second time"


def polling_stops_when_cancelled(at: At, submission: Answer, working: Answer) -> None:
    """Nobody polls for a picture that nobody wants; what it cost is not called free."""
    with replay_server((submission, working)) as server:
        driver = at(server.origin)
        context = driver.context(8.0, cancelled=_after(driver, POLLS))
        with pytest.raises(ProviderError) as caught:
            driver.draw("a long exposure", context)
        assert len(server.paths) <= 1 + POLLS, "polled after a cancel"
    assert isinstance(caught.value, Interrupted)
    assert caught.value.billed != "no", "a cancel made it free"


def polls_pause(at: At, submission: Answer, working: Answer) -> None:
    """Polls are paced: each has a pause before it."""
    with replay_server((submission, working)) as server:
        driver = at(server.origin)

        def polled_enough() -> bool:
            return len(server.paths) > POLLS

        with pytest.raises(ProviderError):
            driver.draw("a long exposure", driver.context(8.0, cancelled=polled_enough))
        polls = len(server.paths) - 1
    assert len(driver.waits) >= polls > 0, "polled without a pause"
    assert min(driver.waits) >= 0.1


def polls_end_with_the_deadline(at: At, submission: Answer, working: Answer) -> None:
    """No pause between polls passes the deadline, and none follows it."""
    with replay_server((submission, working)) as server:
        driver = at(server.origin)
        waited = EndsAt(DEADLINE_S, lambda: sum(driver.waits))
        error = driver.error("a long exposure", replace(driver.context(), deadline=waited))
    assert sum(driver.waits) <= DEADLINE_S, "paused beyond the deadline"
    assert error is not None
    assert error.code == "TIMEOUT"


def lost_ticket_is_not_free(at: At, submission: Answer, working: Answer) -> None:
    """What was submitted may be billed, whatever a poll says afterwards."""
    for poll in (Answer(404, {}), Answer(403, {}), Answer(400, {})):
        with replay_server((submission, poll)) as server:
            driver = at(server.origin)
            error = driver.error("a lost bottle", driver.context(8.0))
        assert error is not None
        assert error.billed == "unknown", f"a poll of {poll.status} made it {error.billed}"


def lost_submission_is_not_free(at: At, submission: Answer, working: Answer) -> None:
    """A submission whose answer was lost is never repeated, nor called free."""
    with replay_server((Answer(200, drop=True),)) as server:
        driver = at(server.origin)
        error = driver.error("a lost letter", driver.context(8.0))
        assert len(server.paths) == 1, "submitted again"
    assert error is not None
    assert error.billed == "unknown", f"a lost answer made it {error.billed}"


def key_stays_at_its_own_host(at: At, submission: Answer, working: Answer) -> None:
    """An address of another host sees neither the key nor a request."""
    with replay_server((working,)) as other:
        elsewhere = other.origin.replace("127.0.0.1", "localhost")
        lured = replace(submission, raw=json.dumps(submission.body).replace("{origin}", elsewhere))
        with replay_server((lured, working)) as server:
            driver = at(server.origin)
            error = driver.error("a lure", driver.context(8.0))
        assert (other.paths, other.headers) == ([], []), CANARY_KEY
    assert error is not None
    assert error.billed == "unknown"


def forged_ticket_is_never_polled(at: At, submission: Answer, working: Answer) -> None:
    """A ticket that is not one of ours leads nowhere."""
    for ticket in FORGED:
        with replay_server((working,)) as server:
            driver = at(server.origin)
            assert driver.error("a forged ticket", driver.context(8.0, ticket=ticket)) is not None
            assert (server.paths, driver.waits) == ([], [])


PROMISES = (
    ticket_before_the_first_poll,
    ticket_carries_on,
    polling_stops_when_cancelled,
    polls_pause,
    polls_end_with_the_deadline,
    lost_ticket_is_not_free,
    lost_submission_is_not_free,
    key_stays_at_its_own_host,
    forged_ticket_is_never_polled,
)


def _after(driver: Driver, waits: int) -> Callable[[], bool]:
    return lambda: len(driver.waits) >= waits
