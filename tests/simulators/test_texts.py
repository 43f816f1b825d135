import json

import jsonschema
import pytest

from devstack.simulators.texts import enhance, reply_to


@pytest.mark.parametrize("prompt", ["a cat", "a lighthouse on a cliff at dusk, oil on canvas"])
def test_an_enhanced_prompt_has_60_to_100_words_and_says_what_it_is(prompt: str) -> None:
    text = enhance(prompt)

    assert text.startswith(prompt)
    assert 60 <= len(text.split()) <= 100
    assert "simulated" in text


def test_enhancing_is_the_same_every_time_and_different_for_other_prompts() -> None:
    assert enhance("a cat") == enhance("a cat")
    assert len({enhance(f"cat {number}")[10:] for number in range(20)}) > 5


def test_marks_survive_so_that_the_enhanced_prompt_fails_in_the_same_way() -> None:
    assert enhance("a cat [[bfl:hang]]").endswith("[[bfl:hang]]")


def test_tags_around_the_prompt_are_left_out() -> None:
    assert enhance("<prompt>a cat</prompt>").startswith("a cat,")


def test_a_judge_blocks_the_forbidden_word_and_allows_the_rest() -> None:
    judge = "Answer with one word, ALLOW or BLOCK."

    assert reply_to(judge, "a cat").text == "ALLOW"
    assert reply_to(judge, "a forbidden-by-judge cat").text == "BLOCK"


def test_a_reply_counts_tokens_of_what_was_read_and_written() -> None:
    reply = reply_to("Be kind.", "a cat")

    assert reply.output_tokens > reply.input_tokens > 0


SCHEMA = {
    "type": "object",
    "required": ["mood", "marks", "parts", "sure", "size"],
    "properties": {
        "mood": {"enum": ["calm", "wild"]},
        "marks": {"type": "integer", "minimum": 3, "maximum": 5},
        "parts": {"type": "array", "minItems": 3, "items": {"type": "string", "minLength": 90}},
        "sure": {"type": "boolean"},
        "size": {"type": ["number", "null"], "minimum": 2},
        "note": {"type": "string", "maxLength": 7},
    },
}


@pytest.mark.parametrize("prompt", ["a cat", "a dog", "a fox"])
def test_an_answer_fits_the_schema_that_is_told(prompt: str) -> None:
    system = f"Answer with one JSON object that fits this JSON Schema.\n{json.dumps(SCHEMA)}"
    reply = reply_to(system, prompt)
    jsonschema.validate(json.loads(reply.text), SCHEMA)
    assert reply == reply_to(system, prompt)


def test_a_picture_that_is_shown_counts_and_decides() -> None:
    system = f"JSON Schema\n{json.dumps(SCHEMA)}"
    answers = {reply_to(system, "fine?", bytes([n])).text for n in range(20)}
    assert len(answers) > 10
    assert reply_to(system, "fine?", b"x").input_tokens > reply_to(system, "fine?").input_tokens
