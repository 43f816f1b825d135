"""The table of picture addresses, rendered for one key, one picture and one moment.

A case is signed for what it asks (`told` says otherwise), with the right key (`key`), until
`lasts` seconds from now (or `end`); only those with `allowed` may pass. Signing is written out
here, so that the product is not held to itself.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent / "corpora" / "picture-addresses.json"
LASTS_S = 600
KEYS = {"other": "another-key", "none": ""}


@dataclass(frozen=True)
class Case:
    """One request by its target as it is sent, and whether it may have the picture."""

    name: str
    target: str
    allowed: bool


def cases(secret: str, key: str, now_s: int, *, spare_s: int = 0) -> list[Case]:
    """Render every case; `spare_s` is added to ends, where the clock goes on meanwhile."""
    return [_case(row, secret, key, now_s, spare_s) for row in json.loads(TABLE.read_text())]


def _case(row: dict[str, Any], secret: str, key: str, now_s: int, spare_s: int) -> Case:
    path = row.get("path", "/{key}").replace("{key}", key)
    spare_s = spare_s if row.get("allowed") else 0
    end = row.get("end", str(now_s + row.get("lasts", LASTS_S) + spare_s))
    told = row.get("told", "{path}\n{end}").replace("{key}", key)
    told = told.replace("{path}", path).replace("{end}", end)
    signed = mac(KEYS.get(row.get("key", ""), secret), told)
    query = row.get("query", "e={e}&s={s}")
    if query is None:
        return Case(row["name"], path, False)
    values = {"{e}": end, "{s}": signed, "{s-short}": signed[:-1], "{s-other}": signed[::-1]}
    for name, value in values.items():
        query = query.replace(name, value.replace(" ", "%20"))
    return Case(row["name"], f"{path}?{query}", row.get("allowed", False))


def mac(secret: str, told: str) -> str:
    """Return the base64url of an HMAC-SHA256, without padding."""
    digest = hmac.new(secret.encode(), told.encode(), sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
