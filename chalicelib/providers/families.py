"""The catalog's data: one entry per provider, and the order in which names are recognised.

Model ids, capabilities and retirements as of 2026-11-21; prices are in prices.json.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.config import ProviderId
from chalicelib.providers.base import AspectRatio, Capabilities


@dataclass(frozen=True)
class Named:
    """Names that mean one model; the pattern is searched in the plain name."""

    pattern: str
    model_id: str
    retired: bool = False


@dataclass(frozen=True)
class Family:
    """One provider's models. In each list the first pattern that matches decides.

    `models` go by the slot's name, and the last is the provider's best current one;
    `capabilities` and `retired` (with the successor's id) go by the model's id. `text_model` is
    the small one that enhances prompts; `writes` without it leaves the choice to the operator.
    """

    name: str
    models: tuple[Named, ...]
    capabilities: tuple[tuple[str, Capabilities], ...]
    retired: tuple[tuple[str, str], ...] = ()
    writes: bool = False
    text_model: str | None = None


DETECTION: tuple[tuple[str, ProviderId], ...] = (
    (r"\b(bedrock|aws|amazon|nova|titan)\b|^((us|eu|global)\.)?stability\.", "bedrock"),
    (r"\bhunyuan|\bgpt oss", "generic"),
    (r"\bdall ?e|\b(chat)?gpt", "openai"),
    (r"\b(gemini|imagen|nano ?banana)", "google"),
    (r"\brecraft", "recraft"),
    (r"\bqwen", "qwen"),
    (r"\bflux|\bblack ?forest|\bbfl\b", "bfl"),
    (r"\bstable ?(diffusion|image)|\bstability|\bsd(xl)?\b|\bsd ?\d", "stability"),
)
"""Bedrock leads, because it resells what others make; Hunyuan and gpt-oss come before the names
that they would be mistaken for."""

_SIGNED_32_BITS = 2**31 - 1
_FIXED_RATIOS: tuple[AspectRatio, ...] = ("1:1", "3:2", "2:3")
_STABILITY_RATIOS: tuple[AspectRatio, ...] = ("1:1", "16:9", "9:16", "3:2", "2:3")
_STABILITY = Capabilities(aspect_ratios=_STABILITY_RATIOS, seed=True, negative_prompt=True)
_STABLE_DIFFUSION = Capabilities(
    aspect_ratios=_STABILITY_RATIOS,
    seed=True,
    negative_prompt=True,
    guidance=True,
    guidance_range=(1.0, 10.0),
)
_FLUX_2_FLEX = Capabilities(
    seed=True, steps=True, steps_range=(1, 50), guidance=True, guidance_range=(1.5, 10.0)
)
_FLUX_DEV = Capabilities(
    seed=True, steps=True, steps_range=(1, 50), guidance=True, guidance_range=(1.5, 5.0)
)

FAMILIES: Mapping[ProviderId, Family] = {
    "openai": Family(
        name="OpenAI",
        models=(
            Named(r"dall ?e|gpt image (1\b|latest)|chatgpt image", "gpt-image-2.6-flare", True),
            Named(r"2\.5.*sunburst", "gpt-image-2.5-sunburst"),
            Named(r"2\.5", "gpt-image-2.5-flare"),
            Named(r"sunburst", "gpt-image-2.6-sunburst"),
            Named(r"image 2(?!\.)\b", "gpt-image-2"),
            Named(r"", "gpt-image-2.6-flare"),
        ),
        capabilities=(
            (r"gpt-image-1|chatgpt", Capabilities(aspect_ratios=_FIXED_RATIOS)),
            (r"", Capabilities()),
        ),
        retired=((r"^(dall-e-[23]|gpt-image-1)$", "gpt-image-2.6-flare"),),
        writes=True,
        text_model="gpt-6-luna",
    ),
    "google": Family(
        name="Google",
        models=(
            Named(r"imagen|gemini [12]\b", "gemini-nano-banana-2.1", True),
            Named(r"\bpro\b", "gemini-3-pro-image"),
            Named(r"\blite\b", "gemini-3.1-flash-lite-image"),
            Named(r"", "gemini-nano-banana-2.1"),
        ),
        capabilities=((r"", Capabilities(seed=True, largest_seed=_SIGNED_32_BITS)),),
        retired=((r"^(gemini-2\.|imagen-)", "gemini-nano-banana-2.1"),),
        writes=True,
        text_model="gemini-3.8-flash",
    ),
    "bedrock": Family(
        name="Amazon Bedrock",
        models=(
            Named(r"nova canvas", "stability.sd3-5-large-v1:0", True),
            Named(r"\bcore\b", "stability.stable-image-core-v1:1"),
            Named(r"\bultra\b", "stability.stable-image-ultra-v1:1"),
            Named(r"", "stability.sd3-5-large-v1:0"),
        ),
        capabilities=((r"", _STABILITY),),
        retired=((r"^amazon\.nova-canvas", "stability.sd3-5-large-v1:0"),),
        writes=True,
        text_model="us.amazon.nova-2-lite-v1:0",
    ),
    "stability": Family(
        name="Stability AI",
        models=(
            Named(r"\bturbo\b", "sd3.5-large-turbo"),
            Named(r"\bmedium\b", "sd3.5-medium"),
            Named(r"\bflash\b", "sd3.5-flash"),
            Named(r"\bcore\b", "core"),
            Named(r"\blarge\b|\b(sd|diffusion) ?3\.5", "sd3.5-large"),
            Named(r"\bxl\b|sdxl|(sd|diffusion) ?[123]\b", "sd3.5-large", True),
            Named(r"", "ultra"),
        ),
        capabilities=((r"^sd3\.5", _STABLE_DIFFUSION), (r"", _STABILITY)),
        retired=(
            (r"^sd3-.*turbo", "sd3.5-large-turbo"),
            (r"^sd3-.*medium", "sd3.5-medium"),
            (r"^sd3(-|$)", "sd3.5-large"),
        ),
    ),
    "bfl": Family(
        name="Black Forest Labs",
        models=(
            Named(r"1\.1.*ultra|pro ultra", "flux-pro-1.1-ultra"),
            Named(r"1\.1", "flux-pro-1.1"),
            Named(r"\bdev\b", "flux-dev"),
            Named(r"\bflex\b", "flux-2-flex"),
            Named(r"klein.*4b", "flux-2-klein-4b"),
            Named(r"klein", "flux-2-klein-9b"),
            Named(r"\bmax\b", "flux-2-max"),
            Named(r"\bpro\b|flux[. ]?2", "flux-2-pro"),
            Named(r"", "flux-3-image"),
        ),
        capabilities=(
            (r"^flux-3", Capabilities()),
            (r"^flux-2-flex", _FLUX_2_FLEX),
            (r"^flux-dev", _FLUX_DEV),
            (r"", Capabilities(seed=True)),
        ),
    ),
    "recraft": Family(
        name="Recraft",
        models=(
            Named(r"recraft ?v?4\.1 pro", "recraftv4_1_pro"),
            Named(r"recraft ?v?4 pro", "recraftv4_pro"),
            Named(r"recraft ?v?4(?!\.)\b", "recraftv4"),
            Named(r"recraft ?v?3\b", "recraftv3"),
            Named(r"recraft ?v?2\b", "recraftv2"),
            Named(r"", "recraftv4_1"),
        ),
        capabilities=(
            (r"^recraftv[23]", Capabilities(seed=True, negative_prompt=True)),
            (r"", Capabilities(seed=True)),
        ),
    ),
    "qwen": Family(
        name="Qwen",
        models=(
            Named(r"\b3(\.0)? pro\b", "qwen-image-3.0-pro"),
            Named(r"\b2(\.0)? pro\b", "qwen-image-2.0-pro"),
            Named(r"(image|qwen) ?2(\.0)?\b", "qwen-image-2.0"),
            Named(r"", "qwen-image-3.0"),
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
    ),
    "generic": Family(
        name="The configured gateway",
        models=(Named(r"hunyuan", "hunyuan-image-3"),),
        capabilities=((r"", Capabilities()),),
        writes=True,
    ),
}
