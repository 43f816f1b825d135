"""One provider reached with one key: what an adapter module gives the registry.

Each module `chalicelib.providers.<provider id>` has a function `connect(account)` that returns a
`Connection`; one that also completes text returns a `TextConnection`.
"""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.config import Secret
from chalicelib.providers.base import ImageProvider, TextProvider
from chalicelib.providers.catalog import CatalogModel


@dataclass(frozen=True)
class Account:
    """How a provider is reached. `timeout` is the longest that any slot of it may take, in seconds.

    `aws_id` and `aws_secret` are Bedrock's explicit credentials; without them the role counts.
    """

    key: Secret
    base_url: str | None = None
    timeout: float = 120.0
    aws_id: str | None = None
    aws_secret: Secret | None = None


class Connection(Protocol):
    """A client of one provider, shared by threads and by every slot with the same account."""

    def image(self, model: CatalogModel) -> ImageProvider:
        """The model as something that draws."""
        ...


class TextConnection(Connection, Protocol):
    """A client that reaches text models too."""

    def text(self, model_id: str) -> TextProvider:
        """The model as something that completes."""
        ...
