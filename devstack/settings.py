"""What a person can set about the local engine itself; the product's own settings pass through."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chalicelib.config import Reader, accounts
from chalicelib.config.accounts import AccountSettings
from devstack import envfile, misspelt

FIRST_ADMINISTRATOR = "admin@example.org"
PROJECT = Path(__file__).resolve().parent.parent


class EngineError(Exception):
    """One sentence about why the engine cannot start."""


@dataclass(frozen=True)
class Pace:
    """The engine's own rhythm in seconds; tests quicken it."""

    schedule: float
    retry: float
    simulators: float


@dataclass(frozen=True)
class EngineSettings:
    """`port` 0 takes a free one; `simulate` sends configured models to the simulators as well.

    `admin_email` is who administers where there are accounts. `pipeline` is the folder of what a
    model of one's own draws with; None leaves it to a simulator.
    """

    project: Path
    port: int
    data_dir: Path
    simulate: bool
    retention_days: int
    pace: Pace
    accounts: AccountSettings
    admin_email: str
    pipeline: Path | None

    @property
    def has_accounts(self) -> bool:
        return self.accounts.auth == "cognito"


def person_environment(project: Path) -> dict[str, str]:
    """Return the process's environment over the project's `.env`, or the file ENV_FILE names.

    Raise SettingsError for a broken file, and for a name that is nearly a setting.
    """
    named = os.environ.get("ENV_FILE")
    file = project / (named or ".env")
    from_file = envfile.read(file) if named or file.exists() else {}
    misspelt.check(from_file, os.environ, misspelt.known(project, load))
    return {**from_file, **os.environ}


def load(environ: Mapping[str, str], project: Path = PROJECT) -> EngineSettings:
    """Read and check the engine's settings; raise SettingsError."""
    env = Reader(environ)
    pipeline = env.text("OWN_MODEL_PIPELINE")
    return EngineSettings(
        project=project,
        port=env.integer("PORT", 8000, 0, 65535),
        data_dir=(project / (env.text("DATA_DIR") or ".local")).resolve(),
        simulate=env.flag("SIMULATE"),
        retention_days=env.integer("RETENTION_DAYS", 30, 1, 366),
        pace=Pace(
            schedule=env.number("ENGINE_SCHEDULE_SECONDS", 0, 0, 3600),
            retry=env.number("ENGINE_RETRY_SECONDS", 60, 0, 3600),
            simulators=env.number("SIMULATOR_PACE", 1, 0, 100),
        ),
        accounts=accounts.read(env),
        admin_email=env.text("ADMIN_EMAIL").lower() or FIRST_ADMINISTRATOR,
        pipeline=(project / pipeline).resolve() if pipeline else None,
    )
