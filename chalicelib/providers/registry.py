"""The configured slots, and a provider for each: built when first needed, shared afterwards."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, cast

from chalicelib import logs
from chalicelib.config import (
    AWS_CREDENTIALS,
    OWN_MODEL,
    ProviderId,
    Secret,
    Settings,
    SettingsError,
    SlotSettings,
    TextSettings,
)
from chalicelib.providers.base import (
    Completion,
    Cost,
    Deadline,
    ImageProvider,
    SeeingProvider,
    Shown,
    TextProvider,
)
from chalicelib.providers.credentials import Adapter, Credentials, DeferredAdapter, TextAdapter
from chalicelib.providers.errors import ProviderError
from chalicelib.providers.failures import Failures
from chalicelib.providers.models.catalog import (
    FAMILIES,
    CatalogModel,
    Contradiction,
    check_name,
    rates_of,
    resolve,
    text_model,
)
from chalicelib.providers.models.family import TokenRates
from chalicelib.providers.models.prices import Price
from chalicelib.providers.models.texts import OPERATORS_OWN, WRITERS, TextModel, Unknown
from chalicelib.providers.models.texts import resolve as resolve_text


@dataclass(frozen=True)
class Slot:
    """One configured model; `index` counts from 1, `timeout` is in seconds."""

    index: int
    name: str
    model: CatalogModel
    timeout: float
    simulated: bool

    @property
    def deferred(self) -> bool:
        """True where the answer comes by callback, perhaps minutes later."""
        return FAMILIES[self.model.provider].deferred


def slots(settings: Settings) -> tuple[Slot, ...]:
    """Every configured slot with the model that it means."""
    return tuple(
        Slot(slot.index, slot.name, _model(slot), slot.timeout, settings.models.simulated)
        for slot in settings.models.slots
    )


@dataclass(frozen=True)
class TextSlot:
    """One configured text model; `index` counts from 1, `timeout` is in seconds."""

    index: int
    name: str
    model: TextModel
    timeout: float
    simulated: bool


def text_slots(settings: Settings) -> tuple[TextSlot, ...]:
    """Every configured text model with what it means; raise SettingsError for an unknown one."""
    simulated = settings.models.simulated
    return tuple(
        TextSlot(text.index, text.name, _text_model(text), text.timeout, simulated)
        for text in settings.texts
    )


class Providers:
    """Gives each slot its provider; safe to call from many threads.

    Adapters and their SDKs are imported on the first call that needs them, keys are read then.
    Slots with the same provider, key and address share one client. `clock` in epoch milliseconds.
    """

    def __init__(
        self,
        settings: Settings,
        resolve_secret: Callable[[Secret], str],
        clock: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._slots = {slot.index: slot for slot in settings.models.slots}
        self.slots = slots(settings)
        self._models = {slot.index: slot.model for slot in self.slots}
        self._texts = {text.index: text for text in settings.texts}
        self.texts = text_slots(settings)
        self._resolve_secret = resolve_secret
        self._clock = clock
        self._lock = threading.Lock()
        self._opening: dict[tuple[ProviderId, Credentials], threading.Lock] = {}
        self._clients: dict[tuple[ProviderId, Credentials], Any] = {}

    def image(self, index: int) -> ImageProvider:
        """The slot's model as something that draws.

        Raises KeyError for an unknown slot; ModelRetired, BadKey or BadRequest when the settings
        leave nothing to call.
        """
        slot, model = self._slots[index], self._models[index]
        if model.successor:
            raise Failures.of(model).retired()
        model = replace(model, rates=rates_of(model.provider, model.model_id, self._clock()))
        client = self._client(slot, model.provider, Failures.of(model))
        return _adapter(model.provider).image(client, model)

    def text_at(self, index: int) -> SeeingProvider:
        """The configured text model as something that completes.

        Raises KeyError for an unknown index; ModelRetired, BadKey or BadRequest when the settings
        leave nothing to call.
        """
        model = next(text.model for text in self.texts if text.index == index)
        failures = Failures.of_configured_text(model.provider, model.model_id, model.successor)
        if model.successor:
            raise failures.retired()
        adapter = cast(TextAdapter, _adapter(model.provider))
        client = self._client(self._texts[index], model.provider, failures)
        text = adapter.text(client, failures, model.rates(self._clock()))
        return _Estimated(text) if model.own_rates else text

    def is_warm(self, model_id: str) -> bool | None:
        """Return whether a model that sleeps is awake now, None when nobody says.

        Whoever does not know the models' list asks with the role alone.
        """
        own = SlotSettings(0, model_id, Secret(AWS_CREDENTIALS), OWN_MODEL, model_id)
        named = (s for s in self._slots.values() if s.model_id == model_id)
        slot = next((s for s in named if s.provider == OWN_MODEL), own)
        model = resolve(slot.name, OWN_MODEL, model_id)
        try:
            adapter = cast(DeferredAdapter, _adapter(OWN_MODEL))
            return adapter.is_warm(self._client(slot, model.provider, Failures.of(model)), model)
        except ProviderError:
            return None

    @property
    def text_model_name(self) -> str | None:
        """The id of the text model that enhances prompts; None when there is none."""
        index = self._settings.models.prompt_model_index
        if index is None:
            return None
        return text_model(self._models[index].provider, self._settings.models.prompt_model_id)

    def text(self) -> "PromptModel | None":
        """The text model of the prompt slot's family; None when there is none.

        It is connected to on its first completion, which raises what `image` would.
        """
        index, model_id = self._settings.models.prompt_model_index, self.text_model_name
        if index is None or model_id is None:
            return None
        provider = self._models[index].provider
        return PromptModel(provider, model_id, lambda: self._text(index, model_id))

    def _text(self, index: int, model_id: str) -> SeeingProvider:
        model = self._models[index]
        adapter = cast(TextAdapter, _adapter(model.provider))
        rates = rates_of(model.provider, model_id, self._clock())
        client = self._client(self._slots[index], model.provider, Failures.of(model))
        return adapter.text(client, Failures.of_text(model.provider, model_id), rates)

    def _client(
        self, slot: SlotSettings | TextSettings, provider: ProviderId, failures: Failures
    ) -> Any:
        credentials = self._credentials(slot, provider)
        address = (provider, credentials)
        with self._lock:
            opening = self._opening.setdefault(address, threading.Lock())
        with opening:
            if address not in self._clients:
                self._clients[address] = self._open(provider, credentials, failures)
            return self._clients[address]

    def _open(self, provider: ProviderId, credentials: Credentials, failures: Failures) -> Any:
        key = self._read(credentials.key, provider, failures)
        if not key.isascii() or not key.isprintable() or not key:
            raise failures.bad_key()
        if FAMILIES[provider].needs_base_url and not credentials.base_url:
            raise failures.no_address()
        try:
            return _adapter(provider).connect(replace(credentials, key=Secret(key)))
        except ProviderError:
            raise
        except Exception as problem:
            # A client that cannot be made, by a setting of the machine that nobody foresaw.
            logs.failure("client_not_made", provider=provider)
            raise failures.no_client(type(problem).__name__) from None

    def _read(self, key: Secret, provider: ProviderId, failures: Failures) -> str:
        try:
            return self._resolve_secret(key).strip()
        except Exception:
            # Whatever a secret store raises, to this slot it means that there is no key.
            logs.failure("key_unreadable", provider=provider)
            raise failures.bad_key() from None

    def _credentials(self, slot: SlotSettings | TextSettings, provider: ProviderId) -> Credentials:
        known: tuple[SlotSettings | TextSettings, ...] = (
            *self._settings.models.slots,
            *self._settings.texts,
        )
        same = [
            other.timeout
            for other in known
            if other.key == slot.key and other.base_url == slot.base_url
        ]
        aws = FAMILIES[provider].uses_aws
        return Credentials(
            key=slot.key,
            base_url=slot.base_url,
            timeout_s=max(same, default=slot.timeout),
            aws_id=self._settings.models.aws_id if aws else None,
            aws_secret=self._settings.models.aws_secret if aws else None,
        )


@dataclass(frozen=True)
class _Estimated:
    """A text model at the operator's own price, which no provider has confirmed."""

    text: SeeingProvider

    def complete(
        self,
        system: str,
        user: str,
        max_tokens: int,
        deadline: Deadline,
        shown: Shown | None = None,
    ) -> Completion:
        found = self.text.complete(system, user, max_tokens, deadline, shown)
        if found.cost.amount is None:
            return found
        return replace(found, cost=Cost(found.cost.amount, "estimated"))


@dataclass(frozen=True)
class PromptModel:
    """A text model that nothing is loaded for until it is used."""

    provider: ProviderId
    id: str
    connected: Callable[[], TextProvider]

    def complete(self, system: str, user: str, max_tokens: int, deadline: Deadline) -> Completion:
        return self.connected().complete(system, user, max_tokens, deadline)


def _adapter(provider: ProviderId) -> Adapter:
    return cast(Adapter, import_module(f"chalicelib.providers.adapters.{provider}.adapter"))


def _model(slot: SlotSettings) -> CatalogModel:
    if slot.provider and not slot.base_url:
        _check_name(slot.index, slot.name, slot.provider)
    aws_credentials = slot.key == Secret(AWS_CREDENTIALS)
    model = resolve(slot.name, slot.provider, slot.model_id, aws_credentials)
    _check_fixed(slot, model.provider)
    can = model.capabilities
    can = replace(
        can,
        qualities=() if slot.quality else can.qualities,
        resolutions=() if slot.size else can.resolutions,
    )
    model = replace(model, size=slot.size, quality=slot.quality, capabilities=can)
    if slot.price_usd is None:
        return model
    return replace(model, price=Price(slot.price_usd, "estimated", OPERATORS_OWN))


def _check_fixed(slot: SlotSettings, provider: ProviderId) -> None:
    """Nothing that the operator fixed may be dropped in silence."""
    family = FAMILIES[provider]
    for name, fixed in (("size", slot.size), ("quality", slot.quality)):
        if fixed and name not in family.fixable:
            raise SettingsError(
                f"MODEL_{slot.index}_{name.upper()} is {fixed!r}, but no fixed {name} can be sent "
                f"to {family.name}; leave it out."
            )


def _text_model(text: TextSettings) -> TextModel:
    own = TokenRates(text_in=text.price[0], text_out=text.price[1]) if text.price else None
    try:
        model = resolve_text(text.name, text.provider, text.model_id, text.tier)
    except Unknown as problem:
        raise SettingsError(
            f"TEXT_MODEL_{text.index}_NAME is {text.name!r}, which {problem}; set "
            f"TEXT_MODEL_{text.index}_ID, or TEXT_MODEL_{text.index}_PROVIDER to whoever serves it."
            if not text.provider or text.provider in WRITERS
            else f"TEXT_MODEL_{text.index}_PROVIDER is {text.provider!r}; {problem}."
        ) from None
    return replace(model, own_rates=own)


def _check_name(index: int, name: str, provider: ProviderId) -> None:
    try:
        check_name(name, provider)
    except Contradiction as maker:
        raise SettingsError(
            f"MODEL_{index}_NAME is {name!r}, which is a model of {maker}, and "
            f"MODEL_{index}_PROVIDER is {provider!r}, which does not serve it; name a model of "
            f"that provider, or leave MODEL_{index}_PROVIDER out."
        ) from None
