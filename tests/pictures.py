"""Small true pictures, each with bytes of its own."""

import struct
import zlib


def png(label: str, width: int = 1, height: int = 1, parameters: bytes = b"") -> bytes:
    """A grey PNG that carries the label in a text chunk, and parameters in another."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\x80" * width) * height
    chunks = (
        _chunk(b"IHDR", header),
        _chunk(b"tEXt", b"Comment\0" + label.encode("latin-1")),
        *([_chunk(b"iTXt", b"parameters\0\0\0\0\0" + parameters)] if parameters else []),
        _chunk(b"IDAT", zlib.compress(rows)),
        _chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
