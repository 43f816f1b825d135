"""`/api`, the page and the pictures on one origin."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import termios
import time
from array import array
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from tests.support.product import Product, wait_until

BUCKET = "pixel-prompt-local-images"


@pytest.fixture
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def test_a_request_becomes_a_proxy_event(probe: Product, http: requests.Session) -> None:
    answer = http.post(
        f"{probe.api}/echo/a%20b?x=1&x=2&y=",
        json={"k": "ü"},
        headers={"X-Forwarded-For": "203.0.113.9", "User-Agent": "probe"},
    )
    event = answer.json()["event"]
    assert answer.status_code == 200
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": [""]}
    assert event["pathParameters"] == {"name": "a%20b"}
    assert json.loads(event["body"]) == {"k": "ü"}
    assert event["headers"]["x-forwarded-for"] == "203.0.113.9"
    assert event["requestContext"]["identity"]["sourceIp"] in ("127.0.0.1", "::1")
    assert event["requestContext"]["resourcePath"] == "/echo/{name}"
    assert event["requestContext"]["requestId"] == answer.headers["x-amzn-RequestId"]


def test_binary_bodies_arrive_whole(probe: Product, http: requests.Session) -> None:
    sent = bytes(range(256)) * 40
    kind = {"Content-Type": "application/octet-stream", "Accept": "application/octet-stream"}
    answer = http.post(f"{probe.api}/bytes", data=sent, headers=kind)
    assert answer.content == sent
    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_text_that_is_no_utf8_reaches_the_app_as_text(
    probe: Product, http: requests.Session
) -> None:
    answer = http.post(f"{probe.api}/echo/a", data=b"\xff{", headers={"Content-Type": "x/y"})
    assert answer.json()["event"]["body"] == "\ufffd{"


@pytest.mark.parametrize("path", ["/", "/nothing", "/echo", "/echo/a/b", "/..%2f"])
def test_an_unknown_route_is_a_404_in_the_apis_own_shape(
    probe: Product, http: requests.Session, path: str
) -> None:
    answer = http.get(probe.api + path, headers={"Authorization": "Bearer x"})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (404, "NOT_FOUND")
    assert body["requestId"] == answer.headers["x-amzn-RequestId"]
    assert body["error"]


def test_a_wrong_method_is_a_405_that_names_the_right_ones(
    probe: Product, http: requests.Session
) -> None:
    answer = http.delete(f"{probe.api}/echo/a")
    assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["Allow"] == "GET, POST"


def test_a_body_above_the_gateways_limit_is_refused(probe: Product, http: requests.Session) -> None:
    answer = http.post(f"{probe.api}/echo/a", data=b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_the_views_of_the_page_are_the_page(probe: Product, http: requests.Session) -> None:
    for path in ("/", "/run/0b9d", "/gallery", "/gallery/2026-11", "/compare?a=1"):
        answer = http.get(probe.url + path)
        assert (answer.status_code, "<title>Probe" in answer.text) == (200, True)
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Type"].startswith("text/html")


def test_hashed_assets_are_cached_for_ever(probe: Product, http: requests.Session) -> None:
    answer = http.get(f"{probe.url}/assets/main-0a1b2c.js")
    assert "immutable" in answer.headers["Cache-Control"]
    assert http.get(f"{probe.url}/assets/gone-0a1b2c.js").status_code == 404


def test_every_answer_carries_the_deployments_security_headers(
    probe: Product, http: requests.Session
) -> None:
    for path in ("/", "/api/nothing", "/group-images/none.png", "/missing.js"):
        headers = http.get(probe.url + path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        socket_origin = probe.url.replace("http", "ws")
        policy = headers["Content-Security-Policy"]
        assert f"connect-src 'self' {socket_origin};" in policy
        assert "${" not in policy


def test_files_outside_the_page_stay_there(probe: Product) -> None:
    for path in ("/../app.py", "/%2e%2e/app.py", "/assets/../../../app.py", "/..%2fapp.py"):
        assert b"Chalice" not in raw_get(probe, path)


def test_a_foreign_host_name_is_refused(probe: Product, http: requests.Session) -> None:
    answer = http.get(f"{probe.api}/echo/a", headers={"Host": "evil.example"})
    assert answer.status_code == 421


def test_pictures_come_with_their_own_type_and_are_revalidated(
    probe: Product, http: requests.Session
) -> None:
    key, picture = "group-images/t/m-1-1.webp", os.urandom(300_000)
    probe.aws("s3").put_object(
        Bucket=BUCKET,
        Key=key,
        Body=picture,
        ContentType="image/webp",
        CacheControl="public, max-age=31536000, immutable",
    )
    answer = http.get(f"{probe.url}/{key}")
    assert answer.content == picture
    assert answer.headers["Content-Type"] == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    again = http.get(f"{probe.url}/{key}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = http.head(f"{probe.url}/{key}")
    assert (head.status_code, head.headers["Content-Length"]) == (200, "300000")


@pytest.mark.parametrize("when", ["at once", "while the server waits for it"])
def test_a_browser_that_leaves_in_the_middle_of_a_picture_is_no_failure(
    probe: Product, when: str
) -> None:
    key = f"group-images/left/{when.replace(' ', '-')}.png"
    probe.aws("s3").put_object(Bucket=BUCKET, Key=key, Body=bytes(32 << 20))
    address = urlsplit(probe.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as browser:
        browser.sendall(f"GET /{key} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert browser.recv(64).startswith(b"HTTP/1.1 200 OK")
        if when != "at once":
            wait_until(lambda: unread(browser, after=0) == unread(browser, after=0.2))
    left = {"message": "the browser left before the end", "path": f"/{key}"}
    wait_until(lambda: any(left.items() <= line.items() for line in probe.log()))


def unread(browser: socket.socket, after: float) -> int:
    """The bytes that have come and were not read, `after` so many seconds."""
    time.sleep(after)
    came = array("i", [0])
    fcntl.ioctl(browser, termios.FIONREAD, came)
    return came[0]


def test_only_pictures_of_the_bucket_are_served(probe: Product, http: requests.Session) -> None:
    probe.aws("s3").put_object(Bucket=BUCKET, Key="private/a.txt", Body=b"private")
    for path in ("/group-images/../private/a.txt", "/group-images/%2e%2e/private/a.txt"):
        assert b"private" not in raw_get(probe, path)
    missing = http.get(f"{probe.url}/group-images/none.png")
    assert (missing.status_code, missing.json()["code"]) == (404, "NOT_FOUND")


def raw_get(product: Product, path: str) -> bytes:
    """The body of a GET whose path no client library has tidied."""
    host, port = "127.0.0.1", urlsplit(product.url).port
    assert port is not None
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer.partition(b"\r\n\r\n")[2]
