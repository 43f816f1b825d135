"""The text of a definition: values as people mean them, places, and bounds on everything."""

import json
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.batches.templates.problems import Place, Refused
from chalicelib.batches.templates.source import MOST_ALIASES, MOST_BYTES, field_name, read


def is_word(text: str) -> bool:
    """Return False for what YAML 1.2 reads as a number and a writer of 1.1 leaves plain: 1e3."""
    try:
        float(text)
    except ValueError:
        return True
    return False


CHARACTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"))
TEXT = st.text(CHARACTERS, max_size=30).filter(is_word)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]" for i in range(5)
)


@given(VALUES)
def test_json_is_read_as_json(value: object) -> None:
    for text in (json.dumps({"a": value}), json.dumps({"a": value}, indent="\t")):
        document = read(text)
        assert document.value == {"a": value}
        assert document.problems == ()


@given(VALUES)
def test_what_yaml_writes_is_read_back(value: object) -> None:
    written = yaml.safe_dump({"a": value}, allow_unicode=True)
    assert read(written).value == {"a": value}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3:2", "3:2"),
        ("no", "no"),
        ("on", "on"),
        ("2024-01-01", "2024-01-01"),
        ("0o7", "0o7"),
        ("1_000", "1_000"),
        ("007", 7),
        ("1e3", 1000.0),
        ("-0.5", -0.5),
        ("True", True),
        ("~", None),
        ('"3"', "3"),
    ],
)
def test_plain_values_are_what_people_mean(written: str, meant: object) -> None:
    found = read(f"a: {written}").value["a"]
    assert (found, type(found)) == (meant, type(meant))


def test_every_value_has_its_place() -> None:
    document = read("name: x\nsteps:\n  - id: a\n    prompt: |\n      one\n\n      three\n")
    prompt = document.found(("steps", 0, "prompt"))
    assert prompt.place == Place(4, 13)
    assert [prompt.at(line) for line in (1, 3)] == [Place(5, 7), Place(7, 7)]
    assert document.found(("steps", 0, "nothing", "there")).place == Place(3, 5)
    assert field_name(("steps", 1, "prompt")) == "steps[1].prompt"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("# nothing", "is empty"),
        ("x" * (MOST_BYTES + 1), "larger than 64 KB"),
        ("é" * (MOST_BYTES // 2 + 1), "larger than 64 KB"),
        ("a: [1, 2\nb: 3", "cannot be read"),
        ('{"a": 1', "cannot be read"),
        ("a: \x00", "characters that no text has"),
        ("a: 1\n---\nb: 2", "cannot be read"),
        ("[" * 60_000, "levels"),
        ("{a: " * 15_000, "levels"),
        ("- " * 30_000, "levels"),
        ("? " * 30_000, "levels"),
        ("\n".join(" " * i + "a:" for i in range(300)), "levels"),
        ("[" + "1," * 30_000 + "]", "values"),
        ("a: &a [1]\nb: [" + "*a," * (MOST_ALIASES + 1) + "]", "aliases"),
        (LAUGHS, "values"),
        ("a: &a [*a]", "contains itself"),
        ("a: &a {b: *a}", "contains itself"),
    ],
)
def test_what_is_no_definition_is_refused_quickly(text: str, said: str) -> None:
    began = time.process_time()
    with pytest.raises(Refused) as caught:
        read(text)
    [problem] = caught.value.problems
    assert said in problem.problem
    assert problem.field == "definition"
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("a: !!python/object/apply:os.system [x]", "a", "tag"),
        ("a: !!binary aGk=", "a", "tag"),
        ("a: &a {b: 1}\nc: {<<: *a}", "c", "plain text"),
        ("a: 1\na: 2", "a", "twice"),
        ("? [a]\n: b", "definition", "name"),
        ("a: .nan", "a", "finite"),
        ("a: 1e999", "a", "too large"),
        ('{"a": "\\ud800"}', "a", "half of a character"),
    ],
)
def test_other_faults_are_told_with_the_rest(text: str, field: str, said: str) -> None:
    [problem] = read(text).problems
    assert problem.field == field
    assert said in problem.problem


def test_large_characters_of_json_are_whole() -> None:
    assert read('{"a": "\\ud83d\\ude00"}').value == {"a": "😀"}
