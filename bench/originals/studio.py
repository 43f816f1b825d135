"""Jobs, pictures and the fan-out of the original design."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.originals import limiter
from bench.originals.documents import Document, Documents

GLOBAL_LIMIT, IP_LIMIT = 1_000_000, 100_000
ENDED = ("completed", "error")
Draw = Callable[[int], bytes]


@dataclass(frozen=True)
class OriginalStudio:
    """`models` are the names of the models; each job asks all of them."""

    documents: Documents
    models: tuple[str, ...]

    def submit(self, prompt: str, address: str) -> str:
        """Checks the limits, writes the status document, and returns the job's id."""
        if not limiter.check(self.documents, address, GLOBAL_LIMIT, IP_LIMIT):
            raise RuntimeError("rate limited")
        job_id, now = str(uuid.uuid4()), _now()
        status: Document = {
            "jobId": job_id,
            "status": "pending",
            "createdAt": now,
            "updatedAt": now,
            "totalModels": len(self.models),
            "completedModels": 0,
            "prompt": prompt,
            "parameters": {"steps": 28, "guidance": 5, "control": 1.0},
            "results": [{"model": name, "status": "pending"} for name in self.models],
        }
        self.documents.write(_status_key(job_id), status)
        return job_id

    def work(self, job_id: str, draw: Draw) -> None:
        """Asks every model at the same time; each thread edits the one status document.

        `draw` gives the picture of the model with that number.
        """
        target = datetime.now(UTC).strftime("%Y-%m-%d-%H-%M-%S")
        with ThreadPoolExecutor(len(self.models)) as pool:
            futures = [
                pool.submit(self._draw, job_id, target, number, draw)
                for number in range(len(self.models))
            ]
            for future in as_completed(futures):
                future.result()

    def status(self, job_id: str) -> Document:
        return self.documents.read(_status_key(job_id))

    def _draw(self, job_id: str, target: str, number: int, draw: Draw) -> None:
        began = time.time()
        self._change(job_id, number, {"status": "in_progress", "startedAt": _now()})
        key = self._save(target, self.models[number], draw(number))
        took = time.time() - began
        ended = {"status": "completed", "imageKey": key, "completedAt": _now(), "duration": took}
        self._change(job_id, number, ended)

    def _save(self, target: str, model: str, picture: bytes) -> str:
        name = "".join(c if c.isalnum() else "-" for c in model)
        key = f"group-images/{target}/{name}-{time.time_ns()}.json"
        self.documents.write(key, picture_document(model, target, picture))
        return key

    def _change(self, job_id: str, number: int, fields: Document) -> None:
        def edit(status: Document) -> None:
            status["results"][number].update(fields)
            ends = [r["status"] for r in status["results"] if r["status"] in ENDED]
            status["completedModels"] = len(ends)
            status["status"] = "completed" if len(ends) == len(self.models) else "in_progress"
            status["updatedAt"] = _now()

        self.documents.change(_status_key(job_id), edit)


def ended(status: Document) -> list[int]:
    """Which models the status document shows as ended."""
    return [n for n, result in enumerate(status["results"]) if result["status"] in ENDED]


def picture_document(model: str, target: str, picture: bytes) -> Document:
    """A picture and all that is known of it."""
    return {
        "output": base64.b64encode(picture).decode(),
        "model": model,
        "target": target,
        "timestamp": _now(),
        "NSFW": False,
    }


def _status_key(job_id: str) -> str:
    return f"jobs/{job_id}/status.json"


def _now() -> str:
    return datetime.now(UTC).isoformat()
