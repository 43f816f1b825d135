"""Requests as the product's own adapters send them, changed and sent to a simulator again."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from chalicelib.providers.errors import ProviderError
from devstack.simulators import Simulators
from devstack.simulators.server import discovered
from tests.contract.case import ADAPTERS, ModelCase
from tests.contract.driving import CANARY_KEY, driver_at

TIMEOUT_S = 10.0
PROMPT = "the-prompt-of-the-captured-request"
KEY_HEADERS = ("authorization", "x-key", "x-goog-api-key")
#: What the client that repeats the request sets itself.
OWN_HEADERS = ("host", "content-length", "connection", "accept-encoding")
SIMULATORS = {kind.id: kind for kind in discovered()}
CASES: dict[str, ModelCase] = {case.provider: case for case in ADAPTERS}


@dataclass(frozen=True)
class Asked:
    """One request of an adapter; `path` begins with the provider's base path."""

    provider: str
    model: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def send(self, simulators: Simulators) -> requests.Response:
        """Send it to the provider's simulator."""
        base = urlsplit(simulators.base_urls[self.provider])
        url = f"{base.scheme}://{base.netloc}{self.path}"
        return requests.post(url, self.body, headers=self.headers, timeout=TIMEOUT_S)

    def prompting(self, prompt: str) -> "Asked":
        return replace(self, body=self.body.replace(PROMPT.encode(), prompt.encode()))

    def without_key(self) -> "Asked":
        kept = {name: value for name, value in self.headers.items() if name not in KEY_HEADERS}
        return replace(self, headers=kept)

    def with_key(self, key: str) -> "Asked":
        changed = {name: value.replace(CANARY_KEY, key) for name, value in self.headers.items()}
        return replace(self, headers=changed)

    def with_model(self, model: str) -> "Asked":
        path = self.path.replace(quote(self.model, safe=""), model).replace(self.model, model)
        return replace(self, path=path, body=self.body.replace(self.model.encode(), model.encode()))

    def with_fields(self, **fields: Any) -> "Asked":
        """Add or change fields of the body; a nested one is merged into what is there."""
        if not self.headers["content-type"].startswith("multipart/"):
            return replace(self, body=json.dumps(_merged(json.loads(self.body), fields)).encode())
        cut = self.headers["content-type"].partition("boundary=")[2]
        parts = "".join(_part(cut, name, str(value)) for name, value in fields.items())
        end = f"--{cut}--"
        return replace(self, body=self.body.replace(end.encode(), f"{parts}{end}".encode()))


def asked(provider: str, model: str | None = None) -> Asked:
    """Return the request for a picture of one of the provider's models."""
    return _captured(provider, model or CASES[provider].model_id)


@cache
def _captured(provider: str, model: str) -> Asked:
    base_path = SIMULATORS[provider].base_path
    with _recorder() as (origin, seen):
        case = ModelCase(CASES[provider].provider, model)
        with suppress(ProviderError):
            driver_at(case, origin + base_path).draw(PROMPT)
    path, headers, body = seen[0]
    kept = {name: value for name, value in headers.items() if name not in OWN_HEADERS}
    return Asked(provider, model, path, kept, body)


@contextmanager
def _recorder() -> Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]:
    """Serve one answer, 400, to every request, and keep what was sent."""
    seen: list[tuple[str, dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            seen.append((self.path, headers, body))
            self.send_response(400)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing: the test's output is the test's."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
    finally:
        server.shutdown()
        server.server_close()


def _merged(body: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in fields.items():
        nested = isinstance(value, dict) and isinstance(body.get(name), dict)
        body[name] = _merged(body[name], value) if nested else value
    return body


def _part(cut: str, name: str, value: str) -> str:
    return f'--{cut}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
