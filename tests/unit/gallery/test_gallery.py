"""Finished jobs, newest first, each exactly once, whatever the page size and the month."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.gallery.model import GalleryEntry, month_before, month_of
from chalicelib.gallery.store import BadCursor, GalleryStore
from chalicelib.images.store import thumbnail_key
from chalicelib.jobs.gallery_entry import entry_of
from chalicelib.verdicts.model import Verdict
from tests.simulation.cloud import DynamoDB
from tests.unit.cloud import TABLE, Cloud
from tests.unit.jobs import samples

DAY_MS = 86_400_000
NOW = int(datetime(2026, 3, 3, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def gallery(cloud: Cloud) -> GalleryStore:
    return GalleryStore(cloud.dynamodb, TABLE, retention_days=60)


def entry(number: int, created_at: int = NOW, expires_at: int = NOW + DAY_MS) -> GalleryEntry:
    made = entry_of(samples.job(job_id=f"{number:08x}-0000-0000-0000-000000000000"))
    return replace(made, created_at_ms=created_at, expires_at_ms=expires_at)


def walk(gallery: GalleryStore, size: int) -> list[str]:
    """Every job id that paging through shows, in order."""
    seen: list[str] = []
    cursor = None
    while True:
        page = gallery.page(size, cursor, NOW)
        assert len(page.entries) <= size
        seen += [e.job_id for e in page.entries]
        if page.cursor is None:
            return seen
        cursor = page.cursor


def test_an_entry_is_read_as_it_was_put(gallery: GalleryStore) -> None:
    bare = entry(1)
    shown = replace(
        entry(2, NOW + 1),
        images=2,
        thumb_key="group-images/x/a.webp",
        model="A",
        models=("A", "B"),
        status="partial",
        starred=True,
        verdict=Verdict("1", (("1",), ("2", "3")), ("portrait",)),
    )
    for put in (bare, shown, shown):
        gallery.put(put)
    assert gallery.page(10, None, NOW + 1).entries == (shown, bare)


def test_the_preview_is_the_first_picture_of_the_job() -> None:
    job = samples.job(1, 2, 3)
    ends = {1: samples.failure(), 2: samples.picture(2), 3: samples.picture(3)}
    unseen = entry_of(replace(job, outcomes=ends))
    assert (unseen.images, unseen.model, unseen.thumb_key) == (2, "Model 2", None)
    shown = entry_of(replace(job, outcomes=ends, previewed=frozenset({"2:1"})))
    assert (shown.images, shown.model) == (2, "Model 2")
    image = samples.picture(2).image
    assert image
    assert shown.thumb_key == thumbnail_key(image.key)
    bare = entry_of(replace(job, outcomes={1: samples.failure()}))
    assert (bare.images, bare.thumb_key, bare.model) == (0, None, None)


def test_an_entry_names_each_model_that_drew_once() -> None:
    job = samples.job(1, 2, 3, 4)
    slots = tuple(replace(slot, name="Twin") if slot.index > 2 else slot for slot in job.slots)
    ends = {1: samples.failure(), **{i: samples.picture(i) for i in (2, 3, 4)}}
    shown = entry_of(replace(job, slots=slots, outcomes=ends))
    assert (shown.images, shown.models) == (3, ("Model 2", "Twin"))
    assert entry_of(replace(job, outcomes={1: samples.cancelled()})).models == ()


def test_a_record_older_than_the_list_of_models_knows_its_first(
    gallery: GalleryStore, cloud: Cloud
) -> None:
    seen = replace(entry(1), thumb_key="group-images/x/a.webp", model="A", models=("A", "B"))
    for put in (seen, entry(2, NOW - 1)):
        gallery.put(put)
    for item in cloud.dynamodb.scan(TableName=TABLE)["Items"]:
        key = {name: item[name] for name in ("pk", "sk")}
        cloud.dynamodb.update_item(TableName=TABLE, Key=key, UpdateExpression="REMOVE models")
    assert [e.models for e in gallery.page(10, None, NOW).entries] == [("A",), ()]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_pages_over_months_show_everything_once_and_newest_first(
    gallery: GalleryStore, size: int
) -> None:
    days = [0, 0, 1, 2, 3, 31, 32, 59]
    for number, day in enumerate(days):
        gallery.put(entry(number, NOW - day * DAY_MS + number))
    shown = walk(gallery, size)
    assert shown[2:] == [entry(number).job_id for number in range(2, 8)]
    assert shown[:2] == [entry(1).job_id, entry(0).job_id]


def test_the_last_page_has_no_cursor(gallery: GalleryStore) -> None:
    for number in range(4):
        gallery.put(entry(number, NOW - number))
    first = gallery.page(2, None, NOW)
    assert first.cursor
    assert gallery.page(2, first.cursor, NOW).cursor is None


def test_expired_entries_are_hidden_before_dynamodb_deletes_them(gallery: GalleryStore) -> None:
    gallery.put(entry(1, expires_at=NOW))
    assert gallery.page(10, None, NOW).entries == ()


@given(
    expired=st.lists(st.booleans(), max_size=12),
    size=st.integers(1, 5),
)
def test_expired_entries_hide_no_others(expired: list[bool], size: int) -> None:
    gallery = GalleryStore(DynamoDB(), TABLE, retention_days=60)  # type: ignore[arg-type]
    for number, gone in enumerate(expired):
        gallery.put(entry(number, NOW - number, NOW - DAY_MS if gone else NOW + DAY_MS))
    kept = [entry(number).job_id for number, gone in enumerate(expired) if not gone]
    assert walk(gallery, size) == kept


def test_expired_entries_hide_no_others_in_dynamodb_either(gallery: GalleryStore) -> None:
    for number in range(9):
        gallery.put(entry(number, NOW - number, NOW + DAY_MS if number in (0, 8) else NOW))
    assert walk(gallery, 1) == [entry(0).job_id, entry(8).job_id]


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "!!!!",
        "é",
        "A" * 200,
        encoded(7),
        encoded([]),
        encoded(["2026-03"]),
        encoded(["2026-13", "0" * 15 + "#a"]),
        encoded(["2026-03", "SECRET"]),
        encoded(["2026-03\n", "0" * 15 + "#a"]),
        encoded([["2026-03"], {"a": 1}]),
        encoded({"2026-03": 1, "b": 2}),
    ],
)
def test_a_cursor_that_was_not_given_out_is_refused(gallery: GalleryStore, cursor: str) -> None:
    with pytest.raises(BadCursor):
        gallery.page(10, cursor, NOW)


def test_a_cursor_from_the_far_past_or_future_shows_no_more_than_there_is(
    gallery: GalleryStore,
) -> None:
    gallery.put(entry(1))
    assert gallery.page(10, encoded(["2001-01", "9" * 15 + "#a"]), NOW).entries == ()
    assert len(gallery.page(10, encoded(["2099-12", "9" * 15 + "#f"]), NOW).entries) == 1


def test_months() -> None:
    assert month_of(NOW) == "2026-03"
    assert [month_before(m) for m in ("2026-03", "2026-01")] == ["2026-02", "2025-12"]


def test_a_page_within_a_month_is_one_query(gallery: GalleryStore, cloud: Cloud) -> None:
    for number in range(60):
        gallery.put(entry(number, NOW - number))
    journal: list[str] = []
    with cloud.noting(journal):
        assert len(gallery.page(50, None, NOW).entries) == 50
    assert journal == ["Query"]
