"""A finished picture, and the file that is answered: a PNG that says how it was made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from PIL.Image import Image
from PIL.PngImagePlugin import PngInfo

Parameter = str | int | float | list[str] | None
PARAMETERS = "parameters"
"""The text chunk of the PNG that holds them, as JSON."""


@dataclass(frozen=True)
class Drawn:
    """An image and what it was made with."""

    image: Image
    parameters: Mapping[str, Parameter]


def png(drawn: Drawn) -> bytes:
    """The same bytes for the same image and parameters."""
    told = PngInfo()
    told.add_itxt(PARAMETERS, json.dumps(drawn.parameters, ensure_ascii=False))
    file = BytesIO()
    drawn.image.save(file, "PNG", pnginfo=told, compress_level=6)
    return file.getvalue()
