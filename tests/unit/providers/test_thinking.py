import pytest

from chalicelib.providers.thinking import answer_in, spoken


@pytest.mark.parametrize(
    "text",
    [
        "A red kite",
        "<think>A kite? Blue is dull.</think> A red kite",
        "<think>\nLine one.\n\nLine two.\n</think>\n\nA red kite",
        "<THINKING reason='long'>hm</THINKING>A red kite",
        "<thought>hm</thought><reflection>ha</reflection> A red kite",
        "[THINK]hm[/THINK] A red kite",
        "◁think▷hm◁/think▷A red kite",
        "<seed:think>hm</seed:think>A red kite",
        "<|begin_of_thought|>hm<|end_of_thought|>A red kite",
        "The person wants a kite.</think>A red kite",
        "<think>I close with </think> and I think</think>A red kite",
        "<think>One <think> is not enough</think>A red kite",
        "A red kite <think>or a blue one",
        "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>"
        "A red kite<|return|>",
    ],
)
def test_the_answer_is_found_beside_the_thoughts(text: str) -> None:
    assert spoken(text) == "A red kite"


def test_words_on_both_sides_of_a_thought_stay() -> None:
    assert spoken("A red kite <think>hm</think> over the sea") == "A red kite over the sea"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<think>A red kite</think>",
        "<think>A red kite",
        "<think></think>\n",
        "A red kite</think>",
        "<|channel|>analysis<|message|>A red kite<|end|>",
    ],
)
def test_thoughts_alone_are_no_answer(text: str) -> None:
    assert spoken(text) == ""


@pytest.mark.parametrize(
    "text", ["a statue of The Thinker", "x < y and [[bfl:hang]]", "a <b> c", "I think, therefore"]
)
def test_other_brackets_and_words_stay(text: str) -> None:
    assert spoken(text) == text


def test_a_long_answer_of_nothing_but_tags_is_read_at_once() -> None:
    assert spoken("<think>" * 50_000 + "<think " * 50_000) == ""


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        ([{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "A lamp."}], "A lamp."),
        ([{"type": "reasoning", "text": "hm"}, {"type": "output_text", "text": "Ah"}], "Ah"),
        ([{"text": "A "}, {"text": "lamp"}], "A lamp"),
        ([{"type": "text", "text": "<think>hm</think>A lamp"}], "A lamp"),
        ([{"type": "text", "text": None}, "A lamp", 7], ""),
        (None, ""),
        (7, ""),
    ],
)
def test_the_answer_among_parts_is_found_and_the_thinking_is_not(
    content: object, answer: str
) -> None:
    assert answer_in(content) == answer
