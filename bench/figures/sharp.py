"""P12: how soon a picture's first pixels and its preview are on a page at the end of a slow line.

On the packaged stack, every function at the share of a core that the template gives it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.effort import Effort
from bench.figures.arrival import watched_runs
from bench.samples import Samples
from bench.scorecard import PROJECT, Figure, milliseconds
from bench.share import emulated_functions, shared
from chalicelib.config import PROVIDER_IDS
from deploy.emulator import product
from deploy.emulator.product import Packaged, awaited
from deploy.emulator.server import running_emulator
from deploy.package import package
from devstack.simulators import running_simulators

SHARP_BAR, FIRST_BAR = 1200, 400
PROVIDER_S: Final = 2.0
LINE: Final = {"latency": 40, "throughput": 10_000_000 / 8}
"""Milliseconds, and bytes a second: ten megabits."""
PROMPT: Final = "A fox in the snow" + "".join(
    f" [[{provider}:slow={PROVIDER_S:g}]]" for provider in PROVIDER_IDS
)


def measure(effort: Effort) -> list[Figure]:
    with _deployed() as url:
        watched_runs(url, runs=0, prompt=PROMPT, line=LINE)  # Starts the functions.
        with shared(emulated_functions()):
            seen = watched_runs(url, runs=effort.jobs, prompt=PROMPT, line=LINE)
    sharp, first = Samples.of(seen["previews"]), Samples.of(seen["paints"])
    parts = (
        milliseconds("preview or sharper, p95", sharp.percentile(0.95), sharp, SHARP_BAR),
        milliseconds("first pixels, p95", first.percentile(0.95), first, FIRST_BAR),
        milliseconds("preview or sharper, median", sharp.median, sharp),
        milliseconds("first pixels, median", first.median, first),
    )
    return [Figure("P12", "provider finished → preview on the page, nine at once", parts)]


@contextmanager
def _deployed() -> Iterator[str]:
    """The packaged product with nine models, opened where a browser finds it."""
    with (
        TemporaryDirectory() as directory,
        running_simulators(0) as simulators,
        running_emulator(Path(directory)) as emulator,
        awaited(emulator) as url,
    ):
        models = product.simulated_models(simulators.base_urls)
        packaged = Packaged(package(product.STAGE), PROJECT / "frontend" / "dist", models, url)
        product.deploy(emulator, packaged, lambda _: None)
        yield url
