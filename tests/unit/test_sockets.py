"""What a socket client hears when the product itself has a problem."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from chalice.app import WebsocketEvent

from chalicelib import sockets
from chalicelib.wiring import services
from tests.unit.cloud import REGION, Cloud
from tests.unit.jobs.samples import JOB_ID

SUBSCRIBE = json.dumps({"action": "subscribe", "jobId": JOB_ID})


@contextmanager
def gateway() -> Iterator[tuple[str, list[Any]]]:
    """An address that takes posts to connections, and what was posted there."""
    heard: list[Any] = []

    class Connections(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Connections)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


@pytest.fixture
def heard(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What the client hears from a product whose table has gone."""
    with gateway() as (address, heard):
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        monkeypatch.setenv("TABLE_NAME", "gone")
        monkeypatch.setenv("WS_PUSH_ENDPOINT", address)
        services.cache_clear()
        try:
            yield heard
        finally:
            services.cache_clear()


def test_a_fault_of_ours_is_a_typed_answer_and_tells_nothing(
    heard: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    context = {"connectionId": "c1", "requestId": "r1", "domainName": "d", "stage": "api"}
    sockets.message(WebsocketEvent({"requestContext": context, "body": SUBSCRIBE}, None))
    (answer,) = heard
    assert (answer["type"], answer["code"], answer["jobId"]) == ("error", "INTERNAL", JOB_ID)
    assert "gone" not in answer["error"]
    assert "message_failed" in caplog.text
