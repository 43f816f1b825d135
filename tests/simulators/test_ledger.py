from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from devstack.simulators import Ledger

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_call_is_kept_as_it_was() -> None:
    ledger = Ledger(clock=lambda: NOON)
    attempt = ledger.next_attempt("bfl", "flux-2-pro", "a cat")
    ledger.record("bfl", "flux-2-pro", "a cat", "image", attempt=attempt, billed=True)

    (call,) = ledger.all()
    assert (call.provider, call.model, call.prompt) == ("bfl", "flux-2-pro", "a cat")
    assert (call.attempt, call.billed, call.at) == (1, True, NOON)


def test_attempts_are_counted_by_model_and_prompt() -> None:
    ledger = Ledger()

    assert [ledger.next_attempt("bfl", "flux-2-pro", "a cat") for _ in range(3)] == [1, 2, 3]
    assert ledger.next_attempt("bfl", "flux-2-pro", "a dog") == 1
    assert ledger.next_attempt("bfl", "flux-3-image", "a cat") == 1


def test_bills_are_counted_by_provider_prompt_and_kind() -> None:
    ledger = Ledger()
    ledger.record("openai", "m", "a cat", "image", attempt=1, billed=True)
    ledger.record("openai", "m", "a cat", "image", attempt=2, billed=False)
    ledger.record("openai", "t", "a cat", "text", attempt=1, billed=True)
    ledger.record("bfl", "m", "a dog", "image", attempt=1, billed=True)

    assert ledger.count() == 2
    assert ledger.count("openai") == 1
    assert ledger.count(prompt="a dog") == 1
    assert ledger.count("openai", "a dog") == 0
    assert ledger.count(kind="text") == 1


def test_a_summary_counts_bills_and_attempts_by_prompt() -> None:
    ledger = Ledger()
    ledger.record("openai", "m", "a cat", "image", attempt=1, billed=False)
    ledger.record("openai", "m", "a cat", "image", attempt=2, billed=True)

    summary = ledger.summary()
    once = {"total": 1, "providers": {"openai": {"total": 1, "prompts": {"a cat": 1}}}}
    twice = {"total": 2, "providers": {"openai": {"total": 2, "prompts": {"a cat": 2}}}}
    assert summary == {
        "images": once,
        "texts": {"total": 0, "providers": {}},
        "attempts": twice,
    }


def test_clearing_forgets_calls_and_attempts() -> None:
    ledger = Ledger()
    ledger.next_attempt("bfl", "m", "a cat")
    ledger.record("bfl", "m", "a cat", "image", attempt=1, billed=True)

    ledger.clear()

    assert ledger.all() == ()
    assert ledger.next_attempt("bfl", "m", "a cat") == 1


def test_no_attempt_is_lost_among_threads() -> None:
    ledger = Ledger()

    with ThreadPoolExecutor(8) as threads:
        attempts = list(threads.map(lambda _: ledger.next_attempt("bfl", "m", "p"), range(800)))

    assert sorted(attempts) == list(range(1, 801))
