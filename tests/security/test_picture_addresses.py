"""S11: a private picture is had by an address that is signed for it, and by no other."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from devstack.edge.signatures import PictureDoor
from tests.figures import RecordFigure
from tests.security.signed import Case, cases
from tests.support.product import PROJECT, Product, running_product

SECRET, NOW_S = "a-key-of-the-tests", 1_790_000_000
KEY = "group-images/0b9d-77/gpt-image-2-1-1.png"
HARNESS = Path(__file__).with_name("picture-door.mjs")
FUNCTION = PROJECT / ".chalice" / "picture-door.js"
BUCKET = "pixel-prompt-local-images"
PICTURE = os.urandom(5000)
SPARE_S = 60


@pytest.fixture(scope="module")
def table() -> list[Case]:
    return cases(SECRET, KEY, NOW_S)


def test_the_table_has_every_class_of_address(table: list[Case]) -> None:
    names = [case.name for case in table]
    assert len(set(names)) == len(names) >= 60
    assert len([case for case in table if case.allowed]) == 4


def test_the_local_edge_lets_in_what_is_signed(
    table: list[Case], record_figure: RecordFigure
) -> None:
    door = PictureDoor(SECRET, lambda: NOW_S)
    wrong = [case.name for case in table if door.lets_in(case.target) is not case.allowed]
    record_figure("S11 local rule", addresses=len(table), wrong=len(wrong))
    assert wrong == []


def test_the_cdns_function_lets_in_the_same(
    table: list[Case], tmp_path: Path, record_figure: RecordFigure
) -> None:
    done = subprocess.run(
        ["node", HARNESS, FUNCTION, SECRET, str(NOW_S)],
        input=json.dumps([case.target for case in table]),
        env={"PATH": os.environ["PATH"], "SCRATCH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    expected = [True if case.allowed else 403 for case in table]
    pairs = zip(table, answers, expected, strict=True)
    wrong = [case.name for case, answer, right in pairs if answer != right]
    record_figure("S11 CDN function", addresses=len(table), wrong=len(wrong))
    assert wrong == []


def test_over_sockets_a_picture_is_had_by_its_signed_address_only(
    tmp_path: Path, record_figure: RecordFigure
) -> None:
    with running_product(tmp_path, {"AUTH": "cognito"}) as product:
        product.aws("s3").put_object(Bucket=BUCKET, Key=KEY, Body=PICTURE)
        rendered = cases(signing_key(product), KEY, int(time.time()), spare_s=SPARE_S)
        wrong = [case.name for case in rendered if not answers_rightly(product, case)]
        by_the_bucket = requests.get(f"{port_of(product)}/{BUCKET}/{KEY}", timeout=10)
    record_figure("S11 local edge", addresses=len(rendered), wrong=len(wrong))
    assert wrong == []
    assert by_the_bucket.status_code == 403


def answers_rightly(product: Product, case: Case) -> bool:
    answer = raw_get(product, case.target)
    status, has_it = answer.split(b" ", 2)[1], PICTURE in answer
    if case.allowed:
        return status == b"200" and has_it
    # Below another path there is no picture, but perhaps something else.
    refused = status == b"403" or not case.target.startswith("/group-images/")
    return refused and not has_it


def signing_key(product: Product) -> str:
    """The key that this start of the engine made, from the environment of its API (Linux)."""
    variables = Path(f"/proc/{product.api_pid}/environ").read_bytes().split(b"\0")
    (found,) = [v for v in variables if v.startswith(b"IMAGE_SIGNING_KEY=")]
    return found.decode().partition("=")[2]


def port_of(product: Product) -> str:
    return f"http://{urlsplit(product.emulator).netloc}"


def raw_get(product: Product, target: str) -> bytes:
    address = urlsplit(product.url)
    with socket.create_connection(("127.0.0.1", address.port or 0), timeout=10) as connection:
        head = f"GET {target} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))
