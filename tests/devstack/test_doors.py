"""No port of the engine serves a page of another site, a foreign name, or another user."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from tests.figures import RecordFigure
from tests.support.product import Product, descendants, running_product

LISTENING = "0A"
EVIL = "https://evil.example"
SERVICES = {
    "dynamodb": {"X-Amz-Target": "DynamoDB_20120810.ListTables"},
    "lambda": {"X-Amz-Target": "AWSLambda.ListFunctions"},
    "cognito": {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"},
    "iam": {"Content-Type": "application/x-www-form-urlencoded"},
}
ATTACKS: Mapping[str, Mapping[str, str]] = {
    "a page of another origin": {"Origin": EVIL},
    "a page on another loopback port": {"Origin": "http://localhost:3000"},
    "a sandboxed page": {"Origin": "null"},
    "a rebound name": {"Host": "evil.example"},
    "a form post": {"Content-Type": "text/plain", "Origin": EVIL},
    "no credential": {},
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running_product(tmp_path_factory.mktemp("data")) as running:
        yield running


def listening(product: Product) -> set[int]:
    """Every TCP port that a process of the engine listens on, as the kernel tells (Linux)."""
    inodes = set()
    for pid in (product.pid, *descendants(product.pid)):
        for fd in Path(f"/proc/{pid}/fd").glob("*"):
            name = os.readlink(fd) if fd.is_symlink() else ""
            if name.startswith("socket:["):
                inodes.add(name[8:-1])
    ports = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in inodes:
                ports.add(int(fields[1].rpartition(":")[2], 16))
    return ports


def inner_ports(product: Product) -> set[int]:
    return listening(product) - {urlsplit(product.url).port or 0}


def test_every_inner_port_refuses_everybody_who_lacks_its_address(
    product: Product, record_figure: RecordFigure
) -> None:
    ports, tried = inner_ports(product), 0
    assert {urlsplit(product.emulator).port, urlsplit(product.control).port} <= ports
    for port in ports:
        for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
            for attack in ATTACKS.values():
                for headers in ({}, *SERVICES.values()):
                    answer = ask(method, f"http://127.0.0.1:{port}/", {**headers, **attack})
                    tried += 1
                    assert answer.status_code >= 400, (port, method, attack, headers)
                    assert "Access-Control-Allow-Origin" not in answer.headers
                    assert "pixel-prompt-local" not in answer.text
    record_figure("S10", ports=len(ports) + 1, attempts=tried, effects=0)


@pytest.mark.parametrize("name", ["emulator", "control"])
def test_even_with_its_address_no_page_is_served(product: Product, name: str) -> None:
    address = getattr(product, name)
    for attack in ({"Origin": EVIL}, {"Origin": "null"}, {"Host": "evil.example"}):
        answer = ask("POST", f"{address}/", {**SERVICES["dynamodb"], **attack})
        assert answer.status_code == 403
        assert "TableNames" not in answer.text


def test_with_its_address_only_the_services_in_use_are_served(product: Product) -> None:
    tables = ask("POST", f"{product.emulator}/", {**SERVICES["dynamodb"]}, b"{}")
    assert "pixel-prompt-local" in tables.text
    for headers, path in (
        (SERVICES["lambda"], "/"),
        (SERVICES["cognito"], "/"),
        (SERVICES["iam"], "/"),
        ({}, "/2015-03-31/functions"),
        ({}, "/another-bucket"),
        ({}, "/_ministack/reset"),
        ({}, "/_ministack/ses/messages"),
    ):
        assert ask("POST", f"{product.emulator}{path}", dict(headers)).status_code == 403


@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost:3000", "http://[", "x"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_other_origin_changes_anything(product: Product, method: str, origin: str) -> None:
    answer = ask(method, f"{product.api}/generate", {"Origin": origin}, b'{"prompt": "x"}')
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
    assert answer.json()["requestId"]


def test_its_own_page_and_programs_may(product: Product) -> None:
    body, kind = b'{"prompt": "a lighthouse"}', {"Content-Type": "application/json"}
    numeric = product.url.replace("localhost", "127.0.0.1")
    for origin in ({"Origin": product.url}, {"Origin": numeric}, {}):
        answer = ask("POST", f"{product.api}/generate", {**kind, **origin}, body)
        assert answer.status_code == 202, answer.text


@pytest.mark.parametrize("path", ["/", "/api/models", "/api/gallery", "/group-images/x"])
def test_a_rebound_name_reads_nothing(product: Product, path: str) -> None:
    answer = ask("GET", f"{product.url}{path}", {"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (421, "INVALID_INPUT")


@pytest.mark.parametrize("path", ["/%00", "/" + "x" * 300, "/a/" + "y" * 300 + ".js"])
def test_an_address_that_no_file_can_have_is_not_found(product: Product, path: str) -> None:
    answer = raw_get(product, path)
    assert b" 404 " in answer.split(b"\r\n")[0] or b" 400 " in answer.split(b"\r\n")[0]
    assert b"Traceback" not in answer


def test_nobody_else_on_the_machine_reads_the_data(product: Product) -> None:
    open_to_others = [
        path
        for path in (product.data_dir, *product.data_dir.rglob("*"))
        if stat.S_IMODE(path.stat().st_mode) & 0o077 and not path.is_socket()
    ]
    assert open_to_others == []


def test_no_secret_address_is_an_argument_of_a_process(product: Product) -> None:
    token = urlsplit(product.emulator).path.strip("/")
    assert len(token) == 32
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert token not in listed.stdout


def ask(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
) -> requests.Response:
    return requests.request(
        method, url, headers=dict(headers), data=body, timeout=10, allow_redirects=False
    )


def raw_get(product: Product, path: str) -> bytes:
    address = urlsplit(product.url)
    with socket.create_connection(("127.0.0.1", address.port or 0), timeout=10) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))
