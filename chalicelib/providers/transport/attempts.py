"""Calls that end at their deadline, and are made again only when nothing can have been billed."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from chalicelib.providers.base import CallContext, Deadline
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures

T = TypeVar("T")

MAX_ATTEMPTS = 3
LONGEST_WAIT = 15.0
GRACE = 0.2
"""How long a client's own timeout may take to end a call before we leave it."""
_jitter = random.SystemRandom().random


def finish_within(deadline: Deadline, failures: Failures, call: Callable[[float], T]) -> T:
    """Runs `call` with the seconds left, and raises TimedOut at the deadline whatever it does.

    Clients time out per read, so an answer that trickles would never end: the call runs on a
    thread of its own, which is left behind at the deadline and ends with its socket.
    """
    seconds = deadline.remaining()
    if seconds <= 0:
        raise failures.timed_out("no")
    try:
        return begun(lambda: call(seconds)).result(seconds + GRACE)
    except TimeoutError:
        raise failures.timed_out() from None


def begun(call: Callable[[], T]) -> Future[T]:
    """Begin a call on a thread of its own, which may be left behind."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except Exception as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return answer


def with_retries(
    call: Callable[[], T], context: CallContext, jitter: Callable[[], float] = _jitter
) -> T:
    """Calls again, a few times, after failures that were certainly not billed.

    Waits as long as the provider asked, or ever longer by itself, with jitter; gives up when the
    wait does not fit before the deadline.
    """
    attempt = 1
    while True:
        try:
            return call()
        except ProviderError as error:
            wait = _wait(error, attempt) + jitter() * 0.5
            if attempt == MAX_ATTEMPTS or not _worth_waiting(error, wait, context):
                raise
            context.sleep(wait)
            if context.cancelled() or not context.still_wanted():
                raise
        attempt += 1


def _wait(error: ProviderError, attempt: int) -> float:
    return error.retry_after if error.retry_after is not None else 0.5 * 2 ** (attempt - 1)


def _worth_waiting(error: ProviderError, wait: float, context: CallContext) -> bool:
    certain = error.retryable and error.billed == "no" and not context.cancelled()
    return certain and wait < min(LONGEST_WAIT, context.deadline.remaining())
