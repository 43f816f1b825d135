import openai
import pytest

from devstack.simulators import Simulators
from tests.simulators.doors import Door, door_to


@pytest.fixture
def door(simulators: Simulators) -> Door:
    return door_to(simulators, "generic")


@pytest.mark.parametrize(
    ("model", "response_format", "key"),
    [
        ("hunyuan-image-3", None, "b64_json"),
        ("my-url-model", None, "url"),
        ("hunyuan-image-3", "url", "url"),
        ("my-url-model", "b64_json", "b64_json"),
    ],
)
def test_the_models_name_decides_between_bytes_and_links_unless_the_request_does(
    door: Door, model: str, response_format: str | None, key: str
) -> None:
    fields = {"response_format": response_format} if response_format else {}
    answer = door.ask("a cat", model=model, size="256x256", **fields)

    assert list(answer.json()["data"][0]) == [key]
    assert door.picture(answer)


@pytest.mark.parametrize("name", ["quality", "seed", "steps", "aspect_ratio"])
def test_only_what_every_gateway_takes_is_taken(door: Door, name: str) -> None:
    answer = door.ask("a cat", **{name: "1"})

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == name


@pytest.mark.parametrize("size", ["1:1", "9999x9999", "0x10", "1024*1024"])
def test_a_size_that_is_none_is_refused(door: Door, size: str) -> None:
    assert door.ask("a cat", size=size).json()["error"]["param"] == "size"


def test_a_policy_refusal_has_the_older_code(door: Door) -> None:
    answer = door.ask("a cat [[generic:refuse]]")

    assert answer.json()["error"]["code"] == "content_policy_violation"


def test_text_is_enhanced_by_any_model(simulators: Simulators) -> None:
    base_url = simulators.base_urls["generic"]
    with openai.OpenAI(api_key="a-key", base_url=base_url, max_retries=0, timeout=10) as client:
        chat = client.chat.completions.create(
            model="meta/llama-4", messages=[{"role": "user", "content": "a cat"}]
        )

    assert str(chat.choices[0].message.content).startswith("a cat,")
