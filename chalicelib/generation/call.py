"""What one call of one model is given, and what comes of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.generation.model import StoredImage
from chalicelib.images.sniff import BadImage, sniff
from chalicelib.logs import Value
from chalicelib.providers.base import (
    UNKNOWN_COST,
    Cost,
    Parameters,
    Picture,
    always,
    never,
    no_ticket,
)
from chalicelib.providers.errors import BadResponse
from chalicelib.providers.models.prices import Price, credible, holding
from chalicelib.providers.registry import Slot

REVISED_PROMPT_LIMIT = 500
"""Twenty of them must fit into one push message."""


@dataclass(frozen=True)
class Call:
    """One picture wanted from one slot until `deadline_ms` (epoch milliseconds).

    `stem` is the key of the picture without its extension. `ticket`, `save_ticket`,
    `cancelled`, `still_wanted` and `name` are those of `CallContext`. `log` names the call in log
    lines.
    """

    slot: Slot
    prompt: str
    parameters: Parameters
    stem: str
    deadline_ms: int
    ticket: str | None = None
    save_ticket: Callable[[str], None] = no_ticket
    cancelled: Callable[[], bool] = never
    still_wanted: Callable[[], bool] = always
    name: str = ""
    log: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Generated:
    """A picture that came and is whole: its bytes, their description, and what they cost."""

    data: bytes
    image: StoredImage
    cost: Cost


def generated(call: Call, picture: Picture, ignored: Sequence[str], now_ms: int) -> Generated:
    """Check and describe a picture that came now; raise BadResponse when it is not an image."""
    try:
        facts = sniff(picture.data)
    except BadImage as problem:
        raise BadResponse(
            f"The provider answered with something that is not an image ({problem}).", billed="yes"
        ) from None
    key = f"{call.stem}.{facts.extension}"
    image = StoredImage(
        key=key,
        content_type=facts.content_type,
        width=facts.width,
        height=facts.height,
        size=len(picture.data),
        seed=picture.seed,
        ignored=tuple(ignored),
        revised_prompt=_storable(picture.revised_prompt),
    )
    cost = credible(picture.cost) or estimate(call.slot.model.price_of(call.parameters), now_ms)
    return Generated(picture.data, image, cost)


def estimate(price: Price, now_ms: int) -> Cost:
    """Return what the price table says of one picture that is drawn now."""
    amount = holding(price, now_ms).amount
    return UNKNOWN_COST if amount is None else Cost(amount, "estimated")


def _storable(text: str | None) -> str | None:
    """Cut a text, and replace half surrogate pairs, which neither DynamoDB nor JSON can hold."""
    whole = (text or "").encode("utf-8", "replace").decode()
    return whole[:REVISED_PROMPT_LIMIT] or None
