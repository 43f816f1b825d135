"""From an aspect ratio to pixels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal


def pixels_for(ratio: str, area: int, multiple: int) -> tuple[int, int]:
    """Width and height of about the given area, as near the ratio as the multiple allows."""
    across, down = (int(part) for part in ratio.split(":"))
    width = math.sqrt(area * across / down)
    return _to_multiple(width, multiple), _to_multiple(area / width, multiple)


def _to_multiple(length: float, multiple: int) -> int:
    return max(multiple, round(length / multiple) * multiple)


#: What the Stability models make of a ratio, on their own service and on Bedrock.
STABILITY_SIZES: Mapping[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "9:16": (768, 1344),
    "21:9": (1536, 640),
    "9:21": (640, 1536),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "5:4": (1088, 896),
    "4:5": (896, 1088),
}
StabilityRatio = Literal["1:1", "16:9", "9:16", "21:9", "9:21", "3:2", "2:3", "5:4", "4:5"]
