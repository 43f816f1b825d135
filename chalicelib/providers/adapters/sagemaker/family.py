"""What is known of a model of one's own: its endpoint draws whatever was put into it."""

from chalicelib.providers.base import Capabilities
from chalicelib.providers.models.family import GATEWAY, Family

FAMILY = Family(
    name="Your own endpoint",
    models=(),
    capabilities=((r"", Capabilities(seed=True, negative_prompt=True, steps=True, guidance=True)),),
    detects=r"(?!)",
    rank=GATEWAY,
    any_model=True,
    fixable=("size",),
    deferred=True,
)
