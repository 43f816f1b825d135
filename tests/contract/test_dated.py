"""What tokens cost is what they cost on the day of the call."""

import time
from datetime import UTC, datetime

import pytest

from chalicelib.config import load
from chalicelib.providers.base import EndsAt
from chalicelib.providers.registry import Providers
from tests.contract.case import Answer
from tests.contract.servers import replay_server

NEW_YEAR = int(datetime(2027, 1, 1, tzinfo=UTC).timestamp() * 1000)
ANSWER = {
    "candidates": [{"content": {"parts": [{"text": "A red kite."}]}, "finishReason": "STOP"}],
    "usageMetadata": {
        "promptTokenCount": 1000, "candidatesTokenCount": 100, "thoughtsTokenCount": 100,
    },
}  # fmt: skip


@pytest.mark.parametrize(("now", "usd"), [(NEW_YEAR - 1, 0.0015), (NEW_YEAR, 0.003)])
def test_one_client_charges_the_rates_of_the_day(now: int, usd: float) -> None:
    with replay_server([Answer(200, ANSWER)]) as server:
        settings = load(
            {
                "MODEL_COUNT": "1",
                "MODEL_1_NAME": "Gemini",
                "MODEL_1_KEY": "a-key",
                "MODEL_1_BASE_URL": server.origin,
            }
        )
        clock = [NEW_YEAR - 86_400_000]
        model = Providers(settings, lambda secret: secret.reveal(), lambda: clock[0]).text()
        assert model is not None
        deadline = EndsAt(time.monotonic() + 20, time.monotonic)
        model.complete("Describe it.", "a kite", 200, deadline)
        clock[0] = now
        completion = model.complete("Describe it.", "a kite", 200, deadline)

    assert completion.cost.amount == pytest.approx(usd)
