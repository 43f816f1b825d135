"""What is known of Amazon Bedrock's models, as of 2026-11-21."""

from chalicelib.providers.base import AspectRatio, Capabilities
from chalicelib.providers.models.family import (
    RESELLER,
    Family,
    ImagePrice,
    NameRule,
    TokenPrice,
    TokenRates,
)

_STABILITY_RATIOS: tuple[AspectRatio, ...] = ("1:1", "16:9", "9:16", "3:2", "2:3")
_STABILITY = Capabilities(aspect_ratios=_STABILITY_RATIOS, seed=True, negative_prompt=True)

FAMILY = Family(
    name="Amazon Bedrock",
    models=(
        NameRule(r"nova canvas", "stability.sd3-5-large-v1:0", True),
        NameRule(r"\bcore\b", "stability.stable-image-core-v1:1"),
        NameRule(r"\bultra\b", "stability.stable-image-ultra-v1:1"),
    ),
    capabilities=((r"", _STABILITY),),
    retired=((r"^amazon\.nova-canvas", "stability.sd3-5-large-v1:0"),),
    writes=True,
    text_model="us.amazon.nova-2-lite-v1:0",
    detects=r"\b(bedrock|aws|amazon|nova|titan)\b|^((us|eu|global)\.)?stability\.",
    rank=RESELLER,
    default="stability.sd3-5-large-v1:0",
    uses_aws=True,
    resells=("stability",),
    prices={
        "stability.sd3-5-large-v1:0": ImagePrice(0.08, "2026-11", "third-party tables"),
        "stability.stable-image-core-v1:1": ImagePrice(
            0.04, "2026-11", "third-party tables; one says 0.034"
        ),
        "stability.stable-image-ultra-v1:1": ImagePrice(
            0.14, "2026-11", "third-party tables; they conflict, the highest is taken"
        ),
    },
    tokens={
        "us.amazon.nova-2-lite-v1:0": TokenPrice(
            TokenRates(text_in=0.33, text_out=2.75), "2026-11", "AWS price list"
        ),
        "global.amazon.nova-2-lite-v1:0": TokenPrice(
            TokenRates(text_in=0.3, text_out=2.5), "2026-11", "AWS price list"
        ),
        "amazon.nova-micro-v1:0": TokenPrice(
            TokenRates(text_in=0.035, text_out=0.14), "2026-11", "AWS price list"
        ),
        "amazon.nova-lite-v1:0": TokenPrice(
            TokenRates(text_in=0.06, text_out=0.24), "2026-11", "AWS price list"
        ),
        "amazon.nova-pro-v1:0": TokenPrice(
            TokenRates(text_in=0.8, text_out=3.2), "2026-11", "AWS price list"
        ),
    },
)
