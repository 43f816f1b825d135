"""Whether this installation has the models that a template asks for, as its settings are now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from chalicelib.batches.templates.model import ModelRef, Step
from chalicelib.providers.choosing import seeing_from_tier, slot_named, text_named, text_of_tier
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
        judges = step.kind == "judge"
        if step.model is not None:
            found = text_named(texts, step.model)
            if found is None:
                yield "model", _sentence(step.model, "text", names)
            elif judges and not found.model.sees:
                yield "model", f"is {step.model}, which cannot be shown pictures"
        if step.tier is not None:
            of_tier = seeing_from_tier if judges else text_of_tier
            if of_tier(texts, step.tier) is None:
                sees = " or above, and can be shown pictures" if judges else ""
                yield "tier", f"is {step.tier}, and no text model here is of that tier{sees}"


def _sentence(wanted: ModelRef, kind: str, names: Sequence[str]) -> str:
    there = ", ".join(names) or "none"
    return f"is {wanted}, and no {kind} model here is that (there is {there})"
