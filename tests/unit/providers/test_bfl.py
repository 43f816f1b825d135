"""Black Forest Labs' key goes to Black Forest Labs, or to what stands in its place."""

import pytest

from chalicelib.config import Secret
from chalicelib.providers.bfl import connect
from chalicelib.providers.connection import Account

GATEWAY = "https://gateway.example/bfl"
SIMULATOR = "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("base_url", "polling_url", "allowed"),
    [
        (None, "https://api.bfl.ai/v1/get_result?id=1", True),
        (None, "https://api.us2.bfl.ai/v1/get_result?id=1", True),
        (None, "http://api.bfl.ai/v1/get_result?id=1", False),
        (None, "https://api.bfl.ai.evil.example/", False),
        (None, "https://evilbfl.ai/", False),
        (None, "https://[api.bfl.ai/", False),
        (GATEWAY, "https://gateway.example:8443/poll", True),
        (GATEWAY, "http://gateway.example/poll", False),
        (SIMULATOR, "http://127.0.0.1:9001/poll", True),
        (SIMULATOR, "ftp://127.0.0.1/poll", False),
    ],
)
def test_a_polling_address_sees_the_key_only_where_it_belongs(
    base_url: str | None, polling_url: str, allowed: bool
) -> None:
    connection = connect(Account(Secret("k"), base_url))
    assert connection.may_see_the_key(polling_url) is allowed
