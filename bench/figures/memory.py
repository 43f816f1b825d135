"""P10: the worker's peak memory while twenty pictures of 2 MB arrive at once.

python -m bench.figures.memory EMULATOR DESIGN < picture    prints megabytes
"""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

from bench.effort import Effort
from bench.emulator import emulator
from bench.figures.designs import original_studio, run_originals, run_ours
from bench.installation import Painter, installed
from bench.pictures import photograph
from bench.samples import Samples
from bench.scorecard import PROJECT, Figure, Part

MODELS, MEGABYTES = 20, 2.0
BAR_MB = 350
SDKS = ("openai", "google.genai")
PROVIDER_S = 0.5


def measure(effort: Effort) -> list[Figure]:
    with emulator() as url:
        ours, theirs = (
            Samples.of(_peak(url, design) for _ in range(effort.jobs))
            for design in ("product", "originals")
        )
    baseline = f"{theirs.median:.0f} (originals), 3008 (their setting)"
    part = Part("peak", round(ours.percentile(1)), "MB", BAR_MB, baseline, ours.spread)
    return [Figure("P10", "worker memory, 20 pictures of 2 MB", (part,))]


def _peak(url: str, design: str) -> float:
    """Of a fresh process, since a peak never goes down again."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.figures.memory", url, design],
        cwd=PROJECT,
        input=photograph(MEGABYTES),
        capture_output=True,
        check=True,
    )
    return float(done.stdout)


def _draw_one_job(url: str, design: str, picture: bytes) -> None:
    for sdk in SDKS:
        import_module(sdk)
    with installed(url, MODELS) as installation:
        painter = Painter(picture, PROVIDER_S, installation.meter)
        if design == "product":
            run_ours(installation, painter, MODELS)
        else:
            run_originals(installation, original_studio(installation, MODELS), painter, MODELS)


def high_water_mark() -> float:
    """Megabytes; `ru_maxrss` would do, but a child inherits that of its parent (Linux)."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes.split()[1]) / 1024


if __name__ == "__main__":
    _draw_one_job(sys.argv[1], sys.argv[2], sys.stdin.buffer.read())
    print(high_water_mark())
