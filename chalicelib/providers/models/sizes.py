"""Pixels of about one megapixel for each aspect ratio, where a provider wants width and height."""

from collections.abc import Mapping

from chalicelib.providers.base import AspectRatio

Size = tuple[int, int]

MULTIPLES_OF_16: Mapping[AspectRatio, Size] = {
    "1:1": (1024, 1024),
    "16:9": (1280, 720),
    "9:16": (720, 1280),
    "4:3": (1152, 864),
    "3:4": (864, 1152),
    "3:2": (1248, 832),
    "2:3": (832, 1248),
}
MULTIPLES_OF_16_AT_2K: Mapping[AspectRatio, Size] = {
    "1:1": (2048, 2048),
    "16:9": (2048, 1152),
    "9:16": (1152, 2048),
    "4:3": (2048, 1536),
    "3:4": (1536, 2048),
    "3:2": (2016, 1344),
    "2:3": (1344, 2016),
}
"""No side is longer than 2048."""
MULTIPLES_OF_32: Mapping[AspectRatio, Size] = {
    **MULTIPLES_OF_16,
    "16:9": (1344, 768),
    "9:16": (768, 1344),
}
"""Nothing near one megapixel is both exactly 16:9 and a multiple of 32."""
