"""The small picture that galleries and results show first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import TYPE_CHECKING

from chalicelib.images.sniff import BadImage, open_bounded

if TYPE_CHECKING:
    from PIL.Image import Image

LONG_SIDE = 320
_QUALITY = 80
_FAST = 1
"""WebP's effort, 0 to 6: more of it takes three times as long and saves nothing at this size."""
_REDUCING_GAP = 1.5
"""Shrinks by whole numbers first while at least this many times the size is left."""
_AT_ONCE = 2
"""A picture of 20 megapixels takes 80 MB decoded, and a worker draws twenty in its 448 MB."""


def thumbnail(data: bytes) -> bytes:
    """Draws a WebP of at most 320 pixels on the long side, upright, with its transparency.

    Raises BadImage for what `sniff` refuses and for pictures that cannot be decoded.
    """
    with open_bounded(data) as image:
        try:
            return _webp(_small(image))
        except Exception as problem:  # Pillow's decoders raise a dozen unrelated types.
            raise BadImage("a picture that cannot be decoded") from problem


def _small(image: "Image") -> "Image":
    from PIL import ImageOps

    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode != mode and image.format != "JPEG":
        image = image.convert(mode)  # A palette cannot be blended; JPEGs shrink while decoded.
    image.thumbnail((LONG_SIDE, LONG_SIDE), reducing_gap=_REDUCING_GAP)
    return ImageOps.exif_transpose(image if image.mode == mode else image.convert(mode))


def _webp(image: "Image") -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=_FAST, icc_profile=None)
    return out.getvalue()


class Thumbnails:
    """Draws thumbnails beside other work, as many at once as memory allows."""

    def __init__(self, draw: Callable[[bytes], bytes] = thumbnail) -> None:
        self._draw = draw
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="thumbnail")

    def begin(self, data: bytes) -> Callable[[], bytes]:
        """Begins one and returns what waits for it, with the errors of `thumbnail`."""
        return self._pool.submit(self._draw, data).result
