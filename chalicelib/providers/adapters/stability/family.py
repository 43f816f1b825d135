"""What is known of Stability AI's models, as of 2026-11-21."""

from chalicelib.providers.base import AspectRatio, Capabilities
from chalicelib.providers.models.family import Family, ImagePrice, NameRule

_STABILITY_RATIOS: tuple[AspectRatio, ...] = ("1:1", "16:9", "9:16", "3:2", "2:3")
_STABILITY = Capabilities(aspect_ratios=_STABILITY_RATIOS, seed=True, negative_prompt=True)
_STABLE_DIFFUSION = Capabilities(
    aspect_ratios=_STABILITY_RATIOS,
    seed=True,
    negative_prompt=True,
    guidance=True,
    guidance_range=(1.0, 10.0),
)

FAMILY = Family(
    name="Stability AI",
    models=(
        NameRule(r"\bturbo\b", "sd3.5-large-turbo"),
        NameRule(r"\bmedium\b", "sd3.5-medium"),
        NameRule(r"\bflash\b", "sd3.5-flash"),
        NameRule(r"\bcore\b", "core"),
        NameRule(r"\blarge\b|\b(sd|diffusion) ?3\.5", "sd3.5-large"),
        NameRule(r"\bxl\b|sdxl|(sd|diffusion) ?[123]\b", "sd3.5-large", True),
    ),
    capabilities=((r"^sd3\.5", _STABLE_DIFFUSION), (r"", _STABILITY)),
    retired=(
        (r"^sd3-.*turbo", "sd3.5-large-turbo"),
        (r"^sd3-.*medium", "sd3.5-medium"),
        (r"^sd3(-|$)", "sd3.5-large"),
    ),
    detects=r"\bstable ?(diffusion|image)|\bstability|\bsd(xl)?\b|\bsd ?\d",
    default="ultra",
    prices={
        "ultra": ImagePrice(0.08, "2026-07-09", "Stability credits; third-party table"),
        "core": ImagePrice(0.03, "2026-07-09", "Stability credits; third-party table"),
        "sd3.5-large": ImagePrice(0.065, "2026-07-09", "Stability credits; third-party table"),
        "sd3.5-large-turbo": ImagePrice(0.04, "2026-07-09", "Stability credits; third-party table"),
        "sd3.5-medium": ImagePrice(0.035, "2026-07-09", "Stability credits; third-party table"),
        "sd3.5-flash": ImagePrice(0.025, "2026-07-09", "Stability credits; third-party table"),
    },
)
