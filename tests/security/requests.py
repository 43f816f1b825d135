"""Attack a product over HTTP with malformed requests and judge every answer.

python -m tests.security.requests --count 100000 --seed 1
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from tests.load.report import durations, percentile, print_figure, tracebacks
from tests.security.malformed import Malformed, malformed
from tests.support.product import Product, running_product

TIMEOUT_S = 10.0
CONNECTIONS = 2
P99_BAR_MS = 50.0


@dataclass
class Findings:
    """Statuses, milliseconds, and every answer that breaks the contract."""

    statuses: Counter[int] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        self.statuses += other.statuses
        self.milliseconds += other.milliseconds
        self.wrong += other.wrong

    @property
    def server_errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)

    def note(self, request: Malformed, status: int, content: bytes, milliseconds: float) -> None:
        self.statuses[status] += 1
        self.milliseconds.append(milliseconds)
        if problem := objection(request, status, content):
            self.wrong.append(f"{problem}: {status} {content[:200]!r} to {str(request)[:400]}")


def objection(request: Malformed, status: int, content: bytes) -> str:
    """Return why the contract does not allow an answer; empty if it does."""
    if status >= 500:
        return "a server error"
    if status < 400 or request.method == "HEAD":
        return ""
    try:
        body = json.loads(content)
    except ValueError:
        return "an untyped refusal"
    named = all(isinstance(body.get(name), str) for name in ("error", "code", "requestId"))
    return "" if named else "an incomplete refusal"


def ask(connection: HTTPConnection, request: Malformed) -> tuple[int, bytes]:
    """Return status and content; raise OSError or HTTPException without an answer."""
    try:
        connection.putrequest(request.method, f"/api{request.path}", skip_accept_encoding=True)
        for name, value in request.headers:
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        connection.close()
        raise


def attack(url: str, count: int, seed: int) -> Findings:
    """Send that many requests over a few connections at once."""
    total = Findings()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for part in pool.map(
            lambda n: _attack(url, count // CONNECTIONS, f"{seed}/{n}"), range(CONNECTIONS)
        ):
            total.add(part)
    return total


def _attack(url: str, count: int, seed: str) -> Findings:
    rng, findings = random.Random(seed), Findings()
    connection = HTTPConnection("127.0.0.1", urlsplit(url).port, timeout=TIMEOUT_S)
    for _ in range(count):
        request = malformed(rng)
        began = time.perf_counter()
        try:
            status, content = ask(connection, request)
        except (OSError, HTTPException) as problem:
            findings.wrong.append(f"no answer ({problem!r}) to {str(request)[:400]}")
            continue
        findings.note(request, status, content, (time.perf_counter() - began) * 1000)
    connection.close()
    return findings


def figures(product: Product, findings: Findings) -> dict[str, float]:
    """Return the figures of the score card."""
    return {
        "requests": sum(findings.statuses.values()),
        "server_errors": findings.server_errors,
        "wrong_answers": len(findings.wrong),
        "tracebacks": len(tracebacks(product.data_dir)),
        "p99_ms": percentile(durations(product.data_dir), 0.99),
        "p99_round_trip_ms": percentile(findings.milliseconds, 0.99),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Attack, print the figures, and return 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    with TemporaryDirectory() as directory, running_product(Path(directory)) as product:
        findings = attack(product.url, chosen.count, chosen.seed)
        measured = figures(product, findings)
    print(f"statuses: {dict(sorted(findings.statuses.items()))}")
    print("\n".join(findings.wrong[:20]))
    print_figure("S1 requests", **measured)
    slow = measured["p99_ms"] > P99_BAR_MS
    return int(bool(findings.wrong or measured["tracebacks"] or slow))


if __name__ == "__main__":
    sys.exit(main())
