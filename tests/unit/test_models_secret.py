"""The list of models in one secret: read whole, and what is wrong in it named without a key."""

import json
from typing import Any

import pytest

from chalicelib.config import Secret, Settings, SettingsError, load

CANARY = "sk-canary-1234567890"
ONE = {"MODEL_COUNT": "1", "MODEL_1_NAME": "GPT Image", "MODEL_1_KEY": CANARY}


def from_secret(text: str) -> Settings:
    return load({"MODELS_SECRET": "studio/models"}, lambda _: text)


def secret_problem(entries: object) -> str:
    text = entries if isinstance(entries, str) else json.dumps(entries)
    with pytest.raises(SettingsError) as caught:
        from_secret(text)
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is None
    return str(caught.value)


def test_the_whole_list_may_be_in_one_secret() -> None:
    entries: list[dict[str, Any]] = [
        {"name": "GPT Image", "key": CANARY, "timeout": 60},
        {
            "name": "Mine",
            "key": "N/A",
            "provider": "generic",
            "id": "mine-1",
            "base_url": "http://gateway:8080/v1",
            "timeout": "2.5",
        },
    ]
    first, second = from_secret(json.dumps(entries)).models.slots
    assert (first.index, first.key, first.timeout) == (1, Secret(CANARY), 60.0)
    assert (second.provider, second.model_id, second.timeout) == ("generic", "mine-1", 2.5)
    assert second.base_url == "http://gateway:8080/v1"


def test_the_secret_is_read_by_its_name_and_wins_over_the_count() -> None:
    read: list[str] = []

    def read_secret(name: str) -> str:
        read.append(name)
        return json.dumps([{"name": "a", "key": "k"}, {"name": "b", "key": "k"}])

    settings = load({**ONE, "MODELS_SECRET": "arn:aws:x"}, read_secret)
    assert (read, len(settings.models.slots)) == (["arn:aws:x"], 2)


def test_no_secret_is_read_unless_one_is_named() -> None:
    def read_secret(name: str) -> str:
        raise AssertionError(name)

    assert load(ONE, read_secret).models.slots


@pytest.mark.parametrize("text", ["", "nothing", "[", f'[{{"key": "{CANARY}"', "[" * 100_000])
def test_a_secret_that_is_no_json_is_named(text: str) -> None:
    sentence = secret_problem(text)
    assert sentence.startswith("MODELS_SECRET names 'studio/models', which is no JSON; ")


@pytest.mark.parametrize("entries", [{}, [], None, 5, "text", [{"name": "a", "key": "k"}] * 21])
def test_a_secret_that_is_no_list_is_named(entries: object) -> None:
    assert "which is no such list" in secret_problem(json.dumps(entries))


@pytest.mark.parametrize(
    "entry",
    [
        None,
        "text",
        [],
        {"name": "a", "key": CANARY, "modelId": "x"},
        {"NAME": "a", "KEY": CANARY},
        {"name": "a", "key": None},
        {"name": "a", "key": {"value": CANARY}},
        {"name": ["a"], "key": CANARY},
    ],
)
def test_an_entry_of_another_shape_is_named_by_its_place(entry: object) -> None:
    assert "whose entry 2 is no such object" in secret_problem([{"name": "a", "key": "k"}, entry])


@pytest.mark.parametrize(
    ("entry", "variable"),
    [
        ({"key": CANARY}, "MODEL_1_NAME"),
        ({"name": "a"}, "MODEL_1_KEY"),
        ({"name": "a", "key": CANARY, "timeout": float("nan")}, "MODEL_1_TIMEOUT"),
        ({"name": "a", "key": CANARY, "timeout": 1e9}, "MODEL_1_TIMEOUT"),
        ({"name": "a", "key": CANARY, "timeout": True}, "MODEL_1_TIMEOUT"),
        ({"name": "a", "key": CANARY, "provider": "acme"}, "MODEL_1_PROVIDER"),
        ({"name": "a", "key": CANARY, "base_url": "x"}, "MODEL_1_BASE_URL"),
    ],
)
def test_what_is_wrong_in_an_entry_has_the_setting_s_name(entry: object, variable: str) -> None:
    assert secret_problem([entry]).startswith(variable)


def test_a_secret_that_cannot_be_read_says_why() -> None:
    def read_secret(_: str) -> str:
        raise RuntimeError("AccessDenied")

    with pytest.raises(SettingsError, match=r"'studio/models', which cannot be read: AccessDenied"):
        load({"MODELS_SECRET": "studio/models"}, read_secret)
    with pytest.raises(SettingsError, match="secrets cannot be read here"):
        load({"MODELS_SECRET": "studio/models"})
