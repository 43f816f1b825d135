"""How a provider is reached, and what an adapter gives the registry.

Each `chalicelib.providers.adapters.<provider id>.adapter` has two functions: `connect(credentials)`
makes the client that all slots with the same credentials share, `image(client, model)` makes
something that draws of it. One that also completes text has `text(client, failures, rates)`.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.config import Secret
from chalicelib.providers.base import ImageProvider, SeeingProvider
from chalicelib.providers.models.catalog import CatalogModel
from chalicelib.providers.models.family import TokenRates


@dataclass(frozen=True)
class Credentials:
    """Key and address of a provider. `timeout_s` is the longest that any slot of it may take.

    `aws_id` and `aws_secret` are Bedrock's explicit credentials; without them the role counts.
    """

    key: Secret
    base_url: str | None = None
    timeout_s: float = 120.0
    aws_id: str | None = None
    aws_secret: Secret | None = None


class Adapter(Protocol):
    """What the module of an adapter is; `Any` is the adapter's own client."""

    def connect(self, credentials: Credentials) -> Any:
        """Make a client, shared by threads and by every slot with the same credentials."""
        ...

    def image(self, client: Any, model: CatalogModel) -> ImageProvider:
        """Return the model as something that draws."""
        ...


class DeferredAdapter(Adapter, Protocol):
    """An adapter whose models answer by callback."""

    def is_warm(self, client: Any, model: CatalogModel) -> bool | None:
        """Return whether the model is awake now, None when nobody says; raises nothing."""
        ...


class TextAdapter(Adapter, Protocol):
    """An adapter that reaches text models too."""

    def text(self, client: Any, failures: Any, rates: TokenRates | None) -> SeeingProvider:
        """Return the model that `failures` (a `Failures`) are of as something that completes, at
        the rates of the day, if known.
        """
        ...
