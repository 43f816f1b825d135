"""DynamoDB and S3 of the emulator behind a proxy that throttles, fails and loses answers."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import requests
from botocore.config import Config

from chalicelib.wiring.ports import AWS
from devstack.ports import free_port
from devstack.state.bootstrap import REGION, SAME_AS_TEMPLATE
from devstack.state.emulator import Emulator
from devstack.template import Template
from tests.support.product import PROJECT, wait_until
from tests.unit.cloud import BUCKET, TABLE, Cloud

STOP_S = 10.0
SHARE = 0.05 / 3
"""A twentieth of all calls fails: a third is refused, a third throttled, and a third applied."""
RULES = [
    {"service": "*", "probability": SHARE, "response": {"abort_bytes": 0}},
    {
        "service": "dynamodb",
        "probability": SHARE,
        "error": {"code": "ProvisionedThroughputExceededException"},
    },
    {"service": "dynamodb", "probability": SHARE, "error": {"code": "InternalServerError"}},
    {"service": "s3", "probability": SHARE, "error": {"code": "SlowDown", "status": 503}},
    {"service": "s3", "probability": SHARE, "error": {"code": "InternalError", "status": 500}},
]


@dataclass(frozen=True)
class FaultyAws:
    """`true` reaches the emulator itself, `faulty` through the proxy and with retries."""

    true: Cloud
    faulty: Cloud
    proxy: str

    def fired(self) -> list[str]:
        """The faults so far, each by what it did."""
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{self.proxy}/_microburst/fired?limit=100000", timeout=10)
        return [f"{event['service']} {event['action']}" for event in answer.json()]


@contextmanager
def faulty_aws(data_dir: Path) -> Iterator[FaultyAws]:
    """An empty table and bucket until the block ends."""
    with asyncio.Runner() as loop:
        emulator = Emulator(data_dir, BUCKET)
        process = loop.run(emulator.begin())
        try:
            inner = urlsplit(emulator.url)
            with _proxy(f"{inner.scheme}://{inner.netloc}") as proxy:
                faulty = _cloud(f"{proxy}{inner.path}")
                ready = FaultyAws(_cloud(emulator.url), faulty, proxy)
                _create(ready.true)
                _set_rules(proxy)
                yield ready
        finally:
            loop.run(process.stop())


@contextmanager
def _proxy(upstream: str) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "microburst", "--upstream", upstream, "--port", str(port)]
    environment = {"PATH": os.environ["PATH"], "NO_PROXY": "*"}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(url))
        yield url
    finally:
        process.terminate()
        process.wait(STOP_S)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/_microburst/health", timeout=5).ok
    except requests.ConnectionError:
        return False


def _set_rules(proxy: str) -> None:
    requests.post(f"{proxy}/_microburst/rules", json=RULES, timeout=10).raise_for_status()


def _cloud(endpoint: str) -> Cloud:
    session = boto3.Session("local", "local", region_name=REGION)
    config = AWS.merge(Config(read_timeout=30))
    return Cloud(
        session.client("dynamodb", endpoint_url=endpoint, config=config),
        session.client("s3", endpoint_url=endpoint, config=config),
    )


def _create(cloud: Cloud) -> None:
    table = Template.read(PROJECT).table()
    properties = {name: table[name] for name in SAME_AS_TEMPLATE if name in table}
    cloud.dynamodb.create_table(TableName=TABLE, **properties)
    cloud.s3.create_bucket(Bucket=BUCKET)
