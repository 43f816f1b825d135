"""The daily ceiling over HTTP: what has no room is refused before a provider is asked."""

from collections.abc import Iterator

import pytest
import requests

from chalicelib.providers.models.catalog import dearest_image
from tests.api.visitor import Visitor
from tests.clocks import now_ms
from tests.support.product import Product, running_product, wait_until

NAMES = ["GPT Image 2", "FLUX.3"]
LIMIT_USD = 0.06
"""Room for one picture of the first model, and for no second."""


@pytest.fixture(scope="module")
def thrifty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product with six cents a day, whose text model's longest answer costs more."""
    settings = {
        "SIMULATE": "1",
        "MODEL_COUNT": "2",
        "PROMPT_MODEL_INDEX": "1",
        "PROMPT_MODEL_ID": "gpt-5.6-sol",
        "DAILY_SPEND_LIMIT_USD": str(LIMIT_USD),
    }
    for index, name in enumerate(NAMES, start=1):
        settings |= {f"MODEL_{index}_NAME": name, f"MODEL_{index}_KEY": "a-key"}
    with running_product(tmp_path_factory.mktemp("thrifty"), settings) as running:
        yield running


def left(visitor: Visitor) -> float:
    return float(visitor.call("GET", "/models").json()["limits"]["spend"]["left"])


def billed(product: Product) -> int:
    counted = requests.get(product.simulator_control, timeout=10).json()
    return int(counted["images"]["total"]) + int(counted["texts"]["total"])


def test_a_day_pays_for_what_it_has_room_for_and_for_no_more(thrifty: Product) -> None:
    visitor = Visitor(thrifty.url)
    assert left(visitor) == LIMIT_USD
    told = visitor.call("GET", "/models").json()["limits"]["spend"]
    assert told["unknownPrice"] == dearest_image(now_ms())
    job = visitor.generate("a coin", models=[1])
    (picture,) = visitor.wait(job["jobId"], 30)["results"]
    rest = pytest.approx(LIMIT_USD - picture["cost"]["amount"])
    wait_until(lambda: left(visitor) == rest)
    paid = billed(thrifty)

    for path, body in (
        ("/generate", {"prompt": "a second coin", "models": [1]}),
        ("/enhance", {"prompt": "a third coin"}),
    ):
        refused = visitor.call("POST", path, body)
        assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMITED")
        assert refused.json()["scope"] == "spend"
        assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600

    assert billed(thrifty) == paid
    assert left(visitor) == rest
