"""What every image provider speaks: one protocol, one request, one picture."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

AspectRatio = Literal["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"]
ASPECT_RATIOS: tuple[AspectRatio, ...] = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3")
LARGEST_SEED = 4_294_967_294
Quality = Literal["auto", "low", "medium", "high"]
Resolution = Literal["1K", "2K", "4K"]
"""The long side of a picture, roughly: 1K is about one megapixel, each step is four times that."""
TIMES_THE_PIXELS: Mapping[Resolution, int] = {"1K": 1, "2K": 4, "4K": 16}
CostBasis = Literal["exact", "estimated", "unknown"]


class Recovery(StrEnum):
    """How the answer of a call that was lost can be had again."""

    RESUMABLE = "resumable"
    """The provider gives a ticket; polling it again costs nothing."""
    UNSAFE = "unsafe"
    """Calling again bills again, so it never happens on its own."""


@dataclass(frozen=True)
class Cost:
    """US dollars; `amount` is None when nobody knows, never a silent zero."""

    amount: float | None
    basis: CostBasis


UNKNOWN_COST = Cost(None, "unknown")


@dataclass(frozen=True)
class Capabilities:
    """The settings a model can take; what it cannot take is dropped and listed as ignored.

    The ranges and limits (a text's is in characters) say how much of a setting it takes, if any.
    `qualities` and `resolutions` are those that it can be asked for; without any it has its own.
    """

    aspect_ratios: tuple[AspectRatio, ...] = ASPECT_RATIOS
    seed: bool = False
    negative_prompt: bool = False
    steps: bool = False
    guidance: bool = False
    largest_seed: int = LARGEST_SEED
    steps_range: tuple[int, int] = (1, 100)
    guidance_range: tuple[float, float] = (0.0, 20.0)
    negative_prompt_limit: int = 10_000
    qualities: tuple[Quality, ...] = ()
    resolutions: tuple[Resolution, ...] = ()


@dataclass(frozen=True)
class Parameters:
    """The settings of a picture as a person asked for it; `explicit` names those really made.

    `seed` 0-4294967294 or None, `steps` 1-100, `guidance` 0-20, `control` 0-2.
    """

    steps: int = 28
    guidance: float = 5.0
    control: float = 1.0
    seed: int | None = None
    negative_prompt: str = ""
    aspect_ratio: AspectRatio = "1:1"
    quality: Quality = "auto"
    resolution: Resolution = "1K"
    explicit: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageRequest:
    """One picture as asked for, already narrowed to what the model can take.

    A setting that is None is not sent. `seed` 0–4294967294, `steps` 1–100, `guidance` 0–20.
    """

    prompt: str
    aspect_ratio: AspectRatio = "1:1"
    seed: int | None = None
    negative_prompt: str | None = None
    steps: int | None = None
    guidance: float | None = None
    quality: Quality = "auto"
    resolution: Resolution = "1K"


@dataclass(frozen=True)
class Picture:
    """The provider's own bytes and what it said about them.

    `cost` is what the provider itself reported (exact) or None: the caller then takes the price
    table's estimate. `seed` is the one that was used, None when the provider tells none.
    """

    data: bytes
    seed: int | None = None
    revised_prompt: str | None = None
    cost: Cost | None = None


class Deadline(Protocol):
    """An absolute end in time, shared by everything that one slot does."""

    def remaining(self) -> float:
        """Seconds left; zero or less when it has passed."""
        ...


@dataclass(frozen=True)
class EndsAt:
    """The deadline at one moment of a clock that counts seconds."""

    moment: float
    clock: Callable[[], float]

    def remaining(self) -> float:
        return self.moment - self.clock()


@dataclass(frozen=True)
class Extended:
    """Another deadline, so many seconds later."""

    deadline: Deadline
    by_s: float

    def remaining(self) -> float:
        return self.deadline.remaining() + self.by_s


def leaving(seconds: float, deadline: Deadline) -> Deadline:
    """Return the deadline, or a later one where it leaves less than so many seconds from now."""
    return Extended(deadline, max(0.0, seconds - deadline.remaining()))


class Deferred(Exception):
    """The call was handed over: its answer comes by callback, and nobody waits for it.

    `ticket` is where a failure would be told if its callback is lost, empty where nothing tells;
    None when handing over had no answer itself: the model may draw all the same.
    """

    def __init__(self, ticket: str | None) -> None:
        super().__init__(ticket)
        self.ticket = ticket


def no_ticket(_: str) -> None:
    """For providers without tickets and for callers that keep none."""


def nothing() -> None:
    """For callers to whom a picture is one once it is here."""


def never() -> bool:
    """For callers that do not cancel."""
    return False


def always() -> bool:
    """For callers whose calls are wanted until they end."""
    return True


@dataclass(frozen=True)
class CallContext:
    """What surrounds one call: its deadline, its ticket, and whether it is still wanted.

    `save_ticket` must have returned before the first poll, so that another worker can resume with
    `ticket`; `sleep` never sleeps past the deadline. `cancelled` costs nothing; `still_wanted` asks
    whoever ordered the picture, and is asked before a call is made again. `answered` is told when
    the picture is drawn and only has to be collected, which has a short grace after the deadline.
    `name` is unlike that of every other call (64 characters at most): a callback tells by it which
    one has ended.
    """

    deadline: Deadline
    sleep: Callable[[float], None]
    ticket: str | None = None
    save_ticket: Callable[[str], None] = field(default=no_ticket)
    cancelled: Callable[[], bool] = field(default=never)
    still_wanted: Callable[[], bool] = field(default=always)
    answered: Callable[[], None] = field(default=nothing)
    name: str = ""


class ImageProvider(Protocol):
    """Draws one picture per call; shared by threads.

    Raises `ProviderError` and nothing else, but for `Deferred` where its family says so. Never
    calls a provider twice on its own account for one `generate` unless the first call was certainly
    not billed.
    """

    recovery: Recovery

    def generate(self, request: ImageRequest, context: CallContext) -> Picture:
        """Returns the provider's bytes, or raises the ProviderError that tells why not."""
        ...


@dataclass(frozen=True)
class Completion:
    """A text model's answer with its tokens; `cost` as the provider's usage and the table say.

    `finished` is False when the answer was cut off at the most tokens it could have.
    """

    text: str
    input_tokens: int
    output_tokens: int
    cost: Cost
    finished: bool = True


@dataclass(frozen=True)
class Shown:
    """A picture that a text model is to look at: its bytes, and what they are."""

    data: bytes
    content_type: str

    @property
    def base64(self) -> str:
        return b64encode(self.data).decode()


class TextProvider(Protocol):
    """Completes one instruction; raises `ProviderError` and nothing else."""

    def complete(self, system: str, user: str, max_tokens: int, deadline: Deadline) -> Completion:
        """`user` is data in its own role, never part of the instruction, which may be empty."""
        ...


class SeeingProvider(Protocol):
    """A text provider that can be shown a picture beside what it is asked."""

    def complete(
        self,
        system: str,
        user: str,
        max_tokens: int,
        deadline: Deadline,
        shown: Shown | None = None,
    ) -> Completion:
        """As a text provider; `shown` is data too."""
        ...
