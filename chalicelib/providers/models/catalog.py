"""Which model a name means: its provider, current id, capabilities, price and retirement.

Pure functions over what the adapters' families declare; a slot's model is decided once, at start.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module

from chalicelib.config import PROVIDER_IDS, ProviderId
from chalicelib.providers.base import Capabilities, Parameters
from chalicelib.providers.models.family import Family, NameRule, TokenRates
from chalicelib.providers.models.fit import choice
from chalicelib.providers.models.prices import (
    Price,
    holding,
    image_price,
    most_for_text,
    token_rates,
)


def _declared(provider: ProviderId) -> Family:
    family: Family = import_module(f"chalicelib.providers.adapters.{provider}.family").FAMILY
    return family


FAMILIES: Mapping[ProviderId, Family] = {provider: _declared(provider) for provider in PROVIDER_IDS}
GENERIC = "generic"
"""Who is meant by a name that nobody claims: the gateway at the slot's own address."""


class Contradiction(ValueError):
    """The name means a model of one provider, and the slot names another that does not serve it."""


@dataclass(frozen=True)
class CatalogModel:
    """One slot's model. `replaces` is the name that was asked for where it means another model;
    `successor` is set when the id itself was asked for and is gone, so that nothing may be called.
    `size` and `quality` are fixed by the operator, for gateways that need them. `rates` make the
    tokens that a call reports an exact cost: those of the day, where the provider reports any.
    """

    provider: ProviderId
    model_id: str
    capabilities: Capabilities
    price: Price
    replaces: str | None = None
    successor: str | None = None
    size: str | None = None
    quality: str | None = None
    rates: TokenRates | None = None

    def price_of(self, asked: Parameters) -> Price:
        """Return the price of a picture with these settings, as far as the model takes them."""
        return self.price.of(*choice(asked, self.capabilities))


def resolve(
    name: str,
    provider: ProviderId | None = None,
    model_id: str | None = None,
    aws_credentials: bool = False,
) -> CatalogModel:
    """Return the model that a slot's settings mean.

    An explicit id is passed through, known or not. `aws_credentials` says that the slot has no key
    of its own, which tells Stability's models on Bedrock from the hosted ones.
    """
    chosen = provider or _detect(name, aws_credentials)
    if model_id:
        return replace(_model(chosen, model_id), successor=_gone(chosen, model_id))
    rule = _named(chosen, name)
    return replace(_model(chosen, rule.model_id), replaces=name if rule.retired else None)


def check_name(name: str, provider: ProviderId) -> None:
    """Raise Contradiction where the name is a model of another maker that this one does not serve.

    "FLUX.2 pro" at Bedrock would otherwise draw Bedrock's own model under FLUX's name.
    """
    family, plain = FAMILIES[provider], _plain(name)
    meant = _detect(name, aws_credentials=False)
    serves = meant in (provider, GENERIC, *family.resells) or family.any_model
    if serves or re.search(family.detects, plain):
        return
    raise Contradiction(provider_name(meant))


def successor(provider: ProviderId, model_id: str) -> str | None:
    """Return what to use when the provider says that the model is gone; None if nobody knows."""
    best = FAMILIES[provider].default
    return _gone(provider, model_id) or (None if best == model_id else best)


def text_model(provider: ProviderId, wanted: str | None) -> str | None:
    """Return the text model to use: the wanted one, else the provider's small one, if any."""
    family = FAMILIES[provider]
    return (wanted or family.text_model) if family.writes else None


def provider_name(provider: ProviderId) -> str:
    """Return the provider as people write it."""
    return FAMILIES[provider].name


def priced_models(provider: ProviderId) -> tuple[str, ...]:
    """Return the ids of the image models that have a price."""
    return tuple(FAMILIES[provider].prices)


def rates_of(provider: ProviderId, model_id: str, now_ms: int) -> TokenRates | None:
    """Return the rates by which tokens reported now become an exact cost, if known."""
    return token_rates(FAMILIES[provider].tokens, model_id, now_ms)


def dearest_text(
    provider: ProviderId, model_id: str, bytes_in: int, tokens_out: int, now_ms: int
) -> float:
    """Return the most US dollars that a completion can take now.

    A model without a price counts as the dearest one that has.
    """
    own = rates_of(provider, model_id, now_ms)
    priced = [price for family in FAMILIES.values() for price in family.tokens.values()]
    rates = [own] if own else [holding(price, now_ms).rates for price in priced]
    return most_for_text(rates, bytes_in, tokens_out)


def most_for_image(price: Price, now_ms: int) -> float:
    """Return the most US dollars that a picture is expected to take now.

    A model without a price counts as the dearest of the whole table, configured or not, and one
    whose choice has none as more where its pixels are so many more.
    """
    known = holding(price, now_ms)
    return max(dearest_image(now_ms), known.at_most) if known.amount is None else known.amount


def dearest_image(now_ms: int) -> float:
    """Return the dearest price of the whole table, configured or not, in US dollars."""
    priced = [known for family in FAMILIES.values() for known in family.prices.values()]
    return max(holding(known, now_ms).usd for known in priced)


def _detect(name: str, aws_credentials: bool) -> ProviderId:
    plain = _plain(name)
    asked = sorted(PROVIDER_IDS, key=lambda provider: FAMILIES[provider].rank)
    found = next((p for p in asked if re.search(FAMILIES[p].detects, plain)), GENERIC)
    if not aws_credentials:
        return found
    return next((p for p in PROVIDER_IDS if found in FAMILIES[p].resells), found)


def _named(provider: ProviderId, name: str) -> NameRule:
    as_id, family = name.strip().lower(), FAMILIES[provider]
    if as_id in family.prices:
        return NameRule("", as_id)
    gone = _gone(provider, as_id)
    if gone:
        return NameRule("", gone, retired=True)
    plain = _plain(name)
    found = next((rule for rule in family.models if re.search(rule.pattern, plain)), None)
    return found or NameRule("", family.default or name.strip())


def _model(provider: ProviderId, model_id: str) -> CatalogModel:
    rules = FAMILIES[provider].capabilities
    capabilities = next(c for rule, c in rules if re.search(rule, model_id))
    price = image_price(FAMILIES[provider].prices, model_id)
    return CatalogModel(provider, model_id, capabilities, price)


def _gone(provider: ProviderId, model_id: str) -> str | None:
    retired = FAMILIES[provider].retired
    return next((after for rule, after in retired if re.search(rule, model_id)), None)


def _plain(name: str) -> str:
    """Return the name in lower case, with all but letters, digits and dots as one space."""
    return re.sub(r"[^a-z0-9.]+", " ", name.lower()).strip()
