"""The models that the contract suite drives: at least one per adapter and shape of request."""

from dataclasses import dataclass

from chalicelib.config import ProviderId


@dataclass(frozen=True)
class ModelCase:
    """`exact_cost` says whether the provider tells what a picture cost."""

    provider: ProviderId
    model_id: str
    exact_cost: bool = False

    def __str__(self) -> str:
        return f"{self.provider}/{self.model_id}"


MODELS = (
    ModelCase("openai", "gpt-image-2.6-flare", exact_cost=True),
    ModelCase("google", "gemini-nano-banana-2.1", exact_cost=True),
    ModelCase("bedrock", "stability.sd3-5-large-v1:0"),
    ModelCase("bedrock", "stability.stable-image-core-v1:1"),
    ModelCase("stability", "ultra"),
    ModelCase("stability", "sd3.5-large-turbo"),
    ModelCase("bfl", "flux-3-image", exact_cost=True),
    ModelCase("bfl", "flux-2-flex", exact_cost=True),
    ModelCase("bfl", "flux-dev", exact_cost=True),
    ModelCase("bfl", "flux-pro-1.1-ultra", exact_cost=True),
    ModelCase("recraft", "recraftv4_1", exact_cost=True),
    ModelCase("recraft", "recraftv3", exact_cost=True),
    ModelCase("qwen", "qwen-image-3.0"),
    ModelCase("generic", "hunyuan-image-3"),
    ModelCase("generic", "answers-with-url"),
)

ADAPTERS = tuple({case.provider: case for case in reversed(MODELS)}.values())[::-1]
"""One model of each adapter."""
