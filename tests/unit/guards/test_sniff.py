"""What the bytes of a picture are said to be."""

from io import BytesIO

import pytest
from PIL import Image

from chalicelib.images.sniff import MAX_BYTES, BadImage, ImageFacts, sniff
from tests.security.corpora.bombs import chunk, encoded, png

KINDS = {
    "PNG": ("image/png", "png"),
    "JPEG": ("image/jpeg", "jpg"),
    "WEBP": ("image/webp", "webp"),
    "GIF": ("image/gif", "gif"),
    "AVIF": ("image/avif", "avif"),
}


@pytest.mark.parametrize("form", KINDS)
def test_tells_type_and_size(form: str) -> None:
    assert sniff(encoded(form, (64, 48))) == ImageFacts(*KINDS[form], width=64, height=48)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_takes_every_kind_of_png_pixels(mode: str) -> None:
    assert sniff(encoded("PNG", (9, 7), mode)).width == 9


@pytest.mark.parametrize("options", [{"lossless": True}, {"quality": 5}, {"exif": b"Exif\0\0"}])
def test_takes_every_kind_of_webp(options: dict[str, object]) -> None:
    assert sniff(encoded("WEBP", (9, 7), "RGBA", **options)).height == 7


def test_takes_a_progressive_jpeg() -> None:
    assert sniff(encoded("JPEG", (300, 200), progressive=True)).extension == "jpg"


def test_takes_a_jpeg_with_a_second_picture_inside() -> None:
    out = BytesIO()
    pictures = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    pictures[0].save(out, "MPO", save_all=True, append_images=pictures[1:])
    assert sniff(out.getvalue()) == ImageFacts("image/jpeg", "jpg", 64, 48)


def test_tells_the_size_as_stored_before_rotation() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert sniff(encoded("JPEG", (64, 48), exif=exif)).width == 64


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_forgives_padding_behind_the_picture(form: str) -> None:
    assert sniff(encoded(form) + bytes(16) + b"\r\n").width == 8


def test_takes_twenty_megapixels_and_not_one_more() -> None:
    assert sniff(png(5_000, 4_000)).height == 4_000
    with pytest.raises(BadImage, match="oversized"):
        sniff(png(4_000_001, 5))


def test_takes_32_mib_and_not_one_byte_more() -> None:
    filler = chunk(b"teSt", bytes(MAX_BYTES - len(png(8, 8)) - 12))
    whole = png(8, 8, filler)
    assert len(whole) == MAX_BYTES
    assert sniff(whole).width == 8
    with pytest.raises(BadImage, match="more than 33554432"):
        sniff(whole + b"\0")


def test_is_a_value_error_that_says_why() -> None:
    with pytest.raises(ValueError, match="no PNG, JPEG, WebP, GIF or AVIF") as caught:
        sniff(b"<svg/>")
    assert isinstance(caught.value, BadImage)
    assert caught.value.reason == str(caught.value)


def test_never_shows_the_bytes_in_the_error() -> None:
    with pytest.raises(BadImage) as caught:
        sniff(b"\x89PNG\r\n\x1a\nCANARY")
    assert "CANARY" not in str(caught.value)
