"""Prompts are rendered in a process of their own, which the parent survives whatever it does."""

from collections.abc import Iterator

import pytest

from chalicelib.batches.templates.definition import check
from chalicelib.batches.templates.renderer import NotRendered, Prompt, Renderer
from chalicelib.batches.templates.samples import samples
from chalicelib.batches.templates.trial import stand_in, try_rows

ROW = {"product": {"name": "a lamp", "items": [1, {"a": "x"}], "dark": False, "_id": 7}}


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as opened:
        yield opened


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("{{ product.name }}!", "a lamp!"),
        ("{{ product.items | length }}{{ product['_id'] }}{{ product._id }}", "277"),
        (
            "{{ product | tojson }}",
            '{"name": "a lamp", "items": [1, {"a": "x"}], "dark": false, "_id": 7}',
        ),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(product.name) }}", "<a lamp>"),
        ("{% for k, v in product.items() %}{{ k }}{% endfor %}", None),
        ("{{ product.colour | default('red') }}", "red"),
        ("{{ 'Ä & ü' | upper | title }}", "Ä & Ü"),
    ],
)
def test_a_prompt_is_rendered(renderer: Renderer, prompt: str, text: str | None) -> None:
    if text is None:  # The row's own `items` come first, and are no function.
        with pytest.raises(NotRendered, match="not callable"):
            renderer.render(prompt, ROW, "0:a")
    else:
        assert renderer.render(prompt, ROW, "0:a") == text


@pytest.mark.parametrize(
    ("prompt", "path"),
    [
        ("\n{{ product.colour }}", "product.colour is missing"),
        ("\n{{ product.items[1].b.c }}", "product.items[1].b is missing"),
        ("\n{{ product.items[9] }}", "product.items[9] is missing"),
        ("\n{{ colour }}", "colour is missing"),
        ("\n{% if product.colour %}{% endif %}", "product.colour is missing"),
        ("\n{% for x in product.colours %}{% endfor %}", "product.colours is missing"),
        ("\n{{ product.colour | writing_style }}", "product.colour is missing"),
        ("\n{{ product.colour | extract_keywords }}", "product.colour is missing"),
        ("\n{{ product.dark | truncate_tokens(3) }}", "needs a text and got true or false"),
    ],
)
def test_what_is_missing_is_named_with_its_path_and_line(
    renderer: Renderer, prompt: str, path: str
) -> None:
    with pytest.raises(NotRendered) as caught:
        renderer.render(prompt, ROW, "0:a")
    assert path in caught.value.problem
    assert caught.value.line == 2


@pytest.mark.parametrize(
    "prompt",
    [
        "\n{{ product.note }}",
        "\n{{ product.note | upper }}",
        "\n{{ product.note | trim }}",
        "\n{{ product.note | writing_style }}",
        "\n{{ product.note | replace('a', 'b') }}",
        "\n{{ [product.note] | map('title') | first }}",
    ],
)
def test_null_is_never_taken_for_a_text(renderer: Renderer, prompt: str) -> None:
    row = {"product": {"name": "Cup", "note": None}}
    with pytest.raises(NotRendered) as caught:
        renderer.render(prompt, row, "0:a")
    assert caught.value.problem == "null is printed: the row has it at product.note"
    assert caught.value.line == 2


def test_what_is_null_may_be_asked_for_and_have_a_default(renderer: Renderer) -> None:
    prompt = "{% if not product.note %}{{ product.note | default('none', true) }}{% endif %}"
    assert renderer.render(prompt, {"product": {"note": None}}, "0:a") == "none"


def test_an_expression_holds_or_not_and_what_is_missing_is_an_error(renderer: Renderer) -> None:
    assert renderer.holds("product.name and not product.dark", ROW, "0:a")
    assert not renderer.holds("product.dark", ROW, "0:a")
    with pytest.raises(NotRendered, match=r"product\.draw is missing"):
        renderer.holds("product.draw", ROW, "0:a")


def test_lots_are_drawn_by_row_and_step(renderer: Renderer) -> None:
    text = {"t": "One. Two. Three. Four. Five."}
    drawn = [renderer.render("{{ t | random_sentence }}", text, f"{n}:a") for n in range(20)]
    assert len(set(drawn)) > 1
    assert drawn[7] == renderer.render("{{ t | random_sentence }}", text, "7:a")


def test_the_next_prompt_is_rendered_after_one_that_had_to_be_ended() -> None:
    loop = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"
    with Renderer(seconds=0.5) as renderer:
        for _ in range(2):
            with pytest.raises(NotRendered, match=r"longer than 0\.5 s"):
                renderer.render(loop, {}, "0:a")
    with Renderer() as renderer:
        assert renderer.render("fine", {}, "0:a") == "fine"


def test_samples_are_rendered_for_their_rows(renderer: Renderer) -> None:
    for sample in samples().values():
        template = sample.version.template
        trial = try_rows(template, sample.rows, renderer)
        assert trial.problems == []
        assert len(trial.rendered) == len(sample.rows) * len(template.steps)
        assert all(each.tokens > 3 for each in trial.rendered)


def test_a_step_that_is_skipped_is_told_and_one_that_fails_ends_its_row(renderer: Renderer) -> None:
    text = (
        "name: x\nsteps:\n"
        "  - {id: a, tier: cheap, prompt: 'for {{ n }}', when: n > 1}\n"
        "  - {id: b, kind: image, prompt: '{{ steps.a.output }}', aspect_ratio: 1:1}\n"
        "  - {id: c, tier: cheap, prompt: '{{ steps.b.output[0].url }}'}\n"
    )
    trial = try_rows(check(text), [{"n": 1}, {"n": 2}], renderer)
    told = [(each.row, each.step, each.skipped) for each in trial.rendered]
    assert told == [(0, "a", True), (1, "a", False), (1, "b", False), (1, "c", False)]
    [problem] = trial.problems
    assert (problem.row, problem.step, problem.problem) == (0, 1, "steps.a is missing")


@pytest.mark.parametrize(
    ("prompt", "said"), [("{{ '' }} ", "comes out empty"), ("{{ 'x' * 1001 }}", "1001 characters")]
)
def test_a_prompt_that_no_model_takes_is_told(renderer: Renderer, prompt: str, said: str) -> None:
    template = check(f'name: x\nsteps:\n  - {{id: a, kind: image, prompt: "{prompt}"}}\n')
    [problem] = try_rows(template, [{}], renderer).problems
    assert said in problem.problem


def test_rows_that_take_too_long_together_are_ended(renderer: Renderer) -> None:
    times = iter([0.0, 1.0, 11.0])
    template = samples()["sample-product-pictures"].version.template
    trial = try_rows(template, [ROW, ROW], renderer, lambda: next(times))
    assert "takes longer than 10 s" in trial.problems[-1].problem


def test_something_of_a_schemas_shape_stands_for_an_answer() -> None:
    schema = (
        "{type: object, properties: {a: {type: string}, b: {type: array, items: {enum: [x, y]}}, "
        "c: {properties: {d: {type: [integer, 'null']}}}, e: {const: 5}}}"
    )
    step = check(f"name: x\nsteps:\n  - {{id: a, tier: cheap, prompt: p, schema: {schema}}}\n")
    assert stand_in(step.steps[0]) == {"a": "[a]", "b": ["x"], "c": {"d": 1}, "e": 5}


def test_many_prompts_are_rendered_together_and_one_that_fails_spoils_no_other(
    renderer: Renderer,
) -> None:
    texts = ("{{ product.name }}", "{{ product.colour }}", "{{ product.name | random_sentence }}")
    asked = [Prompt(text, ROW, "0:a") for text in texts * 100]
    assert renderer.render_many(asked) == ["a lamp", None, "a lamp"] * 100
    assert renderer.render_many([]) == []


def test_prompts_that_take_too_long_together_are_rendered_by_themselves() -> None:
    endless = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}"
    with Renderer(seconds=1.5) as renderer:
        asked = [Prompt("{{ product.name }}", ROW, "0:a"), Prompt(endless, ROW, "1:a")]
        assert renderer.render_many([*asked, asked[0]]) == ["a lamp", None, "a lamp"]
