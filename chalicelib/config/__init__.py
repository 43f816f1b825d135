"""The settings, by section: the only reader of the environment.

A wrong setting stops the start with one sentence that names the variable, what it holds and what
it may hold. Keys are never shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

from chalicelib.config import accounts, batches, limits, models, network, texts
from chalicelib.config.accounts import AccountSettings, PictureSettings
from chalicelib.config.batches import BatchSettings
from chalicelib.config.limits import LimitSettings, Network
from chalicelib.config.models import (
    AWS_CREDENTIALS,
    OWN_MODEL,
    PROVIDER_IDS,
    ModelSettings,
    ProviderId,
    ReadSecret,
    SlotSettings,
)
from chalicelib.config.network import NetworkSettings
from chalicelib.config.reader import Reader, Secret, SettingsError
from chalicelib.config.texts import TextSettings

__all__ = [
    "AWS_CREDENTIALS",
    "OWN_MODEL",
    "PROVIDER_IDS",
    "AccountSettings",
    "BatchSettings",
    "Moderation",
    "Network",
    "PictureSettings",
    "ProviderId",
    "Reader",
    "Secret",
    "Settings",
    "SettingsError",
    "SlotSettings",
    "StorageSettings",
    "TextSettings",
    "load",
]
Moderation = Literal["off", "keywords", "llm"]


@dataclass(frozen=True)
class StorageSettings:
    """The table, the bucket, and for how many days they keep a run."""

    table_name: str
    bucket: str
    retention_days: int


@dataclass(frozen=True)
class Settings:
    """Everything that can be set, checked."""

    models: ModelSettings
    texts: tuple[TextSettings, ...]
    limits: LimitSettings
    storage: StorageSettings
    network: NetworkSettings
    accounts: AccountSettings
    pictures: PictureSettings
    batches: BatchSettings
    moderation: Moderation
    worker_function: str
    previews_function: str
    stage: str


def load(environ: Mapping[str, str], read_secret: ReadSecret | None = None) -> Settings:
    """Read and check every setting; raise SettingsError.

    `read_secret` fetches a secret's text by name; it is called only when MODELS_SECRET is set.
    """
    env = Reader(environ)
    read_once = cache(read_secret) if read_secret else None
    return Settings(
        models=models.read(env, read_once),
        texts=texts.read(env, models.texts_in_secret(env, read_once)),
        limits=limits.read(env),
        storage=StorageSettings(
            table_name=env.text("TABLE_NAME"),
            bucket=env.text("S3_BUCKET"),
            retention_days=env.integer("RETENTION_DAYS", 30, 1, 366),
        ),
        network=network.read(env),
        accounts=accounts.read(env),
        pictures=accounts.read_pictures(env),
        batches=batches.read(env),
        moderation=cast(Moderation, env.choice("MODERATION", "keywords", get_args(Moderation))),
        worker_function=env.text("WORKER_FUNCTION"),
        previews_function=env.text("PREVIEWS_FUNCTION"),
        stage=env.text("STAGE") or "dev",
    )
