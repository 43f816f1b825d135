"""The security headers of every answer: the CDN's own, read from the template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def security_headers(config: Mapping[str, Any], socket_origins: str) -> dict[str, str]:
    """Renders a `SecurityHeadersConfig` as CloudFront would.

    The socket's address in the policy, known only after a deployment, becomes `socket_origins`,
    together with what is filled in behind it: a page signs in here on its own origin.
    Strict-Transport-Security is left out: there is no TLS here to insist on.
    """
    headers: dict[str, str] = {}
    if "ContentSecurityPolicy" in config:
        policy = _text(config["ContentSecurityPolicy"]["ContentSecurityPolicy"])
        headers["Content-Security-Policy"] = re.sub(r"wss://[^\s;]+", socket_origins, policy)
    if "ContentTypeOptions" in config:
        headers["X-Content-Type-Options"] = "nosniff"
    if "FrameOptions" in config:
        headers["X-Frame-Options"] = config["FrameOptions"]["FrameOption"]
    if "ReferrerPolicy" in config:
        headers["Referrer-Policy"] = config["ReferrerPolicy"]["ReferrerPolicy"]
    return headers


def _text(value: str | Mapping[str, Any]) -> str:
    text = value if isinstance(value, str) else value["Fn::Sub"]
    return text if isinstance(text, str) else str(text[0])
