"""The small picture that galleries and results show first, drawn beside other work."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from chalicelib.images.previews import draw

_AT_ONCE = 2
"""A picture of 20 megapixels takes 80 MB decoded, and a worker draws twenty in its 448 MB."""


def thumbnail(data: bytes) -> bytes:
    """Return a WebP of at most 320 pixels on the long side; raise BadImage as `draw` does."""
    return draw(data).thumbnail


class Thumbnails:
    """Draws thumbnails beside other work, as many at once as memory allows."""

    def __init__(self, draw: Callable[[bytes], bytes] = thumbnail) -> None:
        self._draw = draw
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="thumbnail")

    def begin(self, data: bytes) -> Callable[[], bytes]:
        """Begin one and return what waits for it, with the errors of `thumbnail`."""
        return self._pool.submit(self._draw, data).result
