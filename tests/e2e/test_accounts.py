"""The packaged stack with accounts: tokens pass the CDN, and pictures do with their signature."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from pycognito.aws_srp import AWSSRP

from deploy.emulator.product import STAGE, opened
from deploy.smoke import Smoke
from tests.e2e.engines import Stack, running_stack
from tests.e2e.guest import Guest
from tests.figures import RecordFigure
from tests.security.signed import Case, cases

EMAIL, PASSWORD = "Ann@example.org", "Correct-horse-7-battery"
SPARE_S = 120
SETTINGS = {"AUTH": "cognito", "OWN_KEY": "1", "WAF_RATE": "100000"}


@dataclass(frozen=True)
class Person(Guest):
    """Somebody who has signed in."""

    token: str = ""

    def call(
        self, method: str, path: str, body: object = None, **options: Any
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return super().call(method, path, body, **{"headers": headers, **options})


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    directory = tmp_path_factory.mktemp("accounts")
    with running_stack(directory, settings=SETTINGS) as deployed:
        yield deployed


@pytest.fixture(scope="module")
def url(stack: Stack) -> Iterator[str]:
    with opened(stack.emulator, stack.outputs) as address:
        yield address


@pytest.fixture(scope="module")
def person(stack: Stack, url: str) -> Person:
    """Somebody whom the account's owner has made, signed in by an SRP client of others."""
    cognito, pool = stack.client("cognito-idp"), stack.outputs["UserPoolId"]
    named = {"UserPoolId": pool, "Username": EMAIL.lower()}
    cognito.admin_create_user(
        **named,
        UserAttributes=[
            {"Name": "email", "Value": EMAIL.lower()},
            {"Name": "email_verified", "Value": "true"},
        ],
        MessageAction="SUPPRESS",
    )
    cognito.admin_set_user_password(**named, Password=PASSWORD, Permanent=True)
    client_id = stack.outputs["UserPoolClientId"]
    signing_in = AWSSRP(EMAIL.lower(), PASSWORD, pool, client_id, client=cognito)
    tokens = signing_in.authenticate_user()["AuthenticationResult"]
    return Person(url, token=tokens["AccessToken"])


def test_a_token_passes_the_cdn_and_nobody_comes_in_without_one(url: str, person: Person) -> None:
    assert person.call("GET", "/gallery").status_code == 200
    refused = Guest(url).call("GET", "/gallery")
    assert (refused.status_code, refused.json()["code"]) == (401, "UNAUTHENTICATED")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    # The CDN keeps answers for a second: none of another caller's.
    assert person.call("GET", "/gallery").status_code == 200
    assert Guest(url).call("GET", "/gallery").status_code == 401


def test_the_smoke_test_finds_it_closed(stack: Stack, url: str) -> None:
    lines = Smoke(url, STAGE, stack.outputs["Url"]).test()
    assert lines == ["page, health and sign-in answer", "nobody comes in without signing in"]


def test_a_private_picture_is_had_by_its_signed_address_only(
    stack: Stack, url: str, person: Person, record_figure: RecordFigure
) -> None:
    job = person.wait(person.generate("a lighthouse", models=[1])["jobId"], 60)
    (result,) = job["results"]
    picture = requests.get(url + result["imageUrl"], timeout=30)
    assert len(picture.content) == result["bytes"]
    key = result["imageKey"]
    secret = stack.client("secretsmanager").get_secret_value(SecretId=stack.physical("ImageKey"))
    rendered = cases(secret["SecretString"], key, int(time.time()), spare_s=SPARE_S)
    wrong = [c.name for c in rendered if not answers_rightly(url, c, picture.content)]
    record_figure("S11 emulator's CDN", addresses=len(rendered), wrong=len(wrong))
    assert wrong == []
    bucket = f"{stack.emulator.endpoint}/{stack.outputs['BucketName']}/{key}"
    assert requests.get(bucket, timeout=10).status_code == 403


def answers_rightly(url: str, case: Case, picture: bytes) -> bool:
    answer = raw_get(url, case.target)
    status, has_it = answer.split(b" ", 2)[1], picture in answer
    if case.allowed:
        return status == b"200" and has_it
    refused = status == b"403" or not case.target.startswith("/group-images/")
    return refused and not has_it


def raw_get(url: str, target: str) -> bytes:
    """The answer to a GET whose target no client library has tidied."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        head = f"GET {target} HTTP/1.1\r\nHost: {address.netloc}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))
