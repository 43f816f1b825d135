"""Which text model a name means: its provider, current id, tier, price and retirement.

Unlike a picture's, an unknown name means nothing here: a batch would run on a model that nobody
chose.
"""

import re
from dataclasses import dataclass
from typing import Literal

from chalicelib.config import ProviderId
from chalicelib.config.texts import Tier
from chalicelib.providers.models.catalog import FAMILIES, GENERIC
from chalicelib.providers.models.family import TokenPrice, TokenRates
from chalicelib.providers.models.prices import AS_OF, holding, price_of_tokens

OPERATORS_OWN = "as set"
"""The date of a price that the operator gave: it has none."""
DEFAULT_TIER: Tier = "balanced"
WRITERS = tuple(provider for provider, family in FAMILIES.items() if family.writes)


class Unknown(ValueError):
    """No model goes by this name; the sentence says what to set."""


@dataclass(frozen=True)
class TextModel:
    """One text model. `replaces` is the name that was asked for where it means another model;
    `successor` is set when the id itself was asked for and is gone. `own_rates` are the operator's.
    """

    provider: ProviderId
    model_id: str
    tier: Tier
    replaces: str | None = None
    successor: str | None = None
    own_rates: TokenRates | None = None

    def price(self, now_ms: int) -> "TextPrice":
        """Return what a million tokens cost now."""
        if self.own_rates:
            return TextPrice(
                self.own_rates.text_in, self.own_rates.text_out, "estimated", OPERATORS_OWN
            )
        known = _price(self.provider, self.model_id)
        if known is None:
            return TextPrice(None, None, "unknown", AS_OF)
        holds = holding(known, now_ms)
        return TextPrice(holds.rates.text_in, holds.rates.text_out, "estimated", holds.as_of)

    @property
    def sees(self) -> bool:
        """Whether it can be shown a picture, as far as is known."""
        return self.model_id not in FAMILIES[self.provider].texts.blind

    @property
    def largest_shown(self) -> int:
        """The most bytes that a picture may have which it is shown."""
        return FAMILIES[self.provider].texts.largest_shown

    def rates(self, now_ms: int) -> TokenRates | None:
        """Return the rates that make tokens reported now a cost, if any are known."""
        known = _price(self.provider, self.model_id)
        return self.own_rates or (holding(known, now_ms).rates if known else None)


@dataclass(frozen=True)
class TextPrice:
    """US dollars per million tokens read and written; None where nobody knows."""

    input: float | None
    output: float | None
    basis: Literal["estimated", "unknown"]
    as_of: str


def resolve(
    name: str, provider: ProviderId | None, model_id: str | None, tier: Tier | None
) -> TextModel:
    """Return the model that settings mean; raise Unknown. An explicit id is passed through."""
    chosen = provider or _detect(name)
    if chosen not in WRITERS:
        raise Unknown(f"{FAMILIES[chosen].name} writes no texts; {', '.join(WRITERS)} do")
    if model_id:
        gone = _gone(chosen, model_id)
        return TextModel(chosen, model_id, tier or _tier(chosen, model_id), successor=gone)
    found, retired = _named(chosen, name)
    return TextModel(
        chosen, found, tier or _tier(chosen, found), replaces=name if retired else None
    )


def same_name(one: str, other: str) -> bool:
    """Return whether two names differ in case and punctuation only."""
    return _plain(one) == _plain(other)


def _named(provider: ProviderId, name: str) -> tuple[str, bool]:
    """Return the id that a name means, and whether it is another model's that was asked for."""
    if provider == GENERIC:
        return name.strip(), False
    texts, plain = FAMILIES[provider].texts, _plain(name)
    for known in texts.tiers:
        if _plain(known) == plain:
            return known, False
    for rule in texts.names:
        if re.search(rule.pattern, plain):
            return rule.model_id, rule.retired
    raise Unknown("is no text model that is known here")


def _gone(provider: ProviderId, model_id: str) -> str | None:
    """Return what takes the place of an id that is gone."""
    texts, plain = FAMILIES[provider].texts, _plain(model_id)
    if model_id in texts.tiers:
        return None
    rules = (r for r in texts.names if r.retired and re.search(r.pattern, plain))
    return next((rule.model_id for rule in rules), None)


def _detect(name: str) -> ProviderId:
    plain = _plain(name)
    for provider in sorted(WRITERS, key=lambda each: FAMILIES[each].rank):
        family = FAMILIES[provider]
        detects = family.texts.detects or family.detects
        if re.search(detects, plain):
            return provider
    return GENERIC


def _tier(provider: ProviderId, model_id: str) -> Tier:
    return FAMILIES[provider].texts.tiers.get(model_id, DEFAULT_TIER)


def _price(provider: ProviderId, model_id: str) -> TokenPrice | None:
    return price_of_tokens(FAMILIES[provider].tokens, model_id)


def _plain(name: str) -> str:
    """Return the name in lower case, with all but letters, digits and dots as one space."""
    return re.sub(r"[^a-z0-9.]+", " ", name.lower()).strip()
