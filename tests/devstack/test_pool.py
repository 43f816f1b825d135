"""The local user pool over real sockets: a person's whole way, by an SRP client of others."""

from __future__ import annotations

import json
import stat
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from botocore.exceptions import ClientError
from pycognito.exceptions import ForceChangePasswordException

from tests.support.people import PASSWORD, WELCOME, People
from tests.support.product import running_product

ACCOUNTS = {"AUTH": "cognito", "SIGN_UP": "open", "MFA": "optional"}
HOUR_S = 3600


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with running_product(tmp_path_factory.mktemp("data"), ACCOUNTS) as product:
        yield People(product)


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def refused(people: People, email: str, password: str) -> str:
    with pytest.raises(ClientError) as refusal:
        people.sign_in(email, password)
    return str(refusal.value.response["Error"]["Code"])


def test_the_first_administrator_signs_in_with_what_was_printed(people: People) -> None:
    email, password = people.administrator()
    tokens = people.sign_in(email, password)
    access, identity = claims(tokens.access), claims(tokens.id)
    assert access["cognito:groups"] == identity["cognito:groups"] == ["admin"]
    assert (access["token_use"], access["client_id"]) == ("access", people.client_id)
    assert identity["email_verified"] is True
    for token in (access, identity):
        assert token["exp"] - token["iat"] == HOUR_S


def test_who_signs_up_confirms_the_address_first(people: People) -> None:
    named = {"ClientId": people.client_id, "Username": "Bea@example.org"}
    attributes = [{"Name": "email", "Value": "Bea@example.org"}]
    people.browser.sign_up(**named, Password=PASSWORD, UserAttributes=attributes)
    assert refused(people, "bea@example.org", PASSWORD) == "UserNotConfirmedException"
    people.browser.confirm_sign_up(**named, ConfirmationCode=people.code("bea@example.org"))
    identity = claims(people.sign_in("BEA@Example.org").id)
    assert (identity["email"], identity["email_verified"]) == ("bea@example.org", True)
    with pytest.raises(people.browser.exceptions.UsernameExistsException):
        people.sign_up("bEa@example.org")


@pytest.mark.parametrize("password", ["short-1A", "no-number-in-iT", "NO-SMALL-1-LETTER"])
def test_a_weak_password_is_refused(people: People, password: str) -> None:
    with pytest.raises(people.browser.exceptions.InvalidPasswordException):
        people.sign_up("weak@example.org", password)


def test_an_invited_person_chooses_a_password(people: People) -> None:
    first = people.invite("cem@example.org")
    with pytest.raises(ForceChangePasswordException):
        people.sign_in("cem@example.org", first)
    people.srp("cem@example.org", first).set_new_password_challenge(PASSWORD)
    assert claims(people.sign_in("cem@example.org").id)["email"] == "cem@example.org"
    assert refused(people, "cem@example.org", first) == "NotAuthorizedException"


def test_a_second_factor_is_set_up_and_asked_for(people: People) -> None:
    people.sign_up("dee@example.org")
    token = people.sign_in("dee@example.org").access
    secret = people.browser.associate_software_token(AccessToken=token)["SecretCode"]
    app = pyotp.TOTP(secret)
    people.browser.verify_software_token(AccessToken=token, UserCode=app.now())
    people.browser.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
    )
    code = app.now()
    tokens = people.sign_in_with_code("dee@example.org", PASSWORD, code)
    assert claims(tokens.access)["token_use"] == "access"
    with pytest.raises(people.browser.exceptions.ExpiredCodeException):
        people.sign_in_with_code("dee@example.org", PASSWORD, code)


def test_a_forgotten_password_is_set_anew_with_the_code_of_a_mail(people: People) -> None:
    people.sign_up("eve@example.org")
    named = {"ClientId": people.client_id, "Username": "Eve@example.org"}
    people.browser.forgot_password(**named)
    code = people.code("eve@example.org")
    people.browser.confirm_forgot_password(
        **named, ConfirmationCode=code, Password="Another-horse-8-battery"
    )
    people.sign_in("eve@example.org", "Another-horse-8-battery")
    assert refused(people, "eve@example.org", PASSWORD) == "NotAuthorizedException"


def test_signing_out_everywhere_ends_every_session(people: People) -> None:
    people.sign_up("fay@example.org")
    laptop, phone = people.sign_in("fay@example.org"), people.sign_in("fay@example.org")
    assert people.refresh(phone.refresh).access
    people.browser.global_sign_out(AccessToken=laptop.access)
    for session in (laptop, phone):
        with pytest.raises(people.browser.exceptions.NotAuthorizedException):
            people.refresh(session.refresh)
        with pytest.raises(people.browser.exceptions.NotAuthorizedException):
            people.browser.get_user(AccessToken=session.access)


def test_signing_out_ends_one_session(people: People) -> None:
    people.sign_up("gil@example.org")
    laptop, phone = people.sign_in("gil@example.org"), people.sign_in("gil@example.org")
    people.browser.revoke_token(ClientId=people.client_id, Token=laptop.refresh)
    with pytest.raises(people.browser.exceptions.NotAuthorizedException):
        people.refresh(laptop.refresh)
    assert people.refresh(phone.refresh).access


def test_a_mail_is_shown_in_the_terminal(people: People) -> None:
    people.invite("hal@example.org")
    assert people.product.process.stdout is not None
    said = iter(people.product.process.stdout.readline, "")
    assert next(line for line in said if line.startswith("Mail to hal@example.org"))


def test_people_and_sessions_outlive_a_power_cut_and_no_password_is_in_a_log(
    tmp_path: Path,
) -> None:
    with running_product(tmp_path, ACCOUNTS) as product:
        people = People(product)
        email, password = people.administrator()
        session = people.sign_in(email, password)
        people.sign_up("ida@example.org")
        product.kill()
    words = (password, PASSWORD)
    holders = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    ]
    assert {path.parent.name for path in holders} == {"state"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in holders} == {0o600}
    with running_product(tmp_path, ACCOUNTS) as product:
        people = People(product)
        assert WELCOME.split("(")[0] not in product.said
        assert people.sign_in(email, password)
        assert people.sign_in("ida@example.org")
        assert people.refresh(session.refresh).access
