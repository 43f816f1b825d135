"""What all simulators have in common: the same fault, each in its provider's own form."""

import io
import time
from typing import Any

import pytest
import requests
from PIL import Image

from devstack.simulators import Simulators
from tests.simulators.doors import PROVIDERS, door_to

#: provider: the HTTP status of each fault. A fault left out is one the provider cannot have.
STATUSES: dict[str, dict[str, int]] = {
    "openai": {"refuse": 400, "rate_limit": 429, "bad_key": 401, "no_credit": 429, "retired": 404},
    "google": {"refuse": 200, "rate_limit": 429, "bad_key": 400, "no_credit": 429, "retired": 404},
    "bedrock": {"refuse": 200, "rate_limit": 429, "bad_key": 403, "retired": 404},
    "stability": {"refuse": 403, "rate_limit": 429, "bad_key": 401, "no_credit": 402}
    | {"retired": 404},
    "bfl": {"rate_limit": 429, "bad_key": 403, "no_credit": 402, "retired": 404},
    "recraft": {"refuse": 400, "rate_limit": 429, "bad_key": 401, "no_credit": 402, "retired": 404},
    "qwen": {"refuse": 400, "rate_limit": 429, "bad_key": 401, "no_credit": 400, "retired": 404},
    "generic": {"refuse": 400, "rate_limit": 429, "bad_key": 401, "no_credit": 402, "retired": 404},
}
SERVER_ERRORS = dict.fromkeys(PROVIDERS, 500) | {"google": 503}
FAULTS = [(provider, fault) for provider, faults in STATUSES.items() for fault in faults]
each_provider = pytest.mark.parametrize("provider", PROVIDERS)


def _is_picture(data: bytes) -> bool:
    try:
        Image.open(io.BytesIO(data)).load()
    except (OSError, Image.DecompressionBombError):
        return False
    return True


@each_provider
def test_a_good_request_gets_a_picture_and_is_billed_once(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    door = door_to(simulators, provider)

    assert _is_picture(door.picture(door.ask(prompt)))
    assert simulators.calls.count(provider, prompt) == 1


@each_provider
def test_the_same_request_gets_the_same_picture(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    door = door_to(simulators, provider)

    assert door.picture(door.ask(prompt)) == door.picture(door.ask(prompt))


@pytest.mark.parametrize(("provider", "fault"), FAULTS)
def test_a_fault_has_the_status_its_provider_gives_it_and_is_not_billed(
    simulators: Simulators, provider: str, fault: str, prompt: str
) -> None:
    marked = f"{prompt} [[{provider}:{fault}]]"
    answer = door_to(simulators, provider).ask(marked)

    assert answer.status_code == STATUSES[provider][fault]
    assert answer.headers["Content-Type"].startswith("application/json")
    assert simulators.calls.count(provider, marked) == 0


def test_bedrock_has_no_empty_account(simulators: Simulators, prompt: str) -> None:
    assert door_to(simulators, "bedrock").ask(f"{prompt} [[bedrock:no_credit]]").json()["images"]


@each_provider
def test_a_server_error_is_permanent_unless_it_comes_once(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    door = door_to(simulators, provider)
    always, once = f"{prompt} [[*:server_error]]", f"{prompt} [[*:once-server_error]]"

    assert [door.ask(always).status_code for _ in range(2)] == [SERVER_ERRORS[provider]] * 2
    assert [door.ask(once).status_code for _ in range(2)] == [SERVER_ERRORS[provider], 200]
    assert simulators.calls.count(provider, once) == 1


@each_provider
def test_another_providers_mark_changes_nothing(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    other = "qwen" if provider != "qwen" else "bfl"

    assert door_to(simulators, provider).ask(f"{prompt} [[{other}:server_error]]").ok


@each_provider
def test_an_invalid_key_is_a_bad_key(simulators: Simulators, provider: str, prompt: str) -> None:
    answer = door_to(simulators, provider).ask(prompt, key="invalid-key")

    assert answer.status_code == STATUSES[provider]["bad_key"]
    assert "invalid-key" not in answer.text


@each_provider
def test_a_missing_key_is_refused(simulators: Simulators, provider: str, prompt: str) -> None:
    answer = door_to(simulators, provider).ask(prompt, key=None)

    assert answer.status_code in (401, 403)
    assert simulators.calls.count(provider, prompt) == 0


@pytest.mark.parametrize("provider", [p for p in PROVIDERS if p != "bfl"])
def test_a_dropped_call_is_billed_all_the_same(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    marked = f"{prompt} [[*:drop]]"
    with pytest.raises(requests.ConnectionError):
        door_to(simulators, provider).ask(marked)

    assert simulators.calls.count(provider, marked) == 1


@each_provider
def test_garbage_looks_like_an_answer_and_holds_no_picture(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    door = door_to(simulators, provider)
    answer = door.ask(f"{prompt} [[*:garbage]]")

    assert answer.ok
    try:
        picture = door.picture(answer)
    except ValueError:
        return  # Base64 that is none.
    assert not _is_picture(picture)


@each_provider
def test_a_bomb_is_a_small_png_of_30000_pixels_an_edge(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    door = door_to(simulators, provider)
    picture = door.picture(door.ask(f"{prompt} [[*:bomb]]"))

    assert len(picture) < 200_000
    assert picture[16:24] == (30_000).to_bytes(4, "big") * 2


@each_provider
def test_slow_takes_the_seconds_of_the_mark(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    door = door_to(simulators, provider)
    started = time.monotonic()

    assert door.picture(door.ask(f"{prompt} [[*:slow=0.2]]"))
    assert time.monotonic() - started >= 0.2


@each_provider
def test_a_body_that_is_no_json_or_form_is_refused(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    door = door_to(simulators, provider)
    url, _ = door.request(prompt)

    for body in (b"{", b"\xff\xfe", b"[]", b"null", b""):
        answer = requests.post(url, body, headers=door.headers("a-key"), timeout=10)
        assert answer.status_code in (400, 422), body


@each_provider
def test_a_field_that_does_not_exist_is_refused(
    simulators: Simulators, provider: str, prompt: str
) -> None:
    answer = door_to(simulators, provider).ask(prompt, no_such_field="x")

    assert answer.status_code in (400, 422)
    assert "no_such_field" in answer.text
    assert simulators.calls.count(provider, prompt) == 0


@each_provider
def test_an_unknown_model_is_refused(simulators: Simulators, provider: str, prompt: str) -> None:
    if provider == "generic":
        assert door_to(simulators, provider).ask(prompt, model="anything/at-all").ok
        return
    answer = door_to(simulators, provider).ask(prompt, model="no-such-model")

    assert answer.status_code == (400 if provider == "bedrock" else 404)


@each_provider
def test_an_empty_prompt_is_refused(simulators: Simulators, provider: str) -> None:
    assert door_to(simulators, provider).ask("").status_code in (400, 422)


@pytest.mark.parametrize("provider", [p for p in PROVIDERS if p not in ("google", "stability")])
def test_a_prompt_over_the_limit_is_refused(simulators: Simulators, provider: str) -> None:
    assert door_to(simulators, provider).ask("a" * 32_001).status_code in (400, 422)


@pytest.mark.parametrize(
    ("provider", "fields", "size"),
    [
        ("openai", {"size": "1536x864"}, (1536, 864)),
        ("google", {"generationConfig": {"imageConfig": {"aspectRatio": "16:9"}}}, (1376, 768)),
        ("bedrock", {"aspect_ratio": "16:9"}, (1344, 768)),
        ("stability", {"aspect_ratio": "2:3"}, (832, 1216)),
        ("bfl", {"width": 640, "height": 368}, (640, 368)),
        ("recraft", {"size": "16:9"}, (1344, 768)),
        ("qwen", {"size": "768*1024"}, (768, 1024)),
        ("generic", {"size": "640x480"}, (640, 480)),
    ],
)
def test_the_shape_asked_for_is_the_shape_of_the_picture(
    simulators: Simulators, provider: str, fields: dict[str, Any], size: tuple[int, int]
) -> None:
    door = door_to(simulators, provider)
    picture = door.picture(door.ask("a wide view of the sea", **fields))

    assert Image.open(io.BytesIO(picture)).size == size
