"""P6: what the gallery's first page of fifty asks of the network and of AWS."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass

from chalice.test import Client

from app import app
from bench.effort import Effort
from bench.emulator import emulator
from bench.figures.designs import original_studio
from bench.installation import Installation, installed
from bench.originals.page import gallery as original_gallery
from bench.originals.studio import picture_document
from bench.pictures import photograph
from bench.scorecard import Figure, Part
from chalicelib.gallery.model import GalleryEntry
from chalicelib.images.previews import draw
from chalicelib.images.store import PREFIX, thumbnail_key

PAGE, OLDER = 50, 10
MEGABYTES_BAR, QUERIES_BAR = 0.9, 1
MEGABYTE = 1_000_000
DAY_MS = 86_400_000


@dataclass(frozen=True)
class Load:
    """What one look at the gallery took."""

    megabytes: float
    calls: int


def measure(_: Effort) -> list[Figure]:
    with emulator() as url:
        ours, theirs = load(url), _original_load(url)
    parts = (
        Part("bytes", round(ours.megabytes, 3), "MB", MEGABYTES_BAR, round(theirs.megabytes, 1)),
        Part("queries", ours.calls, "", QUERIES_BAR, f"{theirs.calls} S3 calls"),
    )
    return [Figure("P6", "gallery of 50", parts)]


def load(url: str) -> Load:
    """The list and every thumbnail on it, out of a gallery that is longer than its first page."""
    with installed(url, 1) as installation, Client(app) as client:
        for entry in _entries(installation):
            installation.services.ground.gallery.put(entry)
        small = draw(photograph()).thumbnail
        installation.meter.reset()
        answer = client.http.get(f"/gallery?limit={PAGE}")
        shown = json.loads(answer.body)["galleries"]
        previews = sum(len(small) for entry in shown if entry["preview"]["thumbUrl"])
        size = len(gzip.compress(answer.body)) + previews
        return Load(size / MEGABYTE, installation.meter.count("dynamodb", "s3"))


def _entries(installation: Installation) -> Iterator[GalleryEntry]:
    now = installation.services.ports.clock()
    for number in range(PAGE + OLDER):
        target = f"2026-11-21-10-00-{number:02d}"
        yield GalleryEntry(
            job_id=f"{number:08x}-0000-4000-8000-000000000000",
            target=target,
            prompt="a lighthouse above a stormy sea, oil on canvas",
            created_at_ms=now - number,
            expires_at_ms=now + DAY_MS,
            images=9,
            thumb_key=thumbnail_key(f"{PREFIX}/{target}/hunyuan-image-1-1-1.png"),
            model="Hunyuan Image 1",
            models=tuple(f"Hunyuan Image {model}" for model in range(1, 10)),
        )


def _original_load(url: str) -> Load:
    """One whole picture, base64 in JSON, for each of fifty folders; gzip as a CDN sends it."""
    with installed(url, 1) as installation:
        studio = original_studio(installation, 1)
        for number in range(PAGE):
            target = f"2026-11-21-10-00-{number:02d}"
            document = picture_document("Model 1", target, photograph())
            studio.documents.write(f"group-images/{target}/Model-1.json", document)
        installation.meter.reset()
        fetched = original_gallery(studio.documents, random.Random(7))
        calls = installation.meter.count("s3")
    one = len(gzip.compress(json.dumps(fetched[0]).encode(), compresslevel=6))
    return Load(one * len(fetched) / MEGABYTE, calls)
