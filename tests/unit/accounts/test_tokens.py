"""Who a token is of, and that no forged one passes."""

import subprocess
import sys

import pytest

from chalicelib.accounts.keyset import AGAIN_MS, KEPT_MS, KeySet, parse
from chalicelib.accounts.tokens import TokenVerifier
from chalicelib.errors import Unauthenticated, Unavailable
from tests.figures import RecordFigure
from tests.support.yardstick import processor_time, slowness
from tests.unit.accounts.pool import ADA, ANN, CLIENT, ISSUER, Pool, forgeries, signed

COLD_BAR_MS, WARM_BAR_MS = 40, 1
POOL = Pool()


@pytest.fixture
def pool() -> Pool:
    return Pool()


@pytest.fixture
def verifier(pool: Pool) -> TokenVerifier:
    return TokenVerifier(ISSUER, CLIENT, KeySet(pool.keys, pool.clock), pool.clock)


def test_an_access_token_tells_who_is_calling(pool: Pool, verifier: TokenVerifier) -> None:
    caller = verifier.verify(pool.token(ADA))
    assert (caller.user_id, caller.groups, caller.email) == (ADA, frozenset({"admin"}), "")
    assert caller.expires_at_ms == (pool.now_s + 3600) * 1000
    assert caller.is_admin


def test_an_id_token_tells_the_address_too(pool: Pool, verifier: TokenVerifier) -> None:
    caller = verifier.verify(pool.token(ANN, "id"))
    assert (caller.user_id, caller.email, caller.is_admin) == (ANN, "ann@example.org", False)


@pytest.mark.parametrize("name", forgeries(POOL))
def test_a_bad_token_is_refused_in_the_same_words(name: str, verifier: TokenVerifier) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        verifier.verify(forgeries(POOL)[name])
    assert refusal.value.sentence == Unauthenticated().sentence


def test_a_token_ends_with_its_second(pool: Pool, verifier: TokenVerifier) -> None:
    token = pool.token(exp=pool.now_s + 1)
    assert verifier.verify(token).user_id == ANN
    pool.now_s += 1
    with pytest.raises(Unauthenticated):
        verifier.verify(token)


def test_keys_are_fetched_once(pool: Pool, verifier: TokenVerifier) -> None:
    for _ in range(5):
        verifier.verify(pool.token())
        verifier.verify(pool.token(use="id"))
    assert pool.fetched == 1


def test_a_new_key_is_found_and_the_old_one_goes(pool: Pool, verifier: TokenVerifier) -> None:
    verifier.verify(pool.token())
    pool.kids = ("new-key",)
    pool.now_s += AGAIN_MS // 1000
    assert verifier.verify(pool.token(kid="new-key")).user_id == ANN
    with pytest.raises(Unauthenticated):
        verifier.verify(pool.token())


def test_invented_kids_do_not_make_us_ask_the_pool_each_time(
    pool: Pool, verifier: TokenVerifier
) -> None:
    verifier.verify(pool.token())
    for number in range(50):
        with pytest.raises(Unauthenticated):
            verifier.verify(signed(pool.claims(ADA), f"invented {number}", by="access-key"))
    assert pool.fetched == 1


def test_known_keys_outlive_a_pool_that_does_not_answer(
    pool: Pool, verifier: TokenVerifier
) -> None:
    verifier.verify(pool.token())
    pool.broken = True
    pool.now_s += KEPT_MS // 1000 + 1
    assert verifier.verify(pool.token()).user_id == ANN
    assert verifier.verify(pool.token()).user_id == ANN
    assert pool.fetched == 2


def test_without_any_key_nobody_is_called_a_forger(pool: Pool, verifier: TokenVerifier) -> None:
    pool.broken = True
    with pytest.raises(Unavailable):
        verifier.verify(pool.token())
    pool.broken = False
    pool.now_s += 1
    assert verifier.verify(pool.token()).user_id == ANN


@pytest.mark.parametrize("wrong", ['{"keys": []}', '{"keys": [{"kty": "EC", "kid": "a"}]}'])
def test_a_document_without_an_rsa_key_is_no_answer(wrong: str) -> None:
    with pytest.raises(ValueError, match="no RSA"):
        parse(wrong.encode())


def test_a_weak_key_is_not_believed() -> None:
    with pytest.raises(ValueError, match="weak"):
        parse(b'{"keys": [{"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB"}]}')


def test_p18_a_check_costs_next_to_nothing(
    pool: Pool, verifier: TokenVerifier, record_figure: RecordFigure
) -> None:
    """P18: one check on a warm function, and what the verifier adds to a cold import."""
    tokens = [pool.token(ANN, use) for use in ("access", "id")]
    took = sorted(_took_ms(verifier, tokens[n % 2]) for n in range(1000))
    p99, cold = took[989], min(_cold_ms() for _ in range(3))
    record_figure("P18", warm_p99_ms=round(p99, 3), warm_p50_ms=round(took[499], 3), cold_ms=cold)
    assert p99 <= WARM_BAR_MS
    assert cold <= COLD_BAR_MS


def _took_ms(verifier: TokenVerifier, token: str) -> float:
    factor = slowness()
    return processor_time(lambda: verifier.verify(token)) * 1000 / factor


def _cold_ms() -> float:
    code = (
        "import app, time; began = time.process_time(); import chalicelib.wiring.accounts;"
        "import chalicelib.providers.transport.fetch;"
        "took = time.process_time() - began; from tests.support.yardstick import slowness;"
        "print(round(took * 1000 / slowness(21), 1))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)
