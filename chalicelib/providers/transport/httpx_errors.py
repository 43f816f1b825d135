"""Why a call through httpx2, which carries the OpenAI and the Google SDK, had no answer."""

import httpx2

from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures

_NEVER_REACHED = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
)


def no_answer(cause: BaseException | None, failures: Failures) -> ProviderError:
    """Tells a provider that was never reached from one that may have billed the call."""
    if isinstance(cause, _NEVER_REACHED):
        return failures.unreachable()
    if isinstance(cause, httpx2.TimeoutException):
        return failures.timed_out()
    return failures.lost()
