"""Keys and prompts that can be found again, and every place where they could have been left."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from devstack.default_slots import DEFAULT_SLOTS, PROMPT_SLOT
from devstack.simulators import running_simulators
from tests.api.visitor import Visitor
from tests.support.product import Product, running_product

KEY, PROMPT = "canaryKey5309Zq", "canaryPrompt8675Wx"
NEGATIVE, REFUSED = "canaryNegative4471Vy", "canaryRefused9902Ut"
PROMPTS = (PROMPT, NEGATIVE, REFUSED)
TIMEOUT_S = 5
FAULTS = (
    "refuse",
    "rate_limit",
    "bad_key",
    "no_credit",
    "retired",
    "server_error",
    "drop",
    "garbage",
    "bomb",
    "once-server_error",
    "hang",
)
TABLE, BUCKET = "pixel-prompt-local", "pixel-prompt-local-images"


@contextmanager
def installation(data_dir: Path) -> Iterator[Product]:
    """A product whose every key is a canary and whose providers are simulators."""
    with (
        running_simulators(pace=0.02) as simulators,
        running_product(data_dir, _environment(simulators.base_urls)) as product,
    ):
        yield product


def _environment(base_urls: Mapping[str, str]) -> dict[str, str]:
    environment = {
        "MODEL_COUNT": str(len(DEFAULT_SLOTS)),
        "PROMPT_MODEL_INDEX": str(PROMPT_SLOT),
        "AWS_ID": f"AKIA{KEY}",
        "AWS_SECRET": f"{KEY}-aws",
        "ORIGIN_SECRET": f"{KEY}-origin",
        "ENGINE_SCHEDULE_SECONDS": "1",
    }
    for index, slot in enumerate(DEFAULT_SLOTS, start=1):
        own_key = "N/A" if slot.provider == "bedrock" else f"{KEY}-{slot.provider}"
        environment |= {
            f"MODEL_{index}_NAME": slot.name,
            f"MODEL_{index}_PROVIDER": slot.provider,
            f"MODEL_{index}_KEY": own_key,
            f"MODEL_{index}_BASE_URL": base_urls[slot.provider],
            f"MODEL_{index}_TIMEOUT": str(TIMEOUT_S),
        }
    return environment


@dataclass(frozen=True)
class Recorder(Visitor):
    """A visitor who keeps all that is said to it."""

    answers: list[str] = field(default_factory=list)

    def call(
        self, method: str, path: str, body: object = None, **options: Any
    ) -> requests.Response:
        answer = super().call(method, path, body, **options)
        self.answers.append(f"{answer.headers}\n{answer.text}")
        return answer


def use_everything(visitor: Recorder) -> list[str]:
    """Uses everything the product offers; returns the ways in which models failed."""
    prompts = [f"{PROMPT} plain", *(f"[[*:{fault}]] {PROMPT}" for fault in FAULTS)]
    with visitor.socket() as socket:
        jobs = [visitor.generate(prompt, negativePrompt=NEGATIVE)["jobId"] for prompt in prompts]
        visitor.answers.append(json.dumps(socket.follow(jobs[0])))
        visitor.answers.append(json.dumps(socket.ask(f'{{"action":"{PROMPT}"')))
        visitor.answers.append(json.dumps(socket.ask({"action": PROMPT, "jobId": PROMPT})))
    with ThreadPoolExecutor(len(prompts)) as pool:
        for prompt in prompts:
            pool.submit(visitor.call, "POST", "/enhance", {"prompt": prompt})
    _send_refused(visitor)
    results = [result for job in jobs for result in visitor.wait(job)["results"]]
    _read_everything(visitor, jobs)
    return sorted({result["errorCode"] for result in results if "errorCode" in result})


def _send_refused(visitor: Recorder) -> None:
    blocked = f"a naked child {REFUSED}"
    for path in ("/generate", "/enhance"):
        visitor.call("POST", path, {"prompt": blocked})
        visitor.call("POST", path, {"prompt": REFUSED, REFUSED: REFUSED})
        visitor.call("POST", path, {"prompt": REFUSED * 100})
        visitor.call("POST", path, data=f'{{"prompt": "{REFUSED}', headers=_JSON)
        visitor.call("POST", path, data=REFUSED, headers={"Content-Type": REFUSED})
    visitor.call("GET", f"/status/{REFUSED}")
    visitor.call("GET", f"/gallery?cursor={REFUSED}")


def _read_everything(visitor: Recorder, jobs: Iterable[str]) -> None:
    cancelled = visitor.generate(f"[[*:slow=3]] {PROMPT}")["jobId"]
    visitor.call("POST", f"/jobs/{cancelled}/cancel")
    for job_id in jobs:
        visitor.call("POST", f"/jobs/{job_id}/retry", {"models": [1]})
    for job_id in jobs:
        visitor.wait(job_id)
    for path in ("/health", "/models", "/gallery", "/openapi.json"):
        visitor.call("GET", path)
    for entry in visitor.call("GET", "/gallery").json()["galleries"]:
        visitor.call("GET", f"/gallery/{entry['target']}")


_JSON = {"Content-Type": "application/json"}


def logs(product: Product) -> str:
    """Every log line of every process, and what the engine printed; the product has ended."""
    assert product.process.stdout is not None
    files = [log.read_text() for log in product.data_dir.rglob("*.log*") if log.is_file()]
    return "\n".join([*files, product.process.stdout.read()])


def items(product: Product) -> str:
    pages = product.aws("dynamodb").get_paginator("scan").paginate(TableName=TABLE)
    return json.dumps([page["Items"] for page in pages], default=str)


def objects(product: Product) -> bytes:
    """Keys, metadata and bytes of everything stored."""
    s3 = product.aws("s3")
    found = bytearray()
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for entry in page.get("Contents", ()):
            stored = s3.get_object(Bucket=BUCKET, Key=entry["Key"])
            head = {**stored["Metadata"], **stored["ResponseMetadata"]["HTTPHeaders"]}
            found += f"{entry['Key']} {head}".encode() + stored["Body"].read()
    return bytes(found)


def files(product: Product) -> bytes:
    """Everything that the engine has written to its directory."""
    return b"".join(f.read_bytes() for f in product.data_dir.rglob("*") if f.is_file())


def found(canary: str, text: str | bytes) -> list[str]:
    """The spellings in which the canary is there: as it is, encoded, or in another case."""
    searched = (text.encode() if isinstance(text, str) else text).lower()
    return [spelling for spelling in _spellings(canary) if spelling.lower().encode() in searched]


def _spellings(canary: str) -> set[str]:
    """Base64 has three, by where in a group of three bytes the canary begins."""
    encoded = {base64.b64encode(b"x" * n + canary.encode()).decode()[4:-4] for n in range(3)}
    hexadecimal = canary.encode().hex()
    return {canary, canary[::-1], quote(canary, safe=""), hexadecimal, *encoded}
