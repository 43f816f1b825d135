"""What a prompt needs of a row, found without running it."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.batches.templates.language import Language
from chalicelib.batches.templates.references import references

LANGUAGE = Language()


def required(prompt: str) -> set[str]:
    found = references(LANGUAGE.prompt(prompt), LANGUAGE)
    assert found.faults == []
    return {".".join(path) for path in found.required if path}


@pytest.mark.parametrize(
    ("prompt", "paths"),
    [
        ("{{ product.name }}", {"product.name"}),
        ("{{ poem.text[:100] }}", {"poem.text"}),
        ("{{ a['b'].c }}", {"a.b.c"}),
        ("{{ a[b] }}", {"a", "b"}),
        ("{{ a[b.c].d }}", {"a", "b.c"}),
        ("{{ a[0].name }}", {"a"}),
        ("{{ a | upper | replace(b, c.d) }}", {"a", "b", "c.d"}),
        ("{{ a.name.upper() }}", {"a.name"}),
        ("{{ a.items() }}", {"a"}),
        ("{% if a.dark %}x{% endif %}", {"a.dark"}),
        ("{% for x in a.list %}{{ x.y }}{{ loop.index }}{% endfor %}", {"a.list"}),
        ("{% for k, v in a.items() %}{{ k }}{{ v.w }}{% endfor %}", {"a"}),
        ("{% for x in xs if x.fine and y %}{% else %}{{ z }}{% endfor %}", {"xs", "y", "z"}),
        ("{% for x in x.list %}{% endfor %}{{ x.other }}", {"x.list", "x.other"}),
        ("{% set q = a.b %}{{ q.c }}", {"a.b"}),
        ("{{ q }}{% set q = 1 %}", {"q"}),
        ("{% if a %}{% set q = 1 %}{% endif %}{{ q }}", {"a"}),
        ("{% for x in xs %}{% set q = 1 %}{% endfor %}{{ q }}", {"xs", "q"}),
        ("{% set q %}{{ a }}{% endset %}{{ q }}", {"a"}),
        ("{% set ns = namespace(x=a) %}{% set ns.x = b %}{{ ns.x }}", {"a", "b"}),
        ("{% macro m(x, y=a) %}{{ x }}{{ y }}{{ b }}{% endmacro %}{{ m(c) }}", {"a", "b", "c"}),
        ("{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ a }}{% endcall %}", {"a"}),
        ("{% with x = a %}{{ x.y }}{% endwith %}", {"a"}),
        ("{% filter upper %}{{ a }}{% endfilter %}", {"a"}),
        ("{{ a.b | default('x') }}", {"a"}),
        ("{{ a | default(b) }}", {"b"}),
        ("{% if a.b is defined %}{{ a.b.c }}{% else %}{{ d }}{% endif %}", {"a", "d"}),
        ("{% if a is not defined %}{{ b }}{% else %}{{ a.c }}{% endif %}", {"b"}),
        ("{{ a.c if a is defined and b else d }}", {"b", "d"}),
        ("{{ a is undefined or a.b }}", set()),
        ("{{ range(3) | list }}{{ 'x' }}{{ 1 + 2 }}", set()),
        ("{# {{ a }} #}{% raw %}{{ b }}{% endraw %}", set()),
        ("{{ [a, b.c, {'d': e, f: 1}] }}", {"a", "b.c", "e", "f"}),
        ("{{ a ~ b ** c if d in e else not f }}", {"a", "b", "c", "d", "e", "f"}),
    ],
)
def test_the_paths_that_a_row_must_have(prompt: str, paths: set[str]) -> None:
    assert required(prompt) == paths


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("{{ a | uper }}", "no filter uper; did you mean upper"),
        ("{{ a | random }}", "no filter random"),
        ("{{ a | attr('x') }}", "no filter attr"),
        ("{{ a is odder }}", "no test odder"),
        ("{{ foo() }}", "no function foo"),
        ("{{ self.x }}", "self cannot be used"),
        ("{{ ''.__class__ }}", "__class__ cannot be used"),
        ("{{ a.b.__init__() }}", "__init__ cannot be used"),
        ("{{ __builtins__ }}", "__builtins__ cannot be used"),
        ("{% include 'x' %}", "other templates"),
        ("{% import 'x' as y %}", "other templates"),
        ("{% from 'x' import y %}", "other templates"),
        ("{% extends 'x' %}", "other templates"),
        ("{% block x %}{% endblock %}", "other templates"),
        ("{% set n.x = 1 %}", "no namespace n"),
        ("{% for b in [c] %}{{ a }}{% endfor %}{% set a = b %}{{ a }}", "a is set after a loop"),
    ],
)
def test_what_is_not_there_is_told(prompt: str, said: str) -> None:
    [fault] = references(LANGUAGE.prompt(f"\n{prompt}"), LANGUAGE).faults
    assert said in fault.problem
    assert fault.line == 2


def test_steps_are_none_of_the_rows() -> None:
    found = references(LANGUAGE.prompt("{{ steps.a.output }}\n{{ steps['b'].output.c }}"), LANGUAGE)
    assert found.required == set()
    assert [path for path, _ in found.steps] == [
        ("steps", "a", "output"),
        ("steps", "b", "output", "c"),
    ]


NAMES = st.sampled_from(["a", "b", "c"])


@st.composite
def prompts(draw: st.DrawFn, depth: int = 3) -> str:
    """Prompts of outputs, ifs, loops and sets over a few names."""
    kind = draw(st.sampled_from(["out", "if", "for", "set", "both"])) if depth else "out"
    name, field = draw(NAMES), draw(st.sampled_from(["", ".x", "['y']"]))
    if kind == "out":
        return f"{{{{ {name}{field} }}}}"
    inner = draw(prompts(depth=depth - 1))
    return {
        "if": f"{{% if {name}{field} %}}{inner}{{% endif %}}",
        "for": f"{{% for {draw(NAMES)} in [{name}{field}] %}}{inner}{{% endfor %}}",
        "set": f"{{% set {draw(NAMES)} = {name}{field} %}}{inner}",
        "both": inner + draw(prompts(depth=depth - 1)),
    }[kind]


@settings(deadline=None)
@given(prompts())
def test_a_row_that_has_all_that_is_required_can_be_rendered(prompt: str) -> None:
    """Values are objects which have every field, so that only a path that was missed can fail."""
    assume(not references(LANGUAGE.prompt(prompt), LANGUAGE).faults)
    endless: dict[str, object] = {}
    endless |= {"x": endless, "y": endless}
    row = {path.split(".")[0]: endless for path in required(prompt)}
    assert isinstance(LANGUAGE.from_string(prompt).render(row), str)
