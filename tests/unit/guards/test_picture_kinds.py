"""Every kind of picture that a service may send is taken, previewed, and found out when it is cut.

The pictures are 96 wide and 64 high, darker on the left; each row of the table says how many
degrees they have to be turned.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from chalicelib.images.previews import draw
from chalicelib.images.sniff import BadImage, sniff
from tests.figures import RecordFigure
from tests.security.corpora.bombs import PNG_MAGIC, chunk

WIDTH, HEIGHT = 96, 64
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""By colour type of PNG."""
SIDEWAYS = b"MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
"""An EXIF block of one entry: orientation 6."""
WORKFLOW = bytes(i * 193 % 256 for i in range(1_500_000))
BRANDS = (b"avif", b"mif1", b"miaf", b"MA1A", b"MA1B", b"avio")


def ramp(mode: str = "RGB") -> Image.Image:
    grey = Image.linear_gradient("L").rotate(90).resize((WIDTH, HEIGHT))
    clear = Image.new("L", (WIDTH, HEIGHT), 200)
    return Image.merge("RGBA", (grey, grey, grey, clear)).convert(mode)


def saved(form: str, mode: str = "RGB", **options: Any) -> bytes:
    out = BytesIO()
    ramp(mode).save(out, form, **options)
    return out.getvalue()


def png(depth: int, colour: int, *before: bytes, after: tuple[bytes, ...] = ()) -> bytes:
    """A PNG with chunks before and behind its pixels, which are split in two."""
    bits = depth * CHANNELS[colour]
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, 0)
    most = 2 ** min(depth, 8) - 1
    shades = [round(x * most / (WIDTH - 1)) for x in range(WIDTH)]
    if depth < 8:
        line = "".join(f"{shade:0{depth}b}" for shade in shades)
        row = int(line, 2).to_bytes(len(line) // 8, "big")
    else:
        row = bytes(shade for shade in shades for _ in range(bits // 8))
    pixels = zlib.compress((b"\0" + row) * HEIGHT)
    halves = chunk(b"IDAT", pixels[:20]) + chunk(b"IDAT", pixels[20:])
    parts = (chunk(b"IHDR", header), *before, halves, *after, chunk(b"IEND", b""))
    return PNG_MAGIC + b"".join(parts)


def packed(kind: bytes, name: bytes, data: bytes) -> bytes:
    return chunk(kind, name + b"\0\0" + zlib.compress(data))


def named(brand: bytes) -> bytes:
    whole = saved("AVIF")
    return whole[:8] + brand + whole[12:]


def several() -> bytes:
    out = BytesIO()
    ramp().save(out, "MPO", save_all=True, append_images=[ramp().resize((32, 32))])
    return out.getvalue()


PALETTE = chunk(b"PLTE", bytes(v for n in range(256) for v in (n, n, n)))
KINDS: dict[str, tuple[str, int, Callable[[], bytes]]] = {
    **{f"png of {depth} bits, colour type {colour}":
       ("png", 0, partial(png, depth, colour))
       for depth, colour in ((1, 0), (2, 0), (4, 0), (8, 0), (16, 0), (8, 2), (16, 2), (8, 4),
                             (16, 4), (8, 6), (16, 6))},
    "png with a palette": ("png", 0, lambda: png(8, 3, PALETTE, chunk(b"tRNS", b"\xff\x80"))),
    "png with a clear colour": ("png", 0, lambda: png(8, 2, chunk(b"tRNS", bytes(6)))),
    "png with a clear grey": ("png", 0, lambda: png(16, 0, chunk(b"tRNS", bytes(2)))),
    "png with a long text": ("png", 0, lambda: png(8, 2, packed(b"zTXt", b"workflow", WORKFLOW))),
    "png with a long text behind": (
        "png", 0, lambda: png(8, 2, after=(packed(b"zTXt", b"workflow", WORKFLOW),))),
    "png with a long international text": (
        "png", 0, lambda: png(8, 2, chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(WORKFLOW)))),
    "png with a plain text": ("png", 0, lambda: png(8, 2, chunk(b"tEXt", b"a\0" + b"x" * 5**9))),
    "png with a large profile": ("png", 0, lambda: png(8, 2, packed(b"iCCP", b"p", WORKFLOW))),
    "png with a broken profile": ("png", 0, lambda: png(8, 2, chunk(b"iCCP", b"p\0\0none"))),
    "png with a broken text": ("png", 0, lambda: png(8, 2, chunk(b"zTXt", b"a\0\0none"))),
    "png with a manifest": ("png", 0, lambda: png(8, 2, chunk(b"caBX", WORKFLOW))),
    "png with a gamma": ("png", 0, lambda: png(8, 2, chunk(b"gAMA", struct.pack(">I", 45455)))),
    "png that lies on its side": ("png", 90, lambda: png(8, 2, after=(chunk(b"eXIf", SIDEWAYS),))),
    "jpeg": ("jpg", 0, lambda: saved("JPEG")),
    "jpeg of greys": ("jpg", 0, lambda: saved("JPEG", "L")),
    "jpeg of inks": ("jpg", 0, lambda: saved("JPEG", "CMYK")),
    "progressive jpeg": ("jpg", 0, lambda: saved("JPEG", progressive=True)),
    "progressive jpeg of inks": ("jpg", 0, lambda: saved("JPEG", "CMYK", progressive=True)),
    "jpeg with restarts": ("jpg", 0, lambda: saved("JPEG", restart_marker_blocks=2)),
    "jpeg with a comment": ("jpg", 0, lambda: saved("JPEG", comment=b"x" * 60_000)),
    "jpeg with a large profile": ("jpg", 0, lambda: saved("JPEG", icc_profile=WORKFLOW)),
    "jpeg without its first segment": (
        "jpg", 0, lambda: (whole := saved("JPEG"))[:2] + whole[20:]),
    "jpeg with fill bytes": (
        "jpg", 0, lambda: (whole := saved("JPEG"))[:2] + b"\xff\xff\xff" + whole[2:]),
    "jpeg that lies on its side": ("jpg", 90, lambda: saved("JPEG", exif=b"Exif\0\0" + SIDEWAYS)),
    "jpeg with a small picture inside": (
        "jpg", 90, lambda: saved("JPEG", exif=b"Exif\0\0" + SIDEWAYS + saved("JPEG", "L"))),
    "webp": ("webp", 0, lambda: saved("WEBP")),
    "webp without loss": ("webp", 0, lambda: saved("WEBP", lossless=True)),
    "webp that is clear": ("webp", 0, lambda: saved("WEBP", "RGBA")),
    "webp that is clear without loss": ("webp", 0, lambda: saved("WEBP", "RGBA", lossless=True)),
    "webp with all that it can have": (
        "webp", 90, lambda: saved("WEBP", exif=b"Exif\0\0" + SIDEWAYS, xmp=b"<x/>",
                                  icc_profile=bytes(999))),
    "gif": ("gif", 0, lambda: saved("GIF", "P")),
    "gif of the older version": (
        "gif", 0, lambda: saved("GIF", "P").replace(b"GIF89a", b"GIF87a", 1)),
    "gif with a clear colour": ("gif", 0, lambda: saved("GIF", "P", transparency=3)),
    "gif with a comment": ("gif", 0, lambda: saved("GIF", "P", comment=b"x" * 600)),
    "gif of one frame that repeats": (
        "gif", 0, lambda: saved("GIF", "P", save_all=True, loop=0)),
    **{f"avif called {brand.decode()}": ("avif", 0, partial(named, brand))
       for brand in BRANDS},
    "avif of greys": ("avif", 0, lambda: saved("AVIF", "L")),
    "avif that is clear": ("avif", 0, lambda: saved("AVIF", "RGBA")),
    "avif with all that it can have": (
        "avif", 90, lambda: saved("AVIF", exif=b"Exif\0\0" + SIDEWAYS, xmp=b"<x/>",
                                  icc_profile=bytes(500))),
}  # fmt: skip
CUTS = 60


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_taken_and_previewed_as_it_is(kind: str) -> None:
    extension, turned, make = KINDS[kind]
    data = make()
    size = (HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT)

    facts = sniff(data)
    assert (facts.extension, (facts.width, facts.height)) == (extension, size)
    with Image.open(BytesIO(draw(data).preview)) as preview:
        assert preview.size == size
        shades = preview.convert("L")
    dark, light = (size[0] // 2, 2), (size[0] // 2, size[1] - 3)
    if not turned:
        dark, light = (2, HEIGHT // 2), (WIDTH - 3, HEIGHT // 2)
    assert _shade(shades, dark) < 60
    assert _shade(shades, light) > 190


def _shade(picture: Image.Image, place: tuple[int, int]) -> float:
    found = picture.getpixel(place)
    assert isinstance(found, int | float)
    return found


def cuts(data: bytes) -> Iterator[int]:
    """Where to cut: evenly all over, and at each of the last bytes."""
    yield from range(1, len(data) - 1, max(1, len(data) // CUTS))
    yield from range(max(1, len(data) - 12), len(data))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_is_cut_anywhere_is_found_out(kind: str) -> None:
    data = KINDS[kind][2]()
    for length in cuts(data):
        with pytest.raises(BadImage):
            sniff(data[:length])


@pytest.mark.parametrize("padding", [b"\0" * 13, b"\r\n", b"\n", b" "])
@pytest.mark.parametrize("kind", ["jpeg", "webp", "gif", "avif of greys", "progressive jpeg"])
def test_only_padding_behind_a_picture_is_forgiven(kind: str, padding: bytes) -> None:
    data = KINDS[kind][2]()
    assert sniff(data + padding) == sniff(data)
    assert draw(data + padding)
    for more in (padding + b"x", b"PK\3\4" + bytes(30), data):
        with pytest.raises(BadImage):
            sniff(data + more)


def test_a_picture_with_another_behind_it_is_the_first() -> None:
    assert (sniff(several()).width, draw(several()).preview[:4]) == (WIDTH, b"RIFF")


def test_the_kinds_are_counted(record_figure: RecordFigure) -> None:
    formats = {extension for extension, _, _ in KINDS.values()}
    assert formats == {"png", "jpg", "webp", "gif", "avif"}
    record_figure("cases: pictures", kinds=len(formats), cases=len(KINDS))
