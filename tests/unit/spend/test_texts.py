"""What text models cost is within the daily ceiling too."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import count

import pytest

from chalicelib.callers import Caller
from chalicelib.errors import RateLimited
from chalicelib.moderation.judge import ModelJudge
from chalicelib.moderation.model import Blocklist
from chalicelib.moderation.service import ContentFilter
from chalicelib.providers.base import UNKNOWN_COST, Completion, Cost, Deadline, EndsAt
from chalicelib.providers.errors import BadKey, ProviderError, TimedOut
from chalicelib.providers.models.catalog import dearest_text
from chalicelib.providers.registry import PromptModel
from chalicelib.spend.ledger import Ledger
from chalicelib.spend.model import micros
from chalicelib.spend.service import Spending
from chalicelib.spend.store import LedgerStore
from chalicelib.spend.texts import PaidText
from tests.unit.cloud import TABLE, Cloud
from tests.unit.jobs import samples

DAY = "2026-11-18"
SYSTEM, PROMPT, TOKENS = "Make it richer.", "a canary on a kite", 2000
MOST = micros(dearest_text("openai", "gpt-6-luna", len(SYSTEM + PROMPT), TOKENS, samples.NOW))
REAL = Cost(0.00005, "exact")
NEVER = EndsAt(20.0, lambda: 0.0)


_count = count()


def ids() -> str:
    return f"id {next(_count)}"


@dataclass
class Writer:
    """A text model that answers, or fails, and does something first."""

    answer: Cost | ProviderError = REAL
    first: Callable[[], object] = lambda: None
    calls: list[str] = field(default_factory=list)

    def complete(self, system: str, user: str, max_tokens: int, deadline: Deadline) -> Completion:
        self.calls.append(user)
        self.first()
        if isinstance(self.answer, ProviderError):
            raise self.answer
        return Completion("ALLOW", 120, 90, self.answer)


def paid(cloud: Cloud, writer: Writer, limit: int | None = 1_000_000) -> PaidText:
    ledger = Ledger(LedgerStore(cloud.dynamodb, TABLE), lambda: samples.NOW, ids)
    spending = Spending(ledger, limit, lambda: samples.NOW)
    model = PromptModel("openai", "gpt-6-luna", lambda: writer)
    return PaidText(model, spending, lambda: samples.NOW, ids)


@dataclass
class Found:
    """Where the text model is found."""

    model: PaidText

    def find(self, caller: Caller) -> PaidText:
        return self.model


def complete(model: PaidText) -> Completion:
    return model.complete(SYSTEM, PROMPT, TOKENS, NEVER)


def day(cloud: Cloud) -> dict[str, int]:
    """The sums of the day that are not zero, without the limit's."""
    account = LedgerStore(cloud.dynamodb, TABLE).account(DAY)
    sums = asdict(account.balance) if account else {}
    return {name: n for name, n in sums.items() if n and name not in ("limit", "left")}


def test_a_call_reserves_the_most_it_can_take_and_settles_at_what_it_took(cloud: Cloud) -> None:
    seen: list[dict[str, int]] = []
    answer = complete(paid(cloud, Writer(first=lambda: seen.append(day(cloud)))))
    assert answer.text == "ALLOW"
    assert seen == [{"reserved": MOST}]
    assert day(cloud) == {"spent": 50}
    assert MOST > 1000


@pytest.mark.parametrize(
    ("answer", "spent"),
    [(UNKNOWN_COST, MOST), (TimedOut("late"), MOST), (BadKey("no key"), 0)],
)
def test_what_nobody_knows_is_spent_and_what_was_not_billed_is_not(
    cloud: Cloud, answer: Cost | ProviderError, spent: int
) -> None:
    model = paid(cloud, Writer(answer))
    if isinstance(answer, ProviderError):
        with pytest.raises(type(answer)):
            complete(model)
    else:
        complete(model)
    assert day(cloud) == ({"spent": spent, "unknown": spent} if spent else {})


def test_a_day_without_room_asks_no_model(cloud: Cloud) -> None:
    writer = Writer()
    with pytest.raises(RateLimited) as refusal:
        complete(paid(cloud, writer, limit=MOST - 1))
    assert refusal.value.scope == "spend"
    assert (writer.calls, day(cloud)) == ([], {})


def test_a_judge_that_the_day_has_no_room_for_lets_nothing_pass(cloud: Cloud) -> None:
    judge = ModelJudge(Found(paid(cloud, Writer(), limit=1)), lambda: 0.0)
    content = ContentFilter("llm", judge, lambda: Blocklist.parse(""))
    with pytest.raises(RateLimited):
        content.judge_allows(PROMPT)


def test_an_answer_whose_price_cannot_be_written_down_is_kept_and_its_money_reserved(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Writer()
    with cloud.failing("dynamodb.UpdateItem", times=1000) as failing:
        failing.extend(["not yet"] * 1000)
        writer.first = failing.clear
        assert complete(paid(cloud, writer)).text == "ALLOW"
    assert day(cloud) == {"reserved": MOST}
    assert "text_not_settled" in caplog.text


def test_without_a_ceiling_nothing_is_written(cloud: Cloud) -> None:
    assert complete(paid(cloud, Writer(), limit=None)).text == "ALLOW"
    assert day(cloud) == {}


def test_a_call_is_logged_with_its_cost_and_without_its_prompt(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    complete(paid(cloud, Writer()))
    (line,) = caplog.messages
    assert '"event": "text_call"' in line
    assert '"ProviderCost": 5e-05' in line
    assert '"outcome": "TEXT"' in line
    assert "canary" not in line


def test_a_model_without_a_price_counts_as_the_dearest() -> None:
    dearest = dearest_text("openai", "gpt-5.6-sol", 1000, TOKENS, samples.NOW)
    unpriced = dearest_text("generic", "mine", 1000, TOKENS, samples.NOW)
    assert unpriced == dearest == pytest.approx(0.065)
