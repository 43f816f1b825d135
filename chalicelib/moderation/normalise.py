"""Reads a text as a person would: disguised letters become the plain ones they stand for.

The results are for comparison only and are never shown. Shapes that stand for more than one letter
(i, l, 1) become one, so a list must be read through the same functions as the texts.
"""

import re
import unicodedata

_SHAPES = {
    "a": "аАαΑᴀɑɐᎪաӑ",
    "b": "вВьЬЪъβΒʙɓƀᏴƅ",
    "c": "сСϲϹᴄɔƈᏟҫ¢",
    "d": "ԁᴅɗɖđᎠժ",
    "e": "еЕэЭєЄεΕᴇəɛǝɘᎬҽ€ɇ",
    "f": "ꜰɟƒғ",
    "g": "ɡɢɠƃԍᏀցǥ",
    "h": "һнНΗʜɦħɥᎻհ",
    "i": "іІιΙɪıɩɨᎥӏוᴉ",
    "j": "јЈϳᴊɾᎫʝ",
    "k": "кКκΚᴋʞƙᏦқ",
    "l": "ʟłɫʅᏞƖℓɭ",
    "m": "мМΜᴍɯɱᎷ",
    "n": "пиИηΝɴɲŋոռ",
    "o": "оОοΟσөӨᴏøØɵօ",
    "p": "рРρΡᴘƥᏢք",
    "q": "ԛգ",
    "r": "гяЯʀɼɹᎡʁ",
    "s": "ѕЅꜱʂᏚςƨ",
    "t": "тТτΤᴛŧƭʇᎢ†",
    "u": "υцսᴜʉʊ",
    "v": "ѵνᴠʋʌᏙ",
    "w": "ԝωшᴡʍᎳա",
    "x": "хХχΧ×ҳ",
    "y": "уУүγΥʏʎɏყ",
    "z": "ΖᴢʑƶᏃʐ",
}
_SQUARED = (0x1F130, 0x1F150, 0x1F170, 0x1F1E6)
"""Where the alphabets of emoji begin: squared, circled and flag letters."""
_INVISIBLE = frozenset("\u115f\u1160\u2800\u034f")
_LEET_DIGITS = str.maketrans("0134567892", "oieasgtbgz")
_LEET_SYMBOLS = str.maketrans("@$", "as")
_STROKE_IN_WORD = re.compile(r"(?<=\w)[!|](?=\w)")
"""At a word's end it is punctuation."""
_WORDS = re.compile(r"[^\W_]+")
_RUN = re.compile(r"(.)\1+")
_LONG_RUN = re.compile(r"(.)\1{2,}")
_LONGEST_AGE = 3
_UNDOUBLED_VOWELS = "aiu"


class _Folding(dict[int, str]):
    """A table for `str.translate` that works out each character once."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def plain_letters(text: str) -> str:
    """Strips marks and invisible characters and turns look-alikes into small Latin letters."""
    if text.isascii():
        return text.lower()
    return text.translate(_FOLDING)


def words(text: str) -> list[str]:
    """The runs of letters and digits."""
    return _WORDS.findall(text)


def without_symbols(text: str) -> str:
    """`text` with the symbols that stand for letters read as those letters."""
    return _STROKE_IN_WORD.sub("i", text.translate(_LEET_SYMBOLS))


def skeleton(word: str) -> str:
    """One spelling for all that a word of letters and digits may be written as.

    A number of up to three digits stays a number: it may be an age.
    """
    if not word.isalpha() and not (word.isdigit() and len(word) <= _LONGEST_AGE):
        word = word.translate(_LEET_DIGITS)
    return word.replace("l", "i")


def undoubled(word: str) -> str:
    """`word` with every run of a letter cut to one."""
    return _RUN.sub(r"\1", word)


def drawn_out(word: str) -> tuple[str, str]:
    """What a word with long runs may stand for: "grrrilll" is "grrill" or "gril"."""
    return _LONG_RUN.sub(r"\1\1", word), _LONG_RUN.sub(r"\1", word)


def is_stuttered(word: str) -> bool:
    """True when more letters are doubled than spelling explains ("nnaakkeedd", "naaked")."""
    runs = _RUN.findall(word)
    if not runs:
        return False
    return len(runs) > 1 or runs[0] in _UNDOUBLED_VOWELS or bool(_LONG_RUN.search(word))


def _fold(character: str) -> str:
    """The small letters that a character shows; nothing for marks and the invisible."""
    if character in _LETTERS:
        return _LETTERS[character]
    for first in _SQUARED:
        if first <= ord(character) < first + 26:
            return chr(ord("a") + ord(character) - first)
    if character in _INVISIBLE or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return ""
    parts = unicodedata.normalize("NFKD", character).casefold()
    return parts if parts == character else "".join(_fold(part) for part in parts)


_LETTERS = {shape: letter for letter, shapes in _SHAPES.items() for shape in shapes}
_FOLDING = _Folding()
