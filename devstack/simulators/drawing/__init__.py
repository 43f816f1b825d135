"""Pictures drawn from a prompt: the same for the same specification, different for every model."""

from devstack.simulators.drawing.picture import PictureSpec, draw, picture_bomb
from devstack.simulators.drawing.styles import dealt_style

__all__ = ["PictureSpec", "dealt_style", "draw", "picture_bomb"]
