"""What is known of The configured gateway's models, as of 2026-11-21."""

from chalicelib.providers.base import Capabilities
from chalicelib.providers.models.family import GATEWAY, Family, NameRule

FAMILY = Family(
    name="The configured gateway",
    models=(NameRule(r"hunyuan", "hunyuan-image-3"),),
    capabilities=((r"", Capabilities()),),
    writes=True,
    detects=r"\bhunyuan|\bgpt oss",
    rank=GATEWAY,
    needs_base_url=True,
    any_model=True,
    fixable=("size", "quality"),
)
