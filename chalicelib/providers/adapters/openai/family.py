"""What is known of OpenAI's models, as of 2026-11-21."""

from collections.abc import Mapping

from chalicelib.providers.base import AspectRatio, Capabilities, Quality
from chalicelib.providers.models.family import (
    Family,
    ImagePrice,
    NameRule,
    TextModels,
    TokenPrice,
    TokenRates,
)

_FIXED_RATIOS: tuple[AspectRatio, ...] = ("1:1", "3:2", "2:3")
_QUALITIES: tuple[Quality, ...] = ("auto", "low", "medium", "high")
_OF_2: Mapping[Quality, float] = {"low": 0.006, "medium": 0.053, "high": 0.211}
_OF_2_5: Mapping[Quality, float] = {"low": 0.006, "medium": 0.013, "high": 0.053}
_OF_2_6: Mapping[Quality, float] = {"low": 0.021, "medium": 0.046, "high": 0.053}
"""Low and medium take 3 to 4 times the tokens of 2.5, high as many: a third party's report."""

FAMILY = Family(
    name="OpenAI",
    models=(
        NameRule(r"dall ?e|gpt image (1\b|latest)|chatgpt image", "gpt-image-2.6-flare", True),
        NameRule(r"2\.5.*sunburst", "gpt-image-2.5-sunburst"),
        NameRule(r"2\.5", "gpt-image-2.5-flare"),
        NameRule(r"sunburst", "gpt-image-2.6-sunburst"),
        NameRule(r"image 2(?!\.)\b", "gpt-image-2"),
    ),
    capabilities=(
        (r"gpt-image-1|chatgpt", Capabilities(aspect_ratios=_FIXED_RATIOS, qualities=_QUALITIES)),
        (r"", Capabilities(qualities=_QUALITIES, resolutions=("1K", "2K"))),
    ),
    retired=((r"^(dall-e-[23]|gpt-image-1)$", "gpt-image-2.6-flare"),),
    writes=True,
    text_model="gpt-6-luna",
    texts=TextModels(
        detects=r"\b(chat)?gpt\b|\bopenai\b",
        names=(
            NameRule(r"\bgpt (3[ .]5( turbo)?|4[ .]1 nano)$", "gpt-6-luna", True),
            NameRule(r"\bgpt 4( turbo)?$", "gpt-6.1-sol", True),
        ),
        tiers={
            "gpt-6-luna": "cheap",
            "gpt-5.6-luna": "cheap",
            "gpt-5.6-terra": "balanced",
            "gpt-6-sol": "premium",
            "gpt-6.1-sol": "premium",
            "gpt-5.6-sol": "premium",
        },
    ),
    detects=r"\bdall ?e|\b(chat)?gpt",
    fixable=("size", "quality"),
    default="gpt-image-2.6-flare",
    prices={
        "gpt-image-2": ImagePrice(
            0.053, "2026-11", "OpenAI price list; 1024x1024, medium", by_quality=_OF_2
        ),
        "gpt-image-2.5-flare": ImagePrice(
            0.013,
            "2026-09-26",
            "third-party token tables; 439 output tokens, medium",
            by_quality=_OF_2_5,
        ),
        "gpt-image-2.5-sunburst": ImagePrice(
            0.013,
            "2026-09-26",
            "third-party token tables; 439 output tokens, medium",
            by_quality=_OF_2_5,
        ),
        "gpt-image-2.6-flare": ImagePrice(
            0.046,
            "2026-11",
            "third-party report of 3-4 times the tokens of 2.5; medium",
            by_quality=_OF_2_6,
        ),
        "gpt-image-2.6-sunburst": ImagePrice(
            0.046,
            "2026-11",
            "third-party report of 3-4 times the tokens of 2.5; medium",
            by_quality=_OF_2_6,
        ),
    },
    tokens={
        "gpt-image-2": TokenPrice(
            TokenRates(text_in=5, image_in=8, image_out=30), "2026-11", "OpenAI price list"
        ),
        "gpt-image-2.5-flare": TokenPrice(
            TokenRates(text_in=5, image_in=8, image_out=30), "2026-11", "OpenAI price list"
        ),
        "gpt-image-2.5-sunburst": TokenPrice(
            TokenRates(text_in=5, image_in=8, image_out=30), "2026-11", "OpenAI price list"
        ),
        "gpt-image-2.6-flare": TokenPrice(
            TokenRates(text_in=5, image_in=8, image_out=30), "2026-11", "OpenAI price list"
        ),
        "gpt-image-2.6-sunburst": TokenPrice(
            TokenRates(text_in=5, image_in=8, image_out=30), "2026-11", "OpenAI price list"
        ),
        "gpt-6-luna": TokenPrice(
            TokenRates(text_in=0.1, text_out=0.5), "2026-11", "OpenAI price list"
        ),
        "gpt-6-sol": TokenPrice(TokenRates(text_in=2, text_out=10), "2026-11", "OpenAI price list"),
        "gpt-6.1-sol": TokenPrice(
            TokenRates(text_in=2, text_out=10), "2026-11", "OpenAI price list"
        ),
        "gpt-5.6-luna": TokenPrice(
            TokenRates(text_in=0.2, text_out=1.2), "2026-11", "OpenAI price list"
        ),
        "gpt-5.6-terra": TokenPrice(
            TokenRates(text_in=2, text_out=12), "2026-11", "OpenAI price list"
        ),
        "gpt-5.6-sol": TokenPrice(
            TokenRates(text_in=5, text_out=30), "2026-11", "OpenAI price list"
        ),
    },
)
