"""Documented answers of the real services, as data: each is read as what it means."""

import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from chalicelib.providers.base import TextProvider
from chalicelib.providers.errors import ProviderError
from tests.contract.answers.nonsense import nonsense
from tests.contract.case import ADAPTERS, MODELS, REPLAYS, Answer, ModelCase, Replay
from tests.contract.conftest import RecordCell
from tests.contract.driving import (
    AMPLE_SECONDS,
    CANARY_KEY,
    SEED,
    Driver,
    driver_at,
    looked_at,
)
from tests.contract.servers import PNG, ReplayServer, replay_server
from tests.contract.test_text import complete, text_model
from tests.figures import RecordFigure
from tests.support.providers import ANSWERING

KIND = "documented answers read as what they mean"
FAILING = [(p, r) for p, r in REPLAYS if r.code and not r.of_text]
DRAWING = [(p, r) for p, r in REPLAYS if not r.code and not r.of_text]
WRITING = [(p, r) for p, r in REPLAYS if r.of_text]
NONSENSE = [(case.provider, answer) for case in MODELS for answer in nonsense(case.model_id)]

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


def _ids(replays: list[tuple[str, Replay]]) -> list[str]:
    return [f"{provider}: {replay.name}" for provider, replay in replays]


@dataclass
class Exchanges:
    """One server for all exchanges, and one client for each provider and model at it."""

    server: ReplayServer
    drivers: dict[ModelCase, Driver] = field(default_factory=dict)
    texts: dict[ModelCase, TextProvider] = field(default_factory=dict)

    def begin(self, provider: str, replay: Replay) -> Driver:
        """Have the server answer as documented, and return who is to ask it."""
        self.server.begin(replay.answers)
        case = ModelCase(provider, replay.model_id)
        driver = self.drivers.setdefault(case, driver_at(case, self.server.origin))
        driver.waits.clear()
        return driver

    def begin_text(self, provider: str, replay: Replay) -> TextProvider:
        """The same with a text model."""
        self.server.begin(replay.answers)
        case = ModelCase(provider, replay.model_id)
        made = text_model(provider, self.server.origin, replay.model_id)
        return self.texts.setdefault(case, made)


@pytest.fixture(scope="module")
def exchanges() -> Iterator[Exchanges]:
    with replay_server(()) as server:
        yield Exchanges(server)


@pytest.mark.parametrize(("provider", "replay"), DRAWING, ids=_ids(DRAWING))
def test_a_documented_picture_is_taken_with_what_was_said_about_it(
    provider: str, replay: Replay, exchanges: Exchanges, record_cell: RecordCell
) -> None:
    record_cell(KIND, provider, "pictures", _count(DRAWING, provider))
    driver = exchanges.begin(provider, replay)
    picture = driver.draw("a calm sea", seed=None if replay.seedless else SEED)

    assert picture.data == PNG
    assert picture.revised_prompt == replay.revised_prompt
    if replay.seed is not None:
        assert picture.seed == replay.seed
    if replay.cost is not None:
        assert picture.cost is not None
        assert picture.cost.basis == "exact"
        assert picture.cost.amount == pytest.approx(replay.cost)
    else:
        assert picture.cost is None
    assert len(exchanges.server.paths) == replay.requests or replay.requests is None


@pytest.mark.parametrize(("provider", "replay"), FAILING, ids=_ids(FAILING))
def test_a_documented_failure_is_told_by_the_providers_own_sign(
    provider: str, replay: Replay, exchanges: Exchanges, record_cell: RecordCell
) -> None:
    record_cell(KIND, provider, "failures", _count(FAILING, provider))
    error = _failure(exchanges, provider, replay)

    assert error.code in (replay.code or "").split("|")
    _check(error, replay, len(exchanges.server.paths))


@pytest.mark.parametrize(
    ("provider", "replay"), NONSENSE, ids=[f"{r.model_id}: {r.name}" for _, r in NONSENSE]
)
def test_an_answer_that_makes_no_sense_is_a_failure_and_never_a_picture(
    provider: str, replay: Replay, exchanges: Exchanges, record_cell: RecordCell
) -> None:
    record_cell(KIND, provider, "nonsense", _count(NONSENSE, provider))
    error = _failure(exchanges, provider, replay)

    assert error.code == replay.code
    _check(error, replay, len(exchanges.server.paths))


@pytest.mark.parametrize(("provider", "replay"), WRITING, ids=_ids(WRITING))
def test_a_documented_answer_of_a_text_model_is_read_as_what_it_means(
    provider: str, replay: Replay, exchanges: Exchanges, record_cell: RecordCell
) -> None:
    record_cell(KIND, provider, "texts", _count(WRITING, provider))
    model = exchanges.begin_text(provider, replay)
    if replay.code is None:
        assert complete(model, "a lamp").text == replay.text
        return
    with pytest.raises(ProviderError) as caught:
        complete(model, "a lamp")
    assert caught.value.code in replay.code.split("|")
    _check(caught.value, replay, len(exchanges.server.paths))


def _failure(exchanges: Exchanges, provider: str, replay: Replay) -> ProviderError:
    """What the exchange ends with."""
    driver = exchanges.begin(provider, replay)
    with pytest.raises(ProviderError) as caught:
        looked_at(driver.draw("a calm sea", driver.context(AMPLE_SECONDS)))
    return caught.value


def _check(error: ProviderError, replay: Replay, requests: int) -> None:
    assert error.billed == (replay.billed or error.billed)
    assert requests == (replay.requests or requests)
    assert (replay.contains or "") in error.sentence
    if replay.retry_after is not None:
        assert error.retry_after == replay.retry_after


def _count(replays: list[tuple[str, Replay]], provider: str) -> str:
    return str(sum(name == provider for name, _ in replays))


@pytest.mark.parametrize("status", [200, 400, 401, 429, 500])
@pytest.mark.parametrize("case", ADAPTERS, ids=str)
def test_an_answer_that_repeats_key_and_prompt_is_not_repeated(
    case: ModelCase, status: int
) -> None:
    told = f"{CANARY_KEY} may not draw canary-prompt"
    error = {"message": told, "code": CANARY_KEY, "type": told, "param": told, "status": told}
    body = {**error, "error": error, "detail": told, "name": told, "errors": [told]}
    with replay_server([Answer(status, body)]) as server:
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
    with replay_server([Answer(401, {})]) as server:
        assert driver_at(case, server.origin).code("a calm sea") == "BAD_KEY"

    assert CANARY_KEY in server.headers[0]
    assert "ambient" not in server.headers[0]


def test_the_cases_are_counted(record_figure: RecordFigure) -> None:
    """A kind is what an answer comes to, by the status that it came with."""
    cases = [*(replay for _, replay in REPLAYS), *(replay for _, replay in NONSENSE)]
    kinds = {(case.of_text, case.code, case.answers[0].status) for case in cases}
    record_figure("cases: provider answers", kinds=len(kinds), cases=len(cases))
    assert {provider for provider, _ in REPLAYS} == set(ANSWERING)


def test_every_adapter_has_documented_answers_of_both_kinds() -> None:
    assert {provider for provider, _ in DRAWING} == set(ANSWERING)
    assert {provider for provider, _ in FAILING} == set(ANSWERING)
