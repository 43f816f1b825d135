"""Who is let in, at the one door that every HTTP request passes."""

import json
import subprocess
import sys

import pytest

from chalicelib.config import SettingsError
from chalicelib.routes.http import Operation
from chalicelib.routes.openapi import operations
from chalicelib.wiring import services
from tests.unit.accounts import without
from tests.unit.accounts.conftest import House
from tests.unit.accounts.pool import ANN, CLIENT, forgeries


def test_what_a_client_needs_to_sign_in_is_told_to_everybody(
    house: House,
) -> None:
    assert house.ask("GET", "/auth").json_body == {
        "mode": "cognito",
        "signUp": "invited",
        "mfa": "off",
        "region": "us-east-1",
        "userPoolId": "us-east-1_Tests",
        "clientId": CLIENT,
    }
    assert house.ask("GET", "/health").json_body["auth"] == "cognito"


def test_a_bad_token_gets_one_same_answer(house: House) -> None:
    answers = [house.ask("GET", "/models", token=bad) for bad in forgeries(house.pool).values()]
    answers += [house.ask("GET", "/models"), house.ask("GET", "/models", token="pp_unknown")]
    assert {answer.status_code for answer in answers} == {401}
    assert {answer.headers["WWW-Authenticate"] for answer in answers} == {"Bearer"}
    told = [dict(answer.json_body, requestId="") for answer in answers]
    assert all(each == told[0] for each in told)
    assert told[0]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("scheme", ["Basic", "Bearer2", "Token", ""])
def test_a_token_counts_only_as_a_bearers(house: House, scheme: str) -> None:
    sent = {"Authorization": f"{scheme} {house.pool.token()}".strip()}
    assert house.ask("GET", "/models", headers=sent).status_code == 401
    good = {"Authorization": f"bearer  {house.pool.token()}"}
    assert house.ask("GET", "/models", headers=good).status_code == 200


def test_a_stranger_is_refused_before_anything_is_read(house: House) -> None:
    assert house.ask("POST", "/generate", {"prompt": "x" * 70_000}).status_code == 401


def test_a_new_route_is_closed_unless_it_says_otherwise() -> None:
    new = Operation("GET", "/new", "new", "A route that somebody forgot to close", {})
    assert (new.access, new.scope) == ("user", None)


def test_a_token_of_the_pool_opens_what_is_for_people(house: House) -> None:
    for use in ("access", "id"):
        answer = house.ask("GET", "/models", token=house.pool.token(ANN, use))
        assert answer.status_code == 200


def test_accounts_without_a_pool_stop_with_a_sentence(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USER_POOL_ID", "")
    services.cache_clear()
    with pytest.raises(SettingsError, match="USER_POOL_ID"):
        _ = services().accounts


def test_without_accounts_nothing_of_them_is_loaded_whatever_is_asked() -> None:
    done = subprocess.run(
        [sys.executable, "-m", without.__name__], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["loaded"] == []
    assert set(told["answers"]) == {operation.name for operation in operations()}
    assert max(told["answers"].values()) < 500
