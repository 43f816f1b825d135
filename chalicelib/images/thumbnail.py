"""The small picture that galleries and results show first."""

from io import BytesIO
from typing import TYPE_CHECKING

from chalicelib.images.sniff import BadImage, open_bounded

if TYPE_CHECKING:
    from PIL.Image import Image

LONG_SIDE = 320
_QUALITY = 80


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

    alpha = image.has_transparency_data
    if image.format != "JPEG":  # A JPEG is reduced while it is decoded; conversion comes after.
        image = image.convert("RGBA" if alpha else "RGB")
    image.thumbnail((LONG_SIDE, LONG_SIDE))
    return ImageOps.exif_transpose(image.convert("RGBA" if alpha else "RGB"))


def _webp(image: "Image") -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, icc_profile=None)
    return out.getvalue()
