"""The providers that answer a call themselves: all but the models of one's own."""

from chalicelib.config import PROVIDER_IDS
from chalicelib.providers.models.catalog import FAMILIES

ANSWERING = tuple(provider for provider in PROVIDER_IDS if not FAMILIES[provider].deferred)
