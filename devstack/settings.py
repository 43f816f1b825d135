"""What a person can set about the local engine itself; the product's own settings pass through."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from chalicelib.config import SettingsError

PROJECT = Path(__file__).resolve().parent.parent


class EngineError(Exception):
    """One sentence about why the engine cannot start."""


@dataclass(frozen=True)
class Pace:
    """The engine's own rhythm in seconds; tests quicken it."""

    save: float
    schedule: float
    retry: float
    simulators: float


@dataclass(frozen=True)
class EngineSettings:
    """`port` 0 takes a free one; `simulate` sends configured models to the simulators as well."""

    project: Path
    port: int
    data_dir: Path
    simulate: bool
    pace: Pace


def person_environment(project: Path) -> dict[str, str]:
    """The process's environment over the project's `.env`, or over the file that ENV_FILE names."""
    file = project / (os.environ.get("ENV_FILE") or ".env")
    from_file = {k: v for k, v in dotenv_values(file).items() if v is not None}
    return {**from_file, **os.environ}


def load(environ: Mapping[str, str], project: Path = PROJECT) -> EngineSettings:
    """Reads and checks the engine's settings; raises SettingsError."""
    return EngineSettings(
        project=project,
        port=int(_number(environ, "PORT", 8000, 0, 65535, whole=True)),
        data_dir=(project / (environ.get("DATA_DIR", "").strip() or ".local")).resolve(),
        simulate=_flag(environ, "SIMULATE"),
        pace=Pace(
            save=_number(environ, "ENGINE_SAVE_SECONDS", 15, 0.1, 3600),
            schedule=_number(environ, "ENGINE_SCHEDULE_SECONDS", 0, 0, 3600),
            retry=_number(environ, "ENGINE_RETRY_SECONDS", 60, 0, 3600),
            simulators=_number(environ, "SIMULATOR_PACE", 1, 0, 100),
        ),
    )


def _number(
    environ: Mapping[str, str],
    name: str,
    default: float,
    low: float,
    high: float,
    *,
    whole: bool = False,
) -> float:
    raw = environ.get(name, "").strip()
    if not raw:
        return default
    try:
        value = float(int(raw) if whole else float(raw))
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        kind = "a whole number" if whole else "a number"
        raise SettingsError(f"{name} is {raw!r}; it must be {kind} from {low:g} to {high:g}.")
    return value


def _flag(environ: Mapping[str, str], name: str) -> bool:
    raw = environ.get(name, "").strip() or "0"
    if raw not in ("0", "1", "true", "false"):
        raise SettingsError(f"{name} is {raw!r}; it may be 0, 1, true, false.")
    return raw in ("1", "true")
