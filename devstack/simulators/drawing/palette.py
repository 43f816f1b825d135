"""Colours for a prompt: chosen by what it says about light, season and colour."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from devstack.simulators.drawing.canvas import Colour, mix

TINT = 0.18


@dataclass(frozen=True)
class Palette:
    """The colours of one picture; the sky from its top to the horizon."""

    sky: tuple[Colour, Colour, Colour]
    far: Colour
    near: Colour
    light: Colour
    accent: Colour

    @property
    def is_dark(self) -> bool:
        """Whether it is night."""
        return sum(self.sky[0]) < 100

    def land(self, depth: float) -> Colour:
        """Return the land's colour from the farthest (0) to the nearest (1)."""
        return mix(self.far, self.near, depth)


def choose_palette(words: Sequence[str], rng: random.Random) -> Palette:
    """Return a palette of the mood the words name, with their first colour as its accent."""
    mood = next((mood for mood, said in _MOOD_WORDS.items() if said & set(words)), None)
    palette = _palette(rng.choice(_MOODS[mood or rng.choice(_ANY_MOOD)]))
    named = next((_COLOURS[word] for word in words if word in _COLOURS), None)
    return _tinted(palette, named) if named else palette


def _tinted(palette: Palette, colour: Colour) -> Palette:
    top, middle, low = palette.sky
    sky = (mix(top, colour, TINT), mix(middle, colour, TINT), low)
    return replace(palette, sky=sky, far=mix(palette.far, colour, TINT), accent=colour)


def _palette(colours: str) -> Palette:
    top, middle, low, far, near, light, accent = (_colour(text) for text in colours.split())
    return Palette((top, middle, low), far, near, light, accent)


def _colour(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text)
    return red, green, blue


#: Sky from top to horizon; far land, near land; light; accent.
_MOODS: Mapping[str, Sequence[str]] = {
    "night": (
        "070d2b 1a2a63 4f63a6 3b4a86 070b1f fdf3cc f6a35c",
        "04141f 0d3c4d 3f8586 2c6670 041019 f4f1d0 ff8f5e",
        "150828 3d1a60 93508f 64386f 0f0620 ffe9c9 ff7a8a",
    ),
    "dusk": (
        "2a2150 a2476c fba66c 8a4a6b 1c1236 ffe2a8 ff6f59",
        "1b2a55 7c4c8d ff9d7a 6a4a84 141433 ffd9b0 f45b69",
        "3a1f4d c24d62 ffc677 9a4560 220f2c fff0c2 f2545b",
    ),
    "dawn": (
        "7eb0d5 f4c5c4 ffe6bd b79fbf 3d4a6b fff8e1 ef6f6c",
        "62a0b4 e9b99e ffecc4 9a9aa6 2d4552 fff6da e4572e",
    ),
    "day": (
        "3a8cd0 8bc5ec dcf2f4 8fb9c9 1f5a53 fff6cf f25f4c",
        "2a9bb5 88d5d0 f4f5da 8dbfae 1b4f4c fffbe0 ff7f51",
    ),
    "winter": (
        "6d8fb8 b3cbe0 eef4f6 b4c6d8 24405c fffdf2 d64550",
        "9fb3b8 c3cfcd e9e8df aebbbb 34494c fdf8ea c8553d",
    ),
    "autumn": (
        "6a8e9b d9b98a ffdf9e c98a55 4a2318 fff1c8 d1331f",
        "3b5b92 f09a76 ffd29c d97c54 5c2032 fff0cc 2a9d8f",
    ),
    "green": (
        "5fa39a b8d8b4 f1f0cf 7fb08f 10352f fff8d8 f4845f",
        "3f7f8c 9cc7a5 eaf0cd 6d9f86 0d2f33 fffbe0 f9a03f",
    ),
    "neon": (
        "0b0630 43107a f0308f 5b1f8f 0a0524 7df9ff ffe14d",
        "04122e 0b3f78 19c8c8 17558a 030b1e ff5fd2 ffd166",
    ),
}
_ANY_MOOD = ("dusk", "dawn", "day", "night", "autumn")
#: The hour before the season before the place, where a prompt names several.
_MOOD_WORDS: Mapping[str, frozenset[str]] = {
    mood: frozenset(words.split())
    for mood, words in {
        "neon": "neon cyberpunk synthwave futuristic arcade",
        "night": "night midnight moon moonlight stars starry dark space galaxy planet astronaut",
        "dusk": "dusk sunset evening twilight",
        "dawn": "dawn sunrise morning pastel spring blossom",
        "winter": "winter snow snowy ice frozen frost arctic mist fog foggy",
        "autumn": "autumn fall october desert dunes canyon mars",
        "green": "forest forests jungle woods moss garden meadow",
        "day": "day noon summer sunny bright sky beach",
    }.items()
}
_COLOURS = {
    name: _colour(text)
    for name, text in re.findall(
        r"(\w+) (\w+)",
        """red d62839 orange f77f00 golden eaa221 gold e0a526 copper b8693d yellow f9c80e
        green 2a9d5c teal 168a94 blue 2667c9 indigo 4338a8 purple 7b2cbf violet 8a4fd3
        pink ef6da5 white f7f4ec black 17171f grey 7d8590 brown 7f4f24""",
    )
}
