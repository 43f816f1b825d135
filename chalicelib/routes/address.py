"""Who called: the address that every limit counts."""

import hmac
from collections.abc import Mapping
from typing import Any

from chalicelib.config import Secret

ORIGIN_SECRET_HEADER = "x-origin-secret"
VIEWER_HEADER = "cloudfront-viewer-address"


def caller_address(
    context: Mapping[str, Any], headers: Mapping[str, str], secret: Secret | None
) -> str:
    """Return the address that connected, as the gateway saw it; `""` when it saw none.

    The CDN's header counts only beside the secret that the CDN and the API share: everything else
    in a request can be forged. Header names are in lower case.
    """
    viewer = headers.get(VIEWER_HEADER)
    # Bytes that are not UTF-8 arrive as lone surrogates.
    given = headers.get(ORIGIN_SECRET_HEADER, "").encode("utf-8", "surrogatepass")
    if secret and viewer and hmac.compare_digest(given, secret.reveal().encode()):
        return viewer.rpartition(":")[0].strip("[]")
    return str(context.get("identity", {}).get("sourceIp") or "")
