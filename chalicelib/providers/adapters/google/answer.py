"""What Gemini answered, read as far as it is understood.

The SDK's own models refuse the whole answer for one field that they do not expect, such as base64
with line breaks or an unknown word in the usage; the picture in it is paid for all the same.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.providers.transport.decoding import decoded

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Usage:
    """Tokens of one call: the pictures' among those of the answer, thoughts beside them."""

    prompt: int
    answer: int
    thoughts: int
    pictures: int


@dataclass(frozen=True)
class Answer:
    """The first candidate of an answer, and what was said about the whole."""

    fields: Fields

    @classmethod
    def read(cls, body: str) -> "Answer":
        """Read the JSON of an answer; raise ValueError for anything but an object."""
        try:
            found = json.loads(body)
        except RecursionError:
            found = None
        if not isinstance(found, dict):
            raise ValueError("not a JSON object")
        return cls(found)

    @property
    def is_blocked(self) -> bool:
        """Return whether the prompt itself was refused."""
        return bool(_mapping(self.fields.get("promptFeedback")).get("blockReason"))

    @property
    def end(self) -> str | None:
        """Return the name of the answer's end, None where it has none."""
        reason = self._candidate.get("finishReason")
        return str(reason).upper() if reason else None

    @property
    def texts(self) -> list[str]:
        """Return the words of the answer, without the thoughts."""
        found = (part.get("text") for part in self._parts())
        return [text for text in found if isinstance(text, str) and text]

    def pictures(self) -> Iterator[bytes]:
        """Yield the bytes of every picture, drafts in the thoughts left out."""
        for part in self._parts():
            inline = _mapping(part.get("inlineData") or part.get("inline_data"))
            if data := decoded(inline.get("data")):
                yield data

    @property
    def usage(self) -> Usage | None:
        """Return the tokens that were counted, None where nothing is said of them."""
        usage = _mapping(self.fields.get("usageMetadata"))
        if not usage:
            return None
        details = _mappings(usage.get("candidatesTokensDetails"))
        drawn = (d for d in details if str(d.get("modality")).upper() == "IMAGE")
        return Usage(
            prompt=_count(usage.get("promptTokenCount")),
            answer=_count(usage.get("candidatesTokenCount")),
            thoughts=_count(usage.get("thoughtsTokenCount")),
            pictures=sum(_count(detail.get("tokenCount")) for detail in drawn),
        )

    @property
    def _candidate(self) -> Fields:
        return next(iter(_mappings(self.fields.get("candidates"))), {})

    def _parts(self) -> Iterator[Fields]:
        content = _mapping(self._candidate.get("content"))
        for part in _mappings(content.get("parts")):
            if not part.get("thought"):
                yield part


def _mapping(found: object) -> Fields:
    return found if isinstance(found, Mapping) else {}


def _mappings(found: object) -> list[Fields]:
    listed = found if isinstance(found, list) else []
    return [each for each in listed if isinstance(each, Mapping)]


def _count(found: object) -> int:
    """Return a number of tokens; int64 is a string in Google's JSON."""
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 19:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0
