"""Previews and thumbnails: small, upright, in the right colours, and safe to draw in threads."""

import struct
import subprocess
import sys
import threading
import time
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from chalicelib.images.previews import PREVIEW_SIDE, THUMBNAIL_SIDE, draw
from chalicelib.images.sniff import BadImage, sniff
from tests.security.corpora.bombs import PNG_MAGIC, chunk, encoded, png

RED, BLUE = (250, 10, 10), (10, 10, 250)


def drawn(data: bytes) -> Image.Image:
    """The thumbnail."""
    small = draw(data).thumbnail
    assert sniff(small).content_type == "image/webp"
    return Image.open(BytesIO(small))


def preview(data: bytes) -> Image.Image:
    larger = draw(data).preview
    assert sniff(larger).content_type == "image/webp"
    return Image.open(BytesIO(larger))


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
    assert max(expected) <= THUMBNAIL_SIDE


@pytest.mark.parametrize(
    ("size", "expected"),
    [((2048, 1024), (1024, 512)), ((1024, 1024), (1024, 1024)), ((800, 1200), (683, 1024))],
)
def test_a_preview_has_1024_pixels_where_the_original_has(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert preview(encoded("PNG", size)).size == expected
    assert max(expected) <= PREVIEW_SIDE


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


def grey_ramp(colour_type: int) -> bytes:
    """320 wide, 16 bits a channel, from black on the left to white on the right."""
    header = struct.pack(">IIBBBBB", 320, 200, 16, colour_type, 0, 0, 0)
    values = (x * 65535 // 319 for x in range(320))
    alpha = b"\xff\xff" if colour_type == 4 else b""
    row = b"\0" + b"".join(struct.pack(">H", value) + alpha for value in values)
    pixels = chunk(b"IDAT", zlib.compress(row * 200))
    return PNG_MAGIC + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("colour_type", [0, 4])
def test_sixteen_bit_greys_stay_greys(colour_type: int) -> None:
    for small in (drawn(grey_ramp(colour_type)), preview(grey_ramp(colour_type))):
        shown = small.convert("L")
        for place, expected in ((80, 63), (240, 191)):
            assert shown.getpixel((place, 100)) == pytest.approx(expected, abs=3)


def profiled(mode: str, colour: float | tuple[int, ...], profile: bytes) -> tuple[int, ...]:
    """The middle of the preview of one colour under a profile, as RGB."""
    out = BytesIO()
    Image.new(mode, (64, 64), colour).save(out, "PNG", icc_profile=profile)
    found = preview(out.getvalue()).convert("RGB").getpixel((32, 32))
    assert isinstance(found, tuple)
    return found


def test_colours_are_converted_to_srgb() -> None:
    swapped = swapped_profile()
    red, green, _ = profiled("RGB", (200, 20, 20), swapped)
    assert green > 150 > 100 > red
    red, green, _ = profiled("RGBA", (200, 20, 20, 255), swapped)
    assert green > 150 > 100 > red


@pytest.mark.parametrize("profile", [b"broken", bytes(5_000_000), bytes(1_200_000)])
def test_a_profile_that_cannot_be_used_is_dropped(profile: bytes) -> None:
    assert is_close(profiled("RGB", RED, profile), RED)


@pytest.mark.parametrize(("mode", "grey"), [("L", 128), ("LA", (128, 255))])
def test_greys_are_converted_to_srgb(mode: str, grey: int | tuple[int, ...]) -> None:
    """Half the light is a good deal lighter than half the number."""
    assert is_close(profiled(mode, grey, linear_greys()), (188, 188, 188))


def linear_greys() -> bytes:
    """The smallest profile of greys that stand for their amounts of light."""
    white = struct.pack(">3i", *(round(part * 65536) for part in (0.9642, 1.0, 0.8249)))
    curve = b"curv" + bytes(4) + struct.pack(">IHxx", 1, 256)
    places = struct.pack(">I4sII4sII", 2, b"wtpt", 156, 20, b"kTRC", 176, 16)
    head = struct.pack(">I4sI4s4s4s", 192, b"lcms", 0x02400000, b"mntr", b"GRAY", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + white
    return head.ljust(128, b"\0") + places + b"XYZ " + bytes(4) + white + curve


def test_a_profile_of_other_pixels_is_dropped() -> None:
    assert is_close(profiled("L", 100, swapped_profile()), (100, 100, 100))


def swapped_profile() -> bytes:
    """sRGB with red and green exchanged."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ", 128), profile.index(b"gXYZ", 128)
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


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
    for form in ("JPEG", "PNG", "WEBP", "AVIF"):
        small = drawn(halves(form, exif=exif.tobytes())).convert("RGB")
        assert small.size == (240, 320)
        assert is_close(small.getpixel((120, 20)), RED)
        assert is_close(small.getpixel((120, 300)), BLUE)


def test_carries_no_metadata_over() -> None:
    exif = Image.Exif()
    exif[0x010E] = "CANARY"
    both = draw(halves("JPEG", exif=exif.tobytes(), icc_profile=b"CANARY" * 99))
    assert b"CANARY" not in both.thumbnail + both.preview


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
        draw(broken)


def test_a_png_with_more_data_than_pixels_is_not_unpacked() -> None:
    began = time.monotonic()
    draw(png(8, 8, pixels=bytes(50_000_000)))
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
    code = "import sys, chalicelib.images.previews; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
