"""What may not be asked for: rules over words, read from a text file.

One rule a line; blank lines and comments that begin with # do not count.

    some phrase           blocked wherever its words stand side by side
    <group> + <other>     blocked when a phrase of each group stands in the text
    group = a, b c, d     the phrases of a group; may be continued on another line
    allow some phrase     never counts, whatever words it is made of
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chalicelib.moderation.vocabulary import Vocabulary, spelling

Phrase = tuple[str, ...]
_GROUP = re.compile(r"(\w+) =(.*)")
_PART = re.compile(r"<(\w+)>")


class BadBlocklist(ValueError):
    """The list cannot be read; the sentence names the line and what is wrong with it."""


@dataclass(frozen=True)
class Rule:
    """Blocks a text that holds a phrase of every part; `line` is the rule as it was written."""

    line: str
    parts: tuple[frozenset[Phrase], ...]

    def applies(self, found: set[Phrase]) -> bool:
        return all(not part.isdisjoint(found) for part in self.parts)


class Blocklist:
    """The rules of one file, ready to be held against texts; shared by threads."""

    def __init__(self, rules: tuple[Rule, ...], allowed: frozenset[Phrase]) -> None:
        blocked = {phrase for rule in rules for part in rule.parts for phrase in part}
        self.rules = rules
        self._blocked = _by_first_word(blocked)
        self._allowed = _by_first_word(allowed)
        self._vocabulary = Vocabulary({word for phrase in blocked | allowed for word in phrase})

    @classmethod
    def parse(cls, text: str) -> "Blocklist":
        """Reads the file's text; raises BadBlocklist."""
        lines = [line.split("#")[0].strip() for line in text.splitlines()]
        groups: dict[str, frozenset[Phrase]] = {}
        for name, phrases in _matches(_GROUP, lines):
            groups[name] = groups.get(name, frozenset()) | _phrases(phrases.split(","))
        allowed = _phrases(line[6:] for line in lines if line.startswith("allow "))
        rules = [line for line in lines if line and not _GROUP.match(line)]
        return cls(
            tuple(_rule(line, groups) for line in rules if not line.startswith("allow ")), allowed
        )

    def violated(self, text: str) -> Rule | None:
        """The first rule that blocks a text, or None."""
        found = self._found(text)
        return next((rule for rule in self.rules if rule.applies(found)), None) if found else None

    def _found(self, text: str) -> set[Phrase]:
        read = self._vocabulary.read(text)
        for start, phrase in list(_occurrences(read, self._allowed)):
            read[start : start + len(phrase)] = [""] * len(phrase)
        return {phrase for _, phrase in _occurrences(read, self._blocked)}


def _matches(pattern: re.Pattern[str], lines: Iterable[str]) -> list[tuple[str, str]]:
    return [(m[1], m[2]) for line in lines if (m := pattern.fullmatch(line))]


def _phrases(written: Iterable[str]) -> frozenset[Phrase]:
    return frozenset(phrase for entry in written if (phrase := spelling(entry)))


def _rule(line: str, groups: dict[str, frozenset[Phrase]]) -> Rule:
    return Rule(line, tuple(_part(part.strip(), line, groups) for part in line.split("+")))


def _part(part: str, line: str, groups: dict[str, frozenset[Phrase]]) -> frozenset[Phrase]:
    group = _PART.fullmatch(part)
    phrases = groups.get(group[1], frozenset()) if group else _phrases([part])
    if not phrases:
        raise BadBlocklist(f"The blocklist's line {line!r} holds {part!r}, which has no words.")
    return phrases


def _by_first_word(phrases: Iterable[Phrase]) -> dict[str, list[Phrase]]:
    index: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        index.setdefault(phrase[0], []).append(phrase)
    return index


def _occurrences(read: list[str], index: dict[str, list[Phrase]]) -> Iterator[tuple[int, Phrase]]:
    for start, word in enumerate(read):
        for phrase in index.get(word, ()):
            if tuple(read[start : start + len(phrase)]) == phrase:
                yield start, phrase
