"""What bfl promises and documents."""

from tests.contract.answers import bfl_failures, bfl_pictures, more_pictures, other_wordings
from tests.contract.case import Answer, ModelCase, ProviderTests

CASES = (
    ModelCase("bfl", "flux-3-image", exact_cost=True),
    ModelCase("bfl", "flux-2-flex", exact_cost=True),
    ModelCase("bfl", "flux-dev", exact_cost=True),
    ModelCase("bfl", "flux-pro-1.1-ultra", exact_cost=True),
)
OWN_WAYS = {
    # A poll that breaks off costs nothing and is made again.
    "drop": "picture",
}
REPLAYS = (*bfl_pictures.REPLAYS, *bfl_failures.REPLAYS)
SUBMISSION = Answer(200, {"id": "t1", "polling_url": "{origin}/v1/get_result?id=t1", "cost": 3.0})
WORKING = Answer(200, {"id": "t1", "status": "Pending", "result": None})
SIBLINGS = (*other_wordings.BFL, *more_pictures.BFL)
TESTS = ProviderTests(
    CASES, (*REPLAYS, *SIBLINGS), OWN_WAYS, submission=SUBMISSION, working=WORKING
)
