"""Which model a name means: its provider, current id, capabilities, price and retirement.

Everything here is data and pure functions; what a slot needs is decided once, at start-up.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib.config import ProviderId
from chalicelib.providers.base import AspectRatio, Capabilities
from chalicelib.providers.prices import Price, image_price, priced_models

__all__ = ["CatalogModel", "Price", "resolve", "successor", "text_model"]

_FIXED_RATIOS: tuple[AspectRatio, ...] = ("1:1", "3:2", "2:3")
_STABILITY_RATIOS: tuple[AspectRatio, ...] = ("1:1", "16:9", "9:16", "3:2", "2:3")


@dataclass(frozen=True)
class CatalogModel:
    """One slot's model. `replaces` is the retired name that was asked for; `successor` is set
    when the id itself was asked for and is gone, so that nothing may be called.
    """

    provider: ProviderId
    model_id: str
    capabilities: Capabilities
    price: Price
    replaces: str | None = None
    successor: str | None = None


@dataclass(frozen=True)
class _Named:
    """Names that mean one model; the pattern is searched in the plain name."""

    pattern: str
    model_id: str
    retired: bool = False


_DETECTION: tuple[tuple[str, ProviderId], ...] = (
    (r"\b(bedrock|aws|amazon|nova|titan)\b|^((us|eu|global)\.)?stability\.", "bedrock"),
    (r"\bhunyuan|\bgpt oss", "generic"),
    (r"\bdall ?e|\b(chat)?gpt", "openai"),
    (r"\b(gemini|imagen|nano ?banana)", "google"),
    (r"\brecraft", "recraft"),
    (r"\bqwen", "qwen"),
    (r"\bflux|\bblack ?forest|\bbfl\b", "bfl"),
    (r"\bstable ?(diffusion|image)|\bstability|\bsd(xl)?\b|\bsd ?\d", "stability"),
)
"""The first that matches decides. Bedrock leads, because it resells what others make; Hunyuan and
gpt-oss come before the names they would be mistaken for."""

_MODELS: Mapping[ProviderId, tuple[_Named, ...]] = {
    "openai": (
        _Named(r"dall ?e|gpt image (1\b|latest)|chatgpt image", "gpt-image-2.6-flare", True),
        _Named(r"2\.5.*sunburst", "gpt-image-2.5-sunburst"),
        _Named(r"2\.5", "gpt-image-2.5-flare"),
        _Named(r"sunburst", "gpt-image-2.6-sunburst"),
        _Named(r"image 2(?!\.)\b", "gpt-image-2"),
        _Named(r"", "gpt-image-2.6-flare"),
    ),
    "google": (
        _Named(r"imagen|gemini [12]\b", "gemini-nano-banana-2.1", True),
        _Named(r"\bpro\b", "gemini-3-pro-image"),
        _Named(r"\blite\b", "gemini-3.1-flash-lite-image"),
        _Named(r"", "gemini-nano-banana-2.1"),
    ),
    "bedrock": (
        _Named(r"nova canvas", "stability.sd3-5-large-v1:0", True),
        _Named(r"\bcore\b", "stability.stable-image-core-v1:1"),
        _Named(r"\bultra\b", "stability.stable-image-ultra-v1:1"),
        _Named(r"", "stability.sd3-5-large-v1:0"),
    ),
    "stability": (
        _Named(r"\bturbo\b", "sd3.5-large-turbo"),
        _Named(r"\bmedium\b", "sd3.5-medium"),
        _Named(r"\bflash\b", "sd3.5-flash"),
        _Named(r"\bcore\b", "core"),
        _Named(r"\blarge\b|\b(sd|diffusion) ?3\.5", "sd3.5-large"),
        _Named(r"\bxl\b|sdxl|(sd|diffusion) ?[123]\b", "sd3.5-large", True),
        _Named(r"", "ultra"),
    ),
    "bfl": (
        _Named(r"1\.1.*ultra|pro ultra", "flux-pro-1.1-ultra"),
        _Named(r"1\.1", "flux-pro-1.1"),
        _Named(r"\bdev\b", "flux-dev"),
        _Named(r"\bflex\b", "flux-2-flex"),
        _Named(r"klein.*4b", "flux-2-klein-4b"),
        _Named(r"klein", "flux-2-klein-9b"),
        _Named(r"\bmax\b", "flux-2-max"),
        _Named(r"\bpro\b|flux[. ]?2", "flux-2-pro"),
        _Named(r"", "flux-3-image"),
    ),
    "recraft": (
        _Named(r"recraft ?v?4\.1 pro", "recraftv4_1_pro"),
        _Named(r"recraft ?v?4 pro", "recraftv4_pro"),
        _Named(r"recraft ?v?4(?!\.)\b", "recraftv4"),
        _Named(r"recraft ?v?3\b", "recraftv3"),
        _Named(r"recraft ?v?2\b", "recraftv2"),
        _Named(r"", "recraftv4_1"),
    ),
    "qwen": (
        _Named(r"\b3(\.0)? pro\b", "qwen-image-3.0-pro"),
        _Named(r"\b2(\.0)? pro\b", "qwen-image-2.0-pro"),
        _Named(r"(image|qwen) ?2(\.0)?\b", "qwen-image-2.0"),
        _Named(r"", "qwen-image-3.0"),
    ),
    "generic": (_Named(r"hunyuan", "hunyuan-image-3"),),
}
"""The first that matches the name; the last of each provider is its best current model."""

_CAPABILITIES: Mapping[ProviderId, tuple[tuple[str, Capabilities], ...]] = {
    "openai": (
        (r"gpt-image-1|chatgpt", Capabilities(aspect_ratios=_FIXED_RATIOS)),
        (r"", Capabilities()),
    ),
    "google": ((r"", Capabilities(seed=True)),),
    "bedrock": (
        (r"", Capabilities(aspect_ratios=_STABILITY_RATIOS, seed=True, negative_prompt=True)),
    ),
    "stability": (
        (
            r"^sd3\.5",
            Capabilities(
                aspect_ratios=_STABILITY_RATIOS,
                seed=True,
                negative_prompt=True,
                guidance=True,
                guidance_range=(1.0, 10.0),
            ),
        ),
        (r"", Capabilities(aspect_ratios=_STABILITY_RATIOS, seed=True, negative_prompt=True)),
    ),
    "bfl": (
        (r"^flux-3", Capabilities()),
        (
            r"^flux-2-flex",
            Capabilities(
                seed=True,
                steps=True,
                steps_range=(1, 50),
                guidance=True,
                guidance_range=(1.5, 10.0),
            ),
        ),
        (
            r"^flux-dev",
            Capabilities(
                seed=True,
                steps=True,
                steps_range=(1, 50),
                guidance=True,
                guidance_range=(1.5, 5.0),
            ),
        ),
        (r"", Capabilities(seed=True)),
    ),
    "recraft": (
        (r"^recraftv[23]", Capabilities(seed=True, negative_prompt=True)),
        (r"", Capabilities(seed=True)),
    ),
    "qwen": ((r"", Capabilities(seed=True, negative_prompt=True, negative_prompt_limit=500)),),
    "generic": ((r"", Capabilities()),),
}

_RETIRED: Mapping[ProviderId, tuple[tuple[str, str], ...]] = {
    "openai": ((r"^(dall-e-[23]|gpt-image-1)$", "gpt-image-2.6-flare"),),
    "google": ((r"^(gemini-2\.|imagen-)", "gemini-nano-banana-2.1"),),
    "bedrock": ((r"^amazon\.nova-canvas", "stability.sd3-5-large-v1:0"),),
    "stability": (
        (r"^sd3-.*turbo", "sd3.5-large-turbo"),
        (r"^sd3-.*medium", "sd3.5-medium"),
        (r"^sd3(-|$)", "sd3.5-large"),
    ),
}
"""Ids that no longer exist, with what took their place."""

_TEXT_MODELS: Mapping[ProviderId, str | None] = {
    "openai": "gpt-6-luna",
    "google": "gemini-3.8-flash",
    "bedrock": "us.amazon.nova-2-lite-v1:0",
    "generic": None,
}
"""The providers that complete text, with their current small model where one is known."""


def resolve(
    name: str,
    provider: ProviderId | None = None,
    model_id: str | None = None,
    aws_credentials: bool = False,
) -> CatalogModel:
    """The model that a slot's settings mean.

    An explicit id is passed through, known or not. `aws_credentials` says that the slot has no key
    of its own, which tells Stability's models on Bedrock from the hosted ones.
    """
    chosen = provider or _detect(name, aws_credentials)
    if model_id:
        return replace(_model(chosen, model_id), successor=_gone(chosen, model_id))
    named = _named(chosen, name)
    return replace(_model(chosen, named.model_id), replaces=name if named.retired else None)


def successor(provider: ProviderId, model_id: str) -> str | None:
    """What to use when the provider says that the model is gone; None when nobody knows."""
    best = _MODELS[provider][-1].model_id
    fallback = None if provider == "generic" or best == model_id else best
    return _gone(provider, model_id) or fallback


def text_model(provider: ProviderId, wanted: str | None) -> str | None:
    """The text model to use: the one that is wanted, else the provider's small one, if any."""
    if provider not in _TEXT_MODELS:
        return None
    return wanted or _TEXT_MODELS[provider]


def _detect(name: str, aws_credentials: bool) -> ProviderId:
    plain = _plain(name)
    found: ProviderId = next((p for rule, p in _DETECTION if re.search(rule, plain)), "generic")
    return "bedrock" if found == "stability" and aws_credentials else found


def _named(provider: ProviderId, name: str) -> _Named:
    as_id = name.strip().lower()
    if as_id in priced_models(provider):
        return _Named("", as_id)
    gone = _gone(provider, as_id)
    if gone:
        return _Named("", gone, retired=True)
    plain = _plain(name)
    found = (n for n in _MODELS[provider] if re.search(n.pattern, plain))
    return next(found, _Named("", name.strip()))


def _model(provider: ProviderId, model_id: str) -> CatalogModel:
    rules = _CAPABILITIES[provider]
    capabilities = next(c for rule, c in rules if re.search(rule, model_id))
    return CatalogModel(provider, model_id, capabilities, image_price(provider, model_id))


def _gone(provider: ProviderId, model_id: str) -> str | None:
    rules = _RETIRED.get(provider, ())
    return next((after for rule, after in rules if re.search(rule, model_id)), None)


def _plain(name: str) -> str:
    """Lower case, with everything but letters, digits and dots as one space."""
    return re.sub(r"[^a-z0-9.]+", " ", name.lower()).strip()
