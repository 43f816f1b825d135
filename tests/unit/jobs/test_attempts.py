"""Every attempt is told as what it was: who drew it, and which bytes came of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.callers import Caller
from chalicelib.images.addresses import PictureAddresses
from chalicelib.images.store import KeyTaken
from chalicelib.jobs.gallery_entry import entry_of
from chalicelib.jobs.model import Job
from chalicelib.jobs.view import job_view
from chalicelib.providers.base import CallContext, ImageRequest, Picture
from chalicelib.providers.errors import Refused
from chalicelib.providers.registry import Slot
from tests.pictures import png
from tests.unit.cloud import BUCKET, TABLE, Cloud
from tests.unit.jobs.studio import Painter, Studio, codes, draws, raises

HERE = Caller("203.0.113.9")
Change = Callable[[Slot], Slot]


def installation(
    cloud: Cloud, draw: Callable[..., Picture], change: Change = lambda s: s
) -> Studio:
    """Two models, the second of which draws; their settings are changed."""
    at = Studio(cloud, {1: Painter(draws), 2: Painter(draw)})
    at.models.slots = tuple(change(slot) for slot in at.models.slots)
    return at


def real(slot: Slot) -> Slot:
    return replace(slot, simulated=False, name=f"Real {slot.index}")


def elsewhere(slot: Slot) -> Slot:
    return replace(slot, model=replace(slot.model, provider="generic"))


def told(job: Job) -> list[tuple[str, str, bool]]:
    shown = job_view(job, PictureAddresses().of).results
    return [(str(r.model), str(r.provider), r.simulated is True) for r in shown]


def test_a_retry_is_labelled_by_what_draws_it(cloud: Cloud) -> None:
    ended = (at := installation(cloud, raises(Refused("No.")))).work(at.submit())
    later = installation(cloud, draws, lambda slot: elsewhere(real(slot)))
    opened = later.service.retry(ended.id, [2], HERE)
    job = later.work(opened)
    assert told(job) == [("Model 1", "openai", True), ("Real 2", "generic", False)]
    assert (job.simulated, entry_of(job).models) == (True, ("Model 1", "Real 2"))


def test_an_attempt_is_labelled_while_it_draws(cloud: Cloud) -> None:
    seen: list[tuple[str, str, bool]] = []

    def looks(request: ImageRequest, context: CallContext) -> Picture:
        seen.append(told(later.current(ended))[1])
        return draws(request, context)

    ended = (at := installation(cloud, raises(Refused("No.")))).work(at.submit())
    later = installation(cloud, looks, real)
    later.work(later.service.retry(ended.id, [2], HERE))
    assert seen == [("Real 2", "openai", False)]


def test_a_run_of_real_models_tells_that_one_attempt_was_simulated(cloud: Cloud) -> None:
    ended = (at := installation(cloud, raises(Refused("No.")), real)).work(at.submit())
    job = (later := installation(cloud, draws)).work(later.service.retry(ended.id, [2], HERE))
    assert told(job) == [("Real 1", "openai", False), ("Model 2", "openai", True)]
    assert job.simulated


def test_an_attempt_that_failed_or_was_cancelled_keeps_its_own_label(cloud: Cloud) -> None:
    ended = (at := installation(cloud, raises(Refused("No.")))).work(at.submit())
    later = installation(cloud, raises(Refused("No.")), real)
    failed = later.work(later.service.retry(ended.id, [2], HERE))
    assert told(failed)[1] == ("Real 2", "openai", False)

    def cancels(request: ImageRequest, context: CallContext) -> Picture:
        later.service.cancel(ended.id, [2])
        return draws(request, context)

    later.painters[2].draw = cancels
    cancelled = later.work(later.service.retry(ended.id, [2], HERE))
    assert (codes(cancelled)[1], told(cancelled)[1][0]) == ("cancelled", "Real 2")


def test_after_a_restore_the_bytes_are_those_of_the_attempt_that_is_recorded(cloud: Cloud) -> None:
    """The table goes back to before the retry, the bucket does not."""
    at = installation(cloud, raises(Refused("No.")))
    ended = at.work(at.submit())
    before = cloud.dynamodb.scan(TableName=TABLE)["Items"]
    at.painters[2].draw = lambda *_: Picture(png("forgotten"))
    at.work(at.service.retry(ended.id, [2], HERE))
    for item in before:
        cloud.dynamodb.put_item(TableName=TABLE, Item=item)
    at.ahead_ms += 1000
    at.painters[2].draw = lambda *_: Picture(png("drawn anew"))
    image = at.work(at.service.retry(ended.id, [2], HERE)).outcomes[2].image
    assert image
    assert at.pictures.get(image.key) == png("drawn anew")
    assert at.pictures.get(f"group-images/{ended.target}/model-2-2-2.png") == png("forgotten")


def test_a_dead_worker_s_picture_is_adopted_from_beside_a_forgotten_one(cloud: Cloud) -> None:
    at = installation(cloud, draws)
    job = at.submit()
    key = f"group-images/{job.target}/model-2-2-1.png"
    cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=png("forgotten"), Metadata={})
    at.painters[2].draw = lambda *_: Picture(png("drawn anew"))
    image = at.work(job).outcomes[2].image
    assert image
    assert at.pictures.get(image.key) == png("drawn anew")
    leased = at.current(job)
    assert at.pictures.find(leased, 2) == leased.outcomes[2]


def test_what_an_attempt_stored_first_stands(cloud: Cloud) -> None:
    at = installation(cloud, draws)
    outcome = at.work(at.submit()).outcomes[1]
    assert outcome.image
    again = replace(outcome, completed_at=outcome.completed_at + 1)
    assert at.pictures.put(png("polled again"), again) == outcome
    assert at.pictures.put(png("a lighthouse"), outcome) == outcome


def test_a_taken_key_with_other_bytes_is_told(cloud: Cloud) -> None:
    at = installation(cloud, draws)
    at.services.ground.images.put("key", b"one", "image/png")
    at.services.ground.images.put("key", b"one", "image/png")
    with pytest.raises(KeyTaken):
        at.services.ground.images.put("key", b"two", "image/png")
