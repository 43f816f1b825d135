"""What becomes of a picture that came: its words, its price and its bytes are looked at first."""

import pytest

from chalicelib.images.addresses import PictureAddresses
from chalicelib.jobs.view import job_view
from chalicelib.providers.base import CallContext, Cost, ImageRequest, Picture
from tests.pictures import png
from tests.unit.cloud import Cloud
from tests.unit.jobs.studio import Painter, Studio, codes


@pytest.mark.parametrize(
    ("said", "kept"),
    [("half a \ud83d pair", "half a ? pair"), ("long" * 500, "long" * 125), ("", None)],
)
def test_a_revised_prompt_can_always_be_shown(cloud: Cloud, said: str, kept: str | None) -> None:
    def draw(request: ImageRequest, context: CallContext) -> Picture:
        return Picture(png("x"), revised_prompt=said)

    at = Studio(cloud, {1: Painter(draw)})
    job = at.work(at.submit())
    assert job.outcomes[1].image
    assert job.outcomes[1].image.revised_prompt == kept
    assert job_view(job, PictureAddresses().of).to_json()


@pytest.mark.parametrize("amount", [float("inf"), float("nan"), -1.0, 1e300])
def test_a_price_that_no_picture_has_is_not_believed(cloud: Cloud, amount: float) -> None:
    def draw(request: ImageRequest, context: CallContext) -> Picture:
        return Picture(png("x"), cost=Cost(amount, "exact"))

    at = Studio(cloud, {1: Painter(draw)})
    at.spend_limit = 1_000_000
    job = at.work(at.submit())
    assert job.outcomes[1].cost == Cost(0.04, "estimated")
    assert not at.preview(job).is_open


def test_a_damaged_picture_is_no_result(cloud: Cloud) -> None:
    def cut(request: ImageRequest, context: CallContext) -> Picture:
        return Picture(data=png("a lighthouse")[:-9])

    at = Studio(cloud, {1: Painter(cut)})
    ended = at.work(at.submit())
    assert codes(ended) == ["BAD_RESPONSE"]
    assert ended.outcomes[1].cost == Cost(0.04, "estimated")
