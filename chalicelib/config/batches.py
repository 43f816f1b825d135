"""The section of batches: who has them, how many run at once, and their parts."""

import re
from dataclasses import dataclass

from chalicelib.config.reader import Reader, Secret, SettingsError

_ENDPOINT = re.compile(r"(https?://)([^\s:/@]+):([^\s:/@]+)@([^\s/@?#]+(?:/[^\s?#]*)?)", re.ASCII)


@dataclass(frozen=True)
class UploadEndpoint:
    """Where uploads go in place of S3, and the credentials that their addresses are signed with."""

    url: str
    key_id: str
    secret: Secret


@dataclass(frozen=True)
class BatchSettings:
    """`open_to_all` lets everybody who reaches an installation without accounts run batches.

    `seed_data_function` checks uploads, `exports_function` makes exports. Uploads
    go to S3, and exports come from it, unless there is an `upload_endpoint`.
    `most_running` run at the same time; `queue_url` is where workers hear of rows.
    """

    open_to_all: bool
    seed_data_function: str
    exports_function: str
    upload_endpoint: UploadEndpoint | None
    most_running: int
    queue_url: str


def read(env: Reader) -> BatchSettings:
    """Read the section; raise SettingsError."""
    return BatchSettings(
        open_to_all=env.flag("BATCHES"),
        seed_data_function=env.text("SEED_DATA_FUNCTION"),
        exports_function=env.text("EXPORTS_FUNCTION"),
        upload_endpoint=_endpoint(env),
        most_running=env.integer("MAX_RUNNING_BATCHES", 5, 1, 100),
        queue_url=env.text("BATCH_QUEUE_URL"),
    )


def _endpoint(env: Reader) -> UploadEndpoint | None:
    raw = env.text("UPLOAD_ENDPOINT")
    if not raw:
        return None
    match = _ENDPOINT.fullmatch(raw)
    if match is None:
        raise SettingsError(
            "UPLOAD_ENDPOINT must be an address with the credentials that sign for it, such as "
            "http://KEY:SECRET@localhost:8000/local/uploads."
        )
    scheme, key_id, secret, place = match.groups()
    return UploadEndpoint(f"{scheme}{place}", key_id, Secret(secret))
