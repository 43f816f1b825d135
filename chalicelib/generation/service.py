"""The call of one model, whoever wants the picture: a job's slot today, a batch's cell next."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import logs
from chalicelib.generation.call import Call, Generated, generated
from chalicelib.generation.outputs import told_seed
from chalicelib.providers.base import (
    CallContext,
    Deferred,
    EndsAt,
    ImageProvider,
    ImageRequest,
    Picture,
)
from chalicelib.providers.errors import Interrupted, ProviderError
from chalicelib.providers.models.fit import fit, with_negative


class ImageProviders(Protocol):
    """The configured models as things that draw."""

    def image(self, index: int) -> ImageProvider:
        """Return the slot's provider; raise the ProviderError that the settings leave."""
        ...


@dataclass(frozen=True)
class Generator:
    """Calls models. `clock` in epoch milliseconds, `sleep` in seconds."""

    providers: ImageProviders
    clock: Callable[[], int]
    sleep: Callable[[float], None]
    permanent_negative: str = ""

    def generate(self, call: Call, arrived: Callable[[], None] = lambda: None) -> Generated:
        """Return a whole picture, not stored yet; raise ProviderError, or Deferred.

        `arrived` is told when the answer is there, before it is looked at or collected.
        """
        wanted = with_negative(call.parameters, self.permanent_negative)
        request, ignored = fit(call.prompt, wanted, call.slot.model.capabilities)
        picture = self._answer(call, request, arrived)
        arrived()
        return generated(call, picture, ignored, self.clock())

    def received(self, call: Call, data: bytes) -> Generated:
        """Return the picture that came for a call which had been handed over; raise BadResponse.

        Its seed is the one that it tells itself: without a wish the endpoint has chosen one.
        """
        wanted = with_negative(call.parameters, self.permanent_negative)
        request, ignored = fit(call.prompt, wanted, call.slot.model.capabilities)
        seed = told_seed(data)
        picture = Picture(data, seed=request.seed if seed is None else seed)
        return generated(call, picture, ignored, self.clock())

    def _answer(self, call: Call, request: ImageRequest, arrived: Callable[[], None]) -> Picture:
        began, context = self.clock(), self._context(call, arrived)
        try:
            picture = self.providers.image(call.slot.index).generate(request, context)
        except (ClientError, BotoCoreError):
            # Not from our storage: there is no picture that could be adopted.
            logs.failure("call_failed", **call.log)
            raise Interrupted("Something went wrong on our side.") from None
        except ProviderError as error:
            _log(call, error.code, self.clock() - began)
            raise
        except Deferred:
            _log(call, "DEFERRED", self.clock() - began)
            raise
        _log(call, "PICTURE", self.clock() - began)
        return picture

    def _context(self, call: Call, arrived: Callable[[], None]) -> CallContext:
        return CallContext(
            deadline=EndsAt(call.deadline_ms / 1000, lambda: self.clock() / 1000),
            sleep=self.sleep,
            ticket=call.ticket,
            save_ticket=call.save_ticket,
            cancelled=call.cancelled,
            still_wanted=call.still_wanted,
            answered=arrived,
            name=call.name,
        )


def _log(call: Call, outcome: str, took_ms: int) -> None:
    failed = outcome not in ("PICTURE", "DEFERRED")
    logs.measure(
        "provider_call",
        {"ProviderLatency": took_ms, "ProviderFailures": int(failed)},
        {"provider": call.slot.model.provider, "outcome": outcome},
        modelId=call.slot.model.model_id,
        **call.log,
    )
