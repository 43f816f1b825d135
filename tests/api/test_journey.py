"""One prompt's way, seen from outside: nine pictures arrive live and stay."""

from __future__ import annotations

import statistics
import time

from devstack.state.bootstrap import BUCKET
from tests.api.visitor import Visitor
from tests.support.product import Product, wait_until

QUICK_ENOUGH_S = 0.1


def test_a_job_is_accepted_within_a_tenth_of_a_second(visitor: Visitor) -> None:
    took = []
    for n in range(7):
        began = time.perf_counter()
        answer = visitor.call("POST", "/generate", {"prompt": f"a quick fox {n}", "models": [1]})
        took.append(time.perf_counter() - began)
        assert answer.status_code == 202
    assert statistics.median(took) <= QUICK_ENOUGH_S


def test_a_subscriber_sees_the_job_grow_to_nine_pictures(visitor: Visitor) -> None:
    job = visitor.generate("a paper boat on a green river", seed=7)
    with visitor.socket() as socket:
        shown = socket.follow(job["jobId"])
    seqs = [state["seq"] for state in shown]
    counts = [state["completedModels"] for state in sorted(shown, key=lambda s: s["seq"])]
    assert len(set(seqs)) >= 5
    assert counts == sorted(counts)
    last = max(shown, key=lambda state: state["seq"])
    assert (last["status"], last["completedModels"], last["totalModels"]) == ("completed", 9, 9)
    assert last == visitor.status(job["jobId"])


def test_every_picture_is_the_bytes_that_were_stored(visitor: Visitor, product: Product) -> None:
    job = visitor.wait_drawn(visitor.generate("a lighthouse at dusk")["jobId"])
    s3 = product.aws("s3")
    for result in job["results"]:
        answer = visitor.image(result["imageUrl"])
        stored = s3.get_object(Bucket=BUCKET, Key=result["imageKey"])["Body"].read()
        assert answer.content == stored
        assert len(stored) == result["bytes"]
        assert answer.headers["Content-Type"] == result["contentType"]
        assert "immutable" in answer.headers["Cache-Control"]
        thumb = visitor.image(result["thumbUrl"])
        assert thumb.headers["Content-Type"] == "image/webp"
        assert thumb.content[8:12] == b"WEBP"
        assert len(thumb.content) < 40_000
        preview = visitor.image(result["previewUrl"])
        assert (preview.headers["Content-Type"], preview.content[8:12]) == ("image/webp", b"WEBP")


def test_a_finished_job_is_first_in_the_gallery_with_its_pictures(visitor: Visitor) -> None:
    job = visitor.wait_drawn(visitor.generate("a gallery piece", models=[1, 4])["jobId"])

    def listed() -> list[dict[str, object]]:
        page = visitor.call("GET", "/gallery?limit=20").json()["galleries"]
        return [entry for entry in page if entry["jobId"] == job["jobId"]]

    (entry,) = wait_until(listed)
    assert (entry["prompt"], entry["images"]) == ("a gallery piece", 2)
    assert entry["models"] == [result["model"] for result in job["results"]]
    first = visitor.status(job["jobId"])["results"][0]
    for url in ("thumbUrl", "previewUrl"):
        assert entry["preview"][url] == first[url]
    detail = visitor.call("GET", f"/gallery/{job['target']}").json()
    assert detail["images"] == job["results"]


def test_the_gallery_shows_what_is_there_while_a_model_is_retried(visitor: Visitor) -> None:
    started = visitor.generate("a piece to retry [[recraft:slow=30]]", models=[1, 7])
    path = f"/jobs/{started['jobId']}"
    assert visitor.call("GET", f"/gallery/{started['target']}").status_code == 404
    visitor.call("POST", f"{path}/cancel", {"models": [7]})
    job = visitor.wait(started["jobId"])
    assert visitor.call("POST", f"{path}/retry", {"models": [7]}).status_code == 202
    detail = visitor.call("GET", f"/gallery/{started['target']}")
    assert visitor.status(started["jobId"])["status"] == "in_progress"
    visitor.call("POST", f"{path}/cancel")
    assert detail.status_code == 200
    assert [image["imageUrl"] for image in detail.json()["images"]] == [
        result["imageUrl"] for result in job["results"] if result["index"] == 1
    ]


def test_what_a_model_cannot_take_is_told(visitor: Visitor) -> None:
    started = visitor.generate("a tall tower", seed=11, steps=40, aspectRatio="9:16")
    job = visitor.wait(started["jobId"])
    by_provider = {r["provider"]: r for r in job["results"]}
    openai = by_provider["openai"]
    assert set(openai["ignored"]) == {"seed", "steps"}
    assert openai["requested"] == {"aspectRatio": "9:16", "seed": 11, "steps": 40}
    assert openai["height"] > openai["width"]
    assert openai["cost"]["basis"] == "exact"
    assert openai["cost"]["amount"] > 0
    assert by_provider["bedrock"]["cost"]["basis"] == "estimated"
    assert by_provider["bedrock"]["seed"] == 11


def test_pages_of_the_gallery_follow_each_other_without_gap_or_repeat(visitor: Visitor) -> None:
    jobs = [visitor.generate(f"page {n}", models=[1])["jobId"] for n in range(5)]
    for job_id in jobs:
        visitor.wait(job_id)
    # An entry follows its job's end.
    assert wait_until(lambda: set(jobs) <= set(_listed(visitor, "50")))
    seen = _listed(visitor, "2")
    assert len(seen) == len(set(seen))
    assert set(jobs) <= set(seen)


def _listed(visitor: Visitor, limit: str) -> list[str]:
    """The ids of all jobs in the gallery, read by pages of so many."""
    seen: list[str] = []
    query: dict[str, str] | None = {"limit": limit}
    while query:
        page = visitor.call("GET", "/gallery", params=query).json()
        seen += [entry["jobId"] for entry in page["galleries"]]
        query = {"limit": limit, "cursor": page["next"]} if page["next"] else None
    return seen
