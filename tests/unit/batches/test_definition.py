"""A definition is understood, or everything that is wrong with it is told at once and in place."""

import pytest

from chalicelib.batches.seed_data.model import lacking
from chalicelib.batches.seed_data.samples import samples as sample_data
from chalicelib.batches.templates.definition import check
from chalicelib.batches.templates.model import Step
from chalicelib.batches.templates.problems import Refused
from chalicelib.batches.templates.samples import samples

CONTRACT = """\
name: Product pictures
steps:
  - id: brief                 # ^[a-z][a-z0-9_]{0,31}$
    model: Claude Sonnet      # a text model's name or index
    prompt: |
      In 40 words, a photo brief for {{ product.name }}. {% if product.dark %}Moody.{% endif %}
    max_tokens: 200           # default 500
    schema: {type: object, properties: {title: {type: string}}}
  - id: picture
    kind: image               # text (default) | image | judge
    models: all               # or a list; a batch may narrow it
    prompt: "{{ steps.brief.output }}, {{ product.style | writing_style }}"
    aspect_ratio: 3:2
    when: "product.draw"      # expression; false skips the step
  - id: check
    kind: judge
    of: picture
    tier: tier-1
    prompt: "Does it show {{ product.name }}?"
"""
STEP = "name: x\nsteps:\n  - id: a\n    tier: cheap\n    prompt: hello\n"
IMAGE = "name: x\nsteps:\n  - id: a\n    kind: image\n    prompt: hello\n"
JUDGE = IMAGE + "  - id: j\n    kind: judge\n    tier: cheap\n    prompt: fine?\n"


def problems(text: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        check(text)
    return [f"{p.place.line}:{p.place.column} {p.field} {p.problem}" for p in caught.value.problems]


def test_the_contracts_example_is_understood() -> None:
    template = check(CONTRACT)
    assert template.name == "Product pictures"
    assert template.requires == ("product.dark", "product.draw", "product.name", "product.style")
    brief, picture, judge = template.steps
    assert (brief.kind, brief.model, brief.tier) == ("text", "Claude Sonnet", None)
    assert brief.max_tokens == 200
    assert picture == Step(
        id="picture",
        kind="image",
        prompt="{{ steps.brief.output }}, {{ product.style | writing_style }}",
        when="product.draw",
        settings={"aspect_ratio": "3:2"},
    )
    assert (judge.of, judge.tier, judge.max_tokens) == ("picture", "cheap", 500)


def test_everything_is_told_at_once_in_the_order_of_the_text() -> None:
    broken = CONTRACT.replace("name: P", "nmae: P").replace("model: C", "modle: C")
    broken = broken.replace("{{ product.style | w", "{{ product.style | q").replace("of:", "off:")
    found = problems(broken.replace("product.draw", "product.draw and"))
    assert [line.split(" ")[:2] for line in found] == [
        ["1:1", "name"],
        ["1:7", "nmae"],
        ["3:5", "steps[0]"],
        ["4:12", "steps[0].modle"],
        ["12:14", "steps[1].prompt"],
        ["14:12", "steps[1].when"],
        ["15:5", "steps[2].of"],
        ["17:10", "steps[2].off"],
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "1:1 definition must be an object with name and steps"),
        ("name: x", "1:1 steps must be a list of 1 to 20 steps"),
        ("name: x\nsteps: []", "2:8 steps must be a list of 1 to 20 steps"),
        ("name: x\nsteps: [7]", "2:9 steps[0] must be an object with id and prompt"),
        (STEP.replace("x", "''"), "1:7 name must be a text of 1 to 100 characters"),
        (STEP.replace("x", "[]"), "1:7 name must be a text"),
        (STEP.replace("x", "y" * 101), "1:7 name must be a text"),
        (STEP + "extra: 1\n", "6:8 extra is unknown"),
        (STEP.replace("id: a", "id: A"), "3:9 steps[0].id must be 1 to 32 small letters"),
        (STEP.replace("id: a", "id: " + "a" * 33), "3:9 steps[0].id must be 1 to 32"),
        (STEP.replace("id: a", "id: 7"), "3:9 steps[0].id must be 1 to 32"),
        (STEP + "  - {id: a, tier: cheap, prompt: x}\n", "6:10 steps[1].id is a, like an"),
        (STEP.replace("hello", "''"), "5:13 steps[0].prompt must be a text of 1 to 16000"),
        (STEP.replace("hello", "h" * 16_001), "5:13 steps[0].prompt must be a text"),
        (STEP.replace("hello", "7"), "5:13 steps[0].prompt must be a text"),
        (STEP.replace("hello", "'{{ a'"), "5:14 steps[0].prompt unexpected end"),
        (STEP.replace("hello", '"{{ a | uper }}"'), "5:14 steps[0].prompt there is no filter"),
        (STEP.replace("hello", "'{{ steps.b.output }}'"), "steps[0].prompt steps.b.output is no"),
        (STEP.replace("hello", "'{{ steps.a.output }}'"), "steps[0].prompt steps.a.output is no"),
        (STEP.replace("hello", "'{{ steps }}'"), "steps must be followed by a step's id"),
        (STEP.replace("hello", "'{{ " + "(" * 4000 + "'"), "nests too deeply"),
        (STEP.replace("tier: cheap", "tier: gold"), "4:11 steps[0].tier must be one of cheap"),
        (STEP.replace("tier: cheap", "tier: [x]"), "4:11 steps[0].tier must be one of"),
        (STEP.replace("tier: cheap", "model_tier: x"), "4:17 steps[0].model_tier must be one of"),
        (STEP.replace("tier: cheap", "model: 0"), "4:12 steps[0].model must be a text model's"),
        (STEP.replace("tier: cheap", "model: true"), "4:12 steps[0].model must be a text model's"),
        (STEP.replace("tier: cheap", "model: ''"), "4:12 steps[0].model must be a text model's"),
        (STEP + "    model: x\n", "3:5 steps[0] must have either a model or a tier"),
        (STEP.replace("    tier: cheap\n", ""), "3:5 steps[0] must have either a model or a tier"),
        (STEP + "    max_tokens: 0\n", "6:17 steps[0].max_tokens must be a whole number from 1"),
        (STEP + "    max_tokens: 32001\n", "6:17 steps[0].max_tokens must be a whole number"),
        (STEP + "    max_tokens: 1.5\n", "6:17 steps[0].max_tokens must be a whole number"),
        (STEP + "    max_tokens: many\n", "6:17 steps[0].max_tokens must be a whole number"),
        (STEP + "    kind: video\n", "6:11 steps[0].kind must be one of text, image, judge"),
        (STEP + "    kind: [image]\n", "6:11 steps[0].kind must be one of"),
        (STEP + "    schema: 7\n", "6:13 steps[0].schema must be a JSON Schema"),
        (STEP + "    schema: {type: objekt}\n", "6:20 steps[0].schema.type is no JSON Schema"),
        (STEP + "    schema: {type: array}\n", "6:20 steps[0].schema.type must be object"),
        (STEP + "    schema: {$ref: 'http://x/y'}\n", "6:20 steps[0].schema.$ref must refer to"),
        (STEP + "    schema: {$schema: 'http://x'}\n", "6:23 steps[0].schema.$schema must be"),
        (
            STEP + "    schema: {properties: {a: {pattern: '('}}}\n",
            "6:40 steps[0].schema.properties.a.pattern is no regular expression",
        ),
        (STEP + "    when: 7\n", "6:11 steps[0].when must be a text of 1 to 500 characters"),
        (STEP + "    when: 'a b'\n", "6:12 steps[0].when the expression should end here"),
        (STEP + "    when: 'a }} {{ b'\n", "6:12 steps[0].when"),
        (STEP + "    aspect_ratio: 1:1\n", "6:19 steps[0].aspect_ratio does not belong to a"),
        (IMAGE + "    tier: cheap\n", "6:11 steps[0].tier does not belong to a step of the kind"),
        (IMAGE + "    aspect_ratio: 5:4\n", "6:19 steps[0].aspect_ratio must be one of 1:1, 16:9"),
        (IMAGE + "    seed: -1\n", "6:11 steps[0].seed must be a whole number from 0 to"),
        (IMAGE + "    seed: 4294967295\n", "6:11 steps[0].seed must be a whole number"),
        (IMAGE + "    steps: 0\n", "6:12 steps[0].steps must be a whole number from 1 to 100"),
        (IMAGE + "    guidance: 20.5\n", "6:15 steps[0].guidance must be a number from 0 to 20"),
        (IMAGE + "    guidance: true\n", "6:15 steps[0].guidance must be a number"),
        (IMAGE + f"    negative_prompt: {'n' * 1001}\n", "6:22 steps[0].negative_prompt must be"),
        (IMAGE + "    quality: très haute\n", "6:14 steps[0].quality must be a word"),
        (IMAGE + "    models: []\n", "6:13 steps[0].models must be all, or a list"),
        (IMAGE + "    models: some\n", "6:13 steps[0].models must be all, or a list"),
        (IMAGE + "    models: [1, 1]\n", "6:13 steps[0].models names the same model twice"),
        (IMAGE + "    models: [21]\n", "6:13 steps[0].models must be all, or a list"),
        (JUDGE, "6:5 steps[1].of must be an earlier image step (a)"),
        (JUDGE + "    of: j\n", "10:9 steps[1].of must be an earlier image step (a)"),
        (JUDGE + "    of: [a]\n", "10:9 steps[1].of must be an earlier image step (a)"),
        (JUDGE + "    of: a\n    schema: {}\n", "11:13 steps[1].schema does not belong to a"),
        ("template:\n  name: x\n  steps: 7\n", "3:10 template.steps must be a list"),
        (
            "template:\n  schema_requirements: x\n  name: x\n"
            + "  "
            + STEP[8:].replace("\n", "\n  "),
            "2:24 template.schema_requirements must be a list of paths",
        ),
    ],
)
def test_what_is_wrong_with_each_field_is_told_in_its_place(text: str, told: str) -> None:
    found = problems(text)
    assert any(told in line for line in found), found


def test_a_long_list_of_problems_ends() -> None:
    many = "".join(f"  - {{a{i}: 1, b{i}: 2, c{i}: 3, d{i}: 4}}\n" for i in range(20))
    assert len(problems(f"name: x\nsteps:\n{many}")) == 100


def test_the_shipped_samples_have_rows_that_have_all_they_require() -> None:
    found = samples()
    assert set(found) == {"sample-creative-writing", "sample-product-pictures"}
    for name, sample in found.items():
        data, template = sample_data()[name].manifest, sample.version.template
        assert data.rows >= 3
        assert template.requires
        assert lacking(data.paths, data.rows, template.requires) == []


def test_the_originals_own_example_is_understood_as_it_was_written() -> None:
    template = samples()["sample-creative-writing"].version.template
    assert template.requires == ("author.biography", "author.name", "day.notes", "poem.text")
    assert [(s.id, s.model) for s in template.steps] == [
        ("outline", "llama-3.1-8b"),
        ("expand", "claude-sonnet"),
        ("summary", "llama-3.1-8b"),
    ]
