"""What is known of Black Forest Labs' models, as of 2026-11-21."""

from chalicelib.providers.base import Capabilities
from chalicelib.providers.models.family import Family, ImagePrice, NameRule

_FLUX_2_FLEX = Capabilities(
    seed=True, steps=True, steps_range=(1, 50), guidance=True, guidance_range=(1.5, 10.0)
)
_FLUX_DEV = Capabilities(
    seed=True, steps=True, steps_range=(1, 50), guidance=True, guidance_range=(1.5, 5.0)
)

FAMILY = Family(
    name="Black Forest Labs",
    models=(
        NameRule(r"1\.1.*ultra|pro ultra", "flux-pro-1.1-ultra"),
        NameRule(r"1\.1", "flux-pro-1.1"),
        NameRule(r"\bdev\b", "flux-dev"),
        NameRule(r"\bflex\b", "flux-2-flex"),
        NameRule(r"klein.*4b", "flux-2-klein-4b"),
        NameRule(r"klein", "flux-2-klein-9b"),
        NameRule(r"\bmax\b", "flux-2-max"),
        NameRule(r"\bpro\b|flux[. ]?2", "flux-2-pro"),
    ),
    capabilities=(
        (r"^flux-3", Capabilities(resolutions=("1K", "2K", "4K"))),
        (r"^flux-2-flex", _FLUX_2_FLEX),
        (r"^flux-dev", _FLUX_DEV),
        (r"", Capabilities(seed=True)),
    ),
    detects=r"\bflux|\bblack ?forest|\bbfl\b",
    default="flux-3-image",
    prices={
        "flux-3-image": ImagePrice(0.048, "2026-11", "resellers' price lists; 1k"),
        "flux-2-pro": ImagePrice(0.03, "2026-11", "Black Forest Labs price list; first megapixel"),
        "flux-2-max": ImagePrice(0.07, "2026-11", "Black Forest Labs price list; first megapixel"),
        "flux-2-flex": ImagePrice(0.06, "2026-11", "Black Forest Labs price list; first megapixel"),
        "flux-2-klein-4b": ImagePrice(
            0.014, "2026-11", "Black Forest Labs price list; first megapixel"
        ),
        "flux-2-klein-9b": ImagePrice(
            0.015, "2026-11", "Black Forest Labs price list; first megapixel"
        ),
        "flux-pro-1.1": ImagePrice(0.04, "2026-11", "Black Forest Labs price list"),
        "flux-pro-1.1-ultra": ImagePrice(0.06, "2026-11", "Black Forest Labs price list"),
        "flux-dev": ImagePrice(0.025, "2026-11", "Black Forest Labs price list"),
    },
)
