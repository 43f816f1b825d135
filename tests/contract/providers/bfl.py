"""What bfl promises and documents."""

from tests.contract.answers import (
    bfl_failures,
    bfl_pictures,
    more_pictures,
    more_wordings,
    other_wordings,
)
from tests.contract.case import Answer, ModelCase, ProviderTests

IN_PIXELS = {"prompt": "a lamp", "width": 1024, "height": 1024}
IN_RATIOS = {"prompt": "a lamp", "aspect_ratio": "1:1"}
CASES = (
    ModelCase("bfl", "flux-3-image", exact_cost=True, sends=IN_RATIOS),
    ModelCase("bfl", "flux-2-flex", exact_cost=True, sends=IN_PIXELS),
    ModelCase("bfl", "flux-dev", exact_cost=True, sends=IN_PIXELS),
    ModelCase("bfl", "flux-pro-1.1-ultra", exact_cost=True, sends=IN_RATIOS),
)
OWN_WAYS = {
    # A poll that breaks off costs nothing and is made again.
    "drop": "picture",
}
REPLAYS = (*bfl_pictures.REPLAYS, *bfl_failures.REPLAYS)
SUBMISSION = Answer(200, {"id": "t1", "polling_url": "{origin}/v1/get_result?id=t1", "cost": 3.0})
WORKING = Answer(200, {"id": "t1", "status": "Pending", "result": None})
SIBLINGS = (*other_wordings.BFL, *more_wordings.BFL, *more_pictures.BFL)
TESTS = ProviderTests(
    CASES, (*REPLAYS, *SIBLINGS), OWN_WAYS, submission=SUBMISSION, working=WORKING
)
