"""What a provider's bytes really are, told without decoding them."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 20_000_000
MAX_BYTES = 32 * 1024 * 1024
_MAX_TEXT_MEMORY = 4 * 1024 * 1024
_PADDING = b"\0\r\n "
_MAX_SCANS = 100
"""Progressive pictures have about ten; each costs a pass over all pixels."""
_MAX_READS = 100_000
"""A PNG of 32 MiB in parts of 1 KiB needs as many."""
_JPEG = b"\xff\xd8\xff"
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"


class BadImage(ValueError):
    """The bytes are no picture that may be stored or shown; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class ImageFacts:
    """The true type of a picture and its size in pixels, as stored (before EXIF rotation)."""

    content_type: str
    extension: str
    width: int
    height: int


@dataclass(frozen=True)
class _Format:
    """A still image format: how its bytes begin, and whether they end where it says."""

    name: str
    content_type: str
    extension: str
    begins: Callable[[bytes], bool]
    ends: Callable[[bytes], bool]


def sniff(data: bytes) -> ImageFacts:
    """Tells the type and size of a PNG, JPEG, WebP, GIF or AVIF from its headers.

    Raises BadImage for everything else: another type, a truncated or zero-sized picture, bytes
    behind its end, an animation, more than 20 megapixels or 32 MiB.
    """
    form = _recognised(data)
    with open_bounded(data) as image:
        width, height = image.size
    return ImageFacts(form.content_type, form.extension, width, height)


def open_bounded(data: bytes) -> "Image":
    """Opens a picture whose decoding is known to be bounded; nothing is decoded yet.

    The caller closes it. Raises BadImage as `sniff` does.
    """
    form = _recognised(data)
    try:
        image = _pillow_open(data, form.name)
        animated = form.name != "JPEG" and getattr(image, "is_animated", False)
    except Exception as problem:  # Pillow's parsers raise a dozen unrelated types on bad headers.
        kind = type(problem).__name__
        raise BadImage(f"a broken or oversized {form.name} ({kind})") from problem
    if animated:
        raise BadImage("an animation, not a still picture")
    _check_pixels(*image.size)
    return image


def _recognised(data: bytes) -> _Format:
    if len(data) > MAX_BYTES:
        raise BadImage(f"{len(data)} bytes, more than {MAX_BYTES}")
    form = next((f for f in _FORMATS if f.begins(data)), None)
    if form is None:
        raise BadImage("no PNG, JPEG, WebP, GIF or AVIF")
    if not form.ends(data):
        raise BadImage(f"a {form.name} that is cut off, or that something else follows")
    if data.startswith(_JPEG) and data.count(b"\xff\xda") > _MAX_SCANS:
        raise BadImage("a JPEG of too many scans")
    return form


def _check_pixels(width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise BadImage("a picture without pixels")
    if width * height > MAX_PIXELS:
        raise BadImage(f"{width}×{height} pixels, more than {MAX_PIXELS}")


def _pillow_open(data: bytes, name: str) -> "Image":
    from PIL import Image

    _bound_pillow()
    return Image.open(_Metered(data), formats=(name,))


class _Metered(BytesIO):
    """A file that a parser may read in so many bites: millions of tiny parts would keep it busy."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        if self.reads > _MAX_READS:
            raise OSError("too many parts")
        return super().read(size)


@cache
def _bound_pillow() -> None:
    """Sets Pillow's own bounds to ours; it is imported late to stay out of the API's start."""
    # The two plugins are named because Pillow would else import all that it has to find them.
    from PIL import AvifImagePlugin, Image, PngImagePlugin, WebPImagePlugin  # noqa: F401

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    PngImagePlugin.MAX_TEXT_MEMORY = _MAX_TEXT_MEMORY


def _starts(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magics)


def _finishes(end: bytes) -> Callable[[bytes], bool]:
    """Zero bytes and line ends may follow: some encoders pad."""
    return lambda data: data.endswith(end) or data.rstrip(_PADDING).endswith(end)


def _is_webp(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def _webp_complete(data: bytes) -> bool:
    end = int.from_bytes(data[4:8], "little") + 8
    return len(data) >= end and not data[end:].strip(_PADDING)


def _is_avif(data: bytes) -> bool:
    return data[4:12] == b"ftypavif"


def _avif_complete(data: bytes) -> bool:
    return _filled(data, 0, 0)


def _png_complete(data: bytes) -> bool:
    data = data.rstrip(_PADDING)
    return data.endswith(_PNG_END) and _filled(data, 8, 12)


def _filled(data: bytes, position: int, overhead: int) -> bool:
    """True when parts that tell their size, less the overhead, fill the rest of the file."""
    while position + 8 <= len(data):
        size = int.from_bytes(data[position : position + 4], "big") + overhead
        if size < 8:
            return False
        position += size
    return position == len(data)


_FORMATS = (
    _Format("PNG", "image/png", "png", _starts(b"\x89PNG\r\n\x1a\n"), _png_complete),
    _Format("JPEG", "image/jpeg", "jpg", _starts(_JPEG), _finishes(b"\xff\xd9")),
    _Format("WEBP", "image/webp", "webp", _is_webp, _webp_complete),
    _Format("GIF", "image/gif", "gif", _starts(b"GIF87a", b"GIF89a"), _finishes(b";")),
    _Format("AVIF", "image/avif", "avif", _is_avif, _avif_complete),
)
