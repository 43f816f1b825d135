"""What is known of Google's models, as of 2026-11-21."""

from chalicelib.providers.base import Capabilities
from chalicelib.providers.models.family import (
    Family,
    ImagePrice,
    NameRule,
    TextModels,
    TokenPrice,
    TokenRates,
)

_SIGNED_32_BITS = 2**31 - 1

FAMILY = Family(
    name="Google",
    models=(
        NameRule(r"imagen|gemini [12]\b", "gemini-nano-banana-2.1", True),
        NameRule(r"\bpro\b", "gemini-3-pro-image"),
        NameRule(r"\blite\b", "gemini-3.1-flash-lite-image"),
    ),
    capabilities=(
        (r"lite|^gemini-[12]\.", Capabilities(seed=True, largest_seed=_SIGNED_32_BITS)),
        (
            r"",
            Capabilities(seed=True, largest_seed=_SIGNED_32_BITS, resolutions=("1K", "2K", "4K")),
        ),
    ),
    retired=((r"^(gemini-2\.|imagen-)", "gemini-nano-banana-2.1"),),
    writes=True,
    text_model="gemini-3.8-flash",
    texts=TextModels(
        detects=r"\bgemini\b|\bgoogle\b",
        names=(
            NameRule(r"\bgemini (1|2[ .]0)\b", "gemini-3.8-flash", True),
            NameRule(r"\bgemini flash lite$", "gemini-3.5-flash-lite"),
            NameRule(r"\bgemini( flash)?$", "gemini-3.8-flash"),
        ),
        tiers={
            "gemini-3.1-flash-lite": "cheap",
            "gemini-3.5-flash-lite": "cheap",
            "gemini-3.8-flash": "balanced",
        },
    ),
    detects=r"\b(gemini|imagen|nano ?banana)",
    default="gemini-nano-banana-2.1",
    prices={
        "gemini-nano-banana-2.1": ImagePrice(0.0336, "2026-10", "Google price list; 1K"),
        "gemini-3-pro-image": ImagePrice(
            0.134,
            "2026-10",
            "Google price list; 1K",
            by_resolution={"2K": 0.134, "4K": 0.24},
        ),
        "gemini-3.1-flash-lite-image": ImagePrice(0.034, "2026-10", "Google price list; 1K"),
    },
    tokens={
        "gemini-nano-banana-2.1": TokenPrice(
            TokenRates(text_in=1.5, image_in=1.5, text_out=7.5, image_out=30),
            "2026-10",
            "Google price list",
        ),
        "gemini-3.8-flash": TokenPrice(
            TokenRates(text_in=0.75, text_out=3.75),
            "2026-11",
            "Google price list; promotional",
            then=TokenPrice(
                TokenRates(text_in=1.5, text_out=7.5),
                "2026-11",
                "Google price list",
                since="2027-01-01",
            ),
        ),
        "gemini-3.5-flash-lite": TokenPrice(
            TokenRates(text_in=0.3, text_out=2.5), "2026-11", "Google price list"
        ),
        "gemini-3.1-flash-lite": TokenPrice(
            TokenRates(text_in=0.25, text_out=1.5), "2026-11", "Google price list"
        ),
    },
)
