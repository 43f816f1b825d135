"""Drives adapters the way the worker does: settings in, a picture or a typed error out."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from chalicelib.config import Settings, load
from chalicelib.images.sniff import BadImage, ImageFacts, sniff
from chalicelib.providers.base import (
    AspectRatio,
    CallContext,
    EndsAt,
    ImageProvider,
    ImageRequest,
    Parameters,
    Picture,
    never,
    no_ticket,
)
from chalicelib.providers.errors import BadResponse, ProviderError
from chalicelib.providers.models.fit import fit
from chalicelib.providers.registry import Providers, slots
from devstack.simulators import Simulators
from tests.clocks import now_ms
from tests.contract.case import ModelCase

CANARY_KEY = "canary-key-5Qz81mXw"
CANARY_SECRET = "canary-secret-77fKq0"
AMPLE_SECONDS = 30.0
SEED = 4_294_967_294
TICK = 0.01


def settings_for(case: ModelCase, base_url: str, key: str = CANARY_KEY) -> Settings:
    """One slot with this model at this address."""
    return load(
        {
            "MODEL_COUNT": "1",
            "MODEL_1_NAME": "A model under test",
            "MODEL_1_PROVIDER": case.provider,
            "MODEL_1_ID": case.model_id,
            "MODEL_1_KEY": key,
            "MODEL_1_BASE_URL": base_url,
            "MODEL_1_TIMEOUT": "30",
            "AWS_ID": key,
            "AWS_SECRET": CANARY_SECRET,
        }
    )


@dataclass
class Driver:
    """One slot's provider, with a sleep that remembers what it was asked for."""

    settings: Settings
    waits: list[float] = field(default_factory=list)
    raise_crash: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.providers = Providers(self.settings, lambda secret: secret.reveal(), now_ms)
        self.slot = slots(self.settings)[0]

    @property
    def provider(self) -> ImageProvider:
        return self.providers.image(1)

    def sleep(self, seconds: float) -> None:
        self.raise_crash()
        self.waits.append(seconds)
        time.sleep(min(seconds, TICK))

    def context(
        self,
        seconds: float = AMPLE_SECONDS,
        *,
        ticket: str | None = None,
        save_ticket: Callable[[str], None] = no_ticket,
        cancelled: Callable[[], bool] = never,
    ) -> CallContext:
        with suppress(ProviderError):
            # Loading an SDK takes a second, which is no part of what is measured.
            _ = self.provider
        deadline = EndsAt(time.monotonic() + seconds, time.monotonic)
        return CallContext(deadline, self.sleep, ticket, save_ticket, cancelled)

    def request(
        self, prompt: str, aspect_ratio: AspectRatio = "1:1", seed: int | None = SEED
    ) -> ImageRequest:
        """Return all that can be asked for at once, fitted to what the model takes."""
        made = ("steps", "guidance", "control", "seed", "negativePrompt", "aspectRatio")
        wanted = Parameters(28, 4.0, 1.5, seed, "ugly", aspect_ratio, explicit=made)
        return fit(prompt, wanted, self.slot.model.capabilities)[0]

    def draw(
        self, prompt: str, context: CallContext | None = None, seed: int | None = SEED
    ) -> Picture:
        request = self.request(prompt, seed=seed)
        return self.provider.generate(request, context or self.context())

    def error(self, prompt: str, context: CallContext | None = None) -> ProviderError | None:
        """The typed error that the prompt ends in, None when there is a picture."""
        try:
            looked_at(self.draw(prompt, context))
        except ProviderError as error:
            return error
        return None

    def code(self, prompt: str, context: CallContext | None = None) -> str:
        error = self.error(prompt, context)
        return error.code if error else "picture"


def looked_at(picture: Picture) -> ImageFacts:
    """What the worker finds in the bytes; raises the error that it would record."""
    try:
        return sniff(picture.data)
    except BadImage as problem:
        raise BadResponse(str(problem), billed="yes") from None


def driver_at(case: ModelCase, base_url: str, key: str = CANARY_KEY) -> Driver:
    return Driver(settings_for(case, base_url, key))


def simulated(case: ModelCase, simulators: Simulators, key: str = CANARY_KEY) -> Driver:
    """A driver of the model at its provider's simulator."""
    driver = driver_at(case, simulators.base_urls[case.provider], key)
    driver.raise_crash = simulators.raise_crash
    return driver
