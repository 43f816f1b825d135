"""Previews come after the picture, cost one write, and never stand in its way."""

import json
from dataclasses import replace

import pytest

from chalicelib.callers import Caller
from chalicelib.images.addresses import PictureAddresses
from chalicelib.images.previews import Previews
from chalicelib.images.sniff import BadImage
from chalicelib.images.store import preview_key, thumbnail_key
from chalicelib.jobs.model import Job
from chalicelib.jobs.view import job_view
from chalicelib.providers.errors import Refused
from tests.unit.cloud import BUCKET, Cloud
from tests.unit.jobs.studio import (
    PREVIEWS,
    WISH,
    Painter,
    Studio,
    draws,
    raises,
)


def studio(cloud: Cloud, models: int = 1) -> Studio:
    return Studio(cloud, {index: Painter(draws) for index in range(1, models + 1)})


def key_of(job: Job, index: int = 1) -> str:
    image = job.outcomes[index].image
    assert image
    return image.key


def stored(cloud: Cloud, key: str) -> bytes:
    body: bytes = cloud.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return body


def test_a_picture_is_told_before_its_previews_and_again_with_them(cloud: Cloud) -> None:
    at = studio(cloud)
    job = at.submit()
    at.store.subscribe(job.id, "c1", at.clock())
    told = at.work(job)
    result = job_view(told, PictureAddresses().of).results[0]
    assert result.image_url
    assert (result.preview_url, result.thumb_url) == (None, None)
    drawn = at.preview(job)
    result = job_view(drawn, PictureAddresses().of).results[0]
    assert result.preview_url == f"/{preview_key(key_of(job=drawn))}"
    assert result.thumb_url == f"/{thumbnail_key(key_of(drawn))}"
    assert drawn.seq == told.seq + 1
    last = json.loads(at.sockets.posts[-1][1])["job"]
    assert (last["seq"], last["results"][0]["previewUrl"]) == (drawn.seq, result.preview_url)
    assert stored(cloud, preview_key(key_of(drawn))) == PREVIEWS.preview
    assert stored(cloud, thumbnail_key(key_of(drawn))) == PREVIEWS.thumbnail


def test_several_previews_are_one_write_which_closes_the_job(cloud: Cloud) -> None:
    at = studio(cloud, 3)
    job = at.work(at.submit())
    assert job.is_open
    with cloud.noting(at.journal):
        at.journal.clear()
        at.previewing.run(job.id, [1, 2, 3])
    assert at.journal.count("UpdateItem") == 1
    closed = at.current(job)
    assert not closed.is_open
    assert [closed.preview(i) for i in (1, 2, 3)] == ["drawn"] * 3
    (entry,) = at.gallery.page(10, None, at.clock()).entries
    assert entry.thumb_key == thumbnail_key(key_of(closed))


def test_a_repeated_request_changes_nothing(cloud: Cloud) -> None:
    at = studio(cloud)
    job = at.work(at.submit())
    drawn = at.preview(job)
    assert at.preview(job) == drawn
    assert at.store.record_previews(job, {1: "drawn"}, at.clock()).seq == drawn.seq


def test_a_lost_answer_is_known_again(cloud: Cloud) -> None:
    at = studio(cloud)
    job = at.work(at.submit())
    with cloud.losing_answers("dynamodb.UpdateItem", times=1):
        drawn = at.preview(job)
    assert (drawn.seq, drawn.is_open, drawn.preview(1)) == (job.seq + 1, False, "drawn")


def test_a_picture_that_cannot_be_decoded_keeps_its_address_and_says_so(cloud: Cloud) -> None:
    def broken(data: bytes) -> Previews:
        raise BadImage("broken")

    at = studio(cloud)
    job = at.work(at.submit())
    replace(at.previewing, draw=broken).run(job.id, [1])
    ended = at.current(job)
    result = job_view(ended, PictureAddresses().of).results[0]
    assert (result.status, result.image_url) == ("completed", f"/{key_of(ended)}")
    assert result.preview_error == "The picture cannot be decoded, so it has no preview."
    assert (result.preview_url, result.thumb_url, ended.is_open) == (None, None, False)


def test_late_previews_are_not_those_of_another_attempt(cloud: Cloud) -> None:
    at = Studio(cloud, {1: Painter(draws), 2: Painter(raises(Refused("No.")))})
    job = at.work(at.submit())
    marked = at.store.record_previews(job, {2: "drawn"}, at.clock())
    at.painters[2] = Painter(draws)
    at.service.retry(job.id, [2], Caller("203.0.113.9"))
    again = at.work(marked)
    assert again.attempt(2) == 2
    assert again.preview(2) is None
    assert at.preview(job).preview(2) == "drawn"


def test_the_reaper_has_lost_previews_drawn(cloud: Cloud) -> None:
    at = studio(cloud)
    job = at.work(at.submit())
    at.functions.invoked.clear()
    at.reap(minutes=2)
    assert at.preview(job).preview(1) == "drawn"
    assert not at.current(job).is_open


def test_the_reaper_gives_previews_up_and_the_first_look_has_them_drawn(cloud: Cloud) -> None:
    at = studio(cloud)
    job = at.work(at.submit())
    at.reap(minutes=16)
    assert not at.current(job).is_open
    at.functions.invoked.clear()
    at.service.look(job.id)
    assert at.preview(job).preview(1) == "drawn"
    at.functions.invoked.clear()
    at.service.look(job.id)
    assert at.functions.invoked == []


def test_storage_that_fails_leaves_the_previews_to_the_reaper(cloud: Cloud) -> None:
    at = studio(cloud, 2)
    job = at.work(at.submit())
    with cloud.failing("s3.PutObject", times=1000, at="model-1"):
        at.previewing.run(job.id, [1, 2])
    half = at.current(job)
    assert [half.preview(1), half.preview(2), half.is_open] == [None, "drawn", True]


def test_a_picture_that_is_gone_is_not_asked_for_again(cloud: Cloud) -> None:
    at = studio(cloud)
    job = at.work(at.submit())
    cloud.s3.delete_object(Bucket=BUCKET, Key=key_of(job))
    assert at.preview(job).preview(1) == "broken"


@pytest.mark.parametrize("gone", [True, False])
def test_a_job_that_is_not_there_needs_no_previews(cloud: Cloud, gone: bool) -> None:
    at = studio(cloud)
    job_id = "0" * 36 if gone else at.service.submit(WISH, Caller("203.0.113.9"), None).id
    at.previewing.run(job_id, [1])
    assert "UpdateItem" not in at.journal
