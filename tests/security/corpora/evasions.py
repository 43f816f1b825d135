"""Twelve ways in which people disguise a word from a filter."""

import random
from collections.abc import Callable

Disguise = Callable[[str, random.Random], str]

CYRILLIC = dict(zip("abcdeghijkmnopqrstuvwxy", "аЬсԁеԍһіјкмпорԛгѕтυѵԝху", strict=True))
OTHER = dict(zip("abcdefghijklmnoprstuvwxyz", "αßƈɗɛƒɡɦɩʝκℓмηορяѕτυνωχγʐ", strict=True)) | {
    "b": "β"
}
SMALL = dict(zip("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", strict=True))
ACCENTED = dict(zip("aceginorsuyz", "àçéğïñöřšüÿž", strict=True))
LEET = dict(zip("aeiostlbg", "4310$7189", strict=True)) | {"s": "5", "a": "@"}
INVISIBLE = "\u200b\u200c\u200d\u2060\u00ad\ufeff\u202e\u061c\ufe0f\u180e"
SEPARATORS = (".", "-", "_", "*", "/", " ", "·", ", ", " . ", "~")


def _each(table: dict[str, str]) -> Disguise:
    return lambda text, _: "".join(table.get(letter, letter) for letter in text)


def _shifted(first: int) -> Disguise:
    """Letters from another alphabet of Unicode that begins with its A at `first`."""

    def disguise(text: str, _: random.Random) -> str:
        return "".join(chr(first + ord(c) - 97) if "a" <= c <= "z" else c for c in text)

    return disguise


def _mixed_case(text: str, dice: random.Random) -> str:
    return "".join(dice.choice((c.upper(), c.lower())) for c in text)


def _marked(text: str, dice: random.Random) -> str:
    marks = [chr(code) for code in range(0x300, 0x34E)]
    return "".join(c + "".join(dice.choices(marks, k=dice.randint(1, 4))) for c in text)


def _sprinkled(text: str, dice: random.Random) -> str:
    return "".join(c + dice.choice(INVISIBLE) for c in text)


def _separated(text: str, dice: random.Random) -> str:
    separator = dice.choice(SEPARATORS)
    return "   ".join(separator.join(w) if w.isalpha() else w for w in text.split())


def _drawn_out(text: str, dice: random.Random) -> str:
    return "".join(c * dice.randint(3, 6) if c.isalpha() else c for c in text)


def _alphabets(text: str, dice: random.Random) -> str:
    """Emoji letters, circled letters and flags, a different kind for each text."""
    return _shifted(dice.choice((0x24D0, 0x1F130, 0x1F150, 0x1F170, 0x1F1E6)))(text, dice)


DISGUISES: dict[str, Disguise] = {
    "mixed case": _mixed_case,
    "full width": _shifted(0xFF41),
    "mathematical letters": _shifted(0x1D4EA),
    "circled, squared and flag letters": _alphabets,
    "stacked marks": _marked,
    "accents": _each(ACCENTED),
    "invisible characters": _sprinkled,
    "Cyrillic look-alikes": _each(CYRILLIC),
    "Greek and phonetic look-alikes": _each(OTHER),
    "small capitals": _each(SMALL),
    "digits and symbols": _each(LEET),
    "separators": _separated,
    "drawn-out letters": _drawn_out,
}
