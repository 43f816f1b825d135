"""What a provider's bytes really are, found by their structure and without decoding a pixel."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.images.structure import avif, gif, jpeg, png, webp
from chalicelib.images.structure.base import MAX_BYTES, MAX_PIXELS, BadImage, Canvas

__all__ = ["MAX_BYTES", "MAX_PIXELS", "BadImage", "ImageFacts", "sniff"]


@dataclass(frozen=True)
class ImageFacts:
    """The true type of a picture, and its size in pixels as it is shown.

    `orientation` is EXIF's, 1 to 8: how the stored pixels have to be turned for that.
    """

    content_type: str
    extension: str
    width: int
    height: int
    orientation: int = 1


@dataclass(frozen=True)
class _Format:
    """A still image format: how its bytes begin, and who reads their structure."""

    name: str
    content_type: str
    extension: str
    begins: Callable[[bytes], bool]
    canvas: Callable[[bytes], Canvas]


def _starts(*magics: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magics)


_FORMATS = (
    _Format("PNG", "image/png", "png", _starts(png.MAGIC), png.canvas),
    _Format("JPEG", "image/jpeg", "jpg", _starts(jpeg.MAGIC), jpeg.canvas),
    _Format("WebP", "image/webp", "webp", webp.is_webp, webp.canvas),
    _Format("GIF", "image/gif", "gif", _starts(*gif.MAGICS), gif.canvas),
    _Format("AVIF", "image/avif", "avif", avif.is_avif, avif.canvas),
)


def sniff(data: bytes) -> ImageFacts:
    """Return the type and size of a PNG, JPEG, WebP, GIF or AVIF whose structure is whole.

    Raise BadImage for everything else: another type, a truncated or zero-sized picture, bytes
    behind its end, an animation, more than 20 megapixels or 32 MiB.
    """
    if len(data) > MAX_BYTES:
        raise BadImage(f"{len(data)} bytes, more than {MAX_BYTES}")
    form = next((f for f in _FORMATS if f.begins(data)), None)
    if form is None:
        raise BadImage("not a PNG, JPEG, WebP, GIF or AVIF")
    try:
        canvas = form.canvas(data)
    except (struct.error, IndexError) as problem:  # A length or offset points outside the file.
        raise BadImage(f"a broken {form.name}") from problem
    width, height = canvas.upright
    return ImageFacts(form.content_type, form.extension, width, height, canvas.orientation)
