"""The small pictures that pages show: upright, in sRGB, as true as the original.

The only module that decodes; Pillow is imported late, since most of its callers never draw.
"""

import warnings
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from chalicelib.images.sniff import MAX_PIXELS, BadImage, ImageFacts, sniff
from chalicelib.images.structure.avif import named_plainly
from chalicelib.images.structure.png import MAX_UNPACKED

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsProfile

PREVIEW_SIDE, THUMBNAIL_SIDE = 1024, 320
"""Pixels on the long side."""
_PREVIEW_QUALITY, _THUMBNAIL_QUALITY = 80, 80
_FAST = 1
"""WebP's effort, 0 to 6: more of it takes three times as long and saves little."""
_REDUCING_GAP = 1.5
"""Shrinks by whole numbers first while at least this many times the size is left."""
_PILLOW_NAMES = {"jpg": ("JPEG",), "png": ("PNG",), "webp": ("WEBP",), "gif": ("GIF",)}
_MAX_PROFILE = 4 * 1024 * 1024
_PROFILE_MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""In what mode pixels have to be for a profile of this colour space."""
_WIDE_GREYS = ("I;16", "I;16L", "I;16B", "I")


@dataclass(frozen=True)
class Previews:
    """Two WebP files of one picture."""

    preview: bytes
    thumbnail: bytes


def draw(data: bytes) -> Previews:
    """Return the preview and the thumbnail; neither is larger than the original.

    Raise BadImage for what `sniff` refuses and for pictures that cannot be decoded.
    """
    facts = sniff(data)
    try:
        preview = _decoded(data, facts)
        small = preview.copy()
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), reducing_gap=_REDUCING_GAP)
        return Previews(_webp(preview, _PREVIEW_QUALITY), _webp(small, _THUMBNAIL_QUALITY))
    except Exception as problem:  # Pillow's decoders raise a dozen unrelated types.
        raise BadImage("a picture that cannot be decoded") from problem


def _decoded(data: bytes, facts: ImageFacts) -> "Image":
    """Return the picture as it is shown, as large as a preview at most."""
    from PIL import Image

    _bound_pillow()
    if facts.extension == "avif":
        data = named_plainly(data)
    with Image.open(BytesIO(data), formats=_PILLOW_NAMES.get(facts.extension, ("AVIF",))) as image:
        if image.width * image.height > MAX_PIXELS:
            raise BadImage("a picture that is larger than its header says")
        profile = image.info.get("icc_profile")
        small = image if image.format == "JPEG" else _blendable(image)  # JPEG shrinks on the way.
        small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), reducing_gap=_REDUCING_GAP)
        small.load()
        return _turned(_in_srgb(_blendable(small), profile), facts.orientation)


def _blendable(image: "Image") -> "Image":
    """Return the picture in a mode whose pixels can be mixed: a palette's cannot."""
    if image.mode in _WIDE_GREYS:
        return image.point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("L", "RGB", "RGBA", "CMYK", "LA") and "transparency" not in image.info:
        return image
    if image.mode in ("1", "L") and "transparency" not in image.info:
        return image.convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: "Image", profile: object) -> "Image":
    """Return the picture in sRGB; a profile that is huge, broken or of other pixels is dropped."""
    from PIL import Image

    clear = image.getchannel("A") if image.mode in ("LA", "RGBA") else None
    opaque = image.convert(image.mode.removesuffix("A")) if clear else image
    if isinstance(profile, bytes) and len(profile) <= _MAX_PROFILE:
        opaque = _converted(opaque, profile)
    shown = opaque if opaque.mode == "RGB" else opaque.convert("RGB")
    if clear:
        return Image.merge("RGBA", (*shown.split(), clear))
    return shown


def _converted(image: "Image", profile: bytes) -> "Image":
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        mode = _PROFILE_MODES[source.profile.xcolor_space]
        if (image.mode == "CMYK") != (mode == "CMYK"):
            return image
        fitting = image if image.mode == mode else image.convert(mode)
        found = ImageCms.profileToProfile(fitting, source, _srgb(), outputMode="RGB")
    except (ImageCms.PyCMSError, KeyError, OSError, ValueError):
        return image
    return found or image


@cache
def _srgb() -> "ImageCmsProfile":
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _turned(image: "Image", orientation: int) -> "Image":
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    turn = turns.get(orientation)
    return image if turn is None else image.transpose(turn)


def _webp(image: "Image", quality: int) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=quality, method=_FAST, icc_profile=None, exif=b"")
    return out.getvalue()


@cache
def _bound_pillow() -> None:
    """Set Pillow's own bounds to ours."""
    # The two plugins are named because Pillow would else import all that it has to find them.
    from PIL import AvifImagePlugin, Image, PngImagePlugin, WebPImagePlugin  # noqa: F401

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    PngImagePlugin.MAX_TEXT_CHUNK = PngImagePlugin.MAX_TEXT_MEMORY = 2 * MAX_UNPACKED
