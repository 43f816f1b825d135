"""The section of addresses: where the page, its pictures and its socket are."""

import re
from dataclasses import dataclass

from chalicelib.config.reader import Reader, Secret, SettingsError

_ORIGIN = re.compile(r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?", re.ASCII)
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?", re.ASCII)


@dataclass(frozen=True)
class NetworkSettings:
    """The CDN, what it proves itself with, the origins of pages, and the socket's addresses."""

    cloudfront_domain: str
    origin_secret: Secret | None
    allowed_origins: tuple[str, ...]
    ws_push_endpoint: str
    ws_url: str


def read(env: Reader) -> NetworkSettings:
    """Read the section; raise SettingsError."""
    return NetworkSettings(
        cloudfront_domain=_domain(env),
        origin_secret=Secret(env.text("ORIGIN_SECRET")) if env.text("ORIGIN_SECRET") else None,
        allowed_origins=_origins(env),
        ws_push_endpoint=env.address("WS_PUSH_ENDPOINT", "http", "https"),
        ws_url=env.address("WS_URL", "ws", "wss"),
    )


def _domain(env: Reader) -> str:
    raw = env.text("CLOUDFRONT_DOMAIN")
    if raw and not _DOMAIN.fullmatch(raw):
        raise SettingsError(
            f"CLOUDFRONT_DOMAIN is {raw!r}; it must be a domain alone, such as "
            "d111111abcdef8.cloudfront.net."
        )
    return raw


def _origins(env: Reader) -> tuple[str, ...]:
    raw = [o.strip().rstrip("/") for o in env.text("ALLOWED_ORIGINS").split(",") if o.strip()]
    for origin in raw:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"ALLOWED_ORIGINS holds {origin!r}; it must be a comma list of origins such as "
                "https://studio.example.org."
            )
    if raw:
        return tuple(origin.lower() for origin in raw)
    domain = env.text("CLOUDFRONT_DOMAIN")
    return (f"https://{domain}",) if domain else ()
