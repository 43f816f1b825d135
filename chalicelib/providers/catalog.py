"""Which model a name means: its provider, current id, capabilities, price and retirement.

Pure functions over families.py and prices.json; what a slot needs is decided once, at start-up.
"""

import re
from dataclasses import dataclass, replace

from chalicelib.config import ProviderId
from chalicelib.providers.base import Capabilities
from chalicelib.providers.families import DETECTION, FAMILIES, Named
from chalicelib.providers.prices import Price, image_price, priced_models

__all__ = ["CatalogModel", "Price", "provider_name", "resolve", "successor", "text_model"]


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
    best = FAMILIES[provider].models[-1].model_id
    fallback = None if provider == "generic" or best == model_id else best
    return _gone(provider, model_id) or fallback


def text_model(provider: ProviderId, wanted: str | None) -> str | None:
    """The text model to use: the one that is wanted, else the provider's small one, if any."""
    family = FAMILIES[provider]
    return (wanted or family.text_model) if family.writes else None


def provider_name(provider: ProviderId) -> str:
    """The provider as people write it."""
    return FAMILIES[provider].name


def _detect(name: str, aws_credentials: bool) -> ProviderId:
    plain = _plain(name)
    found: ProviderId = next((p for rule, p in DETECTION if re.search(rule, plain)), "generic")
    return "bedrock" if found == "stability" and aws_credentials else found


def _named(provider: ProviderId, name: str) -> Named:
    as_id = name.strip().lower()
    if as_id in priced_models(provider):
        return Named("", as_id)
    gone = _gone(provider, as_id)
    if gone:
        return Named("", gone, retired=True)
    plain = _plain(name)
    found = (n for n in FAMILIES[provider].models if re.search(n.pattern, plain))
    return next(found, Named("", name.strip()))


def _model(provider: ProviderId, model_id: str) -> CatalogModel:
    rules = FAMILIES[provider].capabilities
    capabilities = next(c for rule, c in rules if re.search(rule, model_id))
    return CatalogModel(provider, model_id, capabilities, image_price(provider, model_id))


def _gone(provider: ProviderId, model_id: str) -> str | None:
    retired = FAMILIES[provider].retired
    return next((after for rule, after in retired if re.search(rule, model_id)), None)


def _plain(name: str) -> str:
    """Lower case, with everything but letters, digits and dots as one space."""
    return re.sub(r"[^a-z0-9.]+", " ", name.lower()).strip()
