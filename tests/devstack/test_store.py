"""The state on disk: what `write` returned from is found again, or the next start refuses."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from devstack.state.room import leave_room
from devstack.state.store import FILE, MARK, PREVIOUS, Batch, Damaged, Key, NotKept, Store

LOG = f"{FILE}-wal"
Records = dict[Key, bytes]


@contextmanager
def opened(data: Path) -> Iterator[Store]:
    store = Store(data / "state", sync=False)
    try:
        yield store
    finally:
        store.close()


def batch(number: int) -> Batch:
    """One of a hundred or so records, larger than a page now and then, and one removed."""
    rng = random.Random(number)
    name = f"name-{rng.randrange(100)}"
    return {
        ("item", name): rng.randbytes(rng.choice((10, 500, 20_000))),
        ("object", name): f"{number}".encode(),
        ("item", f"name-{rng.randrange(100)}"): None,
    }


def filled(data: Path, batches: int) -> Records:
    """Write so many batches and crash; return what must be found."""
    truth: Records = {}
    with opened(data / "living") as store:
        for number in range(batches):
            store.write(batch(number))
            apply(truth, batch(number))
        crash(data)
    return truth


def apply(truth: Records, change: Batch) -> None:
    for key, value in change.items():
        truth.pop(key, None)
        if value is not None:
            truth[key] = value


def crash(data: Path) -> None:
    """Leave the files as they are now, as a kill does."""
    shutil.copytree(data / "living" / "state", data / "state", dirs_exist_ok=True)


def found(data: Path) -> Records:
    with opened(data) as store:
        return {
            (kind, name): value
            for kind in ("item", "object")
            for name, value in store.records(kind)
        }


def cut(path: Path, by: int) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - by)


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        [old] = file.read(1)
        file.seek(at)
        file.write(bytes([old ^ 0x41]))


def test_what_was_written_is_found_after_a_crash_and_after_a_stop(tmp_path: Path) -> None:
    truth = filled(tmp_path, 300)
    assert found(tmp_path) == truth
    assert found(tmp_path) == truth


def test_the_torn_end_of_an_unanswered_batch_is_cut_off(tmp_path: Path) -> None:
    truth = filled(tmp_path, 50)
    with (tmp_path / "state" / LOG).open("ab") as log:
        log.write(random.Random(1).randbytes(5_000))
    assert found(tmp_path) == truth


@pytest.mark.parametrize("by", [1, 100, 5_000, 20_000])
def test_a_log_that_lost_its_end_after_the_answer_is_refused(tmp_path: Path, by: int) -> None:
    filled(tmp_path, 50)
    cut(tmp_path / "state" / LOG, by)
    with pytest.raises(Damaged, match=r"state\.db is damaged"):
        found(tmp_path)


@pytest.mark.parametrize("by", [1, 100, 5_000, 50_000])
def test_a_state_that_lost_its_end_after_a_stop_is_refused(tmp_path: Path, by: int) -> None:
    filled(tmp_path, 50)
    found(tmp_path)
    cut(tmp_path / "state" / FILE, by)
    with pytest.raises(Damaged, match="choose another directory with DATA_DIR"):
        found(tmp_path)


@pytest.mark.parametrize(("name", "least"), [(FILE, 60), (LOG, 5)])
def test_a_changed_byte_is_refused_or_changes_nothing(
    tmp_path: Path, name: str, least: int
) -> None:
    """Much of the log was folded into the file already, and counts for nothing."""
    origin = tmp_path / "origin"
    truth = filled(origin, 60)
    if name == FILE:
        found(origin)
    size = (origin / "state" / name).stat().st_size
    rng, refused = random.Random(7), 0
    for number in range(100):
        data = tmp_path / str(number)
        shutil.copytree(origin / "state", data / "state")
        flip(data / "state" / name, rng.randrange(size))
        try:
            assert found(data) == truth
        except Damaged:
            refused += 1
    assert refused > least


@pytest.mark.parametrize("lost", [FILE, LOG])
def test_a_missing_file_is_refused(tmp_path: Path, lost: str) -> None:
    filled(tmp_path, 10)
    (tmp_path / "state" / lost).unlink()
    with pytest.raises(Damaged):
        found(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\0" * 8192, b"not a database"])
def test_a_file_with_other_content_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    filled(tmp_path, 10)
    found(tmp_path)
    file = tmp_path / "state" / FILE
    file.write_bytes(content)
    for _ in range(2):
        with pytest.raises(Damaged):
            found(tmp_path)
    assert file.read_bytes() == content


def test_the_previous_state_can_be_put_back_as_the_sentence_says(tmp_path: Path) -> None:
    truth = filled(tmp_path, 20)
    with opened(tmp_path) as store:
        store.write({("item", "later"): b"later"})
    cut(tmp_path / "state" / FILE, 100)
    with pytest.raises(Damaged) as refused:
        found(tmp_path)
    state, previous = tmp_path / "state", tmp_path / PREVIOUS
    assert f"move {state} away and rename {previous} to state" in str(refused.value)
    state.rename(tmp_path / "damaged")
    previous.rename(state)
    assert found(tmp_path) == truth


def test_a_start_that_was_killed_before_its_end_is_begun_again(tmp_path: Path) -> None:
    truth = filled(tmp_path, 10)
    (tmp_path / "state" / MARK).unlink()
    assert found(tmp_path) == truth
    (tmp_path / "new" / "state").mkdir(parents=True)
    (tmp_path / "new" / "state" / FILE).touch()
    assert found(tmp_path / "new") == {}


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.write({("item", "one"): b"1"})
        store._database.execute("PRAGMA max_page_count = 12")
        with pytest.raises(NotKept, match=r"state\.db cannot be written: database or disk is full"):
            store.write({("item", "one"): b"2", ("item", "large"): bytes(100_000)})
        assert store.read(("item", "one")) == b"1"
        store.write({("item", "two"): b"2"})
    assert found(tmp_path) == {("item", "one"): b"1", ("item", "two"): b"2"}


def disk(blocks: int, free: int) -> os.statvfs_result:
    """One of so many kilobytes, of which so many are free."""
    return os.statvfs_result((1024, 1024, blocks, free, free, 0, 0, 0, 0, 255))


@pytest.mark.parametrize(
    ("blocks", "free", "size_kb", "fits"),
    [
        (10_000_000, 20_000, 3_000, True),
        (10_000_000, 20_000, 4_000, False),
        (6_000, 2_600, 500, True),
        (6_000, 2_600, 700, False),
    ],
)
def test_pictures_leave_room_for_the_tables(
    tmp_path: Path, blocks: int, free: int, size_kb: int, fits: bool
) -> None:
    expected = nullcontext() if fits else pytest.raises(OSError, match="No space left")
    with expected:
        leave_room(tmp_path, size_kb * 1024, lambda _: disk(blocks, free))
