"""P7: the page's JavaScript for the first load, after gzip."""

from __future__ import annotations

import re
import subprocess

from bench.effort import Effort
from bench.scorecard import PROJECT, Figure, Part

BAR_KB, PEER_KB = 92, "90 (peer)"
SIZE = re.compile(r"(?P<name>[a-z ]+): (?P<size>[\d.]+) KB gzip")


def measure(_: Effort) -> list[Figure]:
    found = sizes()
    parts = (
        Part("first load JS", found["first load js"], "KB", BAR_KB, PEER_KB),
        Part("first load CSS", found["first load css"], "KB", None, "11 (peer)"),
    )
    return [Figure("P7", "page, first load, gzip", parts)]


def sizes() -> dict[str, float]:
    """Kilobytes by name, of the page as it is built."""
    printed = subprocess.run(
        ["node", "frontend/scripts/size.mjs"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return {match["name"]: float(match["size"]) for match in SIZE.finditer(printed)}
