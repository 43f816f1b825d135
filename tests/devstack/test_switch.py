"""`make model-off`: what it asks, and what it says where that is refused."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from devstack.switch import main


@pytest.fixture
def asked() -> Iterator[tuple[str, list[tuple[str, object]]]]:
    """A product that knows models 1 to 9, and what it was asked."""
    heard: list[tuple[str, object]] = []

    class Product(BaseHTTPRequestHandler):
        def do_PATCH(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            heard.append((self.path, body))
            found = self.path[-2] == "/"
            told = {} if found else {"error": "There is no such model."}
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Product)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield str(server.server_port), heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_a_model_is_switched_by_its_number(asked: tuple[str, list[tuple[str, object]]]) -> None:
    port, heard = asked
    assert main(["off", "3", "Too dear."], port) == "Model 3 is off."
    assert main(["on", "3"], port) == "Model 3 is on."
    assert heard == [
        ("/api/admin/models/3", {"enabled": False, "reason": "Too dear."}),
        ("/api/admin/models/3", {"enabled": True, "reason": ""}),
    ]


def test_a_refusal_is_said_in_the_products_words(
    asked: tuple[str, list[tuple[str, object]]],
) -> None:
    with pytest.raises(SystemExit, match="no such model"):
        main(["off", "77"], asked[0])


@pytest.mark.parametrize("arguments", [[], ["off"], ["off", ""], ["off", "x"], ["maybe", "3"]])
def test_a_model_that_is_not_named_is_asked_for(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="MODEL=3"):
        main(arguments, "1")


def test_a_product_that_does_not_run_is_told() -> None:
    with pytest.raises(SystemExit, match="Nothing runs"):
        main(["off", "3"], "9")
