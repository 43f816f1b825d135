"""What the emulator's Cognito lets pass by itself, and the engine must not: each a way in."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
import requests
from botocore.exceptions import ClientError

from devstack.edge.sign_in import OPERATIONS
from tests.support.people import PASSWORD, People
from tests.support.product import running_product, wait_until

INVITED = {"AUTH": "cognito", "MFA": "required"}
VICTIM = "admin@example.org"
NOT_FOR_BROWSERS = (
    *("AdminGetUser", "AdminSetUserPassword", "AdminConfirmSignUp", "AdminInitiateAuth"),
    *("AdminAddUserToGroup", "ListUsers", "ListUserPools", "CreateUserPool", "DeleteUserPool"),
    *("DeleteUser", "UpdateUserAttributes", "DescribeUserPoolClient", ""),
)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with running_product(tmp_path_factory.mktemp("data"), INVITED) as product:
        yield People(product)


def ask(people: People, action: str, headers: dict[str, str] | None = None, **data: Any) -> Any:
    """The status and the body of a request that no client library has checked."""
    answer = requests.post(
        f"{people.product.url}/local/cognito",
        data=json.dumps({"ClientId": people.client_id, **data}),
        headers={
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{action}",
            "Content-Type": "application/x-amz-json-1.1",
            **(headers or {}),
        },
        timeout=10,
    )
    return answer.status_code, answer.json()


def answered(people: People, challenge: str, session: str, **responses: str) -> Any:
    return ask(
        people,
        "RespondToAuthChallenge",
        ChallengeName=challenge,
        Session=session,
        ChallengeResponses={"USERNAME": VICTIM, **responses},
    )


def password_step(people: People, email: str, password: str) -> dict[str, Any]:
    given = {"USERNAME": email, "PASSWORD": password}
    flow = "USER_PASSWORD_AUTH"
    status, body = ask(people, "InitiateAuth", AuthFlow=flow, AuthParameters=given)
    assert status == 200, body
    return dict(body)


def enrolled(people: People, email: str) -> pyotp.TOTP:
    """The app of an invited person who has chosen a password and set up the second factor."""
    first = people.invite(email)
    asked = password_step(people, email, first)
    chosen = {"USERNAME": email, "NEW_PASSWORD": PASSWORD}
    setup = people.respond("NEW_PASSWORD_REQUIRED", asked["Session"], chosen)
    assert (setup["ChallengeName"], "AuthenticationResult" in setup) == ("MFA_SETUP", False)
    given = people.browser.associate_software_token(Session=setup["Session"])
    app = pyotp.TOTP(given["SecretCode"])
    verified = people.browser.verify_software_token(Session=given["Session"], UserCode=app.now())
    answer = people.respond("MFA_SETUP", verified["Session"], {"USERNAME": email})
    assert answer["AuthenticationResult"]["AccessToken"]
    return app


@pytest.mark.parametrize(
    ("challenge", "responses"),
    [
        ("MFA_SETUP", {}),
        ("SOFTWARE_TOKEN_MFA", {"SOFTWARE_TOKEN_MFA_CODE": "000000"}),
        ("NEW_PASSWORD_REQUIRED", {"NEW_PASSWORD": PASSWORD}),
        ("SMS_MFA", {"SMS_MFA_CODE": "1"}),
        ("CUSTOM_CHALLENGE", {"ANSWER": "1"}),
        ("EMAIL_OTP", {"EMAIL_OTP_CODE": "1"}),
        ("SELECT_CHALLENGE", {"ANSWER": "PASSWORD", "PASSWORD": "x"}),
    ],
)
def test_no_challenge_is_answered_without_its_session(
    people: People, challenge: str, responses: dict[str, str]
) -> None:
    for session in ("", "made-up"):
        status, body = answered(people, challenge, session, **responses)
        assert (status, "AuthenticationResult" in body) == (400, False)


def test_a_session_is_for_its_own_user_and_challenge_only(people: People) -> None:
    first = people.invite("mia@example.org")
    session = password_step(people, "mia@example.org", first)["Session"]
    for challenge in ("MFA_SETUP", "SOFTWARE_TOKEN_MFA", "NEW_PASSWORD_REQUIRED"):
        given = {"NEW_PASSWORD": PASSWORD, "SOFTWARE_TOKEN_MFA_CODE": "000000"}
        assert answered(people, challenge, session, **given)[0] == 400


@pytest.mark.parametrize("flow", ["CUSTOM_AUTH", "USER_AUTH", "ADMIN_USER_PASSWORD_AUTH", ""])
def test_a_flow_that_the_template_does_not_allow_is_refused(people: People, flow: str) -> None:
    given = {"USERNAME": VICTIM, "PASSWORD": "x", "SRP_A": "1"}
    assert ask(people, "InitiateAuth", AuthFlow=flow, AuthParameters=given)[0] == 400


def test_a_required_second_factor_stands_before_the_first_tokens(people: People) -> None:
    app = enrolled(people, "nan@example.org")
    asked = password_step(people, "nan@example.org", PASSWORD)
    assert asked["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    wrong = f"{(int(app.now()) + 7) % 10**6:06d}"
    given = {"USERNAME": "nan@example.org", "SOFTWARE_TOKEN_MFA_CODE": wrong}
    with pytest.raises(people.browser.exceptions.CodeMismatchException):
        people.respond("SOFTWARE_TOKEN_MFA", asked["Session"], given)


def test_no_parameter_too_many_leads_past_the_second_factor(people: People) -> None:
    first = people.invite("ole@example.org")
    asked = password_step(people, "ole@example.org", first)
    chosen = {"USERNAME": "ole@example.org", "NEW_PASSWORD": PASSWORD, "REFRESH_TOKEN": "x"}
    status, body = ask(
        people,
        "RespondToAuthChallenge",
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=asked["Session"],
        ChallengeResponses=chosen,
        AuthFlow="REFRESH_TOKEN_AUTH",
    )
    assert (status, body["ChallengeName"]) == (200, "MFA_SETUP")
    status, body = ask(
        people,
        "InitiateAuth",
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ole@example.org", "PASSWORD": PASSWORD, "REFRESH_TOKEN": "x"},
        ChallengeName="MFA_SETUP",
        ChallengeResponses={"REFRESH_TOKEN": "x"},
    )
    assert (status, body["ChallengeName"]) == (200, "MFA_SETUP")
    assert answered(people, "MFA_SETUP", body["Session"])[0] == 400


def test_a_new_password_keeps_the_policy(people: People) -> None:
    session = password_step(people, "pia@example.org", people.invite("pia@example.org"))["Session"]
    for password in ("", "short"):
        chosen = {"USERNAME": "pia@example.org", "NEW_PASSWORD": password}
        with pytest.raises(ClientError):
            people.respond("NEW_PASSWORD_REQUIRED", session, chosen)


def test_nobody_signs_up_where_people_are_invited(people: People) -> None:
    with pytest.raises(people.browser.exceptions.NotAuthorizedException):
        people.sign_up("quy@example.org")


def test_a_forged_refresh_token_is_refused(people: People) -> None:
    users = people.product.aws("cognito-idp").list_users(UserPoolId=people.product.user_pool)
    victim = next(u for u in users["Users"])
    pool = people.product.user_pool
    claims = {
        "sub": victim["Username"],
        "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{pool}",
        "client_id": people.client_id,
        "token_use": "refresh",
        "exp": 9_999_999_999,
        "iat": 1,
    }
    parts = [urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in ({}, claims)]
    with pytest.raises(people.browser.exceptions.NotAuthorizedException):
        people.refresh(".".join([*parts, "AA"]))


def test_a_code_is_random_and_dies_of_five_wrong_ones(people: People) -> None:
    named = {"ClientId": people.client_id, "Username": VICTIM}
    codes = set()
    for _ in range(3):
        people.browser.forgot_password(**named)
        codes.add(people.code(VICTIM))
    assert len(codes) > 1
    right = people.code(VICTIM)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(5):
        with pytest.raises(people.browser.exceptions.CodeMismatchException):
            people.browser.confirm_forgot_password(
                **named, ConfirmationCode=wrong, Password=PASSWORD
            )
    with pytest.raises(people.browser.exceptions.ExpiredCodeException):
        people.browser.confirm_forgot_password(**named, ConfirmationCode=right, Password=PASSWORD)


@pytest.mark.parametrize("action", NOT_FOR_BROWSERS)
def test_what_needs_an_owner_of_the_account_is_not_served(people: People, action: str) -> None:
    assert action not in OPERATIONS
    status, body = ask(people, action, UserPoolId=people.product.user_pool, Username=VICTIM)
    assert (status, body["__type"]) == (400, "UnknownOperationException")


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}],
)
def test_no_other_page_signs_in_or_reads_mails(people: People, headers: dict[str, str]) -> None:
    status, _ = ask(people, "InitiateAuth", headers, AuthFlow="USER_PASSWORD_AUTH")
    assert status in (403, 421)
    mail = requests.get(f"{people.product.url}/local/mail", headers=headers, timeout=10)
    assert mail.status_code in (403, 421)
    assert "Access-Control-Allow-Origin" not in mail.headers


def test_a_page_of_another_site_does_not_embed_the_mails(people: People) -> None:
    embedded = {"Sec-Fetch-Site": "cross-site"}
    answer = requests.get(f"{people.product.url}/local/mail", headers=embedded, timeout=10)
    assert answer.status_code == 403


def test_the_emulator_serves_people_to_holders_of_its_address_only(people: People) -> None:
    emulator = people.product.emulator
    token = urlsplit(emulator).path
    keys = f"/{people.product.user_pool}/.well-known/jwks.json"
    listing = {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"}
    for path, headers in ((keys, {}), ("/_ministack/ses/messages", {}), ("/", listing)):
        method = "POST" if headers else "GET"
        data = b'{"MaxResults": 1}' if headers else None
        opened = requests.request(method, emulator + path, headers=headers, data=data, timeout=10)
        assert opened.status_code == 200
        for attack in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
            refused = requests.request(
                method, emulator + path, headers={**headers, **attack}, data=data, timeout=10
            )
            assert refused.status_code == 403
        bare = emulator.removesuffix(token) + path
        assert requests.request(method, bare, headers=headers, timeout=10).status_code == 403
    assert requests.get(f"{people.product.url}{keys}", timeout=10).status_code == 404


def test_a_browser_gets_the_mails_as_a_page(people: People) -> None:
    people.invite("rae@example.org")
    asks = {"Accept": "text/html", "Sec-Fetch-Site": "none"}
    answer = requests.get(f"{people.product.url}/local/mail", headers=asks, timeout=10)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "To rae@example.org" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_whoever_guesses_passwords_is_locked_out_for_a_while(people: People) -> None:
    enrolled(people, "lou@example.org")
    tried = {"USERNAME": "lou@example.org", "PASSWORD": "Wrong-horse-1-battery"}

    def guess(**given: str) -> str:
        flow, tried_now = "USER_PASSWORD_AUTH", {**tried, **given}
        answer = ask(people, "InitiateAuth", AuthFlow=flow, AuthParameters=tried_now)
        return str(answer[1].get("message"))

    said = [guess() for _ in range(5)]
    assert set(said) == {"Incorrect username or password."}
    wait_until(lambda: guess() == "Password attempts exceeded")
    # In the address's other spellings too, and the right password ends it once it may be tried.
    wait_until(lambda: guess(USERNAME="Lou@Example.org", PASSWORD=PASSWORD) == "None", 90)
    assert guess() == "Incorrect username or password."
