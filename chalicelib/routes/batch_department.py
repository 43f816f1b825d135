"""Where the routes of batches find the department, if this installation has it."""

from typing import TYPE_CHECKING

from chalicelib.errors import Forbidden
from chalicelib.wiring import services

if TYPE_CHECKING:
    from chalicelib.wiring.batches import Batches


def department() -> "Batches":
    """Return the department; raise Forbidden where this installation has no batches."""
    if not services().has_batches:
        raise Forbidden(
            "Batches are off here, because everybody can reach this installation; BATCHES=1 or "
            "accounts (AUTH=cognito) switch them on."
        )
    return services().batches
