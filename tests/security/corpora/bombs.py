"""Files that are no picture to store: bombs, polyglots, broken headers. Made, never kept."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

MIB = 1024 * 1024
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
HTML = b"<html><script>alert(document.domain)</script></html>"
SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect width="9" height="9"/></svg>'
)


def bombs() -> Iterator[tuple[str, bytes]]:
    """Every file of the corpus with its name."""
    for family in (_png, _jpeg, _webp, _gif, _avif, _disguised, _other):
        yield from family()


def encoded(
    form: str, size: tuple[int, int] = (8, 8), mode: str = "RGB", **options: object
) -> bytes:
    """A harmless picture."""
    out = BytesIO()
    Image.new(mode, size, 1).save(out, form, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *between: bytes, pixels: bytes = b"\0\0") -> bytes:
    """A greyscale PNG that claims a size; `between` are chunks before its pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(pixels, 9))
    return PNG_MAGIC + header + b"".join(between) + body + chunk(b"IEND", b"")


def zeros(megabytes: int) -> bytes:
    """A thousandth of its size, compressed."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(MIB)) for _ in range(megabytes)) + packer.flush()


def archive() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("payload.js", "alert(1)")
    return out.getvalue()


def animation(form: str, frames: int = 3) -> bytes:
    out = BytesIO()
    pictures = [Image.new("RGB", (8, 8), (n * 40, n, 255 - n)) for n in range(frames)]
    pictures[0].save(out, form, save_all=True, append_images=pictures[1:], duration=20)
    return out.getvalue()


def _png() -> Iterator[tuple[str, bytes]]:
    whole = encoded("PNG", (64, 64))
    text = chunk(b"zTXt", b"a\0\0" + zeros(200))
    texts = [chunk(b"zTXt", b"%d\0\0" % n + zlib.compress(bytes(MIB - 9))) for n in range(80)]
    yield "png 50,000 × 50,000", png(50_000, 50_000)
    yield "png one row above the bound", png(5_000, 4_001)
    yield "png 30 megapixels", png(6_000, 5_000)
    yield "png 89 megapixels, truly there", png(9_500, 9_400, pixels=bytes(9_501 * 9_400))
    yield "png 2³¹ wide", png(2**31 - 1, 2**31 - 1)
    yield "png 2³² wide", png(2**32 - 1, 1)
    yield "png without width", png(0, 8)
    yield "png without height", png(8, 0)
    yield "png text of 200 MB", png(8, 8, text)
    yield "png 80 texts of 1 MB", png(8, 8, *texts)
    yield "png profile of 200 MB", png(8, 8, chunk(b"iCCP", b"a\0\0" + zeros(200)))
    yield "png without header", PNG_MAGIC + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    yield "png header cut short", PNG_MAGIC + chunk(b"IHDR", b"\0\0") + chunk(b"IEND", b"")
    yield "png with a wrong checksum", whole[:29] + b"\0\0\0\0" + whole[33:]
    yield "png of 300,000 parts", png(8, 8, chunk(b"teSt", b"") * 300_000)
    yield "png cut off", whole[:-20]
    yield "png animation", animation("PNG")
    yield "png then zip", whole + archive()
    yield "png then page", whole + HTML
    yield "png chunk longer than the file", whole[:33] + b"\x7f\xff\xff\xffIDAT" + whole[-12:]


def _jpeg() -> Iterator[tuple[str, bytes]]:
    whole = encoded("JPEG", (64, 64))
    frame = whole.index(b"\xff\xc0")
    scans = encoded("JPEG", (64, 64), progressive=True)
    last = scans.rindex(b"\xff\xda")
    huge = struct.pack(">HH", 65_500, 65_500)
    yield "jpeg 65,500 × 65,500", whole[: frame + 5] + huge + whole[frame + 9 :]
    yield "jpeg without height", whole[: frame + 5] + b"\0\0" + whole[frame + 7 :]
    yield "jpeg of 5,000 scans", scans[:last] + scans[last:-2] * 5_000 + b"\xff\xd9"
    yield "jpeg without a frame", whole[:frame] + b"\xff\xd9"
    yield "jpeg marker longer than the file", b"\xff\xd8\xff\xe0\xff\xff" + b"a" * 9 + b"\xff\xd9"
    yield "jpeg of 300,000 comments", whole[:2] + b"\xff\xfe\0\3a" * 300_000 + whole[2:]
    yield "jpeg of 300,000 fill bytes", whole[:2] + b"\xff" * 300_000 + whole[2:]
    yield "jpeg cut off", whole[:-20]
    yield "jpeg of two markers", b"\xff\xd8\xff\xd9"
    yield "jpeg then zip", whole + archive()
    yield "jpeg then page", whole + HTML
    yield "page in a jpeg's clothes", b"\xff\xd8\xff" + HTML + b"\xff\xd9"


def _webp() -> Iterator[tuple[str, bytes]]:
    whole = encoded("WEBP", (64, 64))
    vp8l = struct.pack("<BI", 0x2F, 16_383 | 16_383 << 14) + bytes(40)
    vp8 = b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", 16_383, 16_383) + bytes(40)
    vp8x = bytes(4) + (16_383).to_bytes(3, "little") * 2
    yield "webp canvas of 268 megapixels", riff(b"VP8X", vp8x)
    yield "webp canvas of 2⁴⁸ pixels", riff(b"VP8X", bytes(4) + b"\xff" * 6)
    yield "webp lossless, 268 megapixels", riff(b"VP8L", vp8l)
    yield "webp lossy, 268 megapixels", riff(b"VP8 ", vp8)
    yield "webp without pixels", riff(b"VP8 ", vp8[:6] + bytes(44))
    yield "webp header cut short", riff(b"VP8L", b"\x2f")
    yield "webp of garbage", riff(b"VP8 ", b"\x55" * 64)
    yield "webp animation", animation("WEBP")
    yield "webp cut off", whole[:-20]
    yield "webp longer than it says", whole + b"<script>"
    yield "webp then zip", whole + archive()
    yield "wave audio", b"RIFF\x24\0\0\0WAVEfmt " + bytes(24)


def riff(kind: bytes, data: bytes) -> bytes:
    """A WebP file of one chunk."""
    body = b"WEBP" + kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif() -> Iterator[tuple[str, bytes]]:
    whole = encoded("GIF", (64, 64), "P")
    screen = struct.pack("<HH", 65_535, 65_535)
    frame = whole.rindex(b"\x2c\0\0\0\0")
    yield "gif screen of 4,294 megapixels", whole[:6] + screen + whole[10:]
    yield "gif frame of 4,294 megapixels", whole[: frame + 5] + screen + whole[frame + 9 :]
    yield "gif without pixels", whole[:6] + bytes(4) + whole[10 : frame + 5] + bytes(4) + b"\0;"
    yield "gif animation", animation("GIF")
    yield "gif of 300,000 comments", whole[:frame] + b"\x21\xfe\1a\0" * 300_000 + whole[frame:]
    yield "gif of 300,000 last words", whole[:-1] + b"\x21\x99\1a\0" * 300_000 + b";"
    yield "gif cut off", whole[:-3]
    yield "gif then zip", whole + archive()
    yield "script in a gif's clothes", b"GIF89a/*" + bytes(8) + b"*/=1;alert(1);"
    yield "gif of a header", b"GIF89a;"


def _avif() -> Iterator[tuple[str, bytes]]:
    whole = encoded("AVIF", (64, 64))
    size = whole.index(b"ispe") + 8
    huge = struct.pack(">II", 30_000, 30_000)
    yield "avif 30,000 × 30,000", whole[:size] + huge + whole[size + 8 :]
    yield "avif cut off", whole[:-20]
    yield "avif then zip", whole + archive()
    yield "avif of a header", b"\0\0\0\x0cftypavif"
    yield "avif box of no length", b"\0\0\0\x0cftypavif" + bytes(8)
    yield "avif animation", whole.replace(b"ftypavif", b"ftypavis")
    yield "video", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(32)
    yield "heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(32)


def _disguised() -> Iterator[tuple[str, bytes]]:
    whole = encoded("PNG")
    yield "svg", SVG
    yield "svg with a prologue", b'<?xml version="1.0"?>\n<!DOCTYPE svg>' + SVG
    yield "svg with a byte order mark", b"\xef\xbb\xbf" + SVG
    yield "svg, compressed", b"\x1f\x8b\x08\0\0\0\0\0\0\3" + zlib.compress(SVG)[2:-4] + bytes(8)
    yield "page", HTML
    yield "page after a png's magic", PNG_MAGIC + HTML
    yield "page after a gif's magic", b"GIF89a" + HTML
    yield "png after a line end", b"\n" + whole
    yield "png after a page", HTML + whole
    yield "png in base64", b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
    yield "error as json", b'{"error": {"message": "no picture"}}'


def _other() -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "one byte", b"\x89"
    yield "33 MiB", PNG_MAGIC + bytes(33 * MIB)
    yield "bitmap", encoded("BMP")
    yield "tiff", encoded("TIFF")
    yield "icon", encoded("ICO", (16, 16))
    yield "pcx", encoded("PCX")
    yield "jpeg 2000", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(64)
    yield "photoshop", b"8BPS\0\1" + bytes(64)
    yield "postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%pipe%id"
    yield "pdf", b"%PDF-1.7\n" + bytes(64) + b"%%EOF"
    yield "fits, compressed", b"SIMPLE  =                    T" + bytes(2850)
    yield "zip", archive()
    yield "program", b"\x7fELF\2\1\1" + bytes(64)
