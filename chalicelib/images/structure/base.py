"""What the readers of all formats share."""

from dataclasses import dataclass

MAX_PIXELS = 20_000_000
MAX_BYTES = 32 * 1024 * 1024
MAX_PARTS = 50_000
"""A PNG of 32 MiB in parts of 1 KiB has fewer; millions of tiny ones would keep a reader busy."""
PADDING = b"\0\r\n "
"""What may follow a picture: some encoders pad."""
ANIMATION = "an animation, not a still picture"


class BadImage(ValueError):
    """The bytes are not a picture that may be stored or shown; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Canvas:
    """Width and height in pixels as stored, and the EXIF orientation, 1 to 8, to show them in."""

    width: int
    height: int
    orientation: int = 1

    @property
    def upright(self) -> tuple[int, int]:
        """Return width and height as shown."""
        turned = self.orientation >= 5
        return (self.height, self.width) if turned else (self.width, self.height)


def check_pixels(width: int, height: int) -> None:
    """Raise BadImage for a size without pixels or above 20 megapixels."""
    if width < 1 or height < 1:
        raise BadImage("a picture without pixels")
    if width * height > MAX_PIXELS:
        raise BadImage(f"{width}×{height} pixels, more than {MAX_PIXELS}")


def check_parts(count: int) -> None:
    """Raise BadImage for a file of too many parts."""
    if count > MAX_PARTS:
        raise BadImage(f"a file of more than {MAX_PARTS} parts")


def check_end(data: bytes, position: int, name: str) -> None:
    """Raise BadImage when the file ends before a position, or more than padding follows it."""
    if position > len(data):
        raise BadImage(f"a {name} that is cut off")
    if len(data) > position and data[position:].strip(PADDING):
        raise BadImage(f"a {name} that something else follows")
