"""Which of the configured models somebody means who names one by name, id, index or tier."""

from collections.abc import Sequence

from chalicelib.config.texts import TIERS, Tier
from chalicelib.providers.models.texts import Unknown, resolve, same_name
from chalicelib.providers.registry import Slot, TextSlot

Ref = str | int
"""A configured model by its name or its index."""


def text_named(texts: Sequence[TextSlot], wanted: Ref) -> TextSlot | None:
    """Return the text model: by its index, its name or id, or else by what the name means."""
    if isinstance(wanted, int):
        return next((text for text in texts if text.index == wanted), None)
    for text in texts:
        if same_name(text.name, wanted) or text.model.model_id == wanted:
            return text
    try:
        meant = resolve(wanted, None, None, None).model_id
    except Unknown:
        return None
    return next((text for text in texts if text.model.model_id == meant), None)


def text_of_tier(texts: Sequence[TextSlot], tier: Tier) -> TextSlot | None:
    """Return the first text model of a tier."""
    return next((text for text in texts if text.model.tier == tier), None)


def seeing_from_tier(texts: Sequence[TextSlot], tier: Tier) -> TextSlot | None:
    """Return the first model that can be shown a picture: of the tier, or of the next above."""
    seeing = [text for text in texts if text.model.sees]
    found = (text_of_tier(seeing, each) for each in TIERS[TIERS.index(tier) :])
    return next((text for text in found if text), None)


def slot_named(slots: Sequence[Slot], wanted: Ref) -> Slot | None:
    """Return the image model by its index, its name or its id."""
    if isinstance(wanted, int):
        return next((slot for slot in slots if slot.index == wanted), None)
    for slot in slots:
        if same_name(slot.name, wanted) or slot.model.model_id == wanted:
            return slot
    return None
