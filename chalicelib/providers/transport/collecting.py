"""Pictures that a provider has put somewhere to be collected."""

from urllib.parse import urljoin

from chalicelib.providers.base import CallContext
from chalicelib.providers.errors import ProviderDown
from chalicelib.providers.transport.decoding import decoded
from chalicelib.providers.transport.fetch import Fetcher

PAUSES_S = (0.5, 1.0, 2.0)
"""A picture that is not there yet mostly is in a moment."""


def collect(fetcher: Fetcher, url: str, context: CallContext) -> bytes:
    """Return the picture's bytes; it is drawn and paid for, so trying again is free.

    An address without a host belongs to the configured one; one that is data has them inside.
    """
    if url.startswith("data:") and (inline := decoded(url)):
        return inline
    if fetcher.trusted_origin:
        url = urljoin(f"{fetcher.trusted_origin.rstrip('/')}/", url)
    for pause_s in PAUSES_S:
        try:
            return fetcher.get(url, context.deadline)
        except ProviderDown:
            context.sleep(min(pause_s, max(0.0, context.deadline.remaining())))
    return fetcher.get(url, context.deadline)
