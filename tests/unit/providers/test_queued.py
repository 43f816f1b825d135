"""A queue's three addresses: who may be polled with the key, and where a picture may lie."""

import pytest

from chalicelib.config import Secret
from chalicelib.providers.adapters.bfl.adapter import connect, image
from chalicelib.providers.credentials import Credentials
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import resolve
from chalicelib.providers.transport.queued import Queue


class Elsewhere:
    """A service whose queue is polled in another domain than it is asked in."""

    own_hosts = ".queue.example"


def queue(base_url: str | None, service: object = None) -> Queue:
    client = connect(Credentials(Secret("key"), base_url))
    found = service or image(client, resolve("FLUX.2 pro"))
    return Queue(client, Failures("A provider", "a-model"), found)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://api.bfl.ai/v1/get_result?id=1", True),
        ("https://api.eu2.bfl.ai/v1/get_result?id=1", True),
        ("https://API.US.BFL.AI/v1", True),
        ("http://api.eu.bfl.ai/v1", False),
        ("https://bfl.ai.evil.example/v1", False),
        ("https://evilbfl.ai/v1", False),
        ("https://bfl.ai/v1", False),
        ("https://api.bfl.ai@evil.example/v1", False),
        ("https://evil.example/api.bfl.ai", False),
        ("//api.bfl.ai/v1", False),
        ("/v1/get_result?id=1", False),
        ("https://[api.bfl.ai/", False),
        ("", False),
    ],
)
def test_the_key_goes_to_the_providers_own_hosts_only(url: str, may: bool) -> None:
    assert queue(None).may_see_the_key(url) is may


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("http://127.0.0.1:9001/poll", True),
        ("https://127.0.0.1:9001/poll", False),
        ("http://localhost:9000/poll", False),
        ("https://api.eu.bfl.ai/v1", True),
    ],
)
def test_the_configured_host_is_polled_as_it_is_configured(url: str, may: bool) -> None:
    assert queue("http://127.0.0.1:9000").may_see_the_key(url) is may


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://a.queue.example/1", True),
        ("https://api.bfl.ai/1", True),
        ("https://api.eu.bfl.ai/1", False),
    ],
)
def test_a_queue_may_be_polled_in_a_domain_of_its_own(url: str, may: bool) -> None:
    assert queue(None, Elsewhere()).may_see_the_key(url) is may
