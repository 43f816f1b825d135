"""Looking for runs finds each one that is wanted, once, whatever lies between them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.gallery.model import GalleryEntry
from chalicelib.gallery.search import AT_ONCE, EVERYTHING, LOOKS, Wanted, search
from chalicelib.gallery.store import BadCursor, GalleryStore
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


def entry(number: int, age_ms: int = 0, **changes: object) -> GalleryEntry:
    made = entry_of(samples.job(job_id=f"{number:08x}-0000-0000-0000-000000000000"))
    times = {"created_at_ms": NOW - age_ms, "expires_at_ms": NOW + DAY_MS}
    return replace(made, **{**times, **changes})  # type: ignore[arg-type]


def found(gallery: GalleryStore, wanted: Wanted, limit: int = 2) -> list[int]:
    """Return the numbers of all entries that paging through shows, in order."""
    seen: list[int] = []
    cursors: list[str | None] = [None]
    while True:
        page = search(gallery, wanted, limit, cursors[-1], NOW)
        assert len(page.entries) <= limit
        seen += [int(e.job_id[:8], 16) for e in page.entries]
        if page.cursor is None:
            return seen
        assert page.cursor not in cursors
        cursors.append(page.cursor)


ENTRIES = (
    entry(1, 1, prompt="An Old Fishing Village", models=("A", "B"), status="completed"),
    entry(2, 2, prompt="a village in fog", models=("B",), status="partial", starred=True),
    entry(3, DAY_MS, prompt="STRASSE, straße", status="failed"),
    entry(4, 40 * DAY_MS, verdict=Verdict("1", (), ("portrait", "hands"))),
    entry(5, 41 * DAY_MS, verdict=Verdict(None), starred=True, status="completed"),
)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (EVERYTHING, [1, 2, 3, 4, 5]),
        (Wanted(words=("village",)), [1, 2]),
        (Wanted(words=("village", "old")), [1]),
        (Wanted(words=("strasse",)), [3]),
        (Wanted(words=("nothing",)), []),
        (Wanted(model="B"), [1, 2]),
        (Wanted(model="b"), []),
        (Wanted(starred=True), [2, 5]),
        (Wanted(starred=False), [1, 3, 4]),
        (Wanted(tag="hands"), [4]),
        (Wanted(status="completed"), [1, 5]),
        (Wanted(status="completed", starred=True), [5]),
        (Wanted(first_ms=NOW - DAY_MS), [1, 2, 3]),
        (Wanted(first_ms=NOW - DAY_MS + 1), [1, 2]),
        (Wanted(after_ms=NOW - DAY_MS + 1), [3, 4, 5]),
        (Wanted(after_ms=NOW - DAY_MS), [4, 5]),
        (Wanted(first_ms=NOW - 40 * DAY_MS, after_ms=NOW - 1), [2, 3, 4]),
        (Wanted(first_ms=NOW + 1), []),
        (Wanted(after_ms=0), []),
        (Wanted(after_ms=10**15), [1, 2, 3, 4, 5]),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 100])
def test_what_is_wanted_is_found(
    gallery: GalleryStore, wanted: Wanted, numbers: list[int], limit: int
) -> None:
    for each in ENTRIES:
        gallery.put(each)
    assert found(gallery, wanted, limit) == numbers


@given(wanted=st.lists(st.booleans(), max_size=30), limit=st.integers(1, 5))
def test_every_page_size_finds_the_same(wanted: list[bool], limit: int) -> None:
    gallery = GalleryStore(DynamoDB(), TABLE, retention_days=60)  # type: ignore[arg-type]
    for number, starred in enumerate(wanted):
        gallery.put(entry(number, number * DAY_MS, starred=starred))
    expected = [number for number, starred in enumerate(wanted) if starred]
    assert found(gallery, Wanted(starred=True), limit) == expected


def test_a_page_reads_so_much_and_goes_on(gallery: GalleryStore, cloud: Cloud) -> None:
    """The one that is wanted lies behind more than one page may read."""
    last = LOOKS * AT_ONCE + 1
    for number in range(1, last + 1):
        gallery.put(entry(number, number, starred=number == last))
    journal: list[str] = []
    with cloud.noting(journal):
        page = search(gallery, Wanted(starred=True), 5, None, NOW)
    assert (page.entries, len(journal)) == ((), LOOKS)
    assert page.cursor
    assert found(gallery, Wanted(starred=True)) == [last]


def test_without_a_filter_a_page_is_one_query(gallery: GalleryStore, cloud: Cloud) -> None:
    for number in range(60):
        gallery.put(entry(number, number))
    journal: list[str] = []
    with cloud.noting(journal):
        assert len(search(gallery, EVERYTHING, 50, None, NOW).entries) == 50
    assert journal == ["Query"]


def test_a_cursor_that_was_not_given_out_is_refused(gallery: GalleryStore) -> None:
    for wanted in (EVERYTHING, Wanted(starred=True), Wanted(after_ms=NOW)):
        with pytest.raises(BadCursor):
            search(gallery, wanted, 5, "x", NOW)
