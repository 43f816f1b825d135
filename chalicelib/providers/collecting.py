"""Pictures that a provider has put somewhere to be collected."""

from chalicelib.providers.base import CallContext
from chalicelib.providers.errors import ProviderDown
from chalicelib.providers.fetch import Fetcher

PAUSE = 0.5


def collect(fetcher: Fetcher, url: str, context: CallContext) -> bytes:
    """The picture's bytes; it is drawn and paid for, so a second try is free."""
    try:
        return fetcher.get(url, context.deadline)
    except ProviderDown:
        context.sleep(PAUSE)
        return fetcher.get(url, context.deadline)
