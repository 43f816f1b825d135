"""The request bodies of Black Forest Labs: one shape per family of FLUX."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Literal

from pydantic import Field, model_validator

from devstack.simulators.sizes import pixels_for
from devstack.simulators.wire import Strict

MEGAPIXEL = 1024 * 1024
Ratio = Literal[
    "1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "5:4", "4:5",
    "21:9", "9:21", "2:1", "1:2", "3:1", "1:3",
]  # fmt: skip
Seed = Annotated[int, Field(ge=0, le=4_294_967_295)]
Edge1 = Annotated[int, Field(ge=256, le=1440, multiple_of=32)]
Edge2 = Annotated[int, Field(ge=64, multiple_of=16)]


class FluxBody(Strict):
    """What every family has in common."""

    prompt: str = Field(min_length=1, max_length=10_000)
    safety_tolerance: int = Field(default=2, ge=0, le=6)

    @property
    @abstractmethod
    def pixels(self) -> tuple[int, int]:
        """Width and height of the picture."""

    @property
    def picture_format(self) -> str:
        """The format of the picture: png where the family gives no choice."""
        return "png"

    @property
    def picture_seed(self) -> int | None:
        """The seed that was asked for, if any."""
        return None


_AREAS = {
    "768sq": 768 * 768,
    "1k": MEGAPIXEL,
    "1.5k": round(1.5**2 * MEGAPIXEL),
    "2k": 4 * MEGAPIXEL,
    "4k": 16 * MEGAPIXEL,
}


class Flux3Body(FluxBody):
    """FLUX.3: a ratio; no seed, no pixels, no format."""

    safety_tolerance: int = Field(default=2, ge=0, le=4)
    aspect_ratio: Literal[Ratio, "auto"] = "auto"
    resolution: Literal["768sq", "1k", "1.5k", "2k", "4k"] = "1k"

    @property
    def pixels(self) -> tuple[int, int]:
        ratio = "1:1" if self.aspect_ratio == "auto" else self.aspect_ratio
        return pixels_for(ratio, _AREAS[self.resolution], multiple=16)


class _SeededBody(FluxBody):
    seed: Seed | None = None
    output_format: Literal["jpeg", "png"] = "jpeg"

    @property
    def picture_format(self) -> str:
        return self.output_format

    @property
    def picture_seed(self) -> int | None:
        return self.seed


class Flux2Body(_SeededBody):
    """FLUX.2: pixels in multiples of 16, at most four megapixels."""

    safety_tolerance: int = Field(default=2, ge=0, le=5)
    width: Edge2 = 1024
    height: Edge2 = 1024

    @model_validator(mode="after")
    def _at_most_four_megapixels(self) -> Flux2Body:
        if self.width * self.height > 4 * MEGAPIXEL:
            raise ValueError("width x height may not exceed 4 megapixels")
        return self

    @property
    def pixels(self) -> tuple[int, int]:
        return self.width, self.height


class Flux2FlexBody(Flux2Body):
    """FLUX.2 flex, with steps and guidance."""

    steps: int = Field(default=50, ge=1, le=50)
    guidance: float = Field(default=4.5, ge=1.5, le=10)


class Flux1Body(_SeededBody):
    """FLUX.1 pro: edges of 256 to 1440 in multiples of 32."""

    width: Edge1 = 1024
    height: Edge1 = 768

    @property
    def pixels(self) -> tuple[int, int]:
        return self.width, self.height


class Flux1DevBody(Flux1Body):
    """FLUX.1 dev, with steps and guidance."""

    steps: int = Field(default=28, ge=1, le=50)
    guidance: float = Field(default=3.0, ge=1.5, le=5)


class Flux1UltraBody(_SeededBody):
    """FLUX.1 ultra: a ratio, at four megapixels."""

    aspect_ratio: Ratio = "16:9"

    @property
    def pixels(self) -> tuple[int, int]:
        return pixels_for(self.aspect_ratio, 4 * MEGAPIXEL, multiple=32)
