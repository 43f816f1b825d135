"""What openai promises and documents."""

from tests.contract.answers import (
    more_pictures,
    openai_failures,
    openai_more_failures,
    openai_pictures,
)
from tests.contract.answers.wrapped import WRAPPED
from tests.contract.case import ModelCase, ProviderTests, Replay

SENDS = {
    "model": "gpt-image-2.6-flare",
    "prompt": "a lamp",
    "n": 1,
    "size": "1024x1024",
    "quality": "medium",
}
CASES = (ModelCase("openai", "gpt-image-2.6-flare", exact_cost=True, sends=SENDS),)
OF_A_GATEWAY = tuple(
    Replay(f"of a gateway: {replay.name}", "gpt-image-2", replay.answers, replay.code)
    for replay in WRAPPED
)
REPLAYS = (
    *OF_A_GATEWAY,
    *openai_pictures.REPLAYS,
    *openai_failures.REPLAYS,
    *openai_more_failures.REPLAYS,
)
SIBLINGS = (*more_pictures.OPENAI,)
TESTS = ProviderTests(CASES, (*REPLAYS, *SIBLINGS))
