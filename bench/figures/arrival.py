"""P2 and P9: from a provider's last byte to the browser, and the polls on the way."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.effort import Effort
from bench.emulator import emulator
from bench.figures.designs import ADDRESS, original_studio
from bench.installation import Painter, installed
from bench.originals.page import POLL_SECONDS, Watched, watch
from bench.pictures import photograph
from bench.samples import Samples
from bench.scorecard import PROJECT, Figure, Part, milliseconds
from devstack.default_slots import DEFAULT_SLOTS
from tests.support.product import running_product

SCRIPT = PROJECT / "bench" / "figures" / "arrival.mjs"
HUMAN_PACE = {"SIMULATOR_PACE": "1"}
ARRIVAL_BAR, POLLS_BAR = 150, 1
MODELS, LONGEST_S = 9, 10.0
MINUTE_S = 60.0
PROVIDERS = sorted({slot.provider for slot in DEFAULT_SLOTS})
MINUTE = "A fox in the snow" + "".join(
    f" [[{provider}:slow={MINUTE_S * (place + 1) / len(PROVIDERS):g}]]"
    for place, provider in enumerate(PROVIDERS)
)
"""The prompt of a job of one minute whose providers end evenly spread, as the originals' do."""
FASTER = 10.0
"""The original page is watched over a job of one minute in a tenth of the time."""


def measure(effort: Effort) -> list[Figure]:
    seen = _browse(effort.runs)
    waits = Samples.of(seen["waits"])
    theirs = Samples.of(wait for _ in range(effort.jobs) for wait in _original_waits())
    paint = Samples.of(seen["paints"])
    p95, median = waits.percentile(0.95), waits.median
    arrival = (
        milliseconds("event, p95", p95, waits, ARRIVAL_BAR, theirs.percentile(0.95)),
        milliseconds("event, median", median, waits, None, theirs.median),
        milliseconds("painted, p95", paint.percentile(0.95), paint, ARRIVAL_BAR),
    )
    note = "a job of one minute"
    polls = Part("polls", seen["polls"], "", POLLS_BAR, _original_polls(), note=note)
    return [
        Figure("P2", "provider finished → picture in the browser", arrival),
        Figure("P9", "polls per finished job while the socket is up", (polls,)),
    ]


def _browse(runs: int) -> Any:
    """Nine-model runs in Chromium against the local engine: some at a person's pace, one long."""
    with TemporaryDirectory() as directory, running_product(Path(directory), HUMAN_PACE) as product:
        return watched_runs(product.url, runs=runs, prompt="A fox in the snow", long=MINUTE)


def watched_runs(url: str, **wish: object) -> Any:
    """What Chromium saw of nine-model runs; arrival.mjs says what can be wished for."""
    command = ["node", str(SCRIPT), url, json.dumps(wish)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the browser failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout)


def _original_waits() -> list[float]:
    """Milliseconds from each provider's end to the poll that shows it, over one job."""
    with emulator() as url:
        watched, ends = _watch_original(url, LONGEST_S, POLL_SECONDS)
    return [(watched.seen[number] - ends[number]) * 1000 for number in watched.seen]


def _original_polls() -> int:
    with emulator() as url:
        return _watch_original(url, MINUTE_S / FASTER, POLL_SECONDS / FASTER)[0].polls


def _watch_original(url: str, longest: float, interval: float) -> tuple[Watched, dict[int, float]]:
    """One job whose providers end evenly spread, watched by the page that polls."""
    with installed(url, MODELS) as installation:
        studio = original_studio(installation, MODELS)
        job_id, ends, lock = studio.submit("a lighthouse", ADDRESS), {}, threading.Lock()

        def draw(number: int) -> bytes:
            data = Painter(photograph(), longest * (number + 1) / MODELS, installation.meter).draw()
            with lock:
                ends[number] = time.perf_counter()
            return data

        worker = threading.Thread(target=studio.work, args=(job_id, draw))
        worker.start()
        watched = watch(lambda: studio.status(job_id), MODELS, interval, 3 * longest)
        worker.join()
    return watched, ends
