"""Finds the words of a list in a text, however they are written."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

from chalicelib.moderation.normalise import (
    drawn_out,
    is_stuttered,
    plain_letters,
    skeleton,
    undoubled,
    without_symbols,
    words,
)

_LEAST_SPELLED_OUT = 3
_REMEMBERED = 16_384
"""Prompts are made of the same few thousand words."""


def spelling(phrase: str) -> tuple[str, ...]:
    """The words of a phrase as a Vocabulary spells them."""
    return tuple(skeleton(word) for word in words(plain_letters(phrase)))


class Vocabulary:
    """The words that matter, each found as itself, in the plural and in disguise."""

    def __init__(self, known: Iterable[str]) -> None:
        forms = {word + ending: word for word in known for ending in ("es", "s")}
        self._forms = forms | {word: word for word in forms.values()}
        self._undoubled = {undoubled(form): word for form, word in self._forms.items()}
        longest_first = sorted(set(forms.values()), key=len, reverse=True)
        self._inside = re.compile("|".join(longest_first) or "(?!)")
        self._word = lru_cache(_REMEMBERED)(self._look_up)

    def read(self, text: str) -> list[str]:
        """The words of a text in their order: those it knows, and "" for each other."""
        plain = plain_letters(text)
        chunks = zip(plain.split(), without_symbols(plain).split(), strict=True)
        pieces = (piece for chunk in chunks for piece in self._pieces(*chunk))
        return list(self._joined(pieces))

    def _pieces(self, literal: str, symbolic: str) -> list[str]:
        """What stands between two spaces, as the reading that makes most sense."""
        if literal.isalpha():
            return [literal]
        readings = [words(symbolic)]
        if literal != symbolic:
            readings.append(words(literal))
        for pieces in readings:
            if len(pieces) > 1 and self._word("".join(pieces)):
                return ["".join(pieces)]
        return max(readings, key=self._known)

    def _known(self, pieces: list[str]) -> int:
        return sum(self._word(piece) != "" for piece in pieces)

    def _joined(self, pieces: Iterable[str]) -> Iterator[str]:
        """Reads the words; a row of single letters is read as what it spells."""
        for single, group in groupby(pieces, lambda piece: len(piece) == 1):
            row = list(group)
            if single and len(row) >= _LEAST_SPELLED_OUT:
                yield from self._spelled_out("".join(row))
            else:
                yield from map(self._word, row)

    def _spelled_out(self, letters: str) -> list[str]:
        if word := self._word(letters):
            return [word]
        spellings = (skeleton(letters), "".join(map(skeleton, letters)))
        return max(map(self._inside.findall, spellings), key=len)

    def _look_up(self, piece: str) -> str:
        form = skeleton(piece)
        return self._forms.get(form) or self._undisguised(form)

    def _undisguised(self, form: str) -> str:
        if not is_stuttered(form):
            return ""
        for candidate in drawn_out(form):
            if candidate in self._forms:
                return self._forms[candidate]
        return self._undoubled.get(undoubled(form), "")
