"""One local address for the CDN: what a DNS entry for its domain would do.

The emulator tells distributions apart by the host name, which no DNS knows.
"""

import http.client
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

KEPT_BY_THE_CONNECTION = frozenset({"connection", "transfer-encoding", "date", "server"})
WAIT_SECONDS = 120


@contextmanager
def open_door(port: int, host: Callable[[], str]) -> Iterator[str]:
    """A base URL whose requests reach `port` under the name that `host` says, until the block ends.

    The name is asked for with each request, since the door may be there before the distribution.
    """
    server = _Door(("127.0.0.1", 0), _Handler)
    server.target, server.host = port, host
    thread = Thread(target=server.serve_forever, name="door", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Door(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    target: int
    host: Callable[[], str]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody who has left is not news either."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Door

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        onward = http.client.HTTPConnection("127.0.0.1", self.server.target, timeout=WAIT_SECONDS)
        try:
            onward.request(self.command, self.path, body, {**headers, "Host": self.server.host()})
            self._pass_back(onward.getresponse())
        finally:
            onward.close()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Requests are not news."""

    def _pass_back(self, answer: http.client.HTTPResponse) -> None:
        content = answer.read()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in KEPT_BY_THE_CONNECTION:
                self.send_header(name, value)
        if answer.getheader("Content-Length") is None:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
