"""The answers of simulated text models: prompt enhancement and moderation verdicts."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from dataclasses import dataclass

from devstack.simulators.faults import marks_in, without_marks
from devstack.simulators.fitting import fitting, schema_in

BLOCKED_WORD = "forbidden-by-judge"
LONG_PROMPT_WORDS = 40
PICTURE_TOKENS = 1_200

_MAGIC = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"RIFF", b"GIF8")
"""How the pictures begin that text models can be shown: PNG, JPEG, WebP, GIF."""
_COMPOSITION = (
    "The subject stands slightly off centre and is framed by generous empty space",
    "The view is wide and low, so that the subject rises against the sky",
    "The scene is seen from a gentle height, with a clear path for the eye",
    "The subject fills the middle ground, with soft shapes before and behind it",
)
_LIGHT = (
    "lit by a low golden sun that draws long shadows across the ground",
    "under a pale overcast sky that keeps every shadow soft",
    "in the last blue light of the evening, with one warm window far away",
    "with clean morning light that falls from the left and glows at the edges",
)
_COLOUR = (
    "The palette moves from deep teal to warm apricot, with a single bright accent",
    "The colours are muted earth tones, lifted by one clear red",
    "Indigo and violet meet a thin band of amber near the horizon",
    "Soft greens and creams carry the picture, with fine dark lines for contrast",
)
_DETAIL = (
    "Fine texture is visible in the foreground, while the distance dissolves into haze",
    "Small true details reward a closer look, and nothing crowds the main shape",
    "Edges are crisp where the eye should rest and loose everywhere else",
    "The surfaces feel real: worn wood, cool stone, a trace of dust in the air",
)
_MOOD = (
    "The mood is calm and expectant",
    "The mood is playful and warm",
    "The mood is quiet and vast",
)


@dataclass(frozen=True)
class Reply:
    """A text answer with its tokens."""

    text: str
    input_tokens: int
    output_tokens: int


def reply_to(system: str, user: str, picture: bytes = b"") -> Reply:
    """Return what the system text asks for: a verdict, JSON, or else the prompt enlarged."""
    schema = schema_in(system)
    if schema is not None:
        seen = hashlib.sha256(f"{system}\n{user}".encode(errors="replace") + picture).digest()
        text = json.dumps(fitting(schema, random.Random(seen)))
    elif "ALLOW" in system and "BLOCK" in system:
        text = verdict(user)
    else:
        text = enhance(user)
    read = tokens_of(f"{system} {user}") + (PICTURE_TOKENS if picture else 0)
    return Reply(text, read, tokens_of(text))


def picture_in(encoded: str) -> bytes:
    """Return the bytes of a base64 text that is a picture, else nothing."""
    try:
        data = base64.b64decode(encoded, validate=True)
    except ValueError:
        return b""
    return data if data.startswith(_MAGIC) else b""


def verdict(text: str) -> str:
    """Return `BLOCK` for a text that holds the blocked word, else `ALLOW`."""
    return "BLOCK" if BLOCKED_WORD in text else "ALLOW"


def enhance(text: str) -> str:
    """Return the prompt in 60 to 100 words (more if it is long), marked as simulated."""
    prompt = _without_tags(without_marks(text)).rstrip(".!?, ")
    choose = random.Random(hashlib.sha256(prompt.encode(errors="replace")).digest())
    sentences = [f"{prompt}, {choose.choice(_LIGHT)}", choose.choice(_COMPOSITION)]
    if len(prompt.split()) <= LONG_PROMPT_WORDS:
        sentences += [choose.choice(_COLOUR), choose.choice(_DETAIL)]
    sentences.append(f"{choose.choice(_MOOD)} (simulated enhancement)")
    return " ".join([*(f"{sentence}." for sentence in sentences), *marks_in(text)])


def tokens_of(text: str) -> int:
    """Return about as many tokens as a tokenizer would count."""
    return max(1, len(text) // 4)


def _without_tags(text: str) -> str:
    return " ".join(re.sub(r"</?[A-Za-z][\w-]{0,30}>", " ", text).split())
