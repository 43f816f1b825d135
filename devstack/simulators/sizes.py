"""From an aspect ratio to pixels."""

from __future__ import annotations

import math


def pixels_for(ratio: str, area: int, multiple: int) -> tuple[int, int]:
    """Width and height of about the given area, as near the ratio as the multiple allows."""
    across, down = (int(part) for part in ratio.split(":"))
    width = math.sqrt(area * across / down)
    return _to_multiple(width, multiple), _to_multiple(area / width, multiple)


def _to_multiple(length: float, multiple: int) -> int:
    return max(multiple, round(length / multiple) * multiple)
