"""What google promises and documents."""

from tests.contract.answers import (
    google_failures,
    google_more_failures,
    google_pictures,
    more_wordings,
    other_wordings,
    texts,
)
from tests.contract.case import ModelCase, ProviderTests

SENDS = {
    "contents": [{"role": "user", "parts": [{"text": "a lamp"}]}],
    "generationConfig": {"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "1:1"}},
}
CASES = (ModelCase("google", "gemini-nano-banana-2.1", exact_cost=True, sends=SENDS),)
OWN_WAYS = {
    # Gemini's fault is 503 before any work, the one kind that may be tried again.
    "once-server_error": "picture",
}
REPLAYS = (*google_pictures.REPLAYS, *google_failures.REPLAYS, *google_more_failures.REPLAYS)
SIBLINGS = (*other_wordings.GOOGLE, *more_wordings.GOOGLE, *texts.GOOGLE)
TESTS = ProviderTests(CASES, (*REPLAYS, *SIBLINGS), OWN_WAYS, frozenset({"server_error"}))
