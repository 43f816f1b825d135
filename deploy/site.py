"""The page in the bucket: each version under its own prefix, its assets shared by all.

Assets have their content's hash in their name. They stay for a while after the last version that
needs them, because pages that are open in browsers still load them.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deploy.aws import Aws

FOR_EVER = "public, max-age=31536000, immutable"
ASK_EVERY_TIME = "no-cache"
ASSETS = "assets"
KEPT_FOR = timedelta(days=30)


def version_of(page: Path) -> str:
    """A name that the built page's content gives it."""
    digest = hashlib.sha256()
    for path in sorted(page.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(page).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Site:
    aws: Aws
    bucket: str

    def upload(self, page: Path, version: str) -> None:
        """Assets first, so that the document never names one that is not there yet."""
        self._copy(page / ASSETS, ASSETS, FOR_EVER)
        self._copy(page, f"site/{version}", ASK_EVERY_TIME, "--exclude", f"{ASSETS}/*")

    def remove_stale(self, page: Path, kept: frozenset[str], now: datetime) -> None:
        """Removes other versions than those kept, and assets that no deployment used lately."""
        listed = self.aws.json(*self._list("site/", "--delimiter", "/")) or {}
        for entry in listed.get("CommonPrefixes", ()):
            if entry["Prefix"].split("/")[1] not in kept:
                self._remove("--recursive", entry["Prefix"])
        needed = {f"{ASSETS}/{path.name}" for path in (page / ASSETS).iterdir()}
        for entry in (self.aws.json(*self._list(f"{ASSETS}/")) or {}).get("Contents", ()):
            unused_for = now - datetime.fromisoformat(entry["LastModified"]).astimezone(UTC)
            if entry["Key"] not in needed and unused_for > KEPT_FOR:
                self._remove(entry["Key"])

    def refresh(self, distribution: str) -> None:
        """Makes the CDN forget the pages that it has, and waits until it has."""
        named = ("--distribution-id", distribution)
        made = self.aws.json("cloudfront", "create-invalidation", *named, "--paths", "/*")
        identified = ("--id", made["Invalidation"]["Id"])
        self.aws.run("cloudfront", "wait", "invalidation-completed", *named, *identified)

    def _copy(self, source: Path, target: str, caching: str, *options: str) -> None:
        quietly = ("--recursive", "--only-show-errors", "--cache-control", caching)
        address = f"s3://{self.bucket}/{target}/"
        self.aws.run("s3", "cp", *quietly, *options, str(source), address)

    def _list(self, prefix: str, *options: str) -> tuple[str, ...]:
        return ("s3api", "list-objects-v2", "--bucket", self.bucket, "--prefix", prefix, *options)

    def _remove(self, *arguments: str) -> None:
        *options, key = arguments
        self.aws.run("s3", "rm", "--only-show-errors", *options, f"s3://{self.bucket}/{key}")
