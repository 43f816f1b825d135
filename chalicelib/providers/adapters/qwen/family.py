"""What is known of Qwen's models, as of 2026-11-21."""

from chalicelib.providers.base import Capabilities
from chalicelib.providers.models.family import Family, ImagePrice, NameRule

_SIGNED_32_BITS = 2**31 - 1

FAMILY = Family(
    name="Qwen",
    models=(
        NameRule(r"\b3(\.0)? pro\b", "qwen-image-3.0-pro"),
        NameRule(r"\b2(\.0)? pro\b", "qwen-image-2.0-pro"),
        NameRule(r"(image|qwen) ?2(\.0)?\b", "qwen-image-2.0"),
    ),
    capabilities=(
        (
            r"",
            Capabilities(
                seed=True,
                largest_seed=_SIGNED_32_BITS,
                negative_prompt=True,
                negative_prompt_limit=500,
            ),
        ),
    ),
    detects=r"\bqwen",
    default="qwen-image-3.0",
    prices={
        "qwen-image-3.0": ImagePrice(0.04, "2026-11", "a reseller's price list; 1K"),
        "qwen-image-2.0": ImagePrice(0.035, "2026-11", "Alibaba price list"),
        "qwen-image-2.0-pro": ImagePrice(0.075, "2026-11", "Alibaba price list"),
    },
)
