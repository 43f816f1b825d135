"""The limiter: every request of the last day as a timestamp in one document."""

from __future__ import annotations

import time

from botocore.exceptions import ClientError

from bench.originals.documents import Document, Documents

KEY = "rate-limit/ratelimit.json"
HOUR, DAY = 3600, 86_400


def check(documents: Documents, address: str, global_limit: int, ip_limit: int) -> bool:
    """Whether the request is admitted; concurrent ones read the same counts and all are."""
    now = time.time()
    counts = _read(documents)
    everybody = [moment for moment in counts["global_requests"] if moment > now - HOUR]
    own = [moment for moment in counts["ip_requests"].get(address, []) if moment > now - DAY]
    counts["global_requests"] = [*everybody, now]
    counts["ip_requests"][address] = [*own, now]
    documents.write(KEY, counts)
    return len(everybody) < global_limit and len(own) < ip_limit


def _read(documents: Documents) -> Document:
    try:
        return documents.read(KEY)
    except ClientError:
        return {"global_requests": [], "ip_requests": {}}
