"""What is known of Recraft's models, as of 2026-11-21."""

from chalicelib.providers.base import Capabilities
from chalicelib.providers.models.family import Family, ImagePrice, NameRule

FAMILY = Family(
    name="Recraft",
    models=(
        NameRule(r"recraft ?v?4\.1 pro", "recraftv4_1_pro"),
        NameRule(r"recraft ?v?4 pro", "recraftv4_pro"),
        NameRule(r"recraft ?v?4(?!\.)\b", "recraftv4"),
        NameRule(r"recraft ?v?3\b", "recraftv3"),
        NameRule(r"recraft ?v?2\b", "recraftv2"),
    ),
    capabilities=(
        (r"^recraftv[23]", Capabilities(seed=True, negative_prompt=True)),
        (r"", Capabilities(seed=True)),
    ),
    detects=r"\brecraft",
    fixable=("size",),
    default="recraftv4_1",
    prices={
        "recraftv4_1": ImagePrice(0.035, "2026-11", "Recraft price list"),
        "recraftv4_1_pro": ImagePrice(0.21, "2026-11", "Recraft price list"),
        "recraftv4": ImagePrice(0.04, "2026-11", "Recraft price list"),
        "recraftv4_pro": ImagePrice(0.25, "2026-11", "Recraft price list"),
        "recraftv3": ImagePrice(0.04, "2026-11", "Recraft price list"),
        "recraftv2": ImagePrice(0.022, "2026-11", "Recraft price list"),
    },
)
