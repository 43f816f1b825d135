"""The baseline is a fair one: it loses what its design loses, and nothing more."""

import random
import threading

import pytest

from bench.originals import limiter
from bench.originals.documents import Documents
from bench.originals.page import gallery, watch
from bench.originals.studio import OriginalStudio, ended
from tests.unit.cloud import BUCKET, Cloud


@pytest.fixture(name="documents")
def _documents(cloud: Cloud) -> Documents:
    return Documents(cloud.s3, BUCKET)


def test_one_model_alone_always_ends(documents: Documents) -> None:
    studio = OriginalStudio(documents, ("Model 1",))
    job_id = studio.submit("a fox", "203.0.113.9")
    studio.work(job_id, lambda _: b"picture")
    assert studio.status(job_id)["status"] == "completed"


def test_two_models_that_read_the_same_document_lose_a_result(documents: Documents) -> None:
    studio = OriginalStudio(documents, ("Model 1", "Model 2"))
    job_id = studio.submit("a fox", "203.0.113.9")
    both = threading.Barrier(2)
    read = documents.read

    class Slow(Documents):
        def read(self, key: str) -> dict[str, object]:
            document = read(key)
            both.wait(10)
            return document

    slow = OriginalStudio(Slow(documents.client, documents.bucket), studio.models)
    slow.work(job_id, lambda _: b"picture")
    assert len(ended(studio.status(job_id))) < 2


def test_the_limiter_counts_each_address(documents: Documents) -> None:
    admitted = [limiter.check(documents, "203.0.113.9", 100, 2) for _ in range(3)]
    assert admitted == [True, True, False]
    assert limiter.check(documents, "203.0.113.10", 100, 2)


def test_the_page_polls_until_every_model_has_ended() -> None:
    answers = iter([["pending", "pending"], ["completed", "pending"], ["completed", "error"]])
    watched = watch(lambda: {"results": [{"status": s} for s in next(answers)]}, 2, 0, 10)
    assert (watched.polls, sorted(watched.seen)) == (3, [0, 1])


def test_the_gallery_fetches_a_whole_picture_of_every_folder(documents: Documents) -> None:
    for folder in ("one", "two"):
        documents.write(f"group-images/{folder}/Model-1.json", {"output": folder})
    shown = gallery(documents, random.Random(1))
    assert [picture["output"] for picture in shown] == ["one", "two"]
