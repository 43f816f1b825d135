"""Pictures that a provider has put somewhere to be collected."""

from urllib.parse import urljoin

from chalicelib.providers.base import CallContext, leaving
from chalicelib.providers.errors import ProviderDown
from chalicelib.providers.transport.decoding import decoded
from chalicelib.providers.transport.fetch import Fetcher

PAUSES_S = (0.5, 1.0, 2.0)
"""A picture that is not there yet mostly is in a moment."""
GRACE_S = 4.0
"""What a picture has from when it was named: the machine may have slept past the deadline. Whoever
waits for it gives a second more (`SETTLE_GRACE_MS`), in which it is stored."""


def collect(fetcher: Fetcher, url: str, context: CallContext) -> bytes:
    """Return the picture's bytes; it is drawn and paid for, so trying again is free.

    The deadline leaves it GRACE_S at least. An address without a host belongs to the configured
    one; one that is data has them inside.
    """
    if url.startswith("data:") and (inline := decoded(url)):
        return inline
    context.answered()
    deadline = leaving(GRACE_S, context.deadline)
    if fetcher.trusted_origin:
        url = urljoin(f"{fetcher.trusted_origin.rstrip('/')}/", url)
    for pause_s in PAUSES_S:
        try:
            return fetcher.get(url, deadline)
        except ProviderDown:
            context.sleep(min(pause_s, max(0.0, deadline.remaining())))
    return fetcher.get(url, deadline)
