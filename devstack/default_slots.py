"""The nine models that a person meets who has configured none: one of each kind, simulated."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.config import ProviderId

PROMPT_SLOT = 1


@dataclass(frozen=True)
class DefaultSlot:
    name: str
    provider: ProviderId


@dataclass(frozen=True)
class DefaultText:
    name: str
    provider: ProviderId


DEFAULT_TEXTS: tuple[DefaultText, ...] = (
    DefaultText("Llama 3.1 8B", "bedrock"),
    DefaultText("Gemini 3.8 Flash", "google"),
    DefaultText("Claude Sonnet", "bedrock"),
)
"""One for each tier, the cheapest first; the original documents name the first and the last."""
DEFAULT_SLOTS: tuple[DefaultSlot, ...] = (
    DefaultSlot("GPT Image 2.6 Flare", "openai"),
    DefaultSlot("Nano Banana 2.1", "google"),
    DefaultSlot("FLUX.3", "bfl"),
    DefaultSlot("FLUX.2 pro", "bfl"),
    DefaultSlot("Bedrock SD 3.5 Large", "bedrock"),
    DefaultSlot("Stable Image Ultra", "stability"),
    DefaultSlot("Recraft V4.1", "recraft"),
    DefaultSlot("Qwen Image 3.0", "qwen"),
    DefaultSlot("Hunyuan Image 3", "generic"),
)

OWN_SLOT = DefaultSlot("Own model", "sagemaker")
"""The tenth, where OWN_MODEL=1: an endpoint that sleeps."""
OWN_SETTINGS = {"ID": "own-model", "PRICE_USD": "0.01"}
OWN_SIZE = {"SIZE": "none"}
"""A real pipeline draws as large as it was made for."""
