"""Whether this installation has the models that a template asks for, as its settings are now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.batches.templates.model import ModelRef, Step
from chalicelib.providers.choosing import slot_named, text_named, text_of_tier
from chalicelib.providers.registry import Slot, TextSlot


@dataclass(frozen=True)
class ConfiguredModels:
    """The image and text models that there are now."""

    slots: Callable[[], Sequence[Slot]]
    texts: Callable[[], Sequence[TextSlot]]

    def absent(self, step: Step) -> Iterator[tuple[str, str]]:
        """Yield the field and a sentence for each model that is asked for and not there."""
        if step.kind == "image":
            slots = self.slots()
            for wanted in step.models or ():
                if slot_named(slots, wanted) is None:
                    yield "models", _sentence(wanted, "image", [slot.name for slot in slots])
            return
        texts = self.texts()
        names = [text.name for text in texts]
        if step.model is not None and text_named(texts, step.model) is None:
            yield "model", _sentence(step.model, "text", names)
        if step.tier is not None and text_of_tier(texts, step.tier) is None:
            yield "tier", f"is {step.tier}, and no text model here is of that tier"


def _sentence(wanted: ModelRef, kind: str, names: Sequence[str]) -> str:
    there = ", ".join(names) or "none"
    return f"is {wanted}, and no {kind} model here is that (there is {there})"
