"""Pictures drawn from a prompt: the same for the same commission, different for every model."""

from devstack.simulators.drawing.picture import Commission, draw, picture_bomb

__all__ = ["Commission", "draw", "picture_bomb"]
