"""Colours for a prompt: chosen by what it says about light, season and colour."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from devstack.simulators.drawing.shapes import Colour, mix


@dataclass(frozen=True)
class Palette:
    """The colours of one picture."""

    sky: tuple[Colour, Colour, Colour]
    far: Colour
    near: Colour
    light: Colour
    accent: Colour
    is_dark: bool = False

    def at(self, depth: float) -> Colour:
        """The land's colour from the farthest (0) to the nearest (1)."""
        return mix(self.far, self.near, depth)


def _hex(text: str) -> Colour:
    return int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16)


def _palette(colours: str, *, is_dark: bool = False) -> Palette:
    top, middle, low, far, near, light, accent = (_hex(text) for text in colours.split())
    return Palette((top, middle, low), far, near, light, accent, is_dark)


#: sky top, middle, horizon; far land, near land; light; accent.
_MOODS: Mapping[str, Sequence[Palette]] = {
    "night": (
        _palette("070d2b 1a2a63 4f63a6 3b4a86 070b1f fdf3cc f6a35c", is_dark=True),
        _palette("04141f 0d3c4d 3f8586 2c6670 041019 f4f1d0 ff8f5e", is_dark=True),
        _palette("150828 3d1a60 93508f 64386f 0f0620 ffe9c9 ff7a8a", is_dark=True),
    ),
    "dusk": (
        _palette("2a2150 a2476c fba66c 8a4a6b 1c1236 ffe2a8 ff6f59"),
        _palette("1b2a55 7c4c8d ff9d7a 6a4a84 141433 ffd9b0 f45b69"),
        _palette("3a1f4d c24d62 ffc677 9a4560 220f2c fff0c2 f2545b"),
    ),
    "dawn": (
        _palette("7eb0d5 f4c5c4 ffe6bd b79fbf 3d4a6b fff8e1 ef6f6c"),
        _palette("9fb4e4 f6c6d6 fff1d4 b3a5cf 43406b fffbe8 e8697d"),
        _palette("62a0b4 e9b99e ffecc4 9a9aa6 2d4552 fff6da e4572e"),
    ),
    "day": (
        _palette("3a8cd0 8bc5ec dcf2f4 8fb9c9 1f5a53 fff6cf f25f4c"),
        _palette("2a9bb5 88d5d0 f4f5da 8dbfae 1b4f4c fffbe0 ff7f51"),
        _palette("5a99d6 b8daef fceedb a3b5c4 35524a fff3c4 e0533d"),
    ),
    "mist": (
        _palette("9fb3b8 c3cfcd e9e8df aebbbb 34494c fdf8ea c8553d"),
        _palette("8f9bb3 bfc4d0 ebe6e1 aab0c0 3a4256 fff7ea d1495b"),
    ),
    "winter": (
        _palette("6d8fb8 b3cbe0 eef4f6 b4c6d8 24405c fffdf2 d64550"),
        _palette("7d86b2 c3c7e3 f7eef1 bdc0d9 39385f fffaf0 e05263"),
    ),
    "autumn": (
        _palette("6a8e9b d9b98a ffdf9e c98a55 4a2318 fff1c8 d1331f"),
        _palette("54718c d8a27a ffd18a b86b46 3b1c1a fff0d0 e4572e"),
    ),
    "desert": (
        _palette("4aa3b5 f2c79b ffe2b5 e3a26c 7a2f25 fff4d6 1f7a8c"),
        _palette("3b5b92 f09a76 ffd29c d97c54 5c2032 fff0cc 2a9d8f"),
    ),
    "forest": (
        _palette("5fa39a b8d8b4 f1f0cf 7fb08f 10352f fff8d8 f4845f"),
        _palette("3f7f8c 9cc7a5 eaf0cd 6d9f86 0d2f33 fffbe0 f9a03f"),
    ),
    "storm": (
        _palette("26323f 52687a a9b4b5 5d7280 161f2a f3efd9 f0b429", is_dark=True),
        _palette("2c2b44 5b5f83 b0a9b8 5f6082 191730 f5ecd8 ef8354", is_dark=True),
    ),
    "neon": (
        _palette("0b0630 43107a f0308f 5b1f8f 0a0524 7df9ff ffe14d", is_dark=True),
        _palette("04122e 0b3f78 19c8c8 17558a 030b1e ff5fd2 ffd166", is_dark=True),
    ),
}
#: The hour before the season before the place, where a prompt names several.
_MOOD_WORDS: Mapping[str, str] = {
    "neon": "neon cyberpunk synthwave futuristic cyber vaporwave arcade",
    "night": """night midnight moon moonlit moonlight star stars starry dark space galaxy cosmos
        nocturne aurora astronaut rocket planet nebula""",
    "dusk": "dusk sunset evening twilight",
    "dawn": "dawn sunrise morning pastel soft spring blossom blossoms",
    "storm": "storm stormy thunder lightning rain rainy tempest",
    "mist": "mist misty fog foggy cloudy haze quiet minimal minimalist",
    "winter": "winter snow snowy ice icy frozen arctic frost christmas",
    "autumn": "autumn fall harvest october pumpkin maple",
    "desert": "desert dune dunes sand sahara canyon cactus camel mars",
    "forest": "forest forests jungle woods woodland moss garden meadow rainforest",
    "day": "day noon sunny summer beach tropical bright",
}
_COLOUR_WORDS: Mapping[str, Colour] = {
    "red": _hex("d62839"),
    "crimson": _hex("b3122f"),
    "scarlet": _hex("e3242b"),
    "orange": _hex("f77f00"),
    "golden": _hex("eaa221"),
    "amber": _hex("ffb000"),
    "yellow": _hex("f9c80e"),
    "gold": _hex("e0a526"),
    "green": _hex("2a9d5c"),
    "emerald": _hex("0f9d6c"),
    "teal": _hex("168a94"),
    "turquoise": _hex("2ec4b6"),
    "cyan": _hex("22b8cf"),
    "blue": _hex("2667c9"),
    "navy": _hex("1c2f6b"),
    "indigo": _hex("4338a8"),
    "purple": _hex("7b2cbf"),
    "violet": _hex("8a4fd3"),
    "pink": _hex("ef6da5"),
    "magenta": _hex("d6238f"),
    "white": _hex("f7f4ec"),
    "black": _hex("17171f"),
    "grey": _hex("7d8590"),
    "gray": _hex("7d8590"),
    "brown": _hex("7f4f24"),
}
_ANY_MOOD = ("dusk", "dawn", "day", "night", "autumn", "mist")
TINT = 0.18


def choose_palette(words: Sequence[str], chance: random.Random) -> Palette:
    """A palette of the mood the words name, with their first colour as its accent."""
    named = {_MOOD_OF[word] for word in words if word in _MOOD_OF}
    mood = next((mood for mood in _MOOD_WORDS if mood in named), None)
    palette = chance.choice(_MOODS[mood or chance.choice(_ANY_MOOD)])
    colour = next((_COLOUR_WORDS[word] for word in words if word in _COLOUR_WORDS), None)
    return palette if colour is None else _tinted(palette, colour)


def _tinted(palette: Palette, colour: Colour) -> Palette:
    top, middle, low = palette.sky
    sky = (mix(top, colour, TINT), mix(middle, colour, TINT), low)
    return replace(palette, sky=sky, far=mix(palette.far, colour, TINT), accent=colour)


_MOOD_OF = {word: mood for mood, words in _MOOD_WORDS.items() for word in words.split()}
