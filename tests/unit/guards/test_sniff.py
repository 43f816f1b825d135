"""What the bytes of a picture are found to be, by their structure."""

import random
import struct
import subprocess
import sys
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from chalicelib.images.sniff import MAX_BYTES, MAX_PIXELS, BadImage, ImageFacts, sniff
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


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_tells_the_size_as_shown(form: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    facts = sniff(encoded(form, (64, 48), exif=exif.tobytes()))
    assert facts.orientation == orientation
    assert (facts.width, facts.height) == ((48, 64) if orientation >= 5 else (64, 48))


@pytest.mark.parametrize(
    "exif", [b"", b"II", b"II*\0", b"MM\0*\xff\xff\xff\xff", b"Exif\0\0nothing"]
)
def test_broken_exif_leaves_a_picture_as_it_is(exif: bytes) -> None:
    assert sniff(png(64, 48, chunk(b"eXIf", exif))).orientation == 1


def test_takes_a_png_with_a_workflow_and_a_large_profile_inside() -> None:
    workflow = zlib.compress(random.Random(1).randbytes(1_250_000))
    profile = zlib.compress(bytes(1_200_000))
    assert sniff(png(64, 48, chunk(b"zTXt", b"workflow\0\0" + workflow))).width == 64
    assert sniff(png(64, 48, chunk(b"iTXt", b"workflow\0\1\0\0\0" + workflow))).width == 64
    assert sniff(png(64, 48, chunk(b"iCCP", b"big\0\0" + profile))).width == 64


def test_a_gif_is_as_large_as_its_frame_reaches() -> None:
    whole = encoded("GIF", (64, 48), "P")
    small_screen = whole[:6] + struct.pack("<HH", 8, 8) + whole[10:]
    assert (sniff(small_screen).width, sniff(small_screen).height) == (64, 48)


@pytest.mark.parametrize("form", KINDS)
def test_every_cut_is_noticed(form: str) -> None:
    whole = encoded(form, (64, 48), "P" if form == "GIF" else "RGB")
    for length in range(len(whole)):
        with pytest.raises(BadImage):
            sniff(whole[:length])


@pytest.mark.parametrize("form", KINDS)
def test_changed_bytes_are_a_picture_or_a_typed_error(form: str) -> None:
    dice, whole = random.Random(form), encoded(form, (64, 48), "P" if form == "GIF" else "RGB")
    for _ in range(5_000):
        changed = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            changed[dice.randrange(len(changed))] = dice.choice((0, 0xFF, dice.randrange(256)))
        with suppress(BadImage):
            facts = sniff(bytes(changed))
            assert 0 < facts.width * facts.height <= MAX_PIXELS


def test_every_changed_byte_of_a_png_is_noticed() -> None:
    whole = encoded("PNG", (64, 48))
    for place in range(len(whole)):
        with pytest.raises(BadImage):
            sniff(whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :])


def test_needs_no_decoder() -> None:
    code = (
        "import sys; from chalicelib.images.sniff import sniff; "
        "sniff(sys.stdin.buffer.read()); sys.exit('PIL' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], input=encoded("PNG"), check=False)
    assert run.returncode == 0


@pytest.mark.parametrize("form", KINDS)
def test_forgives_padding_behind_the_picture(form: str) -> None:
    assert sniff(encoded(form) + bytes(16) + b"\r\n").width == 8


def test_takes_twenty_megapixels_and_not_one_more() -> None:
    assert sniff(png(5_000, 4_000)).height == 4_000
    with pytest.raises(BadImage, match="pixels"):
        sniff(png(4_000_001, 5))


def test_takes_32_mib_and_not_one_byte_more() -> None:
    filler = chunk(b"teSt", bytes(MAX_BYTES - len(png(8, 8)) - 12))
    whole = png(8, 8, filler)
    assert len(whole) == MAX_BYTES
    assert sniff(whole).width == 8
    with pytest.raises(BadImage, match="more than 33554432"):
        sniff(whole + b"\0")


def test_is_a_value_error_that_says_why() -> None:
    with pytest.raises(ValueError, match="not a PNG, JPEG, WebP, GIF or AVIF") as caught:
        sniff(b"<svg/>")
    assert isinstance(caught.value, BadImage)
    assert caught.value.reason == str(caught.value)


def test_never_shows_the_bytes_in_the_error() -> None:
    with pytest.raises(BadImage) as caught:
        sniff(b"\x89PNG\r\n\x1a\nCANARY")
    assert "CANARY" not in str(caught.value)
