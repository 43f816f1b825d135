"""Thumbnails: small, upright, in the right colours, and safe to ask for from many threads."""

import subprocess
import sys
import threading
import time
from io import BytesIO

import pytest
from PIL import Image

from chalicelib.images.sniff import BadImage, sniff
from chalicelib.images.thumbnail import LONG_SIDE, thumbnail
from tests.security.corpora.bombs import encoded, png

RED, BLUE = (250, 10, 10), (10, 10, 250)


def drawn(data: bytes) -> Image.Image:
    small = thumbnail(data)
    assert sniff(small).content_type == "image/webp"
    return Image.open(BytesIO(small))


def halves(form: str, mode: str = "RGB", **options: object) -> bytes:
    """640×480, its left half red and its right half blue."""
    picture = Image.new("RGB", (640, 480), RED)
    picture.paste(BLUE, (320, 0, 640, 480))
    out = BytesIO()
    picture.convert(mode).save(out, form, **options)
    return out.getvalue()


def is_close(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(have - want) < 40 for have, want in zip(pixel, colour, strict=False))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1024, 1024), (320, 320)),
        ((1536, 1024), (320, 213)),
        ((1024, 1536), (213, 320)),
        ((4000, 10), (320, 1)),
        ((320, 320), (320, 320)),
        ((20, 10), (20, 10)),
        ((1, 1), (1, 1)),
    ],
)
def test_fits_the_long_side_and_never_enlarges(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert drawn(encoded("PNG", size)).size == expected
    assert max(expected) <= LONG_SIDE


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("WEBP", "RGB"),
        ("GIF", "P"),
        ("AVIF", "RGB"),
    ],
)
def test_keeps_the_colours(form: str, mode: str) -> None:
    small = drawn(halves(form, mode)).convert("RGB")
    assert is_close(small.getpixel((20, 100)), RED)
    assert is_close(small.getpixel((300, 100)), BLUE)


@pytest.mark.parametrize("mode", ["1", "L", "I;16"])
def test_draws_grey_pictures(mode: str) -> None:
    assert drawn(encoded("PNG", (640, 480), mode)).size == (320, 240)


def test_keeps_transparency() -> None:
    clear = Image.new("RGBA", (640, 640), (0, 0, 0, 0))
    clear.paste((*RED, 255), (0, 0, 320, 640))
    for picture in (clear, clear.convert("LA")):
        out = BytesIO()
        picture.save(out, "PNG")
        small = drawn(out.getvalue()).convert("RGBA").getchannel("A")
        assert (small.getpixel((20, 100)), small.getpixel((300, 100))) == (255, 0)


def test_turns_the_picture_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for form in ("JPEG", "PNG", "WEBP"):
        small = drawn(halves(form, exif=exif.tobytes())).convert("RGB")
        assert small.size == (240, 320)
        assert is_close(small.getpixel((120, 20)), RED)
        assert is_close(small.getpixel((120, 300)), BLUE)


def test_carries_no_metadata_over() -> None:
    exif = Image.Exif()
    exif[0x010E] = "CANARY"
    small = thumbnail(halves("JPEG", exif=exif.tobytes(), icc_profile=b"CANARY" * 99))
    assert b"CANARY" not in small


@pytest.mark.parametrize(
    "broken",
    [
        png(64, 64, pixels=b"\0" * 30),
        png(64, 64)[:33] + b"\0\0\0\3IDATabc\xc0\xd7\xa1\xf6" + png(8, 8)[-12:],
        encoded("GIF", (64, 64), "P")[:-30] + b"\x7f" * 29 + b";",
    ],
)
def test_what_cannot_be_decoded_is_a_typed_error(broken: bytes) -> None:
    with pytest.raises(BadImage):
        thumbnail(broken)


def test_a_png_with_more_data_than_pixels_is_not_unpacked() -> None:
    began = time.monotonic()
    thumbnail(png(8, 8, pixels=bytes(50_000_000)))
    assert time.monotonic() - began < 30


def test_many_threads_draw_at_once() -> None:
    data, sizes = halves("JPEG"), []
    threads = [threading.Thread(target=lambda: sizes.append(drawn(data).size)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sizes == [(320, 240)] * 20


def test_pillow_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, chalicelib.images.thumbnail; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
