"""`python -m model`: loads the pipeline in MODEL_DIR and answers on PORT until SIGTERM."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from model import log
from model.device import Device, Pipeline
from model.order import Caps
from model.server import application

# Before any library that would look at it: nothing is ever fetched.
os.environ["HF_HUB_OFFLINE"] = "1"
CLOSING_SECONDS = 1.0
"""For answers that are written to reach their callers."""


@dataclass(frozen=True)
class Settings:
    """Where the pipeline lies, where to listen, and the caps."""

    folder: Path
    host: str
    port: int
    caps: Caps

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Settings":
        """SageMaker's own names and places, unless they are set."""
        caps = Caps(
            side=int(environ.get("MAX_SIDE", Caps.side)),
            steps=int(environ.get("MAX_STEPS", Caps.steps)),
        )
        port = environ.get("PORT") or environ.get("SAGEMAKER_BIND_TO_PORT") or "8080"
        folder = Path(environ.get("MODEL_DIR", "/opt/ml/model"))
        return cls(folder, environ.get("HOST", "0.0.0.0"), int(port), caps)


async def serve(settings: Settings, load: Callable[[], Pipeline]) -> int:
    """Answers until SIGTERM or SIGINT; returns the exit status, 1 when nothing could be loaded."""
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    device = Device(load)
    # A caller that hangs up gives its picture up.
    runner = web.AppRunner(
        application(device, settings.caps),
        handler_cancellation=True,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=CLOSING_SECONDS,
    )
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port)
    await site.start()
    log.line("listening", port=runner.addresses[0][1])
    status = await _until_told(device, told)
    log.line("stopping")
    await device.stop()
    await runner.cleanup()
    return status


async def _until_told(device: Device, told: asyncio.Event) -> int:
    """Loads, then waits; the word to stop counts while it loads too."""
    word = asyncio.ensure_future(told.wait())
    loading = asyncio.ensure_future(device.load())
    await asyncio.wait({word, loading}, return_when=asyncio.FIRST_COMPLETED)
    if loading.done() and loading.exception() is not None:
        log.line("not loaded", reason=str(loading.exception()))
        return 1
    if loading.done():
        log.line("ready")
    await word
    return 0


def run(load: Callable[[Path], Pipeline]) -> None:
    """Serve with the environment's settings, and end the process."""
    settings = Settings.of(os.environ)
    status = asyncio.run(serve(settings, lambda: load(settings.folder)))
    # A step that still runs cannot be broken off, and the interpreter would wait for its thread.
    sys.stdout.flush()
    os._exit(status)


if __name__ == "__main__":
    from model.diffusion import DiffusersPipeline

    run(DiffusersPipeline.load)
