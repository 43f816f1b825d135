"""Clients that lie about where they connect from, against the app behind its gateway.

python -m tests.security.addresses --count 10000 --seed 1
"""

from __future__ import annotations

import argparse
import base64
import json
import logging
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address

import pytest

from chalicelib.wiring import services
from devstack.lambdas.application import Application
from devstack.lambdas.model import Invocation, Json
from tests.load.report import print_figure
from tests.support.product import PROJECT
from tests.unit.cloud import BUCKET, REGION, TABLE, cloud

LIMIT = 20
SECRET = "the-cdn-and-we-know-this"
HERE, INCLUDED, VIEWER = "198.51.100.7", "203.0.113.200", "203.0.113.50"
PREFIX = int(IPv6Address("2001:db8:1:2::"))
SETTINGS = {
    "TABLE_NAME": TABLE,
    "S3_BUCKET": BUCKET,
    "WORKER_FUNCTION": "worker",
    "WS_PUSH_ENDPOINT": "http://127.0.0.1:9",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "MODEL_COUNT": "1",
    "MODEL_1_NAME": "gpt-image-2",
    "MODEL_1_KEY": "a-key",
    "IP_LIMIT": str(LIMIT),
    "GLOBAL_LIMIT": "1000000",
    "IP_INCLUDE": INCLUDED,
    "ORIGIN_SECRET": SECRET,
}
CLAIMS = (
    "X-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "X-Original-Forwarded-For",
    "True-Client-IP",
    "CF-Connecting-IP",
    "Fastly-Client-IP",
    "X-Cluster-Client-IP",
    "Client-IP",
    "Via",
)


@dataclass(frozen=True)
class Attempt:
    """One request for pictures: from where it truly comes, and what it says of itself."""

    source: str
    headers: Mapping[str, str]
    claimed_ip: str


Attack = Callable[[random.Random], Attempt]


def forged(rng: random.Random) -> Attempt:
    """One client that claims a new address each time, in every place where one may be claimed."""
    claims = {name: _claim(rng) for name in rng.sample(CLAIMS, rng.randint(0, len(CLAIMS)))}
    claims["Forwarded"] = f"for={_claim(rng)};proto=https"
    claims["CloudFront-Viewer-Address"] = f"{_claim(rng)}:{rng.randint(1, 65535)}"
    if rng.random() < 0.7:
        claims["X-Origin-Secret"] = rng.choice(("", "guess", SECRET[:-1], SECRET + " x", "\xff"))
    return Attempt(HERE, claims, _claim(rng))


def hopping(rng: random.Random) -> Attempt:
    """One client that uses all the addresses of its /64."""
    return Attempt(_within_prefix(rng), {}, _claim(rng))


def behind_cdn(rng: random.Random) -> Attempt:
    """One viewer behind the CDN, whose own servers and ports change."""
    forged_too = forged(rng).headers
    return Attempt(_address(rng), {**forged_too, **_by_cdn(rng, VIEWER)}, _claim(rng))


def hopping_behind_cdn(rng: random.Random) -> Attempt:
    """The same with a viewer who has a /64."""
    return Attempt(_address(rng), _by_cdn(rng, _within_prefix(rng, host=1)), _claim(rng))


ATTACKS: tuple[Attack, ...] = (forged, hopping, behind_cdn, hopping_behind_cdn)


@contextmanager
def installation() -> Iterator[Callable[[Attempt], int]]:
    """The app behind Chalice's local gateway on an empty cloud; calls give the HTTP status."""
    with pytest.MonkeyPatch.context() as patch, cloud(patch):
        for name, value in SETTINGS.items():
            patch.setenv(name, value)
        services.cache_clear()
        try:
            yield lambda attempt: _status(_application(), attempt)
        finally:
            services.cache_clear()


def admitted(attack: Attack, count: int, seed: int) -> Counter[int]:
    """The statuses of so many attempts of one client."""
    rng = random.Random(f"{attack.__name__}/{seed}")
    with installation() as ask:
        return Counter(ask(attack(rng)) for _ in range(count))


@cache
def _application() -> Application:
    return Application(PROJECT)


def _status(app: Application, attempt: Attempt) -> int:
    body = {"prompt": "a lighthouse", "models": [1], "ip": attempt.claimed_ip}
    event: Json = {
        "method": "POST",
        "path": "/generate",
        "headers": [["Content-Type", "application/json"], *map(list, attempt.headers.items())],
        "body": base64.b64encode(json.dumps(body).encode()).decode(),
        "sourceIp": attempt.source,
    }
    return int(app.call(Invocation("http", event, "request"))["statusCode"])


def _by_cdn(rng: random.Random, viewer: str) -> dict[str, str]:
    address = f"{viewer}:{rng.randint(1, 65535)}"
    return {"CloudFront-Viewer-Address": address, "X-Origin-Secret": SECRET}


def _claim(rng: random.Random) -> str:
    return rng.choice((_address(rng), _address(rng), INCLUDED, "127.0.0.1", "::1", "", "?"))


def _address(rng: random.Random) -> str:
    return ".".join(str(rng.randint(1, 254)) for _ in range(4))


def _within_prefix(rng: random.Random, host: int = 0) -> str:
    return str(IPv6Address(PREFIX + (host << 64) + rng.getrandbits(64)))


def main(arguments: Sequence[str] | None = None) -> int:
    """The status says whether every promise held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    logging.disable()
    exact = True
    for attack in ATTACKS:
        statuses = admitted(attack, chosen.count // len(ATTACKS), chosen.seed)
        figure = {"requests": statuses.total(), "admitted": statuses[202], "limit": LIMIT}
        print_figure(f"S4 {attack.__name__}", **figure)
        exact &= statuses[202] == LIMIT
    return int(not exact)


if __name__ == "__main__":
    sys.exit(main())
