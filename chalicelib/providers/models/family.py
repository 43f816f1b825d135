"""What a provider declares about its models; one `FAMILY` of this kind for each adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.config.texts import Tier
from chalicelib.providers.base import Capabilities, Quality, Resolution

RESELLER, GATEWAY, MAKER = range(3)
"""Who is asked first whether a name is theirs: resellers name the makers of what they resell."""


@dataclass(frozen=True)
class NameRule:
    """Names that mean one model; the pattern is searched in the plain name."""

    pattern: str
    model_id: str
    retired: bool = False


@dataclass(frozen=True)
class TextModels:
    """The text models of a provider. `tiers` has every one that is known, by its id.

    `detects` finds the provider in a text model's plain name. `names` go by that name too; one
    that is written as an id is that. `blind` are the ids of those that cannot be shown a picture,
    `largest_shown` is the most bytes of one.
    """

    tiers: Mapping[str, Tier] = field(default_factory=dict)
    detects: str = ""
    names: tuple[NameRule, ...] = ()
    blind: frozenset[str] = frozenset()
    largest_shown: int = 10_000_000


@dataclass(frozen=True)
class ImagePrice:
    """US dollars for one picture at the provider's defaults, with the day and place it was read.

    `then` is the price that is known to follow; it holds from its own UTC day `since` on.
    `by_quality` and `by_resolution` are the known prices of other choices, each alone.
    """

    usd: float
    as_of: str
    source: str
    since: str = ""
    then: "ImagePrice | None" = None
    by_quality: Mapping[Quality, float] = field(default_factory=dict)
    by_resolution: Mapping[Resolution, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TokenRates:
    """US dollars per million tokens of each kind."""

    text_in: float = 0.0
    image_in: float = 0.0
    text_out: float = 0.0
    image_out: float = 0.0


@dataclass(frozen=True)
class TokenPrice:
    """Rates, with the day and place they were read; `since` and `then` as for pictures."""

    rates: TokenRates
    as_of: str
    source: str
    since: str = ""
    then: "TokenPrice | None" = None


@dataclass(frozen=True)
class Family:
    """One provider's models. In each list the first pattern that matches decides.

    `detects` finds the provider in a slot's plain name, `rank` says who is asked first. `models`
    go by that name too; a name that none of them matches means `default`, and without a default
    it is taken for the model's id. `capabilities` and `retired` (with the successor's id) go by
    the model's id. `text_model` is the small one that enhances prompts; `writes` without it
    leaves the choice to the operator. `texts` are those that an operator may name. `resells` are
    makers whose names mean this provider where a slot has AWS credentials; `any_model` says that it
    serves models of any maker. `fixable` are the settings ("size", "quality") that an operator can
    fix for a slot. `deferred` says that its answers come by callback: such a model is named by its
    id, and reached with the role alone.
    """

    name: str
    models: tuple[NameRule, ...]
    capabilities: tuple[tuple[str, Capabilities], ...]
    detects: str
    rank: int = MAKER
    default: str | None = None
    retired: tuple[tuple[str, str], ...] = ()
    prices: Mapping[str, ImagePrice] = field(default_factory=dict)
    tokens: Mapping[str, TokenPrice] = field(default_factory=dict)
    writes: bool = False
    text_model: str | None = None
    texts: TextModels = field(default_factory=TextModels)
    needs_base_url: bool = False
    uses_aws: bool = False
    any_model: bool = False
    resells: tuple[str, ...] = ()
    fixable: tuple[str, ...] = ()
    deferred: bool = False
