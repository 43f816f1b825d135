"""Which models the steps of a batch are made by, or why it cannot be made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.batches.runs.calls import Settings
from chalicelib.batches.runs.model import Model
from chalicelib.batches.templates.model import ModelRef, Step, Template
from chalicelib.callers import Caller
from chalicelib.errors import Detail, Forbidden, InvalidInput, ModelOff
from chalicelib.providers.choosing import seeing_from_tier, slot_named, text_named, text_of_tier
from chalicelib.providers.models.prices import holding
from chalicelib.providers.registry import Slot, TextSlot


@dataclass(frozen=True)
class Choosing:
    """The configured models. `clock` in epoch milliseconds; `off` tells why some are off."""

    models: Settings
    off: Callable[[], Mapping[int, str]]
    clock: Callable[[], int]

    def choose(
        self, template: Template, narrowed: Sequence[ModelRef] | None, caller: Caller
    ) -> dict[str, tuple[Model, ...]]:
        """Return the models of each step; raise InvalidInput, Forbidden or ModelOff.

        `narrowed` are the only image models that are wanted, None for all.
        """
        _check_steps(template)
        only = None if narrowed is None else self._named(narrowed, "models")
        chosen: dict[str, tuple[Model, ...]] = {}
        for position, step in enumerate(template.steps):
            field = f"steps[{position}]"
            if step.kind == "image":
                slots = self._image(step, only, field, caller)
                chosen[step.id] = tuple(_model(slot.index, slot) for slot in slots)
            else:
                text = self._text(step, field)
                chosen[step.id] = (Model(text.index, text.name, text.model.model_id),)
        return chosen

    def _text(self, step: Step, field: str) -> TextSlot:
        texts, judges = self.models.texts, step.kind == "judge"
        if step.tier is not None:
            of_tier = seeing_from_tier if judges else text_of_tier
            found, told = of_tier(texts, step.tier), f"{field}.tier"
        else:
            found, told = text_named(texts, step.model or ""), f"{field}.model"
        if found is None:
            there = ", ".join(text.name for text in texts) or "none"
            raise _wrong(told, f"is no text model that is configured here (there is {there})")
        if judges and not found.model.sees:
            raise _wrong(told, f"{found.name} cannot be shown pictures; name a model that can")
        if found.model.rates(self.clock()) is None:
            setting = f"TEXT_MODEL_{found.index}_PRICE_USD"
            raise _wrong(told, f"{found.name} has no known price; set {setting}")
        return found

    def _image(
        self, step: Step, only: Sequence[Slot] | None, field: str, caller: Caller
    ) -> Sequence[Slot]:
        explicit = step.models is not None or only is not None
        slots = self._named(step.models, f"{field}.models") if step.models else self.models.slots
        wanted = [slot for slot in slots if only is None or slot in only]
        usable = list(self._usable(wanted, explicit, caller))
        unpriced = [slot for slot in usable if self._is_unpriced(slot)]
        if unpriced and (explicit or unpriced == usable):
            setting = f"MODEL_{unpriced[0].index}_PRICE_USD"
            raise _wrong("models", f"{unpriced[0].name} has no known price; set {setting}")
        if not usable:
            raise _wrong(f"{field}.models", "leaves no image model that can be used")
        return [slot for slot in usable if slot not in unpriced]

    def _is_unpriced(self, slot: Slot) -> bool:
        return holding(slot.model.price, self.clock()).amount is None

    def left_out(self, chosen: Mapping[str, Sequence[Model]]) -> tuple[str, ...]:
        """Return the image models that `all` leaves out because nobody knows their price."""
        named = {model.index for models in chosen.values() for model in models}
        return tuple(
            slot.name
            for slot in self.models.slots
            if self._is_unpriced(slot) and slot.index not in named and not slot.deferred
        )

    def _usable(self, slots: Sequence[Slot], explicit: bool, caller: Caller) -> Iterator[Slot]:
        """Yield what can be used; what was asked for by name and cannot be used is refused."""
        off, allowed = self.off(), caller.limits.models
        for slot in slots:
            if allowed is not None and slot.index not in allowed:
                if explicit:
                    detail = Detail("models", f"{slot.name} is not a model that you may use")
                    raise Forbidden("An administrator has not given you this model.", (detail,))
            elif slot.index in off:
                if explicit:
                    sentence = off[slot.index] or "An administrator has switched this model off."
                    raise ModelOff(sentence, (Detail("models", f"{slot.name} is switched off"),))
            elif slot.deferred:
                if explicit:
                    raise _wrong(
                        "models", f"{slot.name} answers by callback, which batches cannot use"
                    )
            else:
                yield slot

    def _named(self, refs: Sequence[ModelRef], field: str) -> list[Slot]:
        found = []
        for ref in refs:
            slot = slot_named(self.models.slots, ref)
            if slot is None:
                there = ", ".join(slot.name for slot in self.models.slots) or "none"
                raise _wrong(field, f"{ref} is no image model here (there is {there})")
            found.append(slot)
        return found


def _check_steps(template: Template) -> None:
    """What a template may hold and a batch cannot make yet is refused before any money."""
    for position, step in enumerate(template.steps):
        if "quality" in step.settings:
            raise _wrong(
                f"steps[{position}].quality",
                "cannot be set for a batch, as its price is not known before; fix it for the model "
                "with MODEL_<i>_QUALITY and MODEL_<i>_PRICE_USD",
            )


def _model(index: int, slot: Slot) -> Model:
    return Model(index, slot.name, slot.model.model_id)


def _wrong(field: str, problem: str) -> InvalidInput:
    return InvalidInput(f"The batch cannot be made: {field} {problem}.", (Detail(field, problem),))
