"""A picture that is drawn is asked for a few times, and never waited for beyond the deadline."""

import socket

import pytest

from chalicelib.providers.base import CallContext, EndsAt
from chalicelib.providers.errors import ProviderDown, ProviderError, TimedOut
from chalicelib.providers.transport.collecting import PAUSES_S, collect
from chalicelib.providers.transport.fetch import Fetcher


def refuses(address: tuple[str, int], seconds: float) -> socket.socket:
    raise ConnectionRefusedError


@pytest.mark.parametrize(
    ("seconds", "waits", "error"),
    [
        (60.0, list(PAUSES_S), ProviderDown),
        (1.2, [0.5, pytest.approx(0.7)], TimedOut),
        (0.3, [0.3], TimedOut),
    ],
)
def test_waits_end_with_the_deadline(
    seconds: float, waits: list[float], error: type[ProviderError]
) -> None:
    waited: list[float] = []
    fetcher = Fetcher(("pictures.test",), resolve=lambda *_: ["9.9.9.9"], connect=refuses)
    context = CallContext(EndsAt(seconds, lambda: sum(waited)), waited.append)
    with pytest.raises(error):
        collect(fetcher, "https://pictures.test/a.png", context)
    assert waited == waits
