"""P8: how long a fresh process takes to import the packaged code."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.effort import Effort
from bench.samples import Samples
from bench.scorecard import PROJECT, Figure, milliseconds
from deploy.package import package
from deploy.stage import Artefact

API_BAR, WORKER_BAR = 700, 900
LAYER_PACKAGES = f"python/lib/python3.{sys.version_info.minor}/site-packages"
TIMED = "import time; began = time.perf_counter(); {code}; print(time.perf_counter() - began)"
API = "import app"
WORKER = "import app; from chalicelib.wiring import services; services().jobs.executor"
SDKS = "import app, openai, google.genai"
SETTINGS = {
    "MODEL_COUNT": "1",
    "MODEL_1_NAME": "GPT Image 2",
    "MODEL_1_KEY": "none",
    "TABLE_NAME": "table",
    "S3_BUCKET": "bucket",
    "WORKER_FUNCTION": "worker",
    "WS_PUSH_ENDPOINT": "http://127.0.0.1:9",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def measure(effort: Effort) -> list[Figure]:
    with TemporaryDirectory() as directory:
        unpacked = _unpacked(Path(directory))
        api, worker, uncompiled = (
            _milliseconds(unpacked, code, effort.imports, compiled=compiled)
            for code, compiled in ((API, True), (WORKER, True), (SDKS, False))
        )
    baseline = f"{uncompiled.median:.0f} (SDKs at import, not compiled)"
    parts = (
        milliseconds("API entry", api.median, api, API_BAR, baseline),
        milliseconds("worker entry", worker.median, worker, WORKER_BAR, baseline),
    )
    return [Figure("P8", "cold import as shipped", parts)]


def _unpacked(directory: Path) -> Path:
    artefact = Artefact.of("dev")
    if not _is_current(artefact):
        artefact = package("dev")
    for archive, place in ((artefact.code, "task"), (artefact.layer, "opt")):
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(directory / place)
    return directory


def _is_current(artefact: Artefact) -> bool:
    if not (artefact.code.exists() and artefact.layer.exists()):
        return False
    sources = [PROJECT / "app.py", *(PROJECT / "chalicelib").rglob("*.py")]
    return max(s.stat().st_mtime for s in sources) < artefact.code.stat().st_mtime


def _milliseconds(unpacked: Path, code: str, times: int, *, compiled: bool) -> Samples:
    """Of fresh processes; the first warms the file system's cache."""
    environment = _environment(unpacked)
    took = [_once(code, environment, compiled=compiled) for _ in range(times + 1)]
    return Samples.of(took[1:])


def _once(code: str, environment: Mapping[str, str], *, compiled: bool) -> float:
    with TemporaryDirectory() as empty:
        # An empty cache directory hides the bytecode that lies beside the sources.
        without = () if compiled else ("-X", f"pycache_prefix={empty}")
        done = subprocess.run(
            [sys.executable, "-B", *without, "-c", TIMED.format(code=code)],
            cwd=empty,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    return float(done.stdout.splitlines()[-1]) * 1000


def _environment(unpacked: Path) -> dict[str, str]:
    """As in Lambda: the function's code, then its layer, then boto3 of the runtime."""
    places = (unpacked / "task", unpacked / "opt" / LAYER_PACKAGES)
    found = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(map(str, places))}
    return {**found, **SETTINGS, "PYTHONWARNINGS": "ignore"}
