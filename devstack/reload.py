"""Restarts the app's processes when its Python changes."""

from __future__ import annotations

from pathlib import Path

from watchfiles import PythonFilter, awatch

from devstack.engine import App
from devstack.settings import EngineError


async def reload_on_change(app: App, project: Path) -> None:
    """Watches for ever; code that cannot be imported is reported, and the old goes on serving."""
    watched = (project / "app.py", project / "chalicelib")
    async for changes in awatch(*watched, watch_filter=PythonFilter()):
        names = sorted({Path(path).name for _, path in changes})
        try:
            await app.reload()
            print(f"Reloaded after a change of {', '.join(names)}", flush=True)
        except EngineError as problem:
            print(problem, flush=True)
