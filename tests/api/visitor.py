"""A client of the product, as others write theirs: HTTP and one socket, nothing from inside."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import requests
from websockets.sync.client import ClientConnection, connect

ENDED = ("completed", "partial", "failed", "cancelled")
Json = dict[str, Any]


@dataclass(frozen=True)
class Visitor:
    """One client of one product."""

    url: str
    source: str | None = None
    """The loopback address to connect from, where a test needs several clients."""
    answer_seconds: ClassVar[int] = 30

    def call(
        self, method: str, path: str, body: object = None, **options: Any
    ) -> requests.Response:
        """`body` is sent as JSON; `data` and `headers` go as they are."""
        if body is not None:
            options["json"] = body
        with requests.Session() as session:
            session.trust_env = False
            if self.source:
                session.mount("http://", _From(self.source))
            return session.request(
                method, f"{self.url}/api{path}", timeout=self.answer_seconds, **options
            )

    def generate(self, prompt: str, **settings: Any) -> Json:
        answer = self.call("POST", "/generate", {"prompt": prompt, **settings})
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    def status(self, job_id: str) -> Json:
        return dict(self.call("GET", f"/status/{job_id}").json())

    def wait(self, job_id: str, seconds: float = 30.0) -> Json:
        """The job once it has ended; raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while (job := self.status(job_id))["status"] not in ENDED:
            if time.monotonic() > deadline:
                raise TimeoutError(f"job {job_id} is {job['status']} after {seconds:g} s")
            time.sleep(0.05)
        return job

    def wait_drawn(self, job_id: str, seconds: float = 30.0) -> Json:
        """The job once it has ended and all of its pictures have previews."""
        self.wait(job_id, seconds)
        deadline = time.monotonic() + seconds
        while not all_drawn(job := self.status(job_id)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"job {job_id} has no previews after {seconds:g} s")
            time.sleep(0.05)
        return job

    @contextmanager
    def socket(self, origin: str | None = None) -> Iterator[Socket]:
        address = self.url.replace("http", "ws", 1) + "/ws"
        with connect(address, origin=origin, proxy=None) as connection:  # type: ignore[arg-type]
            yield Socket(connection)

    def image(self, url: str) -> requests.Response:
        return requests.get(url if url.startswith("http") else self.url + url, timeout=30)


@dataclass(frozen=True)
class Socket:
    """A connected client."""

    connection: ClientConnection

    def send(self, message: object) -> None:
        self.connection.send(message if isinstance(message, str) else json.dumps(message))

    def receive(self, seconds: float = 20.0) -> Json:
        return dict(json.loads(self.connection.recv(seconds)))

    def ask(self, message: object) -> Json:
        self.send(message)
        return self.receive()

    def follow(self, job_id: str, seconds: float = 30.0) -> list[Json]:
        """Every state that the socket showed from the subscription to the job's end."""
        self.send({"action": "subscribe", "jobId": job_id})
        jobs = [self.receive(seconds)["job"]]
        while jobs[-1]["status"] not in ENDED:
            jobs.append(self.receive(seconds)["job"])
        return jobs


class _From(requests.adapters.HTTPAdapter):
    """Connects from one address of this machine."""

    def __init__(self, source: str) -> None:
        self._source = source
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["source_address"] = (self._source, 0)
        super().init_poolmanager(*args, **kwargs)


def all_drawn(job: Json) -> bool:
    """Whether every picture of the job has previews."""
    pictures = [result for result in job["results"] if "imageUrl" in result]
    return all("thumbUrl" in result and "previewUrl" in result for result in pictures)
