"""Documented answers of the real services, as data: each is read as what it means."""

import json
import re
import traceback
from pathlib import Path
from typing import Any

import pytest

from chalicelib.providers.errors import ProviderError
from tests.contract.driving import AMPLE_SECONDS, CANARY_KEY, Driver, driver_at, looked_at
from tests.contract.models import ADAPTERS, ModelCase
from tests.contract.servers import PNG, replay_server

REPLAYS = json.loads(Path(__file__).with_name("replays.json").read_text(encoding="utf-8"))
FAILING = [replay for replay in REPLAYS if "code" in replay["expect"]]
DRAWING = [replay for replay in REPLAYS if "code" not in replay["expect"]]

AMBIENT = (
    "OPENAI_API_KEY",
    "OPENAI_ADMIN_KEY",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
    "GOOGLE_API_KEY",
    "GEMINI_API_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_BEARER_TOKEN_BEDROCK",
)


def _name(replay: dict[str, Any]) -> str:
    return f"{replay['provider']}: {replay['name']}"


def _driver(replay: dict[str, Any], origin: str) -> Driver:
    return driver_at(ModelCase(replay["provider"], replay["modelId"]), origin)


@pytest.mark.parametrize("replay", DRAWING, ids=_name)
def test_a_documented_picture_is_taken_with_what_was_said_about_it(replay: dict[str, Any]) -> None:
    expect = replay["expect"]
    with replay_server(replay["answers"]) as server:
        picture = _driver(replay, server.origin).draw("a calm sea")

    assert picture.data == PNG
    assert picture.revised_prompt == expect.get("revisedPrompt")
    if "seed" in expect:
        assert picture.seed == expect["seed"]
    if expect.get("cost") is not None:
        assert picture.cost is not None
        assert picture.cost.basis == "exact"
        assert picture.cost.amount == pytest.approx(expect["cost"])
    else:
        assert picture.cost is None


@pytest.mark.parametrize("replay", FAILING, ids=_name)
def test_a_documented_failure_is_told_by_the_providers_own_sign(replay: dict[str, Any]) -> None:
    expect = replay["expect"]
    with replay_server(replay["answers"]) as server:
        driver = _driver(replay, server.origin)
        with pytest.raises(ProviderError) as caught:
            looked_at(driver.draw("a calm sea", driver.context(AMPLE_SECONDS)))

    error = caught.value
    assert error.code == expect["code"]
    assert error.billed == expect.get("billed", error.billed)
    assert len(server.paths) == expect.get("requests", len(server.paths))
    if "retryAfter" in expect:
        assert error.retry_after == expect["retryAfter"]


@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
@pytest.mark.parametrize("case", ADAPTERS, ids=str)
def test_an_answer_that_repeats_key_and_prompt_is_not_repeated(
    case: ModelCase, status: int
) -> None:
    told = f"{CANARY_KEY} may not draw canary-prompt"
    error = {"message": told, "code": CANARY_KEY, "type": told, "param": told, "status": told}
    body = {**error, "error": error, "detail": told, "name": told, "errors": [told]}
    with replay_server([{"status": status, "body": body}]) as server:
        driver = driver_at(case, server.origin)
        with pytest.raises(ProviderError) as caught:
            driver.draw("canary-prompt")

    shown = caught.value.sentence + "".join(traceback.format_exception(caught.value))
    assert CANARY_KEY not in shown
    assert "canary-prompt" not in re.sub(r'driver\.draw\("canary-prompt"\)', "", shown)


@pytest.mark.parametrize("case", ADAPTERS, ids=str)
def test_credentials_of_the_machine_go_to_no_provider(
    case: ModelCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in AMBIENT:
        monkeypatch.setenv(name, "ambient")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer ambient\nX-Key: ambient")
    with replay_server([{"status": 401, "body": {}}]) as server:
        assert driver_at(case, server.origin).code("a calm sea") == "BAD_KEY"

    assert CANARY_KEY in server.headers[0]
    assert "ambient" not in server.headers[0]


def test_every_adapter_has_documented_answers_of_both_kinds() -> None:
    providers = {replay["provider"] for replay in REPLAYS}

    assert {replay["provider"] for replay in DRAWING} == providers
    assert {replay["provider"] for replay in FAILING} == providers
    assert len(providers) == 8
