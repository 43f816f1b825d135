"""The packaged stack with accounts: tokens pass the CDN, and pictures do with their signature."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from pycognito.aws_srp import AWSSRP

from deploy.emulator.product import STAGE
from deploy.smoke import Smoke
from deploy.stage import PROJECT
from tests.e2e.engines import Stack, running_stack
from tests.e2e.guest import Guest, Person
from tests.figures import RecordFigure
from tests.security.signed import Case, cases

EMAIL, ADMIN = "ann@example.org", "root@example.org"
PASSWORD = "Correct-horse-7-battery"
SPARE_S = 120
KINDS = ("image", "preview", "thumb")
PEOPLE = {"AUTH": "cognito", "SIGN_UP": "open", "MFA": "optional"}
SETTINGS = {**PEOPLE, "OWN_KEY": "1", "WAF_RATE": "100000"}
JOURNEYS = ("npm", "--prefix", "frontend", "run", "--silent", "e2e", "--", "accounts.e2e.ts")
ONE_JOURNEY = ("-t", "somebody is invited")
"""Enough for every change; `EVERY_JOURNEY=1` goes them all."""
PATIENCE_S = 60
"""How long a page waits for functions that start, on a machine that is busy."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    directory = tmp_path_factory.mktemp("accounts")
    with running_stack(directory, settings=SETTINGS, for_browsers=True) as deployed:
        yield deployed


@pytest.fixture(scope="module")
def url(stack: Stack) -> str:
    return stack.outputs["Url"]


@pytest.fixture(scope="module")
def person(stack: Stack, url: str) -> Person:
    """Somebody whom the account's owner has made."""
    make(stack, EMAIL)
    return signed_in(stack, url, EMAIL)


@pytest.fixture(scope="module")
def administrator(stack: Stack, url: str) -> Person:
    """Made as docs/accounts.md says."""
    make(stack, ADMIN)
    pool = stack.outputs["UserPoolId"]
    group = {"UserPoolId": pool, "Username": ADMIN, "GroupName": "admin"}
    stack.client("cognito-idp").admin_add_user_to_group(**group)
    return signed_in(stack, url, ADMIN)


def make(stack: Stack, email: str) -> None:
    cognito = stack.client("cognito-idp")
    named = {"UserPoolId": stack.outputs["UserPoolId"], "Username": email}
    known = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    cognito.admin_create_user(**named, UserAttributes=known, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**named, Password=PASSWORD, Permanent=True)


def signed_in(stack: Stack, url: str, email: str) -> Person:
    """Somebody after signing in by an SRP client of others."""
    pool, client_id = stack.outputs["UserPoolId"], stack.outputs["UserPoolClientId"]
    cognito = stack.client("cognito-idp")
    signing_in = AWSSRP(email, PASSWORD, pool, client_id, client=cognito)
    return Person(url, token=signing_in.authenticate_user()["AuthenticationResult"]["AccessToken"])


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
    job = person.wait_drawn(person.generate("a lighthouse", models=[1])["jobId"], 60)
    (result,) = job["results"]
    picture = person.image(result["imageUrl"])
    assert len(picture.content) == result["bytes"]
    kept = {person.image(result[f"{k}Url"]).headers["Cache-Control"] for k in KINDS}
    assert kept == {"private, max-age=31536000, immutable"}
    key = result["imageKey"]
    secret = stack.client("secretsmanager").get_secret_value(SecretId=stack.physical("ImageKey"))
    rendered = cases(secret["SecretString"], key, int(time.time()), spare_s=SPARE_S)
    wrong = [c.name for c in rendered if not answers_rightly(url, c, picture.content)]
    record_figure("S11 emulator's CDN", addresses=len(rendered), wrong=len(wrong))
    assert wrong == []
    bucket = f"{stack.emulator.endpoint}/{stack.outputs['BucketName']}/{key}"
    assert requests.get(bucket, timeout=10).status_code == 403


def test_an_administrator_invites_and_shuts_out(
    stack: Stack, person: Person, administrator: Person
) -> None:
    """Policies are enforced here: the API may do all of this to the pool."""
    made = administrator.call("POST", "/admin/users", {"email": "bob@example.org"})
    assert made.status_code == 201, made.text
    bob = f"/admin/users/{made.json()['userId']}"
    listed = administrator.call("GET", "/admin/users").json()["users"]
    assert {user["email"] for user in listed} >= {EMAIL, ADMIN, "bob@example.org"}
    for change in ({"groups": ["admin", "user"]}, {"groups": ["user"]}, {"enabled": False}):
        answer = administrator.call("PATCH", bob, change)
        assert (answer.status_code, answer.json() | change) == (200, answer.json())
    assert administrator.call("PATCH", bob, {"enabled": True}).json()["enabled"] is True
    assert person.call("GET", "/admin/users").status_code == 403
    mails = requests.get(f"{stack.emulator.endpoint}/_ministack/ses/messages", timeout=10).text
    assert "You are invited to Pixel Prompt" in mails
    used = {call["operation"] for call in stack.calls() if call["service"] == "cognito-idp"}
    assert {f"cognito-idp:{operation}" for operation in used} == allowed(stack, "ManagePeople")


def test_people_go_the_whole_way_in_a_browser(
    stack: Stack, url: str, administrator: Person
) -> None:
    """The page's own tests of accounts, which run on the local engine as well."""
    with administrator.socket():  # Starts the functions.
        assert administrator.call("GET", "/models").status_code == 200
    named = {
        "BASE_URL": url,
        "ADMINISTRATOR": f"{ADMIN} {PASSWORD}",
        "SENT_MAILS": f"{stack.emulator.endpoint}/_ministack/ses/messages",
        "PATIENCE_MS": str(PATIENCE_S * 1000),
    }
    wanted = ("--testTimeout=300000",) if "EVERY_JOURNEY" in os.environ else ONE_JOURNEY
    done = subprocess.run(
        (*JOURNEYS, *wanted),
        cwd=PROJECT,
        env={**os.environ, **named},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def allowed(stack: Stack, policy: str) -> set[str]:
    """The actions of a policy that is there where there are accounts."""
    template = json.loads(stack.packaged.artefact.template.read_text())
    document = template["Resources"][policy]["Properties"]["PolicyDocument"]
    return {action for statement in document["Statement"] for action in statement["Action"]}


def test_a_key_a_link_and_a_socket_of_ones_own(url: str, person: Person) -> None:
    key = person.call("POST", "/keys", {"name": "ci", "scopes": ["read", "generate"]}).json()
    program = Person(url, token=key["key"])
    job = program.wait_drawn(program.generate("a kite", models=[1])["jobId"], 60)
    with program.socket() as hearing:
        assert hearing.ask({"action": "subscribe", "jobId": job["jobId"]})["type"] == "job"
    with Guest.socket(person) as opened_socket:
        wanted = {"action": "subscribe", "jobId": job["jobId"]}
        assert opened_socket.ask(wanted)["code"] == "UNAUTHENTICATED"
        told = opened_socket.ask({"action": "authenticate", "token": person.token})
        assert told["type"] == "authenticated"
        assert opened_socket.ask(wanted)["job"]["jobId"] == job["jobId"]
    link = person.call("POST", f"/jobs/{job['jobId']}/share", {}).json()
    shared = Guest(url).call("GET", f"/shared/{link['token']}").json()
    picture = shared.get("job", shared)
    assert Guest(url).image(picture["results"][0]["imageUrl"]).status_code == 200
    assert person.call("DELETE", f"/jobs/{job['jobId']}").status_code == 204
    assert Guest(url).call("GET", f"/shared/{link['token']}").status_code == 404
    assert person.call("DELETE", f"/keys/{key['keyId']}").status_code == 204


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
