"""What counts as a prompt."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from pydantic import ValidationError

from chalicelib.routes.requests import EnhanceRequest, GenerateRequest

INVISIBLE = [
    "\u200b",
    "\ufeff",
    "\u00ad",
    "\u3164",
    "\u115f\u1160\uffa0",
    "\u034f\ufe0f\U000e0100",
    "\u202e\u2066\u2069",
    "\U000e0041\U000e007f",
    " \u200d\n\u2060\t",
    "\u180e\u17b4",
    "\u2800",
    "\x00\x7f",
]
VISIBLE = ["x", "\u200bx\u200b", "👩\u200d🚀", "❤\ufe0f", "한글", "\u0301", "\ue000", "…"]
PATTERN = re.compile(GenerateRequest.model_json_schema()["properties"]["prompt"]["pattern"])


@pytest.mark.parametrize("text", INVISIBLE, ids=ascii)
def test_a_prompt_of_invisible_characters_is_empty(text: str) -> None:
    for body in (GenerateRequest, EnhanceRequest):
        with pytest.raises(ValidationError):
            body(prompt=text)
    assert not PATTERN.search(text)


@pytest.mark.parametrize("text", VISIBLE, ids=ascii)
def test_invisible_characters_around_or_within_a_text_are_kept(text: str) -> None:
    assert GenerateRequest(prompt=text).prompt == text
    assert PATTERN.search(text)


def test_a_negative_prompt_of_invisible_characters_is_none() -> None:
    request = GenerateRequest.model_validate({"prompt": "A fox", "negativePrompt": "\u200b \ufeff"})
    assert request.submission().parameters.negative_prompt == ""


def test_no_control_or_format_character_is_a_prompt() -> None:
    """The list is written down; a newer Unicode may have more to add."""
    unseen = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
    ]
    assert [char for char in unseen if PATTERN.search(char)] == []
