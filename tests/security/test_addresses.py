"""S4: the address that is limited is the one that connected, whatever a client says."""

from __future__ import annotations

import random

import pytest

from tests.figures import RecordFigure
from tests.security.addresses import (
    ATTACKS,
    HERE,
    LIMIT,
    SECRET,
    Attack,
    Attempt,
    admitted,
    installation,
)

ATTEMPTS, SEED = 3 * LIMIT, 5309
ACCEPTED, LIMITED = 202, 429


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_one_client_gets_its_limit_and_not_one_more(
    attack: Attack, record_figure: RecordFigure
) -> None:
    statuses = admitted(attack, ATTEMPTS, SEED)
    figure = {"requests": ATTEMPTS, "admitted": statuses[ACCEPTED], "limit": LIMIT}
    record_figure(f"S4 {attack.__name__}", **figure)
    assert statuses == {ACCEPTED: LIMIT, LIMITED: ATTEMPTS - LIMIT}


def test_viewers_behind_the_cdn_are_counted_one_by_one() -> None:
    edge = "192.0.2.1"
    with installation() as ask:
        for viewer in ("203.0.113.1", "203.0.113.2"):
            headers = {"CloudFront-Viewer-Address": f"{viewer}:443", "X-Origin-Secret": SECRET}
            statuses = [ask(Attempt(edge, headers, "")) for _ in range(LIMIT + 1)]
            assert statuses == [ACCEPTED] * LIMIT + [LIMITED]


def test_neighbouring_networks_are_counted_apart() -> None:
    with installation() as ask:
        for network in ("2001:db8:1:2::1", "2001:db8:1:3::1"):
            statuses = [ask(Attempt(network, {}, "")) for _ in range(LIMIT + 1)]
            assert statuses == [ACCEPTED] * LIMIT + [LIMITED]


def test_an_address_in_two_spellings_is_one_address() -> None:
    rng = random.Random(SEED)
    with installation() as ask:
        spellings = [rng.choice((HERE, f"::ffff:{HERE}")) for _ in range(2 * LIMIT)]
        statuses = [ask(Attempt(source, {}, "")) for source in spellings]
    assert statuses.count(ACCEPTED) == LIMIT
