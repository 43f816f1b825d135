"""The filters of prompts: the same for the same, and nothing for nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.batches.templates.filters import (
    NoText,
    extract_keywords,
    random_sentence,
    tokens_of,
    truncate_tokens,
    writing_style,
)

STORY = "The harbour was quiet. Boats slept! Who would wake them? The harbour kept its boats."


def test_a_sentence_is_drawn_by_row_and_step() -> None:
    drawn = {random_sentence(STORY, f"{row}:outline") for row in range(40)}
    assert drawn == {
        "The harbour was quiet.",
        "Boats slept!",
        "Who would wake them?",
        "The harbour kept its boats.",
    }
    assert random_sentence(STORY, "7:outline") == random_sentence(STORY, "7:outline")


@given(st.text(max_size=200), st.text(max_size=5))
def test_a_drawn_sentence_is_one_of_the_text(text: str, seed: str) -> None:
    assert random_sentence(text, seed) in text
    assert random_sentence(text, seed) == random_sentence(text, seed)


@given(st.text(max_size=200), st.integers(0, 50))
def test_a_cut_text_is_a_beginning_with_no_more_tokens(text: str, most: int) -> None:
    cut = truncate_tokens(text, most)
    assert text.startswith(cut)
    assert tokens_of(cut) <= most
    assert cut == text or tokens_of(cut) == most


@given(st.text(max_size=200))
def test_a_token_has_a_character_at_least(text: str) -> None:
    assert 0 <= tokens_of(text) <= len(text)


def test_tokens_are_about_as_many_as_models_count() -> None:
    assert 18 <= tokens_of(STORY) <= 26


def test_keywords_are_the_words_that_the_text_uses_most() -> None:
    assert extract_keywords(STORY, 2) == "harbour, boats"
    assert extract_keywords(STORY, 0) == ""
    assert extract_keywords("Über den Flüssen, über den Seen", 1) == "über"


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("Critics call her Wry, terse and wry.", "wry, terse"),
        ("He ran. He fell. He rose.", "short sentences"),
        ("I went home! Why did my dog bark?", "short sentences, first person, questions"),
        ("", "plain"),
    ],
)
def test_a_style_is_named_or_else_measured(text: str, style: str) -> None:
    assert writing_style(text).startswith(style)


@pytest.mark.parametrize("value", [None, True, {"a": 1}])
def test_what_is_no_text_is_refused(value: object) -> None:
    for call in (writing_style, lambda v: random_sentence(v, ""), extract_keywords):
        with pytest.raises(NoText):
            call(value)


@pytest.mark.parametrize("most", [-1, 1.5, "3", True, None, 10**9])
def test_what_is_no_count_is_refused(most: object) -> None:
    for call in (truncate_tokens, extract_keywords):
        with pytest.raises(NoText):
            call("a text", most)


def test_numbers_and_lists_are_texts() -> None:
    assert truncate_tokens(1234, 9) == "1234"
    assert extract_keywords(["red boat", "red"], 1) == "red"
