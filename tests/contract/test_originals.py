"""The configuration of the original documents still draws nine pictures."""

import time

import pytest

from chalicelib.config import AWS_CREDENTIALS, load
from chalicelib.providers.base import CallContext, EndsAt, Parameters
from chalicelib.providers.models.catalog import resolve
from chalicelib.providers.models.fit import fit
from chalicelib.providers.registry import Providers, Slot, slots
from devstack.simulators import Simulators
from tests.clocks import now_ms
from tests.contract.driving import TICK, looked_at

ORIGINALS = (
    ("DALL-E 3", "sk-key"),
    ("Gemini 2.0", "google-key"),
    ("AWS Nova Canvas", AWS_CREDENTIALS),
    ("Stable Diffusion 3.5 Large", AWS_CREDENTIALS),
    ("Black Forest Pro", "bfl-key"),
    ("Imagen 3.0", "google-key"),
    ("Recraft v3", "recraft-key"),
    ("Stability AI Turbo", "stability-key"),
    ("Black Forest Dev", "bfl-key"),
)
RETIRED = {"DALL-E 3", "Gemini 2.0", "AWS Nova Canvas", "Imagen 3.0"}


@pytest.fixture
def installation(simulators: Simulators) -> tuple[tuple[Slot, ...], Providers]:
    environ = {"MODEL_COUNT": "9", "AWS_ID": "an-id", "AWS_SECRET": "a-secret"}
    for i, (name, key) in enumerate(ORIGINALS, start=1):
        provider = resolve(name, aws_credentials=key == AWS_CREDENTIALS).provider
        environ[f"MODEL_{i}_NAME"], environ[f"MODEL_{i}_KEY"] = name, key
        environ[f"MODEL_{i}_BASE_URL"] = simulators.base_urls[provider]
    settings = load(environ)
    return slots(settings), Providers(settings, lambda secret: secret.reveal(), now_ms)


def test_all_nine_draw(installation: tuple[tuple[Slot, ...], Providers]) -> None:
    configured, providers = installation
    wanted = Parameters(seed=7, negative_prompt="fog", aspect_ratio="16:9", explicit=("seed",))
    deadline = EndsAt(time.monotonic() + 30, time.monotonic)
    context = CallContext(deadline, lambda seconds: time.sleep(min(seconds, TICK)))

    for slot in configured:
        request, _ = fit("a tea house", wanted, slot.model.capabilities)
        picture = providers.image(slot.index).generate(request, context)
        assert looked_at(picture).width >= 256, slot.name


def test_the_four_that_are_gone_say_what_replaces_them(
    installation: tuple[tuple[Slot, ...], Providers],
) -> None:
    configured, _ = installation

    assert {slot.model.replaces for slot in configured} - {None} == RETIRED
    assert all(slot.model.successor is None for slot in configured)
