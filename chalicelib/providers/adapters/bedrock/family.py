"""What is known of Amazon Bedrock's models, as of 2026-11-21."""

from chalicelib.providers.base import AspectRatio, Capabilities
from chalicelib.providers.models.family import (
    RESELLER,
    Family,
    ImagePrice,
    NameRule,
    TextModels,
    TokenPrice,
    TokenRates,
)

_STABILITY_RATIOS: tuple[AspectRatio, ...] = ("1:1", "16:9", "9:16", "3:2", "2:3")
_STABILITY = Capabilities(aspect_ratios=_STABILITY_RATIOS, seed=True, negative_prompt=True)

_SONNET, _OPUS = "us.anthropic.claude-sonnet-5-5", "us.anthropic.claude-opus-5-5"
_HAIKU = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
_LLAMA_8B = "us.meta.llama3-1-8b-instruct-v1:0"
_LLAMA_70B = "us.meta.llama3-1-70b-instruct-v1:0"
_MINISTRAL, _MISTRAL_7B = "mistral.ministral-3-8b-instruct", "mistral.mistral-7b-instruct-v0:2"
_MISTRAL_LARGE = "mistral.mistral-large-3-675b-instruct"
_TEXTS = TextModels(
    detects=r"\b(bedrock|aws|amazon|anthropic|claude|llama|meta|mi(ni)?stral|mixtral|nova)\b",
    names=(
        NameRule(r"claude.*\b3\b.*haiku|haiku.* 3\b|claude instant", _HAIKU, True),
        NameRule(r"claude.*\b3\b.*opus|opus.* 3\b", _OPUS, True),
        NameRule(r"claude.*\b3\b|claude v?[12]\b", _SONNET, True),
        NameRule(r"\bhaiku( 4[ .]5)?$", _HAIKU),
        NameRule(r"\bopus( 5[ .]5)?$", _OPUS),
        NameRule(r"\bsonnet( 5[ .]5)?$", _SONNET),
        NameRule(r"\bllama ?(2|3(?![ .]\d\b)).*70b", _LLAMA_70B, True),
        NameRule(r"\bllama ?(2|3(?![ .]\d\b))\b", _LLAMA_8B, True),
        NameRule(r"\bllama ?(3[ .]1 )?70b( instruct)?$", _LLAMA_70B),
        NameRule(r"\bllama( ?3[ .]1)?( 8b)?( instruct)?$", _LLAMA_8B),
        NameRule(r"\bmixtral\b", _MINISTRAL, True),
        NameRule(r"\bmistral large( 3)?$", _MISTRAL_LARGE),
        NameRule(r"\bmistral 7b( instruct)?$", _MISTRAL_7B),
        NameRule(r"\b(mistral|ministral)( 3)?( 8b)?( instruct)?$", _MINISTRAL),
        NameRule(r"\bnova premier\b", "amazon.nova-pro-v1:0", True),
        NameRule(r"\bnova 2 lite$", "us.amazon.nova-2-lite-v1:0"),
        NameRule(r"\bnova lite$", "amazon.nova-lite-v1:0"),
        NameRule(r"\bnova micro$", "amazon.nova-micro-v1:0"),
        NameRule(r"\bnova pro$", "amazon.nova-pro-v1:0"),
    ),
    tiers={
        _LLAMA_8B: "cheap",
        _MINISTRAL: "cheap",
        _MISTRAL_7B: "cheap",
        "amazon.nova-micro-v1:0": "cheap",
        "amazon.nova-lite-v1:0": "cheap",
        _LLAMA_70B: "balanced",
        _MISTRAL_LARGE: "balanced",
        _HAIKU: "balanced",
        "amazon.nova-pro-v1:0": "balanced",
        "us.amazon.nova-2-lite-v1:0": "balanced",
        "global.amazon.nova-2-lite-v1:0": "balanced",
        _SONNET: "premium",
        _OPUS: "premium",
    },
    blind=frozenset({_LLAMA_8B, _LLAMA_70B, _MISTRAL_7B, "amazon.nova-micro-v1:0"}),
    largest_shown=3_750_000,
)
"""Without Claude Haiku 5.5, which costs five times as much beyond 100,000 tokens of a prompt."""

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
    texts=_TEXTS,
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
        _HAIKU: TokenPrice(TokenRates(text_in=1, text_out=5), "2026-11", "AWS price list"),
        _SONNET: TokenPrice(TokenRates(text_in=2, text_out=10), "2026-11", "AWS price list"),
        _OPUS: TokenPrice(TokenRates(text_in=4, text_out=20), "2026-11", "AWS price list"),
        _LLAMA_8B: TokenPrice(TokenRates(text_in=0.22, text_out=0.22), "2026-11", "AWS price list"),
        _LLAMA_70B: TokenPrice(
            TokenRates(text_in=0.72, text_out=0.72), "2026-11", "AWS price list"
        ),
        _MINISTRAL: TokenPrice(
            TokenRates(text_in=0.15, text_out=0.15), "2026-11", "third-party tables"
        ),
        _MISTRAL_7B: TokenPrice(
            TokenRates(text_in=0.15, text_out=0.2), "2026-11", "third-party tables"
        ),
        _MISTRAL_LARGE: TokenPrice(
            TokenRates(text_in=0.5, text_out=1.5), "2026-11", "third-party tables"
        ),
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
