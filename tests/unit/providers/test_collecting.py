"""A picture that is drawn is asked for a few times, and never waited for beyond the deadline."""

import socket

import pytest

from chalicelib.providers.base import CallContext, EndsAt
from chalicelib.providers.errors import ProviderDown, ProviderError, TimedOut
from chalicelib.providers.transport.collecting import GRACE_S, PAUSES_S, collect
from chalicelib.providers.transport.fetch import Fetcher


@pytest.mark.parametrize(
    ("seconds", "takes", "waits", "error"),
    [
        (60.0, 0.0, list(PAUSES_S), ProviderDown),
        (5.0, 1.5, [0.5, 1.0], TimedOut),
        (0.3, 0.0, list(PAUSES_S), ProviderDown),
        (0.3, 1.5, [0.5, pytest.approx(0.5)], TimedOut),
        (-3600.0, 1.5, [0.5, pytest.approx(0.5)], TimedOut),
    ],
)
def test_waits_end_with_the_deadline_which_leaves_a_picture_its_grace(
    seconds: float, takes: float, waits: list[float], error: type[ProviderError]
) -> None:
    waited, passed = list[float](), list[float]()

    def refuses(address: tuple[str, int], within: float) -> socket.socket:
        passed.append(takes)
        raise ConnectionRefusedError

    def now() -> float:
        return sum(waited) + sum(passed)

    told: list[float] = []
    fetcher = Fetcher(("pictures.test",), resolve=lambda *_: ["9.9.9.9"], connect=refuses)
    context = CallContext(EndsAt(seconds, now), waited.append, answered=lambda: told.append(now()))
    with pytest.raises(error):
        collect(fetcher, "https://pictures.test/a.png", context)
    assert waited == waits
    assert told == [0]
    assert now() <= max(seconds, GRACE_S) + takes
